"""The questionnaire as data: what is asked, of whom, in which order. Pure: no framework, no file, no clock."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from app.surveys.kinds import KINDS, Invalid, Kind

Answers = Mapping[str, Any]

NOTHING: Mapping[str, str] = MappingProxyType({})
ROLES = ("district", "age_band", "sex", "ethnic_group")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    key: str
    text: str
    hint: str = ""
    apart: str = ""
    ends: str = ""
    write_in: bool = False
    band_d: float | None = None
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of a group of scales."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the answer to an earlier question is one of some options."""

    question: str
    is_one_of: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Say whether the answer given is one of the options; a question that was not answered is none of them."""
        answer = answers.get(self.question)
        if isinstance(answer, Mapping):
            return any(point in self.is_one_of for point in answer.values())
        given = answer if isinstance(answer, list | tuple) else [answer]
        return any(key in self.is_one_of for key in given)


@dataclass(frozen=True)
class Question:
    """One question, of one kind; attributes that a kind does not use keep their defaults."""

    key: str
    kind: str
    text: str
    hint: str = ""
    why: str = ""
    source: str = ""
    confirm: str = ""
    context: str = ""
    role: str = ""
    required: bool = True
    dont_know: bool = False
    prefer_not_to_say: bool = False
    when: Condition | None = None
    months: tuple[int, ...] = ()
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    shuffle: bool = False
    at_most: int | None = None
    at_least: int | None = None
    none_of_these: str = ""
    favourable: str = "first"
    of: str = ""
    band: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    max_length: int = 2000
    lines: int = 5
    easy: str = ""
    picture: str = ""

    @property
    def behaviour(self) -> Kind:
        """Name the kind that knows how this question is read, checked and counted."""
        return KINDS[self.kind]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """List the names of everything that it stores: its own answer first, then the companions."""
        return (self.key, *self.behaviour.companions(self))

    @cached_property
    def worded(self) -> tuple[str, ...]:
        """List the names of what it stores in the respondent's own words."""
        return self.behaviour.worded(self)

    @cached_property
    def option_keys(self) -> tuple[str, ...]:
        """List the keys of the options, in the definition's order."""
        return tuple(option.key for option in self.options)

    @property
    def varies(self) -> bool:
        """Say whether its options, or their order, differ from person to person."""
        return bool(self.shuffle or self.of or self.band)

    def option(self, key: str) -> Option | None:
        """Find an option by its key."""
        return next((option for option in self.options if option.key == key), None)

    def shuffled(self, seed: int) -> tuple[Option, ...]:
        """Order the options as one person sees them; a write-in stays last, and the same seed gives the same order."""
        if not self.shuffle:
            return self.options
        order = [option for option in self.options if not option.write_in]
        random.Random(f"{seed}:{self.key}").shuffle(order)
        return (*order, *(option for option in self.options if option.write_in))


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together."""

    key: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    when: Condition | None = None
    together: bool = False
    after_check: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """Where an option may lead instead of onwards."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole questionnaire."""

    survey: str
    reference: str
    title: str
    about: str
    minutes: int
    asked: str
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    purpose: str = ""
    endings: tuple[Ending, ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        """Walk all questions in the order in which they are asked."""
        return (question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question | None:
        """Find a question by its key."""
        return next((question for question in self.questions if question.key == key), None)

    def with_role(self, role: str) -> Question | None:
        """Find the question that fills a weighting column."""
        return next((question for question in self.questions if question.role == role), None)

    def ending(self, key: str) -> Ending | None:
        """Find an ending by its key."""
        return next((ending for ending in self.endings if ending.key == key), None)

    def asked_of(self, answers: Answers) -> Iterator[Question]:
        """Walk the questions on the route that some answers take.

        A condition on a question that is itself off the route does not hold, whatever was once answered there.
        """
        on_route: dict[str, Any] = {}
        for section in self.sections:
            if section.when and not section.when.holds(on_route):
                continue
            for question in section.questions:
                if question.when and not question.when.holds(on_route):
                    continue
                if not question.behaviour.applies(question, on_route):
                    continue
                if question.key in answers:
                    on_route[question.key] = answers[question.key]
                yield question

    def on_route(self, answers: Answers) -> dict[str, Any]:
        """Keep only the answers to questions that are still asked, as after a change of an earlier answer."""
        keep = {name for question in self.asked_of(answers) for name in question.names}
        return {key: answer for key, answer in answers.items() if key in keep}

    def in_month(self, month: int) -> Definition:
        """Resolve the rotating topics: keep the questions that are asked in this month (1 to 12)."""
        sections = (
            replace(section, questions=tuple(q for q in section.questions if not q.months or month in q.months))
            for section in self.sections
        )
        return replace(self, sections=tuple(section for section in sections if section.questions))

    @property
    def unconfirmed(self) -> list[tuple[str, str]]:
        """List what is marked "draft, confirm before launch": pairs of key and what must be confirmed."""
        found = []
        for question in self.questions:
            if question.confirm:
                found.append((question.key, question.confirm))
            found += [(f"{question.key}.{o.key}", o.confirm) for o in question.options if o.confirm]
        return found


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was refused: which question, which part of it, and a code with the values of its message."""

    question: str
    code: str
    part: str = ""
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The gate's verdict on one response."""

    answers: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    ending: str = ""
    apart: str = ""

    @property
    def accepted(self) -> bool:
        """Say whether the response may be stored as it is."""
        return not self.problems and not self.ending


def check(definition: Definition, answers: Answers, coded: Mapping[str, str] = NOTHING) -> Checked:
    """Judge the answers of one response, whatever channel they came by.

    Returns the answers in their stored form, and a problem for each that is missing, invalid, off the route or unknown.
    ``coded`` says of questions, or of rows as ``question.row``, why a sheet of paper has no answer that could be read.
    """
    clean: dict[str, Any] = {}
    problems: list[Problem] = []
    known: set[str] = set()
    ending = apart = ""
    for question in definition.asked_of(answers):
        known |= set(question.names)
        given = {name: answers[name] for name in question.names if answers.get(name) is not None}
        checked, found = check_question(_legible(question, coded), given, clean)
        clean |= checked
        problems += found
        for option in chosen(question, clean.get(question.key)):
            ending, apart = ending or option.ends, apart or option.apart
    problems += [Problem(str(key), "off_route") for key in answers if key not in known]
    return Checked(clean, tuple(problems), ending, apart)


def _legible(question: Question, coded: Mapping[str, str]) -> Question:
    """Ask only for what could be read: neither for a question that is coded, nor for its coded rows."""
    rows = tuple(row for row in question.rows if f"{question.key}.{row.key}" not in coded)
    if question.key not in coded and rows == question.rows:
        return question
    legible = question.key not in coded and bool(rows)
    return replace(question, rows=rows, required=question.required and legible)


def check_question(question: Question, given: Answers, before: Answers) -> tuple[dict[str, Any], list[Problem]]:
    """Judge one answer and its companions, knowing the answers before it."""
    if question.key not in given:
        if question.required:
            return {}, [Problem(question.key, question.behaviour.missing(question))]
        return {}, [Problem(question.key, "companion_alone", part=key) for key in given]
    try:
        return question.behaviour.check(question, given, before), []
    except Invalid as error:
        return {}, [Problem(question.key, error.code, error.part, tuple(error.values.items()))]


def chosen(question: Question, answer: Any) -> list[Option]:
    """List the options that an answer names."""
    if answer is None:
        return []
    keys = answer if isinstance(answer, list) else answer.values() if isinstance(answer, dict) else [answer]
    return [option for key in keys if (option := question.option(key) if isinstance(key, str) else None)]
