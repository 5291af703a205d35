"""The staff's pages of exports: who may, with which reason, and what is noted of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from app.accounts.models import AuditEvent
from app.database import db
from app.surveys import responding
from tests.results import waves
from tests.support.applications import command
from tests.support.markup import faults

SignIn = Callable[[str], FlaskClient]
REASON = "Yearly report to the panel"


def noted(app: Flask) -> list[tuple[str, str, str]]:
    """List the exports in the audit trail."""
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "export").order_by(AuditEvent.id))
        return [(event.actor, event.subject, event.reason) for event in found]


def test_only_analysts_export(filled_app: Flask, signed_in: SignIn) -> None:
    assert filled_app.test_client().get("/staff/exports").status_code == 303
    for role in ("office", "approver", "admin", "officer"):
        client = signed_in(role)
        assert client.get("/staff/exports").status_code == 403
        assert client.post("/staff/exports/YP-2025/file", data={"reason": REASON}).status_code == 403


def test_a_file_is_made_with_a_reason_and_noted_with_its_digest(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    assert "YP-2025" in client.get("/staff/exports").text
    page = client.get("/staff/exports/YP-2025")
    assert list(faults(html.document_fromstring(page.text), "/staff/exports/YP-2025")) == []
    answer = client.post("/staff/exports/YP-2025/file", data={"reason": REASON, "format": "csv"})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "attachment; filename=YP-2025-SIMULATED.csv" in answer.headers["Content-Disposition"]
    actor, subject, reason = noted(filled_app)[-1]
    assert actor == "analyst@example.org" and reason == REASON
    assert subject.startswith("YP-2025, run ") and "900 rows" in subject
    assert hashlib.sha256(answer.data).hexdigest() in subject
    answer.close()


def test_without_a_reason_there_is_no_file_and_what_was_chosen_stays(filled_app: Flask, signed_in: SignIn) -> None:
    client, before = signed_in("analyst"), noted(filled_app)
    answer = client.post("/staff/exports/YP-2025/file", data={"reason": "x", "format": "sav", "values": "labels"})
    assert answer.status_code == 422 and "Say in a few words what it is for" in answer.text
    page = html.document_fromstring(answer.text)
    assert page.xpath("//input[@name='format'][@checked]/@value") == ["sav"]
    assert page.xpath("//textarea[@name='reason']")[0].text.strip() == "x"
    assert noted(filled_app) == before


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("format", "exe", "There is no format &#39;exe&#39;. Formats: csv, xlsx"),
        ("language", "xx", "The survey has no language &#39;xx&#39;. Languages: en."),
        ("values", "colours", "Values cannot be shown as &#39;colours&#39;"),
    ],
)
def test_what_there_is_not_is_named(filled_app: Flask, signed_in: SignIn, field: str, value: str, said: str) -> None:
    answer = signed_in("analyst").post("/staff/exports/YP-2025/file", data={"reason": REASON, field: value})
    assert answer.status_code == 422 and said in answer.text


def test_an_unknown_wave_is_not_found(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("analyst").get("/staff/exports/YP-1999").status_code == 404
    assert signed_in("analyst").post("/staff/exports/YP-1999/file", data={"reason": REASON}).status_code == 404


def test_after_a_quarter_of_an_hour_the_password_is_asked_for(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    with client.session_transaction() as session:
        session["fs_paa"] -= 16 * 60
    assert client.get("/staff/exports").status_code == 200
    asked = client.get("/staff/exports/YP-2025")
    assert asked.headers["Location"] == "/confirm-password?next=/staff/exports/YP-2025"
    before = noted(filled_app)
    asked = client.post("/staff/exports/YP-2025/file", data={"reason": REASON})
    assert asked.headers["Location"] == "/confirm-password?next=/staff/exports/YP-2025&again=yes"
    assert noted(filled_app) == before


@pytest.mark.parametrize("people", [0, 1])
def test_too_few_responses_say_so_instead_of_a_file(app: Flask, tmp_path: Path, signed_in: SignIn, people: int) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        waves.answered(wave, waves.crowd(wave, people, district="leeds"))
    answer = signed_in("analyst").post("/staff/exports/YV-2025-03/file", data={"reason": REASON})
    assert answer.status_code == 422 and "Not enough responses to say: YV-2025-03 has" in answer.text


@pytest.mark.both_databases
def test_a_withdrawn_response_is_in_no_later_file(app: Flask, tmp_path: Path) -> None:
    from app.surveys.models import Response

    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        waves.answered(wave, waves.crowd(wave, 200))
        command(app, "export", "YV-2025-03", "--out", str(tmp_path / "one.csv"))
        responding.withdraw(db.session.scalars(select(Response)).first())
        command(app, "export", "YV-2025-03", "--out", str(tmp_path / "two.csv"))
    assert len((tmp_path / "one.csv").read_text().splitlines()) == 201
    assert len((tmp_path / "two.csv").read_text().splitlines()) == 200


def test_the_command_names_what_is_wrong(filled_app: Flask, tmp_path: Path) -> None:
    out = str(tmp_path / "out.csv")
    assert "There is no wave 'YP-1999'" in command(filled_app, "export", "YP-1999", "--out", out, status=2)
    assert "There is no format 'exe'" in command(
        filled_app, "export", "YP-2025", "--format", "exe", "--out", out, status=2
    )
    nowhere = str(tmp_path / "nowhere" / "out.csv")
    said = command(filled_app, "export", "YP-2025", "--out", nowhere, status=1)
    assert "nowhere/out.csv: No such file or directory. Name a file in a directory that you may write to." in said
