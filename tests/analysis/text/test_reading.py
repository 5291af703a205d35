"""Comments in any language are read, masked and themed; what cannot be told is left unsaid."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.analysis.text.measuring import measure, measured
from app.analysis.text.phrases import common_phrases, phrases
from app.analysis.text.pipeline import Comment, Reading, read
from app.analysis.text.sentiment import called, sentiment_of

LONG_NUMBER = "Ring me on 0\u200b7700\u200f 900\u200d123 please"


def only(text: str, form_language: str | None = "en") -> Reading:
    (reading,) = read([Comment("one", text, form_language)])
    return reading


def test_a_comment_gets_language_sentiment_and_themes() -> None:
    reading = only("The speed cameras on our road never work and the traffic is terrible.")
    assert reading.language == "en"
    assert reading.sentiment is not None and reading.sentiment < 0
    assert {"speeding", "road_safety"} <= {suggestion.theme for suggestion in reading.themes}


def test_another_language_is_not_scored_and_says_so() -> None:
    reading = only("Na naszej ulicy jest za mało policji, a kierowcy jeżdżą zdecydowanie za szybko.")
    assert (reading.language, reading.sentiment) == ("pl", None)
    assert "English only" in reading.notes[0]


def test_invisible_characters_do_not_hide_a_phone_number() -> None:
    assert only(LONG_NUMBER).masked.text == "Ring me on [phone number] please"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "The comment is empty."),
        ("👮🚓", "no letters"),
        ("aaaa" * 2_500, "language is unsure"),
        ("More police please. Więcej policji na naszej ulicy, proszę.", "language is unsure"),
        ("The bus stops here.", "lexicon knows none"),
        ("We want more police. " * 600, "first 10,000 characters"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, note: str) -> None:
    assert any(note in said for said in only(text).notes)


def test_harm_and_personal_data_are_found_beyond_the_first_characters() -> None:
    reading = only("We want more police. " * 600 + "My husband hits me. Ring 07700 900123.")
    assert [found.kind for found in reading.harm] == ["abuse_at_home"]
    assert "[phone number]" in reading.masked.text


def test_comments_come_back_in_order_and_one_at_a_time() -> None:
    written = (Comment(number, f"Speeding on my road, number {number}", "en") for number in range(25))
    assert [reading.key for reading in read(written, chunk=10)] == list(range(25))


@pytest.mark.parametrize(
    ("text", "called_so"),
    [("The officers were wonderful", "positive"), ("A terrible, awful night", "negative")],
)
def test_english_sentiment_is_scored(text: str, called_so: str) -> None:
    assert called(sentiment_of(text, "en")) == called_so


@pytest.mark.parametrize("language", ["ur", "pl", None])
def test_no_other_language_is_scored_as_neutral(language: str | None) -> None:
    assert sentiment_of("terrible", language) is None
    assert called(None) == "not scored"


def test_noun_phrases_need_no_corpora() -> None:
    found = phrases("The speeding cars on Otley Road are terrible. More visible police officers, please!", "en")
    assert ("otley road" in found and "more visible police officers" in found) or "visible police officers" in found
    assert phrases("Więcej policji na ulicach", "pl") == ()
    assert common_phrases(["street lights", "The street lights again", "😀"])[0] == ("street lights", 2)


def test_the_figures_shown_are_those_of_this_version() -> None:
    assert measure() == measured()


def test_naming_the_package_loads_no_heavy_library() -> None:
    heavy = ("lingua", "sklearn", "textblob", "nltk", "scipy")
    script = (
        "import sys, app.analysis.text, app.analysis.text.pipeline, app.analysis.text.phrases\n"
        f"print(*[name for name in {heavy!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == []
