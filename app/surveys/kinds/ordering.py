"""The kind that puts options in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.surveys.kinds.base import ORDER, Field, Form, Invalid, Kind, single, whole_number

if TYPE_CHECKING:
    from app.surveys.definition import Question


class Order(Kind):
    """Options put in order, top first; an order that was not touched is no answer."""

    attributes = frozenset({"of", "shuffle"})
    required = False
    has_options = False

    def applies(self, question: Question, before: Mapping[str, Any]) -> bool:
        """Ask only where there are two or more to put in order."""
        return not question.of or len(self.keys(question, before)) > 1

    def companions(self, question: Question) -> tuple[str, ...]:
        """Store nothing beside it: what was written in belongs to the question where it was chosen."""
        return ()

    def missing(self, question: Question) -> str:
        """Ask for the order."""
        return "order_all"

    def keys(self, question: Question, before: Mapping[str, Any]) -> list[str]:
        """List what is to be put in order: the options chosen before, or the question's own."""
        if not question.of:
            return list(question.option_keys)
        chosen = before.get(question.of)
        return [key for key in question.option_keys if key in chosen] if isinstance(chosen, list) else []

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print places to write the codes of options in, top first."""
        return (Field(question.key, ORDER, question.option_keys), *self.apart_on_paper(question))

    def typed(self, question: Question, form: Form) -> Any:
        """Take the place given to each option, or the off-scale answer ticked instead."""
        places = {option.key: single(form, f"{question.key}.{option.key}") for option in question.options}
        given = {key: place for key, place in places.items() if place is not None}
        return given or single(form, f"{question.key}.apart")

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> list[str] | str:
        """Return the keys top first, from places (``{key: place}``) or from a list that is in order already."""
        if isinstance(answer, str) and answer in self.off_scale(question):
            return answer
        keys = self.keys(question, before)
        order = self.placed(answer, keys) if isinstance(answer, dict) else answer
        if not isinstance(order, list) or not all(isinstance(key, str) for key in order):
            raise Invalid("order_all")
        if any(key not in keys for key in order):
            raise Invalid("unknown_option")
        if len(order) != len(keys) or len(set(order)) != len(order):
            raise Invalid("order_all")
        return order

    def placed(self, places: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
        """Sort options by their places; refuse two in one place, a gap and a place out of range."""
        taken: dict[int, str] = {}
        for key, text in places.items():
            if key not in keys:
                raise Invalid("unknown_option")
            place = whole_number(text, key)
            if not 1 <= place <= len(keys):
                raise Invalid("unknown_option", key)
            if place in taken:
                raise Invalid("order_twice", key, place=place)
            taken[place] = key
        for key in keys:
            if key not in places:
                raise Invalid("order_all", key)
        return [taken[place] for place in sorted(taken)]

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one column for each option: its place."""
        return tuple(f"{question.key}_{key}" for key in question.option_keys)

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Give each option its place; what was not put in order has none, an off-scale answer stands in each column."""
        order = answers.get(question.key, ())
        if isinstance(order, str):
            return dict.fromkeys(self.columns(question), order)
        return {f"{question.key}_{key}": place for place, key in enumerate(order, start=1)}

    def from_cells(self, question: Question, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Gather the places of the options; an off-scale answer stands in any column."""
        names = {key: f"{question.key}_{key}" for key in question.option_keys}
        places = {key: cells[name] for key, name in names.items() if name in cells}
        apart = [place for place in places.values() if place in self.off_scale(question)]
        return {question.key: apart[0] if apart else places} if places else {}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Number the options from the top."""
        order = answers.get(question.key, ())
        if isinstance(order, str):
            return [self.named(question, order, words)]
        return [f"{place}. {self.named(question, key, words)}" for place, key in enumerate(order, start=1)]
