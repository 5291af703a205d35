"""What is keyed of a form: a digit or letter for each tick, and codes of their own for what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.fieldwork.paper.contents import codes
from app.surveys.definition import Definition, Question
from app.surveys.kinds import Field

CODES = {"?": "illegible", "+": "ticked_too_many", "-": "left_blank", "!": "out_of_range"}
NOT_ASKED = "answered_though_not_asked"
WORDS_OF = {
    "illegible": "Illegible",
    "ticked_too_many": "Ticked too many",
    "left_blank": "Left blank",
    "out_of_range": "Out of range",
    NOT_ASKED: "Answered though not asked",
}
KEYS = "? illegible, + ticked too many, - left blank, ! out of range"
Entries = Mapping[str, str]


class Wrong(ValueError):
    """An entry that no box of the form stands for."""


@dataclass(frozen=True, slots=True)
class Form:
    """Keyed values under the names that the form on screen uses, so that each kind reads them as it reads a page."""

    values: Mapping[str, list[str]]

    def getlist(self, name: str) -> list[str]:
        """List the values keyed under a name."""
        return self.values.get(name, [])


def fields_of(question: Question) -> tuple[Field, ...]:
    """List what is keyed of a question, in the order of the paper."""
    return question.behaviour.printed(question)


def normal(field: Field, typed: str) -> str:
    """Bring an entry into the form that is kept and compared. Raises Wrong for a key that stands for no box."""
    text = typed.strip()
    if field.mode == "words":
        return typed.replace("\r\n", "\n").strip()
    if text in CODES or not text:
        return text
    if field.mode == "number":
        return text
    known = codes(len(field.options))
    keys = [text] if field.mode == "one" else _several(text.lower(), known)
    keys = [key.lower() for key in keys]
    for key in keys:
        if key not in known:
            raise Wrong(f"“{key[:10]}” is no box here: key {known[0]} to {known[-1]}, or {KEYS}")
    return " ".join(keys if field.mode == "order" else sorted(set(keys), key=known.index))


def _several(text: str, known: tuple[str, ...]) -> list[str]:
    """Take several keys apart; where each has one sign, nothing needs to stand between them."""
    parts = text.replace(",", " ").split()
    return parts if known and len(known[0]) > 1 else [key for part in parts for key in part]


def gathered(definition: Definition, entries: Entries) -> tuple[dict[str, Any], dict[str, str]]:
    """Turn entries into answers for the gate, and into codes for what cannot be read.

    An answer to a question that was not asked on this route is left out, and coded so: it is never silently mended.
    """
    answers: dict[str, Any] = {}
    coded: dict[str, str] = {}
    for question in definition.questions:
        read, unread = _read(question, entries)
        answers |= read
        coded |= unread
    asked = {question.key for question in definition.asked_of(answers)}
    for question in definition.questions:
        if question.key not in asked:
            _leave_out(question, answers, coded)
    return answers, coded


def _leave_out(question: Question, answers: dict[str, Any], coded: dict[str, str]) -> None:
    names = (question.key, *question.behaviour.companions(question))
    given = [name for name in names if answers.pop(name, None) is not None]
    for name in [name for name in coded if name.split(".")[0] == question.key]:
        del coded[name]
    if given:
        coded[question.key] = NOT_ASKED


def _read(question: Question, entries: Entries) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, list[str]] = {}
    coded: dict[str, str] = {}
    for field in fields_of(question):
        entry = entries.get(field.name, "")
        if entry in CODES and field.mode != "words":
            coded[field.name.removesuffix(".apart")] = CODES[entry]
        elif field.mode == "words" and entry == "?":
            coded[field.name] = CODES[entry]
        elif entry and entry != "-":
            values |= _values(field, entry)
    answers = question.behaviour.read(question, Form(values))
    if question.key in coded:
        answers = {}
    return answers, coded


def _values(field: Field, entry: str) -> dict[str, list[str]]:
    if field.mode in ("words", "number"):
        return {field.name: [entry]}
    known = dict(zip(codes(len(field.options)), field.options, strict=True))
    keys = [known[key] for key in entry.split()]
    if field.mode == "order":
        return {f"{field.name}.{key}": [str(place)] for place, key in enumerate(keys, start=1)}
    return {field.name: keys}


def unfinished(definition: Definition, entries: Entries, on_side: set[str]) -> Iterator[str]:
    """Name the fields of a side that were asked and that nothing is keyed of; words may always be left empty."""
    answers, _ = gathered(definition, entries)
    for question in definition.asked_of(answers):
        for field in fields_of(question):
            needed = field.mode not in ("words", "order") and not field.name.endswith(".apart")
            apart = entries.get(f"{question.key}.apart", "")
            if needed and field.name in on_side and not entries.get(field.name) and not apart:
                yield field.name


def alike(field: Field, one: str, other: str) -> bool:
    """Say whether two entries say the same; in words, spaces and capitals do not count."""
    if field.mode == "words":
        return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
    return one == other


def named(question: Question, field: Field, entry: str) -> str:
    """Put an entry into words, for whoever looks at two of them."""
    if entry in CODES:
        return WORDS_OF[CODES[entry]]
    if field.mode in ("words", "number") or not entry:
        return entry or "Nothing"
    known = dict(zip(codes(len(field.options)), field.options, strict=True))
    texts = [question.option(known[key]) for key in entry.split() if key in known]
    said = [option.text if option else "" for option in texts]
    return f"{entry}: " + "; ".join(text or known[key] for text, key in zip(said, entry.split(), strict=False))
