"""Says what the gate refused of a row in a file: which column, which value, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.fieldwork.paper import storing
from app.fieldwork.paper.columns import of_question, takes
from app.surveys.definition import Definition, Problem, Question
from app.surveys.kinds import Order

MOST_LISTED = 16
Refusal = tuple[str, str]
"""A column, or several, and what is wrong there."""


class Refusals:
    """What can be said of one row: its cells, and the answers and codes that were read from them."""

    def __init__(
        self,
        definition: Definition,
        cells: Mapping[str, str],
        answers: Mapping[str, Any],
        coded: Mapping[str, str],
    ) -> None:
        self.definition, self.cells, self.answers, self.coded = definition, cells, answers, coded

    def of(self, problem: Problem) -> Iterator[Refusal]:
        """Tell a problem of the gate once for each column that it concerns."""
        question = self.definition.question(problem.question)
        if problem.code == "off_route":
            yield from self._not_asked(question, problem.question)
        elif question is None:
            yield problem.question, storing.told(self.definition, problem)
        elif problem.code == "companion_alone":
            yield problem.part, f"{self._value(problem.part)} stands without an answer: choose one, or empty this cell"
        elif question.kind == "scale_group":
            yield from self._of_rows(question)
        elif problem.code == "unknown_option" and not problem.part and isinstance(question.behaviour, Order):
            yield from self._not_chosen(question, question.behaviour)
        elif question.kind in ("one_of", "scale", "area", "amount_by_band") and not problem.part:
            yield question.key, self._choose(question, question.key)
        else:
            yield self._where(question, problem), self._told(question, problem)

    def _not_asked(self, question: Question | None, name: str) -> Iterator[Refusal]:
        for column in of_question(question) if question else [name]:
            if self.cells.get(column):
                yield (
                    column,
                    f"{self._value(column)} answers what this row is not asked: empty the cell, or correct the "
                    "answer before it",
                )

    def _of_rows(self, question: Question) -> Iterator[Refusal]:
        given = self.answers.get(question.key) or {}
        known = (*question.option_keys, *question.behaviour.off_scale(question))
        for row in question.rows:
            column = f"{question.key}_{row.key}"
            unread = f"{question.key}.{row.key}" in self.coded
            if not unread and given.get(row.key) not in known and (question.required or row.key in given):
                yield column, self._choose(question, column, f" about “{row.text}”")

    def _not_chosen(self, question: Question, order: Order) -> Iterator[Refusal]:
        chosen = order.keys(question, self.answers)
        for key in question.option_keys:
            column = f"{question.key}_{key}"
            if self.cells.get(column) and key not in chosen:
                yield (
                    column,
                    f"{self._value(column)} is a place of what was not chosen: empty it, or correct {question.of}",
                )

    def _choose(self, question: Question, column: str, about: str = "") -> str:
        known = takes(question, column)
        listed = "one of the values that the sheet “columns” of the XLSX template names for it"
        if len(known) <= MOST_LISTED:
            listed = f"{', '.join(known[:-1])} or {known[-1]}"
        if not self.cells.get(column):
            return f"There is no answer{about}: write {listed}"
        return f"{self._value(column)} is none of the answers{about}: write {listed}"

    def _where(self, question: Question, problem: Problem) -> str:
        columns = of_question(question)
        if (part := f"{question.key}_{problem.part}") in columns:
            return part
        columns = [column for column in columns if column not in question.behaviour.companions(question)]
        filled = [column for column in columns if self.cells.get(column, "0") not in ("", "0")]
        return ", ".join(filled) or (f"{columns[0]} to {columns[-1]}" if len(columns) > 1 else columns[0])

    def _told(self, question: Question, problem: Problem) -> str:
        if problem.code == "choose_some":
            return "No column says 1: write 1 for each that is ticked, or left_blank in one of them"
        if problem.code == "unknown_option":
            return f"{self._value(self._where(question, problem))} is no place here: number from 1 without a gap"
        return storing.told(self.definition, problem)

    def _value(self, column: str) -> str:
        return f"“{self.cells.get(column, '')[:30]}”"
