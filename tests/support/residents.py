"""Residents who answer whatever page comes: what they were told to say, and something sensible otherwise."""

from __future__ import annotations

import re
from typing import Any

from tests.support.person import Person

MOST_PAGES = 80
STEP = re.compile(r"/(?P<language>[\w-]+)/(?P<slug>[\w-]+)/q/(?P<key>\w+)")
# What somebody says who has no opinion about it: not the first option where that would end or divert the response.
USUAL = {
    "respondent": "resident",
    "district": "leeds",
    "age_band": "35_44",
    "age": "over_16",
    "sex": "female",
    "ethnic_group": "white",
}
Answers = dict[str, Any]


def sensible(person: Person, said: Answers) -> Answers:
    """Fill in the page at hand: what was told, what is usual, else the first that is offered."""
    page, form = person.page, person.page.form("page")
    filled: Answers = {}
    selects = {}
    for name, standing in page.fields(form).items():
        controls = form.xpath(".//*[@name=$name]", name=name)
        kind = controls[0].get("type", controls[0].tag) if controls[0].tag == "input" else controls[0].tag
        if name in said:
            filled[name] = said[name]
        elif (
            kind == "hidden"
            or [value for value in standing if value]
            or name.endswith((".apart", "_text"))
            or name == "postcode"
        ):
            continue
        elif kind in ("radio", "checkbox"):
            offered = [control.get("value") for control in controls]
            usual = USUAL.get(name)
            choice = usual if usual in offered else offered[0]
            filled[name] = choice if kind == "radio" else [choice]
        elif kind == "select":
            selects[name] = len(selects) + 1
        elif controls[0].get("inputmode") == "numeric":
            filled[name] = "3"
    return filled | selects


def answer_page(person: Person, said: Answers) -> None:
    """Answer the page at hand and go on."""
    person.submit(sensible(person, said), form="page")


def begin(person: Person, slug: str, language: str = "en") -> None:
    """Open a survey and begin."""
    person.visit(f"/{language}/{slug}")
    person.submit()
    assert STEP.fullmatch(person.path.split("?")[0]), person.page


def answer(person: Person, said: Answers | None = None, until: str = "check") -> list[str]:
    """Answer page after page until a step is reached; return the questions that were met."""
    met: list[str] = []
    for _ in range(MOST_PAGES):
        step = STEP.fullmatch(person.path.split("?")[0])
        if not step or step["key"] == until:
            break
        assert step["key"] not in met, f"{step['key']} came twice: {person.page!r} {person.page.errors}"
        met.append(step["key"])
        answer_page(person, said or {})
    assert person.path.split("?")[0].endswith(f"/{until}"), f"{person.page!r} instead of {until}, after {met}"
    return met


def send(person: Person, said: Answers | None = None) -> str:
    """Go from the check to the receipt; return its code."""
    assert person.path.endswith("/check"), person.page
    for onwards in person.page.document.xpath("//main//a[@role='button']/@href"):
        person.visit(onwards)
    if "/q/" in person.path:
        answer(
            person, {"equality": "no", "equality_questions": "no", "more_questions": "no", **(said or {})}, until="send"
        )
    person.submit()
    assert person.path.endswith("/receipt"), person.page
    return receipt(person)


def receipt(person: Person) -> str:
    """Read the receipt code off the page."""
    (code,) = person.page.document.xpath("//*[contains(@class, 'govuk-panel__body')]//strong")
    return "".join(code.itertext()).strip()


def respond(person: Person, slug: str, said: Answers | None = None, language: str = "en") -> str:
    """Answer a whole survey; return the receipt code."""
    begin(person, slug, language)
    answer(person, said)
    return send(person, said)
