"""Sync: whatever happens to a batch on its way, each response is stored once, and each refusal has a name."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.fieldwork.tablets import sealing
from app.fieldwork.tablets.models import Device, TabletItem
from app.surveys import codes
from app.surveys.models import EarlyWithdrawal, Response, Wave
from tests.accounts.house import Visitor, guest, text_of
from tests.fieldwork.tablet import API, Tablet, outcomes, set_up
from tests.fieldwork.test_events import planned
from tests.support.clock import Clock
from tests.support.person import Person

pytestmark = pytest.mark.usefixtures("both_surveys")


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response).order_by(Response.id)))


def kept(app: Flask) -> list[TabletItem]:
    with app.app_context():
        return list(db.session.scalars(select(TabletItem).order_by(TabletItem.id)))


@pytest.mark.both_databases
def test_both_questionnaires_arrive_with_their_event_channel_help_and_time(app: Flask, tablet: Tablet) -> None:
    first = tablet.item()
    second = tablet.item(slug="your-priorities-your-plan", language="ur", mode="interpreter", assisted=True)
    assert (
        outcomes(tablet.send(first, second, waiting={"count": 5, "ids": [first["id"], second["id"]]})) == ["stored"] * 2
    )
    views, plan = stored(app)
    assert (views.channel, views.event_id, views.assisted, views.interpreted, views.language) == (
        ("tablet", 1, False, False, "en")
    )
    assert (plan.assisted, plan.interpreted, plan.language) == (True, True, "ur")
    assert views.submitted_at == tablet.clock() and views.submitted_at - views.started_at == timedelta(minutes=6)
    with app.app_context():
        device = db.session.scalars(select(Device)).one()
        assert (device.waiting, device.waiting_ids, device.synced_at) == (3, [], tablet.clock())


@pytest.mark.both_databases
def test_broken_repeated_overlapping_and_reordered_batches_store_each_once(app: Flask, tablet: Tablet) -> None:
    """Twelve threads send overlapping batches at once, in their own orders."""
    items = [tablet.item() for _ in range(12)]
    answers: list[list[str]] = []

    def send(shift: int) -> None:
        part = (items[shift:] + items[:shift])[:8]
        own = Tablet.__new__(Tablet)
        own.__dict__ = {**tablet.__dict__, "client": app.test_client()}
        answers.append(outcomes(own.send(*(reversed(part) if shift % 2 else part))))

    threads = [threading.Thread(target=send, args=(shift,)) for shift in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [outcome for each in answers for outcome in each]
    assert (told.count("stored"), told.count("duplicate")) == (12, 12 * 8 - 12)
    assert len(stored(app)) == len(kept(app)) == 12
    assert outcomes(tablet.send(*items)) == ["duplicate"] * 12


@pytest.mark.both_databases
def test_other_content_under_a_stored_id_is_a_conflict_and_both_are_kept(
    app: Flask, officer: Visitor, tablet: Tablet
) -> None:
    first = tablet.inside()
    other = tablet.inside(id=first["id"], said={"district": "bradford"})
    second = Tablet(app, officer, name="Tablet B")
    assert outcomes(tablet.send(tablet.sealed(first))) == ["stored"]
    assert outcomes(second.send(second.sealed(other), second.sealed(first))) == ["conflict", "duplicate"]
    assert outcomes(tablet.send(tablet.sealed(other))) == ["conflict"]
    (response,), items = stored(app), kept(app)
    assert response.district == "leeds"
    assert [(each.outcome, bool(each.sealed), each.response_id) for each in items] == [
        ("stored", False, response.id),
        ("conflict", True, response.id),
    ]


def test_one_bad_item_sinks_nothing_and_each_has_its_name(app: Flask, tablet: Tablet) -> None:
    good, inside = tablet.item(), tablet.inside()
    stranger = sealing.spki(sealing.new_private())
    broken = tablet.item()
    broken["sealed"] |= {"box": "not base64!"}
    altered = tablet.item() | {"given_at": "2026-11-10T09:00:00+00:00"}
    deep = ('{"a":' * 100_000 + "1" + "}" * 100_000).encode()
    cases: list[tuple[Any, str]] = [
        (good, "stored"),
        (17, "item"),
        ({"id": "x"}, "item"),
        ({"id": inside["id"]}, "item"),
        (tablet.item() | {"sealed": []}, "item"),
        (tablet.item() | {"given_at": "yesterday"}, "item"),
        (tablet.sealed(tablet.inside(), key=stranger), "seal_key"),
        (broken, "seal"),
        (altered, "seal"),
        (tablet.sealed(b"{", tablet.inside()), "inside"),
        (tablet.sealed(deep, tablet.inside()), "inside"),
        (tablet.sealed(b"[1]", tablet.inside()), "inside"),
        (tablet.sealed(tablet.inside(), tablet.inside()), "mismatch"),
        (tablet.item(seed=-1), "inside"),
        (tablet.item(seed=1.5), "inside"),
        (tablet.item(mode="alone"), "inside"),
        (tablet.item(channel="online"), "inside"),
        (tablet.item(answers=[]), "inside"),
        (tablet.item(language="xx"), "inside"),
        (tablet.item(assisted="yes"), "inside"),
        (tablet.item(receipt="ABC"), "receipt"),
        (tablet.item(event=2), "event"),
        (tablet.item(wave="YV-1999-01"), "wave_unknown"),
        (tablet.item(survey="your-priorities-your-plan"), "wave_unknown"),
        (tablet.item(digest="0" * 64), "definition"),
        (tablet.item(answers={}), "gate"),
        (tablet.item(answers=tablet.inside()["answers"] | {"nonsense": {"a": [1]}}), "gate"),
        (tablet.item(said={"age_band": "under_16"}), "ends"),
        (tablet.item(), "stored"),
    ]
    answers = tablet.send(*(item for item, _ in cases))
    assert outcomes(answers) == [code for _, code in cases]
    assert all(answer["reason"] for answer in answers if answer["outcome"] == "rejected")
    assert len(stored(app)) == 2
    seals = [item.code for item in kept(app) if item.sealed]
    assert "ends" not in [item.code for item in kept(app)]
    assert seals.count("inside") == 10 and {"seal", "seal_key", "definition", "gate", "event"} <= set(seals)
    assert "nonsense" not in json.dumps(answers)


def test_a_whole_batch_that_cannot_be_read_is_refused_by_name(app: Flask, tablet: Tablet) -> None:
    def post(body: bytes) -> tuple[int, str]:
        answer = tablet.client.post(f"{API}/responses", data=body, headers=tablet.headers)
        assert answer.json["error"]["message"] and answer.json["error"]["remedy"]
        return answer.status_code, answer.json["error"]["code"]

    now = tablet.now().isoformat()
    many = json.dumps({"sent_at": now, "items": [1] * 10_000}).encode()
    assert post(many) == (413, "too_many")
    assert post(b"[" * 100_000 + b"]" * 100_000) == (400, "too_deep")
    assert post(b'{"a":' * 40 + b"1" + b"}" * 40) == (400, "too_deep")
    assert post(b"x" * (1024 * 1024 + 1)) == (413, "too_large")
    assert post(b"\xff\xfe") == post(b'{"a": NaN}') == post(b"") == (400, "not_json")
    assert post(b"[]") == (400, "not_an_object")
    for sent_at in (None, 7, "", "2026-11-10", "2026-11-10T10:00:00", "x" * 99):
        assert post(json.dumps({"sent_at": sent_at, "items": []}).encode()) == (400, "sent_at")
    for items in (None, {}, "x", 3):
        assert post(json.dumps({"sent_at": now, "items": items}).encode()) == (400, "items")
    for waiting in (-1, "3", {}, {"count": 1, "ids": ["x"]}, {"count": 1, "oldest": "x"}, [], True):
        assert post(json.dumps({"sent_at": now, "items": [], "waiting": waiting}).encode()) == (400, "waiting")
    assert stored(app) == []
    assert tablet.client.get(f"{API}/nowhere").json["error"]["code"] == "not_found"
    assert tablet.client.delete(f"{API}/responses", headers=tablet.headers).json["error"]["code"] in (
        "method_not_allowed",
        "not_found",
    )


def test_a_tablet_sends_on_when_its_officer_has_signed_out_and_stops_when_it_is_revoked(
    app: Flask, officer: Visitor, tablet: Tablet
) -> None:
    page = officer.open("/staff/events").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    officer.client.post("/logout", data={"csrf_token": token})
    item = tablet.item()
    assert outcomes(tablet.send(item)) == ["stored"]
    again = officer.client.post(f"{API}/devices", json={"event": 1, "name": "A"})
    assert (again.status_code, again.json["error"]["code"]) == (401, "signed_out")
    tablet.token = "yvt1_somebody-elses"
    assert tablet.post([item]).json["error"]["code"] == "token_unknown"
    tablet.token = ""
    assert tablet.post([item]).json["error"]["code"] == "token_missing"


def test_only_an_officer_sets_up_a_tablet_and_is_told_what_is_wrong(app: Flask, officer: Visitor) -> None:
    planned(officer)
    assert set_up(officer, event=7).json["error"]["code"] == "event_unknown"
    for event in ("1", None, True, -1, 2**40):
        assert set_up(officer, event=event).json["error"]["code"] in ("event", "event_unknown")  # type: ignore[arg-type]
    for name in ("", 7, "x" * 61, "a\u202eb"):
        assert set_up(officer, name=name).json["error"]["code"] == "name"  # type: ignore[arg-type]
    assert set_up(officer, device=9).json["error"]["code"] == "device_unknown"
    assert officer.client.post(f"{API}/devices", json={"event": 1, "name": "A"}).json["error"]["code"] == "csrf"
    made = set_up(officer).json
    moved = set_up(officer, name="Tablet C", device=made["device"]).json
    assert moved["device"] == made["device"] and moved["token"] != made["token"]


def test_old_keys_open_old_seals_after_a_new_key_was_made(app: Flask, tablet: Tablet, flask_command: Any) -> None:
    old = tablet.item()
    assert "tablets seal to it" in flask_command("tablets", "keys", "rotate")
    tablet.bundle = tablet.get().json
    new = tablet.item()
    assert old["sealed"]["key"] != new["sealed"]["key"]
    assert outcomes(tablet.send(old, new)) == ["stored", "stored"]
    assert flask_command("tablets", "keys", "list").count("\n") == 2


def test_a_server_without_its_secret_asks_to_keep_the_queue(app: Flask, tablet: Tablet, make_app: Any) -> None:
    tablet.client = make_app(SEAL_SECRET="another").test_client()
    answer = tablet.post([tablet.item()])
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "keys_locked")
    assert "Keep the queue" in answer.json["error"]["remedy"]


@pytest.mark.parametrize(
    "wrong", [timedelta(days=-1096), timedelta(days=1096), timedelta(hours=7), timedelta(days=-20000)]
)
def test_a_clock_that_goes_wrong_is_corrected(app: Flask, tablet: Tablet, clock: Clock, wrong: timedelta) -> None:
    """Given at noon, sent in the evening, by a clock that is three years or seven hours off, or starts in 1972."""
    clock.set("2026-11-10T12:00")
    tablet.wrong = wrong
    item = tablet.item()
    clock.set("2026-11-10T19:00")
    assert outcomes(tablet.send(item)) == ["stored"]
    (response,), (record,) = stored(app), kept(app)
    assert response.submitted_at.isoformat() == "2026-11-10T12:00:00+00:00"
    assert (record.clock, record.given_at) == ("corrected", item["given_at"])


@pytest.mark.parametrize(("wrong", "day"), [(-1096, "2026-11-10T10:00"), (1096, "2026-11-10T23:59")])
def test_a_clock_that_was_set_right_on_the_way_is_bounded(
    app: Flask, tablet: Tablet, clock: Clock, wrong: int, day: str
) -> None:
    """Its old times lie before the event or after the arrival: they are moved into the event's day and the wave."""
    tablet.wrong = timedelta(days=wrong)
    item = tablet.item()
    tablet.wrong = timedelta()
    clock.set("2026-11-14T09:00")
    assert outcomes(tablet.send(item)) == ["stored"]
    (response,), (record,) = stored(app), kept(app)
    assert record.clock == "bounded" and response.submitted_at.isoformat().startswith(day)


