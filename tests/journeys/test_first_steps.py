"""The pages around a survey, in every language."""

from __future__ import annotations

import re

import pytest

from tests.support.person import Person


@pytest.mark.usefixtures("both_surveys")
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize(
    "place",
    [
        "",
        "/help",
        "/privacy",
        "/accessibility",
        "/resume",
        "/your-answers",
        "/news",
        "/your-views",
        "/your-priorities-your-plan",
    ],
)
def test_every_page_opens(person: Person, language: str, place: str) -> None:
    person.visit(f"/{language}{place}")


@pytest.mark.usefixtures("both_surveys")
@pytest.mark.parametrize("place", ["", "/help", "/privacy", "/accessibility", "/your-views", "/results"])
def test_search_engines_find_a_public_page_in_every_language(person: Person, place: str) -> None:
    head = person.visit(f"/ur{place}").document.find("head")
    found = {link.get("hreflang"): link.get("href") for link in head.iterfind("link[@rel='alternate']")}
    assert set(found) == {*["en", "ur", "pa", "pl", "ar", "ro", "gu", "bn", "sk"], "x-default"}
    assert found["x-default"] == found["en"]
    assert all(re.fullmatch(rf"https?://[^/]+/({code}|en){place}", address) for code, address in found.items())
    assert head.find("meta[@name='robots']") is None
