"""Read many comments: language, personal data, possible harm, sentiment and themes, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from app.analysis.text.frame import Frame, shipped_frame
from app.analysis.text.harm import PossibleHarm, possible_harm
from app.analysis.text.language import languages_of
from app.analysis.text.masking import Masked, mask
from app.analysis.text.normalising import letters
from app.analysis.text.sentiment import sentiment_of
from app.analysis.text.themes import SAMPLE, SEED, Suggestion, ThemeModel, fit

CHUNK = 1_000
LONGEST = 10_000  # characters from which language, sentiment and themes are told; data and harm are looked for in all


@dataclass(frozen=True, slots=True)
class Comment:
    """Hold one comment as it came: a key of the caller's, the text, and the language of its form."""

    key: int | str
    text: str
    form_language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what was read in one comment; None is "cannot be told", never 0. `notes` says what was not read and why."""

    key: int | str
    language: str | None
    masked: Masked
    harm: tuple[PossibleHarm, ...]
    sentiment: float | None
    themes: tuple[Suggestion, ...]
    notes: tuple[str, ...]


def read(
    comments: Iterable[Comment],
    frame: Frame | None = None,
    model: ThemeModel | None = None,
    seed: int = SEED,
    embeddings: bool | str = False,
    chunk: int = CHUNK,
) -> Iterator[Reading]:
    """Read comments in their order, in chunks; at most the first `SAMPLE` are held at once, to learn themes from.

    Without `model` one is fitted on those first comments, masked, with `frame` (the shipped one by default). Harm is
    looked for in the text as written, everything else in what the pages show.
    """
    waiting = iter(comments)
    if model is None:
        first = list(islice(waiting, SAMPLE))
        model = model_of(first, frame or shipped_frame(), seed, embeddings)
        waiting = chain(first, waiting)
    while some := list(islice(waiting, chunk)):
        yield from _readings(some, model)


def model_of(comments: Sequence[Comment], frame: Frame, seed: int = SEED, embeddings: bool | str = False) -> ThemeModel:
    """Fit a model of themes on comments, masked first so that nobody's name becomes a word of a theme."""
    languages = languages_of([comment.text for comment in comments], [comment.form_language for comment in comments])
    texts = [mask(comment.text).text[:LONGEST] for comment in comments]
    return fit(texts, _or_of_form(languages, comments), frame, seed, embeddings)


def _readings(comments: Sequence[Comment], model: ThemeModel) -> Iterator[Reading]:
    texts = [comment.text for comment in comments]
    languages = languages_of(texts, [comment.form_language for comment in comments])
    masked = [mask(text) for text in texts]
    suggested = model.suggest([one.text[:LONGEST] for one in masked], _or_of_form(languages, comments))
    for comment, text, language, hidden, themes in zip(comments, texts, languages, masked, suggested, strict=True):
        score = sentiment_of(hidden.text, language)
        notes = tuple(_notes(comment.text, language, score))
        yield Reading(comment.key, language, hidden, possible_harm(text), score, themes, notes)


def _or_of_form(languages: Sequence[str | None], comments: Sequence[Comment]) -> list[str | None]:
    return [language or comment.form_language for language, comment in zip(languages, comments, strict=True)]


def _notes(text: str, language: str | None, score: float | None) -> Iterator[str]:
    """Say in words what was not read, and why."""
    if not text.strip():
        yield "The comment is empty."
    elif not letters(text):
        yield "The comment holds no letters, so neither language nor sentiment can be told."
    elif language is None:
        yield "The language is unsure: too short, mixed, or near to several. Sentiment is not scored."
    elif language != "en":
        yield "Sentiment is scored in English only."
    elif score is None:
        yield "Sentiment is not scored: the lexicon knows none of the words."
    if len(text) > LONGEST:
        yield f"Sentiment and themes are of the first {LONGEST:,} characters; all were masked and read for harm."