@pytest.mark.both_databases
def test_a_response_counts_for_the_wave_of_the_day_it_was_given(
    app: Flask, officer: Visitor, tablet: Tablet, clock: Clock
) -> None:
    clock.set("2026-11-30T22:00")
    november = tablet.item()
    clock.set("2026-12-03T09:00")
    stale = tablet.item()
    assert outcomes(tablet.send(november, stale)) in (["stored", "stored"], ["stored", "not_open"])
    with app.app_context():
        waves = dict(
            db.session.execute(select(Wave.reference, func.count()).join(Response).group_by(Wave.reference)).all()
        )
        digests = {wave.reference: wave.digest for wave in db.session.scalars(select(Wave))}
    same = digests.get("YV-2026-12") == digests["YV-2026-11"]
    assert waves == {"YV-2026-11": 1, **({"YV-2026-12": 1} if same else {})}


def test_a_tablet_takes_along_what_will_be_asked_on_the_day(app: Flask, officer: Visitor, clock: Clock) -> None:
    """Set up in November for a hall without signal in December: the December wave comes into being as foreseen."""
    planned(officer, held_on="2026-12-05")
    tablet = Tablet(app, officer)
    december = next(each for each in tablet.bundle["surveys"] if each["wave"] == "YV-2026-12")
    tablet.bundle["surveys"] = [december]
    clock.set("2026-12-05T11:00")
    item = tablet.item()
    clock.set("2027-01-04T09:00")
    assert outcomes(tablet.send(item)) == ["stored"]
    with app.app_context():
        assert db.session.scalars(select(Wave.reference).join(Response)).one() == "YV-2026-12"


