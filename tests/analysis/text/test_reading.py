"""Comments in any language are read, masked and themed; what cannot be told is left unsaid."""

from __future__ import annotations

from app.analysis.text.pipeline import Comment, Reading, read

SPEEDING = "Cars speed down our road every night and the speed cameras never work."
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
