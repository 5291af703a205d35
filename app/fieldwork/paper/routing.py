"""Routing in words: from the conditions of a questionnaire, where a reader of paper goes after each question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.surveys import journey
from app.surveys.definition import Condition, Definition, Question

Known = Mapping[str, frozenset[str]]
"""What a reader has answered so far, as far as the place in the form tells: by question, the answers it could be."""
END = 0
"""Leads to the end of the form."""


@dataclass(frozen=True, slots=True)
class Jump:
    """After a question, some answers (none: any) lead to another question than the next, to the end, or to a stop."""

    answers: tuple[str, ...]
    number: int
    ending: str = ""


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """Questions that are asked only of those who gave one of some answers to an earlier one."""

    first: int
    last: int
    number: int
    condition: Condition


class Routes:
    """The ways through a questionnaire, with its questions numbered as on screen."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.numbers = journey.numbers(definition)
        sections = sorted(definition.sections, key=lambda section: section.after_check)
        self._asked = [(question, section.when) for section in sections for question in section.questions]

    def jumps(self, question: Question) -> list[Jump]:
        """List where answers to a question lead, where that is not simply the next question."""
        at = self.numbers[question.key]
        known = self._known(at - 1)
        if not _chooses_one(question):
            return self._onwards(at, self._next(at, known))
        led = {key: self._next(at, {**known, question.key: frozenset([key])}) for key in _answers(question)}
        ends = {option.key: option.ends for option in question.options if option.ends}
        stops = [Jump((key,), END, ending) for key, ending in ends.items()]
        elsewhere = {number for key, number in led.items() if key not in ends}
        if len(elsewhere) == 1:
            return [*stops, *self._onwards(at, elsewhere.pop())]
        onwards = [Jump(_leading(led, number, ends), number) for number in sorted(elsewhere) if number != at + 1]
        return [*stops, *onwards]

    def _onwards(self, at: int, number: int) -> list[Jump]:
        return [] if number == at + 1 or (number == END and at == len(self._asked)) else [Jump((), number)]

    def only_if(self) -> Iterator[OnlyIf]:
        """Walk the conditions, each with the run of questions that it holds together."""
        before: tuple[Condition, ...] = ()
        for place in range(len(self._asked)):
            for condition in self._conditions(place):
                if condition not in before:
                    yield OnlyIf(place + 1, self._last(place, condition), self.numbers[condition.question], condition)
            before = self._conditions(place)

    def _last(self, place: int, condition: Condition) -> int:
        while place < len(self._asked) and condition in self._conditions(place):
            place += 1
        return place

    def _conditions(self, place: int) -> tuple[Condition, ...]:
        question, around = self._asked[place]
        return tuple(dict.fromkeys(each for each in (around, question.when) if each))

    def _known(self, place: int) -> dict[str, frozenset[str]]:
        """Say what somebody must have answered who comes to a question."""
        known: dict[str, frozenset[str]] = {}
        for condition in self._conditions(place):
            other = self.definition.question(condition.question)
            if other and _chooses_one(other):
                known |= self._known(self.numbers[other.key] - 1)
                known[other.key] = frozenset(condition.is_one_of)
        return known

    def _next(self, at: int, known: Known) -> int:
        """Find the number of the first question after one that may be asked; END if there is none."""
        for place in range(at, len(self._asked)):
            if all(_may_hold(each, known) for each in self._conditions(place)):
                return place + 1
        return END


def _may_hold(condition: Condition, known: Known) -> bool:
    return condition.question not in known or bool(known[condition.question] & set(condition.is_one_of))


def _leading(led: Mapping[str, int], number: int, ends: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key, to in led.items() if to == number and key not in ends)


def _chooses_one(question: Question) -> bool:
    return question.kind in ("one_of", "scale", "amount_by_band", "area")


def _answers(question: Question) -> tuple[str, ...]:
    return (*question.option_keys, *question.behaviour.off_scale(question))
