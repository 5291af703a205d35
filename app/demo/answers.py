"""What a crowd answers to a questionnaire: one dictionary a person, in the form that the gate judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from app.demo.choosing import fixed_numbers, points, top_first
from app.demo.crowd import Crowd, deciles, details
from app.demo.model import Opinions, document, opinions
from app.demo.words import languages, written
from app.surveys.definition import Definition, Question
from app.surveys.kinds import NONE_OF_THESE

Columns = dict[str, list[Any]]
PUTS_IN_ORDER = 0.86


class NoOpinion(LookupError):
    """A question that the model has no opinion on."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            f"Simulated residents have no opinion on {question.key!r} ({question.kind}): add it to app/demo/model.yaml."
        )


class Sheet:
    """The answers of a crowd to one wave's questions, filled column by column in the order of asking."""

    def __init__(self, definition: Definition, crowd: Crowd, month: int) -> None:
        """Begin with an empty sheet."""
        self.definition, self.crowd, self.month = definition, crowd, month
        self.opinions: Opinions = opinions(definition.survey)
        self.languages = languages(crowd)
        self.columns: Columns = {}
        for question in definition.questions:
            self.columns |= ANSWERED[question.kind](self, question)
        self.columns |= apart(self)

    def answers(self, asked: Definition | None = None) -> Iterator[dict[str, Any]]:
        """Walk the people's answers, each reduced to the questions that the person's own route asks."""
        asked = asked or self.definition
        names = list(self.columns)
        for row in zip(*self.columns.values(), strict=True):
            given = {name: answer for name, answer in zip(names, row, strict=True) if answer is not None}
            yield asked.on_route(given)

    def chances(self, item: str) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
        """Give each person the probability of one item, or nothing where the model has no opinion on it."""
        belief = self.opinions.beliefs.get(item)
        if belief is None:
            return None
        by_cell = belief.probabilities(self.crowd.population, self.opinions.age_counts, self.month)
        return by_cell[self.crowd.cell]


def channels(crowd: Crowd) -> list[str]:
    """Choose the channel that each person's answers came by."""
    return crowd.one_of(document()["channel"])


def apart(sheet: Sheet) -> Columns:
    """Let a few people live outside West Yorkshire, and a few answer for an organisation."""
    found: Columns = {}
    shares = sheet.opinions.apart
    outside = sheet.crowd.some(shares["outside"])
    found["district"] = ["outside" if o else d for o, d in zip(outside, sheet.columns["district"], strict=True)]
    found["district_decile"] = [
        None if district in ("outside", "prefer_not_to_say") else decile
        for district, decile in zip(found["district"], sheet.columns["district_decile"], strict=True)
    ]
    if "organisation" in shares:
        organisations = sheet.crowd.some(shares["organisation"])
        found["respondent"] = ["organisation" if yes else "resident" for yes in organisations]
    return found


def _area(sheet: Sheet, question: Question) -> Columns:
    return {**_standing(sheet, question), f"{question.key}_decile": deciles(sheet.crowd)}


def _standing(sheet: Sheet, question: Question) -> Columns:
    """Answer what weighting needs: truly, or not at all."""
    silent = sheet.crowd.some(document()["unsaid"][question.role])
    standing = sheet.crowd.standing(question.role)
    return {question.key: ["prefer_not_to_say" if s else where for s, where in zip(silent, standing, strict=True)]}


def _one_of(sheet: Sheet, question: Question) -> Columns:
    if question.role:
        return _standing(sheet, question)
    if question.key in sheet.opinions.beliefs:
        return {question.key: _scale_of(sheet, question, question.key, sheet.crowd.rng.random(len(sheet.crowd)))}
    if question.key.startswith("ethnic_"):
        return {question.key: list(details(sheet.crowd)[question.key])}
    if question.key in document()["shares"]:
        return {question.key: list(sheet.crowd.one_of(document()["shares"][question.key]))}
    if question.key in document()["shares_by_group"]:
        by_group = document()["shares_by_group"][question.key]
        return {question.key: list(sheet.crowd.one_of_by("ethnic_group", by_group))}
    return _nothing(sheet, question)


