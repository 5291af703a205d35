"""The questionnaire's document, as files and waves keep it: its texts, and the definition that it describes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from app.surveys.definition import Condition, Definition, Ending, Option, Question, Row, Section
from app.surveys.kinds import KINDS

Translate = Callable[[str, str], str]

TEXT_ATTRIBUTES = frozenset(
    {"title", "about", "purpose", "text", "hint", "why", "intro", "unit", "none_of_these", "easy"}
)


def mapped(document: Any, translate: Translate, context: str = "") -> Any:
    """Copy a definition document with every text that people read put through ``translate(context, text)``."""
    if isinstance(document, list):
        return [mapped(item, translate, context) for item in document]
    if not isinstance(document, dict):
        return document
    context = document.get("context", context)
    return {
        key: translate(context, value)
        if key in TEXT_ATTRIBUTES and isinstance(value, str) and value
        else mapped(value, translate, context)
        for key, value in document.items()
    }


def texts(document: Any) -> list[tuple[str, str]]:
    """List each (context, text) of a document once, in order of appearance."""
    found: dict[tuple[str, str], None] = {}

    def note(context: str, text: str) -> str:
        found[context, text] = None
        return text

    mapped(document, note)
    return list(found)


def from_document(document: Mapping[str, Any]) -> Definition:
    """Build the definition that a faultless document describes (see ``app.surveys.faults`` for the faults).

    A question that puts chosen options in order is lent the options of the question where they are chosen.
    """
    options = {
        question["key"]: question.get("options", ())
        for section in document["sections"]
        for question in section["questions"]
    }
    return Definition(
        **{**_known(Definition, document), "languages": tuple(document["languages"])},
        sections=tuple(_section(section, options) for section in document["sections"]),
        endings=tuple(Ending(**ending) for ending in document.get("endings", ())),
    )


def _known(cls: type, document: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)} - {"sections", "endings", "languages"}
    return {name: document[name] for name in names if name in document}


def _section(document: Mapping[str, Any], options: Mapping[str, Any]) -> Section:
    questions = tuple(
        _question({**question, "options": options.get(question.get("of", ""), question.get("options", ()))})
        for question in document["questions"]
    )
    return Section(**{**document, "questions": questions, "when": _condition(document.get("when"))})


def _question(document: Mapping[str, Any]) -> Question:
    values = dict(document)
    values.setdefault("required", KINDS[document["kind"]].required)
    values["when"] = _condition(document.get("when"))
    values["months"] = tuple(document.get("months", ()))
    values["options"] = tuple(Option(**option) for option in document.get("options", ()))
    values["rows"] = tuple(Row(**row) for row in document.get("rows", ()))
    return Question(**values)


def _condition(document: Mapping[str, Any] | None) -> Condition | None:
    return Condition(document["question"], tuple(document["is_one_of"])) if document else None
