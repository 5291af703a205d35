"""Every language is spoken throughout: no page of a journey shows an English text that has a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from app import DEFAULTS
from app.translating import catalogues
from tests.support import residents
from tests.support.browsers import Window, assert_accessible, assert_easy_to_touch, assert_fits
from tests.support.person import Person
from tests.support.servers import Server
from tests.support.windows import answer, begin, send

LANGUAGES = sorted(path.parent.parent.name for path in Path(DEFAULTS["TRANSLATIONS"]).glob("*/LC_MESSAGES/messages.po"))
RIGHT_TO_LEFT = {"ar", "ur"}
# A message about a row that names none.
NOTHING_QUOTED = re.compile("[“„«][\u2066-\u2069]*[”“»]")
SLUGS = ("your-priorities-your-plan", "your-views")
AROUND = ("", "/help", "/privacy", "/accessibility", "/resume", "/your-answers", "/news", "/timed-out", "/nothing-here")
pytestmark = pytest.mark.usefixtures("both_surveys")


def english_with_a_translation(language: str) -> set[str]:
    """List the English texts that must not be seen: those whose translation differs."""
    path = Path(DEFAULTS["TRANSLATIONS"]) / language / "LC_MESSAGES" / "messages.po"
    entries = (entry for entry in catalogues.read(path) if entry.id and isinstance(entry.id, str))
    return {" ".join(entry.id.split()) for entry in entries if entry.string != entry.id}


def shown(person: Person) -> Iterator[str]:
    """Walk the texts of the page at hand that are not marked as being in another language."""
    root = person.page.document
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        spoken = next((e.get("lang") for e in (element, *element.iterancestors()) if e.get("lang")), None)
        if spoken == root.get("lang"):
            yield from (" ".join(text.split()) for text in (element.text or "", *(c.tail or "" for c in element)))
            yield from (element.get(name, "") for name in ("aria-label", "title", "alt", "placeholder"))


def assert_spoken_throughout(person: Person, language: str, unwanted: set[str]) -> None:
    assert person.page.document.get("lang") == language
    assert person.page.document.get("dir") == ("rtl" if language in RIGHT_TO_LEFT else "ltr")
    texts = set(shown(person))
    assert sorted(texts & unwanted) == [], person.page
    assert [text for text in texts if NOTHING_QUOTED.search(text)] == [], person.page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_around_a_survey_falls_back_to_english(app: Flask, language: str) -> None:
    person, unwanted = Person(app), english_with_a_translation(language)
    for place in (*AROUND, "/results", "/results/you-said-we-did", "/results/nothing-here"):
        person.visit(f"/{language}{place}", status=404 if place.endswith("/nothing-here") else 200)
        assert_spoken_throughout(person, language, unwanted)


def test_an_address_that_names_no_language_is_answered_in_the_browsers(app: Flask) -> None:
    for asked, lang in (("pl,en;q=0.5", "pl"), ("ur-PK", "ur"), ("fr", "en"), ("", "en")):
        page = app.test_client().get("/nothing/like/this", headers={"Accept-Language": asked}).text
        assert f'<html class="govuk-template" lang="{lang}"' in page and f'href="/{lang}/help"' in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("/ur/", "/ur"),
        ("/UR", "/ur"),
        ("/Pl/your-views/", "/pl/your-views"),
        ("/your-views", "/sk/your-views"),
        ("/Your-Views", "/sk/your-views"),
        ("/help/", "/sk/help"),
        ("/results", "/sk/results"),
    ],
)
def test_an_address_typed_from_a_poster_leads_to_its_page(app: Flask, typed: str, found: str) -> None:
    answer = app.test_client().get(typed, headers={"Accept-Language": "sk"}, follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, found)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_journey_falls_back_to_english(app: Flask, language: str, slug: str) -> None:
    person, unwanted = Person(app), english_with_a_translation(language)
    residents.begin(person, slug, language)
    while not person.path.endswith("/check"):
        here = person.path
        assert_spoken_throughout(person, language, unwanted)
        person.submit({name: None for name in residents.sensible(person, {})}, form="page", status=None)
        assert_spoken_throughout(person, language, unwanted)
        if person.path == here:
            residents.answer_page(person, {})
    assert_spoken_throughout(person, language, unwanted)
    residents.send(person)
    assert_spoken_throughout(person, language, unwanted)


def look_closely(page: Page) -> None:
    assert_fits(page)
    assert_easy_to_touch(page)
    assert_accessible(page)


# English and Urdu are walked whole, both surveys and both widths, in test_in_a_browser.
@pytest.mark.parametrize(
    ("language", "slug", "width", "more"),
    [
        ("ar", SLUGS[0], 360, {"forced_colors": "active"}),
        ("bn", SLUGS[1], 320, {}),  # 1280 at a zoom of 400%
        ("gu", SLUGS[0], 1280, {}),
        ("pa", SLUGS[1], 360, {"forced_colors": "active"}),
        ("pl", SLUGS[0], 320, {}),
        ("ro", SLUGS[1], 1280, {}),
        ("sk", SLUGS[0], 360, {}),
    ],
)
def test_every_language_is_accessible(
    live_server: Server, window: Window, language: str, slug: str, width: int, more: dict[str, str]
) -> None:
    page = window(width=width, **more)
    begin(page, f"{live_server.address}/{language}/{slug}", look_closely)
    answer(page, look_closely)
    assert send(page, look_closely)
    for place in AROUND:
        page.goto(f"{live_server.address}/{language}{place}")
        look_closely(page)