@pytest.mark.both_databases
def test_who_withdraws_before_the_tablet_has_sent_leaves_no_answers(
    app: Flask, officer: Visitor, tablet: Tablet, person: Person
) -> None:
    inside = tablet.inside()
    rejected = tablet.inside(digest="0" * 64)
    assert outcomes(tablet.send(tablet.sealed(rejected))) == ["definition"]
    for each in (inside, rejected):
        person.visit("/ur/your-answers")
        person.submit({"code": each["receipt"].lower()}, form="page", status=422)
        person.press("میرے جوابات مٹا دیں")
        assert "/your-answers/withdraw-early" in person.path
    assert outcomes(tablet.send(tablet.sealed(inside), tablet.sealed(rejected))) == ["withdrawn", "withdrawn"]
    assert outcomes(tablet.send(tablet.sealed(inside))) == ["withdrawn"]
    (response,) = stored(app)
    assert (response.answers, response.language, response.withdrawn_on) == (None, None, "2026-11-10")
    assert [(item.outcome, item.sealed) for item in kept(app)] == [("withdrawn", None)] * 2
    assert "Withdrawn 1" in text_of(officer.open("/staff/events/1"))


def test_nobody_fills_the_database_with_withdrawals_of_what_never_was(app: Flask, tablet: Tablet) -> None:
    visitor, page = guest(app), "/en/your-answers"
    token = visitor.open(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    data = [{"csrf_token": token, "code": codes.new_resume_code()} for _ in range(21)]
    answers = [visitor.client.post(f"{page}/withdraw-early", data=each) for each in data]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "Wait a few minutes" in answers[-1].text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(EarlyWithdrawal)) == 20


@pytest.mark.both_databases
def test_a_withdrawn_response_stays_withdrawn_whatever_still_arrives(app: Flask, tablet: Tablet) -> None:
    inside = tablet.inside()
    tablet.send(tablet.sealed(inside), tablet.sealed(inside | {"seed": 5}))
    visitor = guest(app)
    assert visitor.send("/en/your-answers", code=inside["receipt"]).status_code == 303
    visitor.send("/en/your-answers/withdraw")
    assert [(item.outcome, item.sealed) for item in kept(app)] == [("stored", None), ("conflict", None)]
    assert outcomes(tablet.send(tablet.sealed(inside), tablet.sealed(inside | {"seed": 5}))) == [
        "duplicate",
        "conflict",
    ]
    assert [response.answers for response in stored(app)] == [None]
