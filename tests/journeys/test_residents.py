"""A resident answers, from the start page to the receipt and after, in each language, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys.models import Draft, Response
from tests.support import residents
from tests.support.clock import Clock
from tests.support.person import Person

BOTH = ("your-priorities-your-plan", "your-views")
DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "ur": "۰۱۲۳۴۵۶۷۸۹", "pa": "੦੧੨੩੪੫੬੭੮੯", "gu": "૦૧૨૩૪૫૬૭૮૯", "bn": "০১২৩৪৫৬৭৮৯"}
pytestmark = pytest.mark.usefixtures("both_surveys")


def stored(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return [response.said or {} for response in db.session.scalars(select(Response).order_by(Response.id))]


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("slug", BOTH)
def test_a_resident_answers_a_whole_survey(app: Flask, person: Person, slug: str, language: str) -> None:
    residents.begin(person, slug, language)
    met = residents.answer(person)
    assert "district" in met and "age_band" in met
    code = residents.send(person)
    assert person.path == f"/{language}/{slug}/receipt"
    (answers,) = stored(app)
    assert answers["district"] == "leeds"
    assert set(met) <= {key.removesuffix("_text") for key in answers} | {"comment"} | set(met)
    assert len(code.replace("-", "")) >= 10
    assert count(app, Draft) == 0


def test_the_browsers_language_is_chosen_at_the_door(app: Flask) -> None:
    for asked, led in (("ur,en;q=0.5", "/ur"), ("fr", "/en"), ("", "/en"), ("en-GB", "/en"), ("ur-PK", "/ur")):
        response = app.test_client().get("/", headers={"Accept-Language": asked})
        assert (response.status_code, response.headers["Location"]) == (302, led), asked


def test_what_is_missing_is_named_and_linked(person: Person) -> None:
    residents.begin(person, "your-views")
    for _ in range(60):
        if person.path.endswith("/check"):
            break
        required = "(optional)" not in person.page.text
        if required:
            empty = {name: None for name in residents.sensible(person, {})}
            page = person.submit(empty, form="page", status=422)
            assert page.errors, page
            assert page.title.startswith("Error:"), page.title
        residents.answer_page(person, {})
    assert person.path.endswith("/check")


def test_what_was_typed_stays_when_it_is_refused(open_survey: Callable[..., str], person: Person) -> None:
    open_survey("together", "--period", "2026")
    residents.begin(person, "together")
    page = person.submit({"first_name": "x" * 21, "colour": "other", "colour_text": "teal"}, form="page", status=422)
    filled = page.fields(page.form("page"))
    assert filled["first_name"] == ["x" * 21]
    assert filled["colour"] == ["other"]
    assert filled["colour_text"] == ["teal"]


@pytest.mark.parametrize("there", ["ur", "en"])
def test_the_language_switch_keeps_what_is_typed(person: Person, there: str) -> None:
    here = "en" if there == "ur" else "ur"
    residents.begin(person, "your-views", here)
    residents.answer(person, until="age_band")
    page = person.switch_to(there, {"age_band": "45_54"})
    assert page.fields(page.form("page"))["age_band"] == ["45_54"]
    residents.answer_page(person, {})
    assert person.path.startswith(f"/{there}/")


def test_the_language_switch_keeps_an_error(person: Person) -> None:
    residents.begin(person, "your-views")
    page = person.submit(form="page", status=422)
    errors = page.errors
    page = person.switch_to("ur")
    assert page.errors and page.errors != errors


def test_a_change_leads_back_to_the_check(person: Person) -> None:
    residents.begin(person, "your-views")
    residents.answer(person)
    change = next(address for words, address in person.page.links.items() if "/q/age_band" in address)
    person.visit(change)
    residents.answer_page(person, {"age_band": "65_74"})
    assert person.path.endswith("/check")
    assert "65 to 74" in person.page.text


def test_it_goes_on_elsewhere_with_the_code_in_another_language_after_a_restart(
    person: Person, make_app: Callable[..., Flask]
) -> None:
    residents.begin(person, "your-views")
    residents.answer(person, until="sex")
    person.visit("/en/your-views/saved")
    (code,) = [text for text in map(str.strip, person.page.document.xpath("//main//strong//text()")) if text][:1]
    other = Person(make_app())
    other.visit("/ur/resume")
    other.submit(code=code)
    assert other.path == "/ur/your-views/q/sex"
    residents.answer(other)
    residents.send(other)


@pytest.mark.parametrize("slug", BOTH)
def test_under_16_is_thanked_and_nothing_is_kept(app: Flask, person: Person, slug: str) -> None:
    residents.begin(person, slug)
    residents.answer(person, until="age_band")
    page = person.submit({"age_band": "under_16"}, form="page")
    assert "Thank you" in page.heading
    assert "0800 1111" in page.text
    assert (count(app, Draft), count(app, Response)) == (0, 0)
    page = person.switch_to("ur")
    assert page.document.get("lang") == "ur"
    assert "0800 1111" in page.text


def test_who_lives_outside_is_kept_apart(app: Flask, person: Person) -> None:
    residents.respond(person, "your-priorities-your-plan", {"district": "outside"})
    with app.app_context():
        assert db.session.scalar(select(Response.apart)) == "outside"


def test_an_organisation_takes_a_shorter_way_and_is_kept_apart(app: Flask, person: Person) -> None:
    residents.begin(person, "your-priorities-your-plan")
    met = residents.answer(person, {"respondent": "organisation", "organisation_name": "Friends of the Canal"})
    assert "organisation_kind" in met and "age_band" not in met
    residents.send(person)
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        assert response.apart == "organisation"
        assert response.district is None


def test_a_change_of_route_drops_what_hung_on_the_old_one(app: Flask, person: Person) -> None:
    residents.begin(person, "your-priorities-your-plan")
    residents.answer(person)
    change = next(address for address in person.page.links.values() if "/q/respondent" in address)
    person.visit(change)
    residents.answer_page(person, {"respondent": "organisation"})
    residents.answer(person)
    residents.send(person)
    (answers,) = stored(app)
    assert "district" not in answers and "age_band" not in answers


def test_a_double_click_back_and_resubmit_give_one_response_and_one_receipt(app: Flask, person: Person) -> None:
    residents.begin(person, "your-views")
    residents.answer(person)
    person.visit(person.page.document.xpath("//main//a[@role='button']/@href")[0])
    if not person.path.endswith("/send"):
        residents.answer(person, {"equality": "no"}, until="send")
    form = dict(person.page.fields(person.page.form()))
    fields = {name: values[0] for name, values in form.items() if name != "csrf_token"}
    person.submit()
    first = residents.receipt(person)
    for _ in range(3):
        person.page.document = person.page.document
        token = person.page.document.xpath("//input[@name='csrf_token']/@value")[0]
        person.post("/en/your-views/send", [("csrf_token", token), *fields.items()])
        assert person.path.endswith("/receipt")
        assert residents.receipt(person) == first
    assert count(app, Response) == 1


def test_the_receipt_shows_changes_and_withdraws(app: Flask, person: Person, people: Callable[[], Person]) -> None:
    code = residents.respond(person, "your-views")
    later = people()
    later.visit("/en/your-answers")
    later.submit(code=f" {code.lower()} ")
    assert later.path == "/en/your-answers/see"
    assert "35 to 44" in later.page.text
    later.press("Change")
    change = next(address for address in later.page.links.values() if "/q/age_band" in address)
    later.visit(change)
    residents.answer_page(later, {"age_band": "75_over"})
    assert residents.send(later) == code
    assert [answers["age_band"] for answers in stored(app)] == ["75_over"]
    later.visit("/en/your-answers/withdraw")
    later.submit()
    assert stored(app) == [{}]
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        left = {
            c.key: getattr(response, c.key) for c in Response.__table__.columns if getattr(response, c.key) is not None
        }
    assert set(left) <= {"id", "wave_id", "submission", "receipt", "withdrawn_on", "revision"}, left


def test_a_receipt_code_is_read_in_the_digits_of_every_script(person: Person, people: Callable[[], Person]) -> None:
    code = residents.respond(person, "your-views")
    for language, digits in DIGITS.items():
        later = people()
        later.visit(f"/{language}/your-answers")
        later.submit(code=code.replace("-", " ").translate(str.maketrans("0123456789", digits)))
        assert later.path == f"/{language}/your-answers/see", language


@pytest.mark.parametrize("typed", ["", " ", "\u2066\u2069"])
@pytest.mark.parametrize(
    ("door", "asked"),
    [
        ("resume", "Enter the code that you got when you stopped."),
        ("your-answers", "Enter the receipt code that you got when you sent your answers."),
    ],
)
def test_an_empty_code_is_asked_for(person: Person, door: str, asked: str, typed: str) -> None:
    person.visit(f"/en/{door}")
    page = person.post(f"/en/{door}", {"code": typed}, status=422)
    assert all(asked in error for error in page.errors) and page.errors


def test_after_the_freeze_answers_may_go_but_not_change(app: Flask, person: Person, clock: Clock) -> None:
    code = residents.respond(person, "your-views")
    clock.advance(days=60)
    person.visit("/en/your-answers")
    person.submit(code=code)
    person.visit("/en/your-answers/withdraw")
    person.post("/en/your-answers/change", {}, status=409)
    person.visit("/en/your-answers/withdraw")
    person.submit()
    assert stored(app) == [{}]


@pytest.mark.parametrize("code", ["", "wrong", "0000-0000-0000", "‮", "x" * 5000, "' OR 1=1 --", "\ud800", "\x00"])
@pytest.mark.parametrize("door", ["resume", "your-answers"])
def test_a_wrong_code_says_what_to_do(person: Person, door: str, code: str) -> None:
    person.visit(f"/en/{door}")
    page = person.post(f"/en/{door}", {"code": code}, status=422)
    assert page.errors


def test_a_silent_visit_is_closed_and_its_draft_waits(person: Person, clock: Clock) -> None:
    residents.begin(person, "your-views")
    residents.answer(person, until="sex")
    person.visit("/en/your-views/saved")
    (code,) = [text for text in map(str.strip, person.page.document.xpath("//main//strong//text()")) if text][:1]
    clock.advance(minutes=31)
    person.visit("/en/your-views/q/sex")
    assert person.path == "/en/timed-out"
    person.visit("/en/resume")
    person.submit(code=code.translate(str.maketrans("0123456789", DIGITS["pa"])))
    assert person.path == "/en/your-views/q/sex"


def test_staying_keeps_a_visit_open(person: Person, clock: Clock) -> None:
    residents.begin(person, "your-views")
    token = person.token
    for _ in range(3):
        clock.advance(minutes=20)
        person.browser.post("/en/stay", data={"csrf_token": token}, headers={"X-CSRFToken": token})
    here = person.path
    person.visit(here)
    assert person.path == here


def test_a_draft_that_nobody_came_back_to_is_gone(person: Person, clock: Clock) -> None:
    residents.begin(person, "your-priorities-your-plan")
    residents.answer(person, until="sex")
    person.visit("/en/your-priorities-your-plan/saved")
    (code,) = [text for text in map(str.strip, person.page.document.xpath("//main//strong//text()")) if text][:1]
    clock.advance(days=15)
    person.visit("/en/resume")
    assert person.submit(code=code, status=422).errors


def test_the_month_turns_in_london_and_the_draft_stays_with_its_wave(app: Flask, person: Person, clock: Clock) -> None:
    clock.set("2026-11-30T23:50")
    residents.begin(person, "your-views")
    residents.answer(person)
    clock.set("2026-12-01T00:05")
    residents.send(person)
    other = Person(app)
    residents.respond(other, "your-views")
    with app.app_context():
        waves = [response.wave.period for response in db.session.scalars(select(Response).order_by(Response.id))]
    assert waves == ["2026-11", "2026-12"]


def test_a_survey_that_is_closed_says_so(person: Person, flask_command: Callable[..., str]) -> None:
    flask_command("survey", "close", "your-views")
    page = person.visit("/ur/your-views")
    assert page.heading


@pytest.mark.parametrize(
    "path", ["/en/nothing-here", "/ur/nothing-here", "/xx/your-views", "/en/your-views/q/nothing", "/en/your-views/x/y"]
)
def test_an_address_that_leads_nowhere_says_what_to_do(person: Person, path: str) -> None:
    person.visit(path, status=410 if "/q/" in path else 404)


def test_news_of_results_is_asked_for_without_a_path_to_the_answers(app: Flask, person: Person) -> None:
    residents.respond(person, "your-views")
    person.follow("Hear about the results")
    assert person.submit(email="no address", status=422).errors
    person.submit(email="someone@example.org")
    from app.surveys.models import Contact

    with app.app_context():
        contact = db.session.scalars(select(Contact)).one()
        assert contact.email == "someone@example.org"
        assert {column.key for column in Contact.__table__.columns} == {"id", "email", "language", "month"}
