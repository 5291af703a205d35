"""Computes the rankings of a run; imported when a run is made, never to show one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.orders import checked
from app.analysis.ranking import rank
from app.results.computing.areas import Asked, areas
from app.results.computing.breakdowns import breakdowns
from app.results.computing.tabulation import Table, answered, apart, item, named
from app.results.reading.columns import Mask, places_of
from app.results.reading.schemes import Scheme
from app.results.reading.subjects import Subject
from app.results.run.ranked import Breakdowns, Ranked, Ranking
from app.surveys.definition import Definition, Question


def rankings(table: Table, subjects: Iterable[Subject], definition: Definition, scheme: Scheme) -> tuple[Ranking, ...]:
    """Rank the options of each question that took several answers; lists of priorities by area too."""
    ticked = [(each, base) for each, base in answered(table, subjects, "ticks") if len(each.options) > 1]
    return tuple(_ranking(table, _asked(table, definition, scheme, each, base)) for each, base in ticked)


def _asked(table: Table, definition: Definition, scheme: Scheme, subject: Subject, base: Mask) -> Asked:
    items = [item(table, subject, key, [key], base) for key in subject.option_keys]
    order = next((each for each in definition.questions if each.kind == "order" and each.of == subject.key), None)
    given = _places(table, definition, order, subject) if order else None
    places = None if given is None else checked(subject.option_keys, given)
    return Asked(definition, scheme, subject, items, base, places)


def _places(table: Table, definition: Definition, order: Question, subject: Subject) -> NDArray[np.int8]:
    """Lay out who put what where (n, j): 1 for the first, 0 for what was not put in order."""
    keys = subject.option_keys
    places = np.zeros((table.columns.n, len(keys) + 1), np.int8)  # the last column takes what is not ranked
    for place, name in enumerate(places_of(definition, order), start=1):
        column = table.columns.coded[name]
        where = [keys.index(key) if key in keys else len(keys) for key in column.categories]
        option = np.array([*where, len(keys)])[column.codes]
        places[np.arange(len(option)), option] = place
    return places[:, :-1]


def _ranking(table: Table, asked: Asked) -> Ranking:
    subject = asked.subject
    shares = {share.key: named(share, subject.label_of((share.key,))) for share in table.figures(asked.items)}
    found = rank(table.weighted, asked.items, top=subject.top)
    places = tuple(
        Ranked(shares[each.item], each.rank, each.rank_low, each.rank_high, each.tier, each.top)
        for each in found.priorities
    )
    n, effective = places[0].share.figure.n, places[0].share.figure.effective_n
    beside = apart(table, subject)
    ranking = Ranking(subject.key, subject.label, n, effective, subject.top, places, beside, subject.option_keys)
    return replace(ranking, areas=areas(table, asked, shares, found)) if subject.limited else ranking


def differences(table: Table, subjects: Iterable[Subject], definition: Definition) -> dict[str, Breakdowns]:
    """Find who chooses what differently, for each list of priorities."""
    limited = [(each, base) for each, base in answered(table, subjects, "ticks") if each.limited]
    return {
        each.key: Breakdowns(
            breakdowns(table, definition, [item(table, each, k, [k], base) for k in each.option_keys], base)
        )
        for each, base in limited
    }
