"""Pages drawn once for everybody: each visitor gets a token of their own, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.surveys import drawn
from tests.support import residents
from tests.support.person import Person

pytestmark = pytest.mark.usefixtures("both_surveys")


def at_a_question(person: Person, key: str = "age_band") -> Person:
    residents.begin(person, "your-views")
    residents.answer(person, until=key)
    return person


def test_a_page_is_drawn_once_for_all_who_come_to_it(app: Flask, people: Callable[[], Person]) -> None:
    first, second = at_a_question(people()), people()
    pages = len(app.extensions["drawn"])
    at_a_question(second)
    assert len(app.extensions["drawn"]) == pages
    assert first.page.document.xpath("string(//h1)") == second.page.document.xpath("string(//h1)")


def test_each_visitors_form_has_a_token_of_its_own(people: Callable[[], Person]) -> None:
    first, second = at_a_question(people()), at_a_question(people())
    assert drawn.TOKEN not in first.page.text + second.page.text
    assert first.token != second.token
    assert "_errors" not in second.submit({"age_band": "25_34"}).text


def test_what_one_answered_is_never_on_anothers_page(people: Callable[[], Person]) -> None:
    first, second = at_a_question(people()), at_a_question(people())
    asked = first.path
    first.submit({"age_band": "75_over"})
    assert first.visit(asked).document.xpath("//input[@checked]/@value") == ["75_over"]
    assert second.visit(asked).document.xpath("//input[@checked]") == []


def test_each_language_has_its_own_page(people: Callable[[], Person]) -> None:
    english, urdu = at_a_question(people()), at_a_question(people())
    urdu.switch_to("ur")
    urdu.visit(urdu.path)
    assert urdu.page.document.get("lang") == "ur" and english.visit(english.path).document.get("lang") == "en"


def test_drawn_pages_do_not_pile_up(app: Flask, monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    monkeypatch.setattr(drawn, "MOST", 3)
    residents.begin(person, "your-views")
    residents.answer(person)
    assert 1 <= len(app.extensions["drawn"]) <= 3
