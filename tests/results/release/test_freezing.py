"""A release is made by two people, is never altered, and is only ever corrected beside itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app import clock
from app.accounts import services as accounts
from app.accounts.models import AuditEvent
from app.database import db
from app.results.release.models import Release
from app.surveys import responding
from app.surveys.models import Response, Wave
from tests.results import waves
from tests.support.person import Person

SignIn = Callable[[str], FlaskClient]


def stored(app: Flask) -> list[tuple[str, str]]:
    """List what is released, with the digest of each."""
    with app.app_context():
        return [(each.reference, each.digest) for each in db.session.scalars(select(Release).order_by(Release.id))]


def withdraw(app: Flask, how_many: int) -> None:
    """Let some people withdraw their answers."""
    with app.app_context():
        for each in list(db.session.scalars(select(Response).order_by(Response.id).limit(how_many))):
            responding.withdraw(each)


@pytest.mark.both_databases
def test_two_people_publish_and_the_database_alters_nothing(
    app: Flask, released: str, signed_in: SignIn, resident: Person, run_again: Callable[[], None]
) -> None:
    address = f"/en/results/{released}/feel-safe/west-yorkshire"
    before, page = stored(app), resident.visit(address).text
    assert before[0][0] == released and "%" in page
    for attack in ("UPDATE results_release SET digest = 'x'", "DELETE FROM results_release"):
        with app.app_context(), pytest.raises(DatabaseError, match="never altered"):
            db.session.execute(text(attack))
    with app.app_context():
        deeds = [each.action for each in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert [each for each in deeds if each.startswith("release.")] == ["release.draft", "release.approve"]

    withdraw(app, 1)
    run_again()
    assert stored(app) == before and resident.visit(address).text == page, "an erasure after the freeze leaves it"
    refused = signed_in("office").post("/staff/releases", data={"wave": released, "reason": "One person withdrew."})
    assert refused.status_code == 422
    assert "1 response differs from those of the release that is out" in refused.text.replace("&#39;", "'")
    assert stored(app) == before


@pytest.mark.both_databases
def test_a_correction_stands_beside_what_it_corrects(
    app: Flask, released: str, signed_in: SignIn, resident: Person, run_again: Callable[[], None]
) -> None:
    old = resident.visit(f"/en/results/{released}/good-job/leeds").text
    withdraw(app, 12)
    run_again()
    analyst = signed_in("analyst")
    nothing_said = analyst.post("/staff/releases", data={"wave": released})
    assert nothing_said.status_code == 422 and "Say what is corrected and why" in nothing_said.text
    reason = "Twelve paper forms were entered twice."
    assert analyst.post("/staff/releases", data={"wave": released, "reason": reason}).status_code == 303
    draft = signed_in("approver").get(f"/staff/releases/{released}").text
    assert f"What changes against {released}" in draft and reason in draft
    assert "fewer than 10 people more or fewer than in the release that is out" in draft
    done = signed_in("approver").post(f"/staff/releases/{released}/approve", data={"confirm": "yes"})
    assert done.status_code == 303

    assert [reference for reference, _ in stored(app)] == [released, f"{released}.2"]
    first = resident.visit(f"/en/results/{released}/good-job/leeds").text
    assert "These figures have been corrected." in first and old in first.replace(
        f"! Warning These figures have been corrected. See the newer figures: {released}.2 ", ""
    ).replace(f"! These figures have been corrected. See the newer figures: {released}.2 ", "")
    second = resident.visit(f"/en/results/{released}.2").text
    assert "This corrects figures that were published before." in second and reason in second
    assert f"/en/results/{released}.2" in resident.visit("/en/results").source


def test_whoever_drafted_cannot_approve(app: Flask, month: str, signed_in: SignIn) -> None:
    with app.app_context():
        accounts.add_staff("both@example.org", ["analyst", "approver"], "correct horse battery staple 12")
    client = app.test_client()
    client.post("/login", data={"email": "both@example.org", "password": "correct horse battery staple 12"})
    assert client.post("/staff/releases", data={"wave": month}).status_code == 303
    assert "somebody else must approve it" in client.get(f"/staff/releases/{month}").text
    refused = client.post(f"/staff/releases/{month}/approve", data={"confirm": "yes"})
    assert refused.status_code == 422 and "somebody else must approve it" in refused.text
    assert stored(app) == []


def test_approving_asks_for_the_password_and_for_the_word_that_it_is_meant(
    app: Flask, drafted: str, signed_in: SignIn
) -> None:
    approver = signed_in("approver")
    unmeant = approver.post(f"/staff/releases/{drafted}/approve")
    assert unmeant.status_code == 422 and "Tick the box" in unmeant.text
    with approver.session_transaction() as session:
        session["fs_paa"] -= 3600
    asked = approver.post(f"/staff/releases/{drafted}/approve", data={"confirm": "yes"})
    assert asked.status_code == 303 and "/confirm-password" in asked.location
    assert stored(app) == []


@pytest.mark.parametrize("role", ["analyst", "office", "admin", "officer"])
def test_only_an_approver_approves(app: Flask, drafted: str, signed_in: SignIn, role: str) -> None:
    answer = signed_in(role).post(f"/staff/releases/{drafted}/approve", data={"confirm": "yes"})
    assert answer.status_code == 403 and stored(app) == []


def test_answers_that_went_before_the_approval_are_not_published(app: Flask, drafted: str, signed_in: SignIn) -> None:
    withdraw(app, 1)
    answer = signed_in("approver").post(f"/staff/releases/{drafted}/approve", data={"confirm": "yes"})
    assert answer.status_code == 422 and "Make a new run, then draft again" in answer.text
    assert stored(app) == []
    discarded = signed_in("approver").post(f"/staff/releases/{drafted}/discard", data={"reason": "Overtaken."})
    assert discarded.status_code == 303
    assert signed_in("analyst").get(f"/staff/releases/{drafted}").status_code == 404


def test_what_cannot_be_drafted_says_why(
    app: Flask, month: str, signed_in: SignIn, tmp_path: Path, run_command: Callable[..., tuple[int, str]]
) -> None:
    analyst = signed_in("analyst")
    with app.app_context():
        lonely = waves.opened(waves.shipped("your-views", tmp_path), "2025-05")
        waves.answered(lonely, waves.crowd(lonely, 1))
    assert run_command("YV-2025-05")[0] == 1
    one = analyst.post("/staff/releases", data={"wave": "YV-2025-05"})
    assert one.status_code == 422 and "There is no run of YV-2025-05 to release" in one.text
    unknown = analyst.post("/staff/releases", data={"wave": "XX-1"})
    assert unknown.status_code == 422 and "There is no wave" in unknown.text
    with app.app_context():
        wave = db.session.scalar(select(Wave).where(Wave.reference == month))
        assert wave
        wave.freezes_at = clock.now() + timedelta(days=2)
        db.session.commit()
    early = analyst.post("/staff/releases", data={"wave": month})
    assert early.status_code == 422 and "still takes answers or changes until" in early.text
    assert stored(app) == []
