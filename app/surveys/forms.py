"""Between a page and its form: what the resident sees of each question, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.surveys import messages, postcodes
from app.surveys.definition import Definition, Option, Problem, Question, check_question
from app.surveys.journey import Page
from app.surveys.kinds import NONE_OF_THESE, AmountByBand, Form, Order


@dataclass(frozen=True, slots=True)
class FieldError:
    """A message and the id of the control that it is about."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A question as its template draws it."""

    question: Question
    options: tuple[Option, ...]
    apart: tuple[Option, ...]
    value: Any
    written: str = ""
    postcode: str = ""
    heading: bool = True
    errors: tuple[FieldError, ...] = ()

    @property
    def name(self) -> str:
        """Name the form field."""
        return self.question.key


@dataclass(slots=True)
class Reading:
    """What a page's form held: typed as it came, and checked."""

    typed: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    postcode: str = ""


def read(page: Page, form: Form, before: Mapping[str, Any]) -> Reading:
    """Read a page's form and judge it with the gate's own checks; nothing typed is lost."""
    reading = Reading()
    for question in page.questions:
        given = question.behaviour.read(question, form)
        reading.typed |= given
        known = {**before, **reading.answers}
        if question.kind == "area":
            given, problem = _with_postcode(question, form, given, reading, before)
            if problem:
                reading.problems.append(problem)
                continue
        clean, problems = check_question(question, given, known)
        reading.answers |= clean
        reading.problems += problems
    return reading


def _with_postcode(
    question: Question, form: Form, given: dict[str, Any], reading: Reading, before: Mapping[str, Any]
) -> tuple[dict[str, Any], Problem | None]:
    """Find the district of a typed postcode; where it cannot tell, the choice decides, else the resident is asked."""
    typed = next(iter(form.getlist("postcode")), "").strip()[:40]
    reading.postcode = typed
    decile = f"{question.key}_decile"
    if not typed:
        unchanged = given.get(question.key) == before.get(question.key) and decile in before
        return ({**given, decile: before[decile]} if given and unchanged else given), None
    found = postcodes.look_up(typed)
    if isinstance(found, postcodes.Place) and question.option(found.district):
        chosen = given.get(question.key)
        if chosen in (None, found.district):
            return {question.key: found.district, **({decile: found.decile} if found.decile else {})}, None
        option = question.option(chosen) if isinstance(chosen, str) else None
        if option is None:
            return given, None
        names = {"found": _name(question, found.district), "chosen": option.text}
        return given, _problem(question, "postcode_elsewhere", typed, **names)
    if given:
        return given, None
    return given, _problem(question, _why_not(found), typed)


def _why_not(found: object) -> str:
    if isinstance(found, postcodes.Malformed):
        return "postcode_malformed"
    return "postcode_straddles" if isinstance(found, postcodes.Straddles) else "postcode_unknown"


def _problem(question: Question, code: str, typed: str, **names: str) -> Problem:
    return Problem(question.key, code, "postcode", (("postcode", typed), ("example", "LS1 1UR"), *names.items()))


def _name(question: Question, key: str) -> str:
    option = question.option(key)
    return option.text if option else key


def views(
    page: Page,
    definition: Definition,
    answers: Mapping[str, Any],
    seed: int,
    reading: Reading | None = None,
) -> list[FieldView]:
    """Lay out a page's questions: with the stored answers, or with what was typed and what is wrong with it."""
    return [_view(question, page, definition, answers, seed, reading) for question in page.questions]


def _view(
    question: Question,
    page: Page,
    definition: Definition,
    answers: Mapping[str, Any],
    seed: int,
    reading: Reading | None,
) -> FieldView:
    shown = reading.typed if reading else answers
    options = _options(question, definition, answers, seed)
    value = shown.get(question.key)
    if question.kind == "order" and isinstance(value, list):
        place = {key: position for position, key in enumerate(value)}
        options = tuple(sorted(options, key=lambda option: place.get(option.key, len(place))))
        value = {key: str(place) for place, key in enumerate(value, start=1)}
    problems = [p for p in reading.problems if p.question == question.key] if reading else []
    problems = [each for problem in problems for each in _by_row(problem, question, value)]
    return FieldView(
        question=question,
        options=options,
        apart=_apart(question),
        value=value if value is not None else _nothing(question),
        written=_text(shown.get(f"{question.key}_text", "")),
        postcode=reading.postcode if reading else "",
        heading=page.single,
        errors=tuple(_error(problem, question, definition, options) for problem in problems),
    )


def _options(question: Question, definition: Definition, answers: Mapping[str, Any], seed: int) -> tuple[Option, ...]:
    behaviour = question.behaviour
    if isinstance(behaviour, Order) and question.of:
        other = definition.question(question.of)
        keys = behaviour.keys(question, answers)
        return tuple(option for option in other.shuffled(seed) if option.key in keys) if other else ()
    if isinstance(behaviour, AmountByBand):
        band = answers.get(question.band)
        return tuple(behaviour.for_band(option, band) for option in question.options)
    return question.shuffled(seed)


def _apart(question: Question) -> tuple[Option, ...]:
    offered = question.behaviour.off_scale(question)
    if not offered:
        return ()
    words = messages.off_scale_words()
    if question.none_of_these:
        words[NONE_OF_THESE] = question.none_of_these
    return tuple(Option(key, words[key]) for key in offered)


def _nothing(question: Question) -> Any:
    return {"several": [], "scale_group": {}, "order": {}}.get(question.kind, "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _by_row(problem: Problem, question: Question, value: Any) -> list[Problem]:
    """Tell each row of a group that lacks an answer, not only the first."""
    if problem.code != "choose_each":
        return [problem]
    return [replace(problem, part=row.key) for row in question.rows if row.key not in (value or {})]


def _error(problem: Problem, question: Question, definition: Definition, options: tuple[Option, ...]) -> FieldError:
    part = problem.part
    names = {row.key: row.text for row in question.rows} | {option.key: option.text for option in options}
    code = "order_needed" if problem.code == "order_all" and question.required else problem.code
    text = messages.message(code, dict(problem.values), names.get(part, ""))
    return FieldError(text, _anchor(problem, question, options))


def _anchor(problem: Problem, question: Question, options: tuple[Option, ...]) -> str:
    if problem.part == "postcode":
        return "postcode"
    if problem.part == "text" or problem.code == "companion_alone":
        return f"{question.key}_text"
    if question.kind == "scale_group":
        return f"{question.key}.{problem.part or question.rows[0].key}"
    if question.kind == "order":
        return f"{question.key}.{problem.part or options[0].key}" if options else question.key
    return question.key
