"""Events: a day in a hall, from its plan to the word of two people that it adds up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.fieldwork.models import Event
from app.surveys.models import Response
from tests.accounts.house import Visitor, hire, signed_in, text_of
from tests.support import residents
from tests.support.clock import Clock
from tests.support.person import Person

pytestmark = pytest.mark.usefixtures("both_surveys")
LIBRARY = {
    "held_on": "2026-11-10",
    "place": "Mirfield Library",
    "district": "kirklees",
    "venue": "library",
    "officers": "ann@example.org\nbob@example.org",
    "devices": "Tablet A\nTablet B",
}


@pytest.fixture
def officer(app: Flask) -> Visitor:
    hire(app)
    return signed_in(app, "officer")


def planned(officer: Visitor, **changed: Any) -> str:
    answer = officer.send("/staff/events/plan", **(LIBRARY | changed))
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"])


def given(app: Flask, **changed: Any) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


def entered(app: Flask, officer: Visitor, event: str, channel: str = "paper", **said: Any) -> str:
    """Enter one response of an event through the residents' own pages."""
    answer = officer.send(f"{event}/enter", survey="your-views", language="en", channel=channel)
    assert answer.status_code == 303, text_of(answer)
    person = Person(app)
    person.browser = officer.client
    person.visit(answer.headers["Location"])
    residents.answer(person, said)
    return residents.send(person)


@pytest.mark.both_databases
def test_a_day_adds_up_when_two_people_have_looked_at_it(app: Flask, officer: Visitor) -> None:
    event = planned(officer)
    for channel in ("paper", "tablet", "paper"):
        entered(app, officer, event, channel)
    assert {each.event_id for each in given(app)} == {1}
    officer.send(f"{event}/count", event, count_0="1", count_1="0", count_2="2")
    first = officer.send(f"{event}/sign-off", event, remark="")
    assert first.status_code == 303 and "Waits for a second person" in text_of(officer.open(event))
    assert "a second person has to" in text_of(officer.send(f"{event}/sign-off", event, remark=""))
    admin = signed_in(app, "admin")
    admin.send(f"{event}/sign-off", event, remark="")
    page = text_of(admin.open(event))
    assert "Signed off" in page and "Tablet A 1, Tablet B 0, Paper 2 = 3 ; stored 3" in page.replace("3; ", "3 ; ")


def test_a_later_arrival_reopens_the_day_for_all_to_see(app: Flask, officer: Visitor) -> None:
    event = planned(officer)
    entered(app, officer, event)
    officer.send(f"{event}/count", event, count_0="0", count_1="0", count_2="1")
    officer.send(f"{event}/sign-off", event, remark="")
    signed_in(app, "admin").send(f"{event}/sign-off", event, remark="")
    assert "Signed off" in text_of(officer.open("/staff/events"))
    entered(app, officer, event)
    assert "Reopened: the numbers changed after a sign-off" in text_of(officer.open("/staff/events"))
    assert "1 more are stored than were counted" in text_of(officer.open(event))


def test_a_difference_is_explained_or_found(officer: Visitor) -> None:
    event = planned(officer)
    assert "Nothing has been counted yet" in text_of(officer.send(f"{event}/sign-off", event, remark="All is well"))
    officer.send(f"{event}/count", event, count_0="3", count_1="0", count_2="0")
    refused = officer.send(f"{event}/sign-off", event, remark="")
    assert refused.status_code == 422
    assert "3 were counted and 0 are stored: find the difference, or say why it stays." in text_of(refused)
    assert officer.send(f"{event}/sign-off", event, remark="Tablet A was stolen").status_code == 303


def test_a_withdrawn_response_was_still_given_there(app: Flask, officer: Visitor, person: Person) -> None:
    event = planned(officer)
    code = entered(app, officer, event)
    person.visit("/en/your-answers")
    person.submit({"code": code})
    person.follow("Withdraw")
    person.submit()
    (stored,) = given(app)
    assert (stored.answers, stored.channel, stored.event_id) == (None, None, 1)
    assert "Withdrawn 1" in text_of(officer.open(event))


def test_who_comes_by_the_poster_is_counted_for_the_event(
    app: Flask, officer: Visitor, person: Person, clock: Clock
) -> None:
    event = planned(officer)
    poster = officer.open(f"{event}/poster/ur/your-views")
    assert 'lang="ur" dir="rtl"' in poster.text and "data:image/svg+xml" in poster.text
    address = re.search(r"/ur/at/[0-9A-Z-]+/your-views", poster.text)
    assert address
    person.visit(address[0])
    assert person.path == "/ur/your-views"
    person.submit()
    residents.answer(person)
    residents.send(person)
    assert [(each.event_id, each.channel, each.language) for each in given(app)] == [(1, "online", "ur")]


@pytest.mark.parametrize("day", ["2026-11-11", "2026-11-03"])
def test_a_poster_counts_on_its_day_and_the_six_after(
    app: Flask, officer: Visitor, person: Person, clock: Clock, day: str
) -> None:
    """The clocks of the tests stand on 10 November 2026."""
    planned(officer, held_on=day)
    with app.app_context():
        code = db.session.scalar(select(Event.code))
    person.visit(f"/en/at/{code}/your-views")
    person.submit()
    residents.answer(person)
    residents.send(person)
    assert [each.event_id for each in given(app)] == [None]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("held_on", "yesterday", "“yesterday” is no day: write it as 2026-12-01"),
        ("held_on", "", "Enter the day"),
        ("place", "", "Enter the place"),
        ("place", "x" * 201, "The place has 201 characters: shorten it to 200"),
        ("place", "A\u202eB", "There is a hidden character here"),
        ("district", "york", "Choose the district where it is"),
        ("venue", "", "Choose the kind of place"),
        ("devices", "\n".join(map(str, range(51))), "There are 51 lines: shorten the list to 50"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_what_was_typed_stays(
    app: Flask, officer: Visitor, field: str, typed: str, said: str
) -> None:
    answer = officer.send("/staff/events/plan", **(LIBRARY | {field: typed}))
    assert answer.status_code == 422 and said in text_of(answer)
    assert "ann@example.org" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Event)).all() == []


@pytest.mark.parametrize("typed", ["", "-1", "two", "1.5", "9" * 30, "²"])
def test_a_count_is_a_whole_number(officer: Visitor, typed: str) -> None:
    event = planned(officer)
    answer = officer.send(f"{event}/count", event, count_0=typed, count_1="2", count_2="3")
    assert answer.status_code == 422 and "Tablet A: " in text_of(answer) and "whole number" in text_of(answer)
    assert 'value="2"' in answer.text and "Nothing is counted yet" in text_of(answer)


def test_nobody_finds_an_event_that_there_is_not(officer: Visitor) -> None:
    for number in (7, 2**31, 10**30):
        assert officer.open(f"/staff/events/{number}").status_code == 404


def test_who_only_reads_sees_the_day_and_cannot_change_it(app: Flask, officer: Visitor) -> None:
    event = planned(officer)
    analyst = signed_in(app, "analyst")
    assert "Sign the day off" not in text_of(analyst.open(event))
    assert analyst.open(f"{event}/enter").status_code == 403
    assert signed_in(app, "safeguarding").open(event).status_code == 403
