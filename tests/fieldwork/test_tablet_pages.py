"""Staff and tablets: what waits, who may open it, what a person decides, and whether the day adds up by its tablets."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEvent
from app.database import db
from app.fieldwork.tablets import importing
from app.surveys.models import Response, Wave
from tests.accounts.house import Visitor, guest, signed_in, text_of
from tests.fieldwork.tablet import Tablet, outcomes
from tests.fieldwork.test_sync import kept, stored
from tests.support.clock import Clock

pytestmark = pytest.mark.usefixtures("both_surveys")
TABLETS = "/staff/events/1/tablets"


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(AuditEvent.action).where(AuditEvent.action.like("tablet.%")).order_by(AuditEvent.id)
            )
        )


def test_a_lost_tablet_is_revoked_and_what_it_holds_is_safe(app: Flask, officer: Visitor, tablet: Tablet) -> None:
    item = tablet.item()
    assert officer.send(f"{TABLETS}/1/revoke", TABLETS, reason_1="lost").status_code == 422
    officer.send(f"{TABLETS}/1/revoke", TABLETS, reason_1="Lost on the bus to Batley")
    refused = tablet.post([item])
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "revoked")
    assert "Revoked" in text_of(officer.open(TABLETS))
    officer.send(f"{TABLETS}/1/allow", TABLETS, reason_1="Found at the depot")
    assert outcomes(tablet.send(item)) == ["stored"]
    assert deeds(app) == ["tablet.set_up", "tablet.revoke", "tablet.allow"]


def upload(visitor: Visitor, content: bytes) -> str:
    page = f"{TABLETS}/import"
    token = visitor.open(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = visitor.client.post(page, data={"csrf_token": token, "file": (io.BytesIO(content), "queue.json")})
    assert answer.status_code in (200, 422), answer.text
    return text_of(answer)


@pytest.mark.both_databases
def test_an_exported_queue_takes_the_same_way_in(app: Flask, officer: Visitor, tablet: Tablet) -> None:
    items = [tablet.item() for _ in range(4)]
    assert outcomes(tablet.send(items[0])) == ["stored"]
    about = {"format": "tablet-queue-1", "device": tablet.id, "event": 1, "exported_at": tablet.now().isoformat()}
    content = json.dumps({**about, "items": [*items, 5]}).encode() + b" " * 300 * 1024
    told = upload(officer, content)
    assert "5 of 5 looked at. 3 stored, 1 rejected, 1 duplicate." in told
    assert len(stored(app)) == 4
    for wrong, said in (
        (b"x", "it is no JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" * 30 + b"]" * 30, "nested too deep"),
        (b"{}", "its format is not tablet-queue-1"),
        (json.dumps({**about, "device": 77, "items": []}).encode(), "never set up here"),
        (json.dumps({**about, "items": 3}).encode(), "is no list"),
        (json.dumps({**about, "exported_at": 3, "items": []}).encode(), "no time with an offset"),
    ):
        assert said in upload(officer, wrong)


def test_a_long_import_goes_on_where_it_stopped(
    app: Flask, officer: Visitor, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [tablet.item() for _ in range(12)]
    about = {"format": "tablet-queue-1", "device": tablet.id, "event": 1, "exported_at": tablet.now().isoformat()}
    content = json.dumps({**about, "items": items}).encode()
    monkeypatch.setattr(importing, "SECONDS", 0.02)
    told = upload(officer, content)
    assert "Import the same file again: it goes on from here." in told
    counts = [len(stored(app))]
    while counts[-1] < len(items):
        upload(officer, content)
        counts.append(len(stored(app)))
        assert counts[-2] < counts[-1], "an import has to get further than the one before"
    monkeypatch.undo()
    assert "12 of 12 looked at. 12 duplicate." in upload(officer, content)


@pytest.mark.both_databases
@pytest.mark.parametrize("choice", ["first", "other", "both"])
def test_a_person_decides_about_a_conflict(app: Flask, officer: Visitor, tablet: Tablet, choice: str) -> None:
    first = tablet.inside()
    other = tablet.inside(id=first["id"], said={"district": "bradford"})
    tablet.send(tablet.sealed(first), tablet.sealed(other))
    page = f"/staff/tablets/items/{kept(app)[1].id}"
    assert "Bradford" not in officer.open(page).text
    assert officer.send(f"{page}/open", page, reason="I would like to know").status_code == 403
    analyst = signed_in(app, "analyst")
    assert "Say why" in text_of(analyst.send(f"{page}/open", page, reason=""))
    opened = text_of(analyst.send(f"{page}/open", page, reason="Two tablets, one id: which is it?"))
    assert "Leeds Bradford Differs" in opened
    analyst.send(f"{page}/decide", page, choice=choice, why="Asked the officers of both tablets")
    districts = [response.district for response in stored(app)]
    assert districts == {"first": ["leeds"], "other": ["bradford"], "both": ["leeds", "bradford"]}[choice]
    assert all(item.sealed is None for item in kept(app))
    assert outcomes(tablet.send(tablet.sealed(other))) == ["duplicate"]
    assert deeds(app)[-2:] == ["tablet.open_item", "tablet.decide"]
    for each in (first, other):
        found = guest(app).send("/en/your-answers", code=each["receipt"])
        kept_code = choice == "both" or (each is first) == (choice == "first")
        assert (found.status_code == 303) == kept_code


def test_two_contents_with_one_receipt_are_one_person(app: Flask, tablet: Tablet) -> None:
    first = tablet.inside()
    tablet.send(tablet.sealed(first), tablet.sealed(first | {"seed": 1}))
    page = f"/staff/tablets/items/{kept(app)[1].id}"
    refused = signed_in(app, "analyst").send(f"{page}/decide", page, choice="both", why="They are two people")
    assert refused.status_code == 422 and "the same receipt code" in text_of(refused)
    assert len(stored(app)) == 1 and kept(app)[1].outcome == "conflict"


@pytest.mark.both_databases
def test_what_was_rejected_is_judged_again_when_it_was_mended(
    app: Flask, officer: Visitor, tablet: Tablet, clock: Clock, flask_command: Any
) -> None:
    older = tablet.item(digest="0" * 64)
    assert outcomes(tablet.send(older)) == ["definition"]
    page = f"/staff/tablets/items/{kept(app)[0].id}"
    assert "another definition" in text_of(officer.open(page))
    again = officer.follow(officer.send(f"{page}/judge", page, because="Nothing was mended yet"))
    assert "It is rejected again" in text_of(again)
    mended = officer.follow(officer.send(f"{page}/judge", page, because="Read both: the same questions", present="yes"))
    assert "It is stored." in text_of(mended)
    assert len(stored(app)) == 1 and outcomes(tablet.send(older)) == ["duplicate"]


def test_the_day_is_added_up_by_its_tablets_and_differences_are_tasks(
    app: Flask, officer: Visitor, tablet: Tablet
) -> None:
    other = Tablet(app, officer, name="Tablet B")
    sent = [tablet.item() for _ in range(3)]
    held = tablet.item()
    tablet.send(
        *sent, waiting={"count": 4, "oldest": tablet.now().isoformat(), "ids": [i["id"] for i in [*sent, held]]}
    )
    other.send(other.item(), other.item(answers={}))
    event = "/staff/events/1"
    officer.send(f"{event}/count", event, count_0="4", count_1="4", count_2="0")
    page = text_of(officer.open(event))
    assert "Tablet A 4, Tablet B 4, Paper 0 = 8 ; stored 4" in page.replace("8; ", "8 ; ")
    assert f"Tablet A: 1 on it have not arrived. Connect it and let it send. {held['id'][:8]}" in page
    assert "Tablet B: 1 rejected. Look why" in page
    assert "Tablet B: 2 were counted that have not arrived" in page
    assert "Tablet A 4 3 1 0" in page and "Tablet B 4 1 0 1" in page
    assert officer.send(f"{event}/sign-off", event, remark="").status_code == 422
    assert outcomes(tablet.send(held, waiting=1)) == ["stored"]
    officer.send(f"{event}/count", event, count_0="4", count_1="2", count_2="0")
    for person in (officer, signed_in(app, "admin")):
        person.send(f"{event}/sign-off", event, remark="One sheet of nonsense was rejected")
    assert "Signed off" in text_of(officer.open(event))
    other.send(other.item(answers={}))
    assert "Reopened" in text_of(officer.open(event))


def test_a_wave_that_was_closed_too_early_takes_its_responses_when_it_is_open_again(
    app: Flask, officer: Visitor, tablet: Tablet, clock: Clock, flask_command: Any
) -> None:
    clock.advance(hours=1)
    flask_command("survey", "close", "your-views")
    clock.advance(hours=1)
    late = tablet.item()
    assert outcomes(tablet.send(late)) == ["not_open"]
    flask_command("survey", "open", "your-views")
    assert outcomes(tablet.send(late)) == ["stored"]
    with app.app_context():
        assert db.session.scalars(select(Wave.reference).join(Response)).one() == "YV-2026-11"