def _scale(sheet: Sheet, question: Question) -> Columns:
    return {question.key: _scale_of(sheet, question, question.key, sheet.crowd.uniform())}


def _scale_group(sheet: Sheet, question: Question) -> Columns:
    rows = {
        row.key: _scale_of(sheet, question, f"{question.key}_{row.key}", sheet.crowd.uniform()) for row in question.rows
    }
    return {question.key: [dict(zip(rows, given, strict=True)) for given in zip(*rows.values(), strict=True)]}


def _scale_of(sheet: Sheet, question: Question, item: str, uniform: Any) -> list[Any]:
    """Answer on a scale; some do not know and some do not say, whatever they think."""
    chances = sheet.chances(item)
    if chances is None:
        raise NoOpinion(question)
    counts = sheet.opinions.beliefs[item].counts
    options = question.option_keys if question.favourable == "first" else question.option_keys[::-1]
    spread = document()["spread"]
    placed = points(uniform, chances, spread[counts], spread[len(options) - counts])
    answers: list[Any] = [options[point] for point in placed]
    for word in question.behaviour.off_scale(question):
        for person in np.flatnonzero(sheet.crowd.some(document()["unsaid"][word])):
            answers[person] = word
    return answers


def _several(sheet: Sheet, question: Question) -> Columns:
    if question.key in sheet.opinions.choices:
        return _limited(sheet, question)
    columns = [sheet.chances(f"{question.key}_{option}") for option in question.option_keys]
    if question.key == "organisation_districts":
        return {question.key: [[district] for district in sheet.crowd.standing("district")]}
    ticked = []
    for chances in columns:
        if chances is None:
            raise NoOpinion(question)
        ticked.append(sheet.crowd.rng.random(len(sheet.crowd)) < chances)
    return {question.key: _named(question.option_keys, np.stack(ticked, axis=1))}


def _limited(sheet: Sheet, question: Question) -> Columns:
    """Choose as many as each person chooses, each option by its share, so that nobody exceeds the limit."""
    choice, crowd = sheet.opinions.choices[question.key], sheet.crowd
    by_cell = choice.probabilities(crowd.population, sheet.opinions.age_counts)[crowd.cell]
    numbers = crowd.rng.choice(list(choice.how_many), len(crowd), p=list(choice.how_many.values()))
    chosen = fixed_numbers(crowd.rng, by_cell * (numbers / choice.mean)[:, None], numbers)
    options = tuple(choice.beliefs)
    return {question.key: _named(options, chosen)}


def _named(options: tuple[str, ...], chosen: Any) -> list[list[str]]:
    return [[options[i] for i in np.flatnonzero(row)] or [NONE_OF_THESE] for row in chosen]


def _order(sheet: Sheet, question: Question) -> Columns:
    """Put in order what was chosen; some leave it."""
    choice, crowd = sheet.opinions.choices[question.of], sheet.crowd
    options = list(choice.beliefs)
    worth = choice.probabilities(crowd.population, sheet.opinions.age_counts)[crowd.cell]
    ticked = np.array([[option in given for option in options] for given in sheet.columns[question.of]])
    orders = top_first(crowd.rng, ticked, worth)
    gives = crowd.some(PUTS_IN_ORDER)
    return {question.key: [[options[i] for i in o] if yes else None for o, yes in zip(orders, gives, strict=True)]}


def _text(sheet: Sheet, question: Question) -> Columns:
    """Say something in own words, in the language of the form; short lines are left empty."""
    if question.lines == 1:
        return _nothing(sheet, question)
    return {question.key: written(sheet.crowd, sheet.languages)}


def _nothing(sheet: Sheet, question: Question) -> Columns:
    if question.required:
        raise NoOpinion(question)
    return {}


ANSWERED: dict[str, Callable[[Sheet, Question], Columns]] = {
    "area": _area,
    "one_of": _one_of,
    "amount_by_band": _one_of,
    "scale": _scale,
    "scale_group": _scale_group,
    "several": _several,
    "order": _order,
    "text": _text,
    "number": _nothing,
}
