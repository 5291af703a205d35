"""The pages around a survey, in every language."""

from __future__ import annotations

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
