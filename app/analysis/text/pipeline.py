"""Read many comments: language, personal data, possible harm, sentiment and themes, in memory that does not grow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context

from app.analysis.text.frame import Frame, shipped_frame
from app.analysis.text.harm import PossibleHarm, disclosures
from app.analysis.text.language import languages_of, main_script
from app.analysis.text.masking import Masked, mask
from app.analysis.text.normalising import letters
from app.analysis.text.sentiment import SCORED, sentiment_of
from app.analysis.text.themes import SAMPLE, SEED, Suggestion, ThemeModel, fit

CHUNK = 1_000
MANY = 4_000  # comments from which a second process is worth its start
AHEAD = 2  # chunks
LONGEST = 10_000  # characters from which language, sentiment and themes are told; data and harm are looked for in all


Seen = tuple[Masked, tuple[PossibleHarm, ...], float | None]


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
    looked for in the text as written, everything else in what the pages show. From `MANY` comments on, a second
    process masks and scores while this one tells languages and themes.
    """
    waiting = iter(comments)
    first = list(islice(waiting, SAMPLE))
    model = model or model_of(first, frame or shipped_frame(), seed, embeddings)
    chunks = _chunks(chain(first, waiting), chunk)
    if len(first) < MANY:
        for some in chunks:
            yield from _readings(some, seen(some), model)
        return
    with ProcessPoolExecutor(1, get_context("spawn")) as second:
        for some, looked in _ahead(chunks, second):
            yield from _readings(some, looked, model)


def model_of(comments: Sequence[Comment], frame: Frame, seed: int = SEED, embeddings: bool | str = False) -> ThemeModel:
    """Fit a model of themes on comments, masked first so that nobody's name becomes a word of a theme."""
    comments = comments[:SAMPLE]
    languages = languages_of([comment.text for comment in comments], [comment.form_language for comment in comments])
    texts = [mask(comment.text).text[:LONGEST] for comment in comments]
    return fit(texts, _or_of_form(languages, comments), frame, seed, embeddings)


def seen(comments: Sequence[Comment]) -> list[Seen]:
    """Mask comments, look for harm, and score them as if all were English: what one process does for another."""
    masked = [mask(comment.text) for comment in comments]
    harm = disclosures([comment.text for comment in comments])
    return [(hidden, told, _as_english(hidden.text[:LONGEST])) for hidden, told in zip(masked, harm, strict=True)]


def _as_english(text: str) -> float | None:
    return sentiment_of(text, SCORED) if main_script(text) == "LATIN" else None


def _chunks(comments: Iterator[Comment], size: int) -> Iterator[list[Comment]]:
    while some := list(islice(comments, size)):
        yield some


def _ahead(chunks: Iterator[list[Comment]], second: Executor) -> Iterator[tuple[list[Comment], list[Seen]]]:
    """Let the second process work on the next chunks while this one works on the first."""
    asked: deque[tuple[list[Comment], Future[list[Seen]]]] = deque()
    for some in chunks:
        asked.append((some, second.submit(seen, some)))
        if len(asked) > AHEAD:
            done, looked = asked.popleft()
            yield done, looked.result()
    for done, looked in asked:
        yield done, looked.result()


def _readings(comments: Sequence[Comment], looked: Sequence[Seen], model: ThemeModel) -> Iterator[Reading]:
    languages = languages_of([comment.text for comment in comments], [comment.form_language for comment in comments])
    texts = [hidden.text[:LONGEST] for hidden, *_ in looked]
    suggested = model.suggest(texts, _or_of_form(languages, comments))
    for comment, language, (hidden, harm, english), themes in zip(comments, languages, looked, suggested, strict=True):
        score = english if language == SCORED else None
        yield Reading(comment.key, language, hidden, harm, score, themes, tuple(_notes(comment.text, language, score)))


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
    elif language != SCORED:
        yield "Sentiment is scored in English only."
    elif score is None:
        yield "Sentiment is not scored: the lexicon knows none of the words."
    if len(text) > LONGEST:
        yield f"Sentiment and themes are of the first {LONGEST:,} characters; all were masked and read for harm."
