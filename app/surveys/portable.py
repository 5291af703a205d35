"""A questionnaire as JSON that asks, checks and routes anywhere, with every default filled in. Pure.

Each text of the structure is a number: its place in the list of texts of each language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from app.surveys.definition import Condition, Definition, Option, Question, Section
from app.surveys.kinds import AmountByBand
from app.surveys.kinds.base import WRITE_IN_LENGTH
from app.surveys.kinds.entering import LARGEST_NUMBER

RULES = {
    "write_in_length": WRITE_IN_LENGTH,
    "largest_number": LARGEST_NUMBER,
    "band_ratios": AmountByBand.ratios,
    "usual_band": "d",
}
"""What the checks know beside the definition."""
TEXTS = ("text", "hint", "why", "none_of_these", "unit", "confirm")
NOT_SENT = frozenset({"confirm", "source", "context", "months", "favourable"})


class Said(str):
    """A text that people read."""

    __slots__ = ()


def portable(definitions: Mapping[str, Definition]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Write one questionnaire, given in each of its languages: the structure, and the texts of each language."""
    drawn = {language: _definition(definition) for language, definition in definitions.items()}
    said = {language: list(_said(structure)) for language, structure in drawn.items()}
    together = list(zip(*said.values(), strict=True))
    numbers = {texts: number for number, texts in enumerate(dict.fromkeys(together))}
    places = iter([numbers[texts] for texts in together])
    texts = {language: [each[place] for each in numbers] for place, language in enumerate(said)}
    return _numbered(next(iter(drawn.values())), places), texts


def _said(part: Any) -> Iterator[str]:
    if isinstance(part, Said):
        yield str(part)
    elif isinstance(part, dict):
        for value in part.values():
            yield from _said(value)
    elif isinstance(part, list):
        for value in part:
            yield from _said(value)


def _numbered(part: Any, places: Iterator[int]) -> Any:
    if isinstance(part, Said):
        return next(places)
    if isinstance(part, dict):
        return {key: _numbered(value, places) for key, value in part.items()}
    return [_numbered(value, places) for value in part] if isinstance(part, list) else part


def _definition(definition: Definition) -> dict[str, Any]:
    return {
        "title": Said(definition.title),
        "about": Said(definition.about),
        "purpose": Said(definition.purpose),
        "sections": [_section(section) for section in definition.sections],
        "endings": [
            {"key": each.key, "title": Said(each.title), "text": Said(each.text)} for each in definition.endings
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": Said(section.title),
        "intro": Said(section.intro),
        "when": _condition(section.when),
        "together": section.together,
        "after_check": section.after_check,
        "questions": [_question(question) for question in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    plain = {each.name: getattr(question, each.name) for each in fields(question) if each.name not in NOT_SENT}
    own = {name: Said(value) if name in TEXTS else value for name, value in plain.items()}
    return own | {
        "when": _condition(question.when),
        "options": [_option(option) for option in question.options],
        "rows": [{"key": row.key, "text": Said(row.text)} for row in question.rows],
        "off_scale": list(question.behaviour.off_scale(question)),
        "companions": list(question.behaviour.companions(question)),
        "missing": question.behaviour.missing(question),
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "text": Said(option.text),
        "hint": Said(option.hint),
        "apart": option.apart,
        "ends": option.ends,
        "write_in": option.write_in,
        "band_d": option.band_d,
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    return {"question": condition.question, "is_one_of": list(condition.is_one_of)} if condition else None
