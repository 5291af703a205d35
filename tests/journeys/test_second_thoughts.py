"""Residents change their mind, come late, or go on elsewhere: each page says what happened, and it did."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.surveys.models import Draft, Response
from tests.support import residents
from tests.support.clock import Clock
from tests.support.person import Person

PLAN, VIEWS = "your-priorities-your-plan", "your-views"
pytestmark = pytest.mark.usefixtures("both_surveys")


def sent(person: Person, slug: str = VIEWS, **said: object) -> str:
    residents.begin(person, slug)
    residents.answer(person, dict(said))
    return residents.send(person)


def only_response(app: Flask) -> Response:
    with app.app_context():
        return db.session.scalars(select(Response)).one()


def code_shown(person: Person) -> str:
    return str(person.page.document.xpath("//main//strong//bdi")[0].text)


def test_a_withdrawal_says_that_it_was_done(person: Person) -> None:
    sent(person)
    person.visit("/en/your-answers/withdraw")
    person.submit()
    assert person.path == "/en/your-answers/see"
    assert person.page.heading == "These answers were withdrawn"


def test_a_change_goes_on_elsewhere_where_it_was(app: Flask, person: Person, people: Callable[[], Person]) -> None:
    sent(person)
    person.visit("/en/your-answers/see")
    person.press("Change your answers")
    code = code_shown_of_saved(person)
    elsewhere = people()
    elsewhere.visit("/en/resume")
    elsewhere.submit(code=code)
    assert elsewhere.path.endswith("/check")
    elsewhere.visit(f"/en/{VIEWS}/send")
    elsewhere.submit()
    assert elsewhere.page.heading == "Thank you. Your answers were sent"
    assert only_response(app).revision == 1


def code_shown_of_saved(person: Person) -> str:
    person.visit(f"/en/{VIEWS}/saved")
    return code_shown(person)


def test_who_turns_out_to_be_under_16_leaves_nothing_behind(app: Flask, person: Person) -> None:
    sent(person)
    person.visit("/en/your-answers/see")
    person.press("Change your answers")
    person.visit(f"/en/{VIEWS}/q/age_band?return=check")
    person.submit({"age_band": "under_16"}, form="page")
    assert "Nothing that you entered was kept" in person.page.text
    assert only_response(app).answers is None


def test_who_says_so_after_a_time_out_leaves_nothing_behind(app: Flask, person: Person, clock: Clock) -> None:
    residents.begin(person, VIEWS)
    residents.answer(person, until="age_band")
    clock.advance(minutes=40)
    person.submit({"age_band": "under_16"}, form="page")
    assert "Nothing that you entered was kept" in person.page.text
    with app.app_context():
        assert db.session.scalars(select(Draft)).all() == []


def test_the_area_is_kept_by_who_looks_at_the_page_again(app: Flask, person: Person) -> None:
    residents.begin(person, VIEWS)
    residents.answer(person, {"postcode": "LS1 1UR", "district": None}, until="age_band")
    person.visit(f"/en/{VIEWS}/q/district")
    person.submit({}, form="page")
    person.visit(f"/en/{VIEWS}/q/age_band")
    residents.answer(person)
    residents.send(person)
    assert only_response(app).decile is not None


def test_two_surveys_can_be_under_way_at_once(person: Person) -> None:
    residents.begin(person, PLAN)
    here = person.path
    residents.begin(person, VIEWS)
    person.visit(here)
    assert person.path == here


def test_a_draft_of_a_closed_wave_says_so_at_once(person: Person, clock: Clock) -> None:
    clock.set("2026-11-30T12:00")
    residents.begin(person, VIEWS)
    person.visit(f"/en/{VIEWS}/saved")
    code = code_shown(person)
    clock.set("2026-12-05T12:00")
    person.visit("/en/resume")
    page = person.submit(code=code, status=410)
    assert page.heading == "This survey is closed"


def test_the_last_day_to_change_is_a_whole_day(person: Person, clock: Clock) -> None:
    sent(person)
    assert "until 14 December 2026" in person.page.text
    clock.set("2026-12-14T22:00")
    person.visit("/en/your-answers")


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/en/%00", "/en/your-views%00", "/en/your-views/q/%00", "/%00"])
def test_an_address_that_no_database_takes_is_not_found(person: Person, path: str) -> None:
    assert person.app.test_client().get(path).status_code == 404


def test_a_body_that_hides_its_length_is_refused(person: Person) -> None:
    residents.begin(person, VIEWS)
    answer = person.browser.post(person.path, headers={"Transfer-Encoding": "chunked"}, input_stream=None)
    assert answer.status_code in (400, 411)


@pytest.mark.parametrize(
    ("asked_for", "language"),
    [
        ("ur-PK,en-US;q=0.9,en;q=0.8", "ur"),
        ("pl", "pl"),
        ("fr-FR,fr;q=0.9,ro;q=0.5", "ro"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        (";;;q=x,\x80", "en"),
    ],
)
def test_the_browser_s_language_is_the_first_page_s(app: Flask, asked_for: str, language: str) -> None:
    answer = app.test_client().get("/", headers={"Accept-Language": asked_for})
    assert answer.headers["Location"] == f"/{language}"
