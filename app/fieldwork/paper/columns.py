"""Names the columns of a survey's file of responses, and what each of them takes."""

from __future__ import annotations

from app.fieldwork.paper.entries import CODES
from app.surveys.definition import Definition, Question

ABOUT = ("serial", "wave", "language")


def columns_of(definition: Definition) -> list[str]:
    """Name the columns of a survey's template: how a response came, then those of each question."""
    return [*ABOUT, *(column for question in definition.questions for column in of_question(question))]


def of_question(question: Question) -> list[str]:
    """Name the columns of a question; a neighbourhood's decile comes from a postcode, never from a file."""
    companions = question.behaviour.companions(question) if question.kind == "area" else ()
    return [column for column in question.behaviour.columns(question) if column not in companions]


def takes(question: Question, column: str) -> list[str]:
    """List what a column takes; nothing where it takes a number, a place or words."""
    if column in question.behaviour.companions(question) or question.kind in ("text", "number", "order"):
        return []
    unread = list(CODES.values())
    if question.kind == "several":
        return ["0", "1", *unread]
    return [*question.option_keys, *question.behaviour.off_scale(question), *unread]
