"""Pages drawn once for everybody: each visitor gets a token of their own, and nothing of anybody else's."""

from __future__ import annotations

import gzip
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
    assert drawn.MARK not in first.page.text + second.page.text
    assert first.token != second.token
    assert "_errors" not in second.submit({"age_band": "25_34"}).text


def test_what_one_answered_is_never_on_anothers_page(people: Callable[[], Person]) -> None:
    first, second = at_a_question(people()), at_a_question(people())
    asked = first.path
    first.submit({"age_band": "75_over"})
    assert first.visit(asked).document.xpath("//input[@checked]/@value") == ["75_over"]
    assert second.visit(asked).document.xpath("//input[@checked]") == []


def test_a_page_with_an_order_of_ones_own_keeps_only_its_frame(app: Flask, people: Callable[[], Person]) -> None:
    first, second = at_a_question(people(), "three_things"), at_a_question(people(), "three_things")
    named = [person.page.document.xpath("//input[@type='checkbox']/@value") for person in (first, second)]
    assert sorted(named[0]) == sorted(named[1])
    assert named[0] != named[1], "two people saw the same order: a chance of one in many thousands"
    assert len([key for key in app.extensions["drawn"] if "three_things" in key]) == 1


def test_the_check_shows_to_each_only_what_they_answered(people: Callable[[], Person]) -> None:
    first, second = people(), people()
    for person, age in ((first, "75_over"), (second, "25_34")):
        residents.begin(person, "your-views")
        residents.answer(person, {"age_band": age})
    assert "75 or over" in first.page.text and "75 or over" not in second.page.text
    assert "25 to 34" in second.page.text and "25 to 34" not in first.page.text


@pytest.mark.parametrize("path", ["/en/your-views", "/ur/your-views/q/three_things", "/bn/your-views/q/age_band"])
def test_a_page_unpacks_to_what_a_plain_one_is(person: Person, path: str) -> None:
    at_a_question(person, "three_things")
    packed = person.browser.get(path, headers={"Accept-Encoding": "gzip"})
    plain = person.browser.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


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
