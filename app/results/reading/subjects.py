"""What there is to tabulate in any questionnaire: each kind of question gives the figures that suit it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.surveys.definition import Definition, Question
from app.surveys.kinds import NONE_OF_THESE, OFF_SCALE

SHAPES = {
    "scale": "options",
    "scale_group": "options",
    "one_of": "options",
    "amount_by_band": "options",
    "area": "options",
    "several": "ticks",
    "number": "number",
    "text": "words",
}
TOP = 5
TICKED = ("1",)


@dataclass(frozen=True, slots=True)
class Subject:
    """One question, or one row of a group, as it is tabulated.

    ``shape`` is options (one answer each), ticks (several), number or words. ``top_two`` are the two most favourable
    points of a scale. ``top`` is how many places of a ranking count as its top. ``off_scale`` are the answers that put
    somebody outside of the base, as "don't know". ``limited`` says that people could choose only so many: such a list
    is one of priorities.
    """

    key: str
    label: str
    shape: str
    options: tuple[tuple[str, str], ...] = ()
    top_two: tuple[str, ...] = ()
    top: int = TOP
    off_scale: tuple[str, ...] = ()
    limited: bool = False

    @property
    def option_keys(self) -> tuple[str, ...]:
        """List the keys of the options."""
        return tuple(key for key, _ in self.options)

    def column(self, option: str) -> str:
        """Name the column that holds the answer, or with ticks the one of an option."""
        return f"{self.key}_{option}" if self.shape == "ticks" else self.key

    def label_of(self, options: tuple[str, ...]) -> str:
        """Put some options into words."""
        words = dict(self.options)
        return " or ".join(words.get(option, option) for option in options)


def subjects(definition: Definition) -> tuple[Subject, ...]:
    """List what is tabulated, in the order in which it is asked; what is weighted by is in the weighting report."""
    return tuple(each for question in definition.questions if not question.role for each in of_question(question))


def of_question(question: Question) -> Iterator[Subject]:
    """List the subjects of one question; an order has none (its choice has one)."""
    shape = SHAPES.get(question.kind)
    if shape is None:
        return
    options = tuple((option.key, _plain(option.text)) for option in question.options if not option.ends)
    top_two = _favourable(question) if question.kind in ("scale", "scale_group") else ()
    off_scale = tuple(key for key in question.behaviour.off_scale(question) if key in OFF_SCALE)
    if question.rows:
        for row in question.rows:
            label = f"{question.text} – {row.text}"
            yield Subject(f"{question.key}_{row.key}", label, shape, options, top_two, off_scale=off_scale)
    else:
        top = min(question.at_most or TOP, len(options))
        limited = shape == "ticks" and question.at_most is not None
        yield Subject(question.key, question.text, shape, options, top_two, top, off_scale, limited)


def _plain(text: str) -> str:
    """Leave the amounts out of an option that names one for each council tax band."""
    return text.split(":")[0] if "{year}" in text or "{week}" in text else text


def _favourable(question: Question) -> tuple[str, ...]:
    keys = question.option_keys
    return keys[:2] if question.favourable == "first" else keys[-2:]


def found_in(known: Iterable[Subject], item: str, options: tuple[str, ...]) -> tuple[Subject, tuple[str, ...]] | None:
    """Find the subject that an item names, and its options: a question or row by its key, a tick by its column."""
    for subject in known:
        if subject.key == item and set(options) <= set(subject.option_keys):
            return subject, options
        for key in subject.option_keys:
            if subject.shape == "ticks" and subject.column(key) == item and options == TICKED:
                return subject, (key,)
    return None


def districts(definition: Definition) -> dict[str, str]:
    """Name the districts that responses are broken down by."""
    question = definition.with_role("district")
    return {option.key: option.text for option in question.options if not option.apart} if question else {}


def asked(definition: Definition, item: str, options: tuple[str, ...]) -> dict[str, str]:
    """Digest, part by part, what makes two waves of one item comparable: words, scale, source, and what comes before.

    Empty where the item is not asked.
    """
    before: list[str] = []
    for question in definition.questions:
        if found_in(of_question(question), item, options):
            parts = {
                "words": (question.text, question.hint, question.rows),
                "scale": (question.kind, question.options, *_beside(question)),
                "source": question.source,
                "order": before,
            }
            return {part: _digest(repr(value)) for part, value in parts.items()}
        before.append(question.key)
    return {}


def _beside(question: Question) -> tuple[object, ...]:
    return question.dont_know, question.prefer_not_to_say, question.none_of_these, question.at_most


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


__all__ = ["NONE_OF_THESE", "OFF_SCALE", "Subject", "asked", "districts", "found_in", "of_question", "subjects"]
