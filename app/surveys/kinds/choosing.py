"""Kinds that choose: one option, several, a point of a scale, the same scale for several rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.surveys.kinds.base import NONE_OF_THESE, ONE, SOME, Field, Form, Invalid, Kind, single

if TYPE_CHECKING:
    from app.surveys.definition import Question


class OneOf(Kind):
    """One of the options."""

    attributes = frozenset({"shuffle"})


class Scale(Kind):
    """One point of an ordered scale."""

    attributes = frozenset({"favourable"})


class Several(Kind):
    """Several options, perhaps at most a few; "none of these" excludes the others."""

    attributes = frozenset({"shuffle", "at_most", "at_least", "none_of_these"})

    def off_scale(self, question: Question) -> tuple[str, ...]:
        """Add "none of these" to the answers that stand apart."""
        none = (NONE_OF_THESE,) if question.none_of_these else ()
        return (*none, *super().off_scale(question))

    def missing(self, question: Question) -> str:
        """Ask for at least one."""
        return "choose_some"

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print boxes of which several can be ticked, and the line for own words."""
        boxes = Field(question.key, SOME, (*question.option_keys, *self.off_scale(question)))
        return (boxes, *self.lines_for_own_words(question))

    def typed(self, question: Question, form: Form) -> Any:
        """Take all ticked values."""
        return form.getlist(question.key)

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> list[str]:
        """Return the chosen keys, each once, in the definition's order."""
        if not isinstance(answer, list) or not answer:
            raise Invalid("choose_some")
        for key in answer:
            self.one_option(question, key)
        apart = [key for key in self.off_scale(question) if key in answer]
        if apart and len(set(answer)) > 1:
            raise Invalid("exclusive")
        keys = apart or [key for key in question.option_keys if key in answer]
        if question.at_most and len(keys) > question.at_most:
            raise Invalid("at_most", at_most=question.at_most, chosen=len(keys))
        if question.at_least and not apart and len(keys) < question.at_least:
            raise Invalid("at_least", at_least=question.at_least, chosen=len(keys))
        return keys

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one yes / no column for each option."""
        keys = (*question.option_keys, *self.off_scale(question))
        return (*(f"{question.key}_{key}" for key in keys), *self.companions(question))

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Spread the chosen options over 0 / 1 columns."""
        if question.key not in answers:
            return {}
        keys = (*question.option_keys, *self.off_scale(question))
        ticks: dict[str, Any] = {f"{question.key}_{key}": int(key in answers[question.key]) for key in keys}
        return ticks | {name: answers[name] for name in self.companions(question) if name in answers}

    def from_cells(self, question: Question, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the options whose column says 1; a cell that is neither 0 nor 1 is refused."""
        keys = (*question.option_keys, *self.off_scale(question))
        ticks = {key: cells[f"{question.key}_{key}"] for key in keys if f"{question.key}_{key}" in cells}
        for key, tick in ticks.items():
            if str(tick) not in ("0", "1"):
                raise Invalid("unknown_option", key)
        chosen = [key for key, tick in ticks.items() if str(tick) == "1"]
        written = {name: cells[name] for name in self.companions(question) if name in cells}
        return ({question.key: chosen} if chosen else {}) | written

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Name each chosen option."""
        chosen = [self.named(question, key, words) for key in answers.get(question.key, ())]
        return chosen + self.own_words(question, answers)


class ScaleGroup(Kind):
    """The same scale for each of several rows."""

    def missing(self, question: Question) -> str:
        """Ask for an answer to each row."""
        return "choose_each"

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print boxes for each row."""
        points = (*question.option_keys, *self.off_scale(question))
        return tuple(Field(f"{question.key}.{row.key}", ONE, points, row.key) for row in question.rows)

    def typed(self, question: Question, form: Form) -> Any:
        """Take the answer of each row."""
        rows = {row.key: single(form, f"{question.key}.{row.key}") for row in question.rows}
        return {row: point for row, point in rows.items() if point is not None}

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> dict[str, str]:
        """Return the point chosen in each row; a required group needs all of its rows."""
        rows = [row.key for row in question.rows]
        if not isinstance(answer, dict) or not set(answer) <= set(rows):
            raise Invalid("unknown_option")
        clean = {row: self.one_option(question, answer[row], row) for row in rows if row in answer}
        if question.required:
            for row in rows:
                if row not in clean:
                    raise Invalid("choose_each", row)
        return clean

    def check(self, question: Question, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the points by row; a group of which no row was answered is no answer."""
        return {key: points for key, points in super().check(question, given, before).items() if points}

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one column for each row."""
        return tuple(f"{question.key}_{row.key}" for row in question.rows)

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Spread the rows over their columns."""
        return {f"{question.key}_{row}": point for row, point in answers.get(question.key, {}).items()}

    def from_cells(self, question: Question, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the points of the rows."""
        names = {row.key: f"{question.key}_{row.key}" for row in question.rows}
        points = {row: cells[name] for row, name in names.items() if name in cells}
        return {question.key: points} if points else {}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Say each row with its answer."""
        given = answers.get(question.key, {})
        rows = (row for row in question.rows if row.key in given)
        return [f"{row.text}: {self.named(question, given[row.key], words)}" for row in rows]
