"""Anything at all in any field: a page that says what to do, never an error of ours, nothing invalid stored."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.surveys.definition import check
from app.surveys.models import Draft, Response
from app.surveys.queries import definition_of
from bench import hostile
from tests.support import residents
from tests.support.person import Person

NASTY: tuple[str | bytes, ...] = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\ud800",
    b"\xff\xfe",
    b"\xc0\x80",
    "‮⁦rtl",
    "\u2028\u2029",
    "<script>alert(1)</script>",
    "'; DROP TABLE response; --",
    '=HYPERLINK("http://example.org")',
    "{{ 7*7 }}",
    "%(name)s {item} %s",
    "../../etc/passwd",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "١٢",
    "none",
    "dont_know",
    "prefer_not_to_say",
    "under_16x",
    "[]",
    '{"a": 1}',
    "👩‍👩‍👧‍👦" * 50,
    "ا" * 3000,
    "BD1 1HY",
    "BD1 1HY\n",
    "ZZ99 9ZZ",
)
SEEDS = range(6)
pytestmark = pytest.mark.usefixtures("both_surveys")


def nastiness(rng: random.Random, person: Person) -> list[tuple[Any, Any]]:
    """Fill the fields of a page, and some that it has not, with anything, once or more often."""
    names = [name for name in person.page.fields(person.page.form("page")) if name not in ("csrf_token",)]
    names += ["district_decile", "seed", "submission", "_errors", "return", "_switch", "x" * 50, "postcode"]
    fields: list[tuple[Any, Any]] = []
    for name in rng.sample(names, k=rng.randint(1, len(names))):
        fields += [(name, rng.choice(NASTY)) for _ in range(rng.choice((1, 1, 1, 2, 5)))]
    return fields


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", SEEDS)
def test_a_resident_who_sends_anything_is_told_what_to_do(app: Flask, person: Person, seed: int) -> None:
    rng = random.Random(seed)
    slug, language = rng.choice(("your-views", "your-priorities-your-plan")), rng.choice(("en", "ur"))
    residents.begin(person, slug, language)
    for _ in range(40):
        if "/q/" not in person.path:
            break
        here = person.path
        page = person.post(here, nastiness(rng, person))
        assert page.status in (200, 400, 413, 422), page
        if not page.document.xpath("//form[@id='page']") or person.path == here:
            person.visit(here)
            if person.path == here:
                residents.answer_page(person, {})
    with app.app_context():
        for kept in (*db.session.scalars(select(Draft)), *db.session.scalars(select(Response))):
            problems = check(definition_of(kept.wave), kept.said or {}).problems
            missing = (
                "choose_one",
                "choose_some",
                "choose_each",
                "enter_number",
                "enter_text",
                "choose_area",
                "order_all",
            )
            assert [problem for problem in problems if problem.code not in missing] == []


def test_a_text_in_any_script_is_stored_as_it_was_written(app: Flask, person: Person) -> None:
    text = "بتیاں ٹھیک کریں\nਬੱਤੀਆਂ ঠিক 👩‍👩‍👧 =1+1 <b>&amp;</b> \u200f‏"
    residents.begin(person, "your-priorities-your-plan")
    met = residents.answer(person)
    free = next(q for q in met if q in ("comment", "anything_else", "comments")) if met else ""
    person.visit(next(address for address in person.page.links.values() if f"/q/{free}" in address))
    residents.answer_page(person, {free: text})
    residents.send(person)
    with app.app_context():
        answers = db.session.scalars(select(Response)).one().said
    assert answers and answers[free] == text.strip()


def test_a_body_beyond_the_limit_is_refused_plainly(person: Person) -> None:
    residents.begin(person, "your-views")
    person.post(person.path, {"age_band": "x" * 300_000}, status=413)


def test_a_thousand_fields_too_many_are_refused_plainly(person: Person) -> None:
    residents.begin(person, "your-views")
    person.post(person.path, [(f"f{number}", "x") for number in range(5000)], status=413)


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "x"]
)
def test_a_body_of_another_kind_is_refused_plainly(person: Person, kind: str) -> None:
    residents.begin(person, "your-views")
    page = person.post(person.path, {"age_band": "16_17"}, content_type=kind)
    assert page.status in (400, 415, 422)


def test_a_form_without_its_token_is_refused_plainly(person: Person) -> None:
    residents.begin(person, "your-views")
    response = person.browser.post(person.path, data={"district": "leeds"})
    assert response.status_code == 400
    assert b"<h1" in response.data


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_answered_plainly(person: Person, method: str) -> None:
    for path in ("/en", "/en/your-views", "/en/your-views/send", "/en/help"):
        assert person.browser.open(path, method=method).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/en/%ff",
        "/en/your-views/q/%00",
        "/en/your-views/q/" + "x" * 3000,
        "/%2e%2e/",
        "/en//x",
        "/en/your-views?x=%ff",
        "/EN/results/YV-2026-11/x/a%0Ab",
        "/ur/results/YV-2026-11/x/a%40b.c%0A",
    ],
)
def test_odd_addresses_are_answered_plainly(person: Person, path: str) -> None:
    assert person.browser.get(path).status_code < 500


def test_hostile_inputs_to_every_form_and_api_are_answered(tmp_path: Path, translations: Path) -> None:
    tally = hostile.Tally()
    hostile.attack(seed=4, inputs=400, folder=tmp_path, tally=tally, TRANSLATIONS=translations)
    assert tally.faults == [] and tally.sent == 400 and tally.honest == 5
