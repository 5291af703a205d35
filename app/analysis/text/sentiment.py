"""Score the sentiment of English comments; whatever cannot be scored is None, never 0."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING

from app.analysis.text.errors import ModelMissing

if TYPE_CHECKING:
    from textblob._text import Sentiment

SCORED = "en"
NEUTRAL = 0.05  # polarity within which a comment is called neither positive nor negative
LONGEST = 10_000  # characters


def sentiment_of(text: str, language: str | None) -> float | None:
    """Return the polarity of a comment, -1 to 1, by TextBlob's lexicon of English.

    None (not scored) for another language, for an unsure one, and where the lexicon knows no word of the text: a
    comment about which nothing is known is not a neutral one.
    """
    if language != SCORED:
        return None
    scored = lexicon()(text[:LONGEST])
    return float(scored[0]) if scored.assessments else None


def called(score: float | None) -> str:
    """Name a score: "positive", "neutral", "negative" or "not scored"."""
    if score is None:
        return "not scored"
    return "positive" if score > NEUTRAL else "negative" if score < -NEUTRAL else "neutral"


@cache
def lexicon() -> Sentiment:
    """Load TextBlob's lexicon, once. Raises ModelMissing where TextBlob would score nothing, silently.

    TextBlob's own analyser would go through the text twice to tell score and known words.
    """
    from textblob.en import sentiment

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # TextBlob leaves its lexicon's file open
        known = sentiment("good").assessments
    if not known:
        remedy = "Install the package anew: pip install --force-reinstall textblob"
        raise ModelMissing("sentiment", f"TextBlob's lexicon {sentiment.path} is missing or empty", remedy)
    return sentiment
