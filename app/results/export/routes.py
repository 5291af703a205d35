"""Who was asked what: the route through a questionnaire, worked out for many responses at once."""

from __future__ import annotations

import numpy as np

from app.results.reading.columns import Columns, Mask, places_of
from app.results.reading.subjects import SHAPES, TICKED
from app.surveys.definition import Condition, Definition, Question


def asked(definition: Definition, columns: Columns) -> dict[str, Mask]:
    """Mark for each question who was asked it, as `Definition.asked_of` does for one response."""
    found: dict[str, Mask] = {}
    everybody = np.ones(columns.n, np.bool_)
    for section in definition.sections:
        through = _holds(section.when, definition, columns, found, everybody)
        for question in section.questions:
            on_route = through & _holds(question.when, definition, columns, found, everybody)
            found[question.key] = on_route & _applies(question, definition, columns, everybody)
    return found


def _holds(
    when: Condition | None, definition: Definition, columns: Columns, before: dict[str, Mask], everybody: Mask
) -> Mask:
    if when is None:
        return everybody
    question = definition.question(when.question)
    if question is None or question.key not in before:
        return ~everybody
    return before[question.key] & chose(definition, question, columns, when.is_one_of)


def _applies(question: Question, definition: Definition, columns: Columns, everybody: Mask) -> Mask:
    """An order is asked of those who chose two or more to put in order."""
    chosen = definition.question(question.of) if question.kind == "order" and question.of else None
    if chosen is None:
        return everybody
    ticks = [columns.among(f"{chosen.key}_{key}", TICKED) for key in chosen.option_keys]
    return np.asarray(np.sum(ticks, axis=0) > 1)


def chose(definition: Definition, question: Question, columns: Columns, keys: tuple[str, ...]) -> Mask:
    """Mark who gave one of some answers to a question, in any of its rows or places."""
    shape = SHAPES.get(question.kind)
    if shape == "ticks":
        names = [f"{question.key}_{key}" for key in keys]
        found = [columns.among(name, TICKED) for name in names if name in columns.coded]
    elif question.kind == "order":
        found = [columns.among(name, keys) for name in places_of(definition, question)]
    elif question.rows:
        found = [columns.among(f"{question.key}_{row.key}", keys) for row in question.rows]
    else:
        found = [columns.among(question.key, keys)]
    return np.asarray(np.logical_or.reduce([np.zeros(columns.n, np.bool_), *found]))
