"""Flags: what deserves a second look is marked for people and analyses, and nothing is ever deleted by a machine."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.database import db
from app.surveys.document import from_document
from app.surveys.models import DailySalt, Response
from tests.accounts.house import Visitor, hire, signed_in, text_of
from tests.fieldwork.tablet import Tablet, outcomes
from tests.fieldwork.test_events import planned
from tests.fieldwork.test_sync import stored
from tests.support import residents
from tests.support.clock import Clock
from tests.support.person import Person

pytestmark = pytest.mark.usefixtures("both_surveys")


@pytest.fixture
def officer(app: Flask) -> Visitor:
    hire(app)
    return signed_in(app, "officer")


def flags(app: Flask) -> Counter[str]:
    return Counter(flag for response in stored(app) for flag in (response.flags or "").split())


@pytest.mark.both_databases
def test_pace_straight_lines_copies_and_bursts_are_flagged_and_counted(
    app: Flask, officer: Visitor, clock: Clock, flask_command: Any
) -> None:
    planned(officer)
    tablet = Tablet(app, officer)
    definition = from_document(tablet.survey()["definition"])
    grid = next(question for question in definition.questions if question.kind == "scale_group")

    def said(number: int, straight: bool = False) -> dict[str, Any]:
        points = [grid.option_keys[0 if straight else (row + number) % 3] for row in range(len(grid.rows))]
        return {
            grid.key: dict(zip((row.key for row in grid.rows), points, strict=True)),
            "district": DISTRICTS[number % 5],
        }

    items = []
    for number in range(20):
        clock.advance(minutes=9)
        items.append(tablet.item(said=said(number) | {"age_band": AGES[number // 5]}))
    clock.advance(minutes=9)
    quick = tablet.inside(said=said(0), started_at=(tablet.now() - timedelta(seconds=40)).isoformat())
    clock.advance(minutes=9)
    items += [tablet.sealed(quick), tablet.item(said=said(1, straight=True))]
    copies = tablet.inside(said=said(2) | {"age_band": "65_74"})["answers"]
    for _ in range(12):
        clock.advance(seconds=30)
        items.append(tablet.item(answers=copies))
    assert set(outcomes(tablet.send(*items))) == {"stored"}
    assert "YV-2026-11" in flask_command("flags", "YV-2026-11")
    found = flags(app)
    assert (found["pace"], found["straight_lining"], found["identical"]) == (1, 1, 12)
    assert found["burst_device"] >= 12 and found["burst_network"] == 0
    assert "0 changed" in flask_command("flags", "YV-2026-11")
    assert len(stored(app)) == 34
    page = text_of(signed_in(app, "analyst").open("/staff/flags"))
    assert "The same in every answer as other responses 12 35.3%" in page and "Mirfield Library" in page
    page = text_of(signed_in(app, "office").open("/staff/flags"))
    assert "The same in every answer as other responses 10" in page and "Of 35 responses" in page and "%" not in page
    assert "Answered in less than a third of the usual time fewer than 10" in page
    again = signed_in(app, "analyst")
    assert "0 changed" in text_of(again.follow(again.send("/staff/flags/look", "/staff/flags", wave="YV-2026-11")))


DISTRICTS = ("bradford", "calderdale", "kirklees", "leeds", "wakefield")
AGES = ("25_34", "35_44", "45_54", "55_64")


@pytest.mark.both_databases
def test_one_network_is_told_from_another_and_its_address_is_kept_nowhere(
    app: Flask, clock: Clock, flask_command: Any
) -> None:
    def answer(address: str) -> None:
        person = Person(app)
        person.environment = {"REMOTE_ADDR": address}
        residents.respond(person, "your-views")

    for address in (*["192.0.2.7"] * 7, "192.0.2.8"):
        answer(address)
    flask_command("flags")
    assert [bool(response.flags and "burst_network" in response.flags) for response in stored(app)] == [True] * 7 + [
        False
    ]
    first = {response.network for response in stored(app)}
    assert len(first) == 2 and all(len(network or "") == 32 for network in first)
    clock.advance(days=1)
    answer("192.0.2.7")
    with app.app_context():
        assert db.session.scalars(select(DailySalt.day)).all() == ["2026-11-11"]
        assert db.session.scalars(select(Response.network).order_by(Response.id.desc())).first() not in first
        dump = str(db.session.execute(text("SELECT * FROM response")).all())
    assert "192.0.2" not in dump
    clock.set("2027-01-20T10:00")
    assert "9 hashes of networks were erased" in flask_command("flags")
    assert {response.network for response in stored(app)} == {None}
    flask_command("flags")
    assert flags(app)["burst_network"] == 7
