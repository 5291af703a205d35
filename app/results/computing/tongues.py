"""Counts the ways in which responses came, and tests whether items behave alike in the languages of a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.analysis.arrays import Floats, Index, Mask, totals
from app.analysis.columns import Column
from app.analysis.errors import AnalysisError
from app.analysis.functioning import FEWEST_PEOPLE, functioning
from app.analysis.multiplicity import benjamini_hochberg
from app.analysis.publication import SMALLEST_N
from app.results.computing.tabulation import Table, given, item
from app.results.reading.columns import LANGUAGE
from app.results.reading.measures import Followed
from app.results.reading.subjects import Subject, found_in
from app.results.run.answered import Behaviour, Way


def ways(table: Table, name: str) -> tuple[Way, ...]:
    """Count the ways in which responses came, the most frequent first; those that nobody took are left out."""
    column, weights = table.columns.coded[name], table.weighted.weights
    size = len(column.categories)
    counts = np.bincount(column.codes, minlength=size + 1)[:size]
    sums = np.bincount(column.codes, weights, size + 1)[:size]
    found = [
        Way(key, int(n), float(n / counts.sum()), float(w / sums.sum()))
        for key, n, w in zip(column.categories, counts, sums, strict=True)
        if n
    ]
    return tuple(sorted(found, key=lambda way: -way.n))


@dataclass(frozen=True)
class Kinds:
    """People alike in weighting variables and language: `of_row` (n,) numbers the kinds; the rest is by kind (k,)."""

    of_row: Index
    weight: Floats
    language: Index
    alike: tuple[Column, ...]

    @classmethod
    def of(cls, table: Table) -> Kinds:
        """Group the weighted responses."""
        units, languages = table.weighted.units, table.columns.coded[LANGUAGE]
        assert units.of_row is not None
        size = len(languages.labels)
        unit, language = np.divmod(np.arange(len(units) * size), size)
        alike = tuple(Column(name, each.codes[unit], each.categories) for name, each in units.columns.items())
        return cls(
            units.of_row.astype(np.intp) * size + languages.codes, table.weighted.unit_weights[unit], language, alike
        )

    def counted(self, mask: Mask) -> Floats:
        """Count those who are marked (n,), by kind."""
        return totals(self.of_row.compress(mask), None, len(self.weight))


def behaviours(table: Table, asked: Sequence[Subject], followed: Sequence[Followed]) -> tuple[Behaviour, ...]:
    """Compare each language but the most frequent with all others, item by item, among people who are alike."""
    used = ways(table, LANGUAGE)
    if len(used) < 2:
        return ()
    kinds = Kinds.of(table)
    counts = list(_counted(table, asked, followed, kinds))
    found = [each for way in used[1:] for each in _in_language(table, counts, kinds, way)]
    return _adjusted(found)


Counted = tuple[str, Floats, Floats]
"""An item's words, and how many people of each kind said yes and no."""


def _counted(table: Table, asked: Sequence[Subject], followed: Sequence[Followed], kinds: Kinds) -> Iterator[Counted]:
    for each in followed:
        known = found_in(asked, each.item, each.options)
        if known:
            base = given(table, known[0])
            said = item(table, known[0], each.label, known[1], base).values & base
            yes = kinds.counted(said)
            yield each.label, yes, kinds.counted(base) - yes


def _in_language(table: Table, counts: Sequence[Counted], kinds: Kinds, way: Way) -> Iterator[Behaviour]:
    if way.n < FEWEST_PEOPLE:
        yield Behaviour(way.key, "", way.n, reason=_too_few(way.n))
        return
    group = kinds.language == table.columns.coded[LANGUAGE].code(way.key)
    for label, yes, no in counts:
        yield _behaviour(label, yes, no, kinds, group, way.key)


def _too_few(n: int) -> str:
    more = f"about {FEWEST_PEOPLE - n} more needed" if n >= SMALLEST_N else f"at least {FEWEST_PEOPLE} are needed"
    return f"not enough responses, {more}"


def _behaviour(label: str, yes: Floats, no: Floats, kinds: Kinds, group: Mask, language: str) -> Behaviour:
    there = yes + no > 0
    alike = [Column(each.name, each.codes[there], each.categories) for each in kinds.alike]
    n = round(float((yes + no)[group].sum()))
    try:
        found = functioning(yes[there], no[there], kinds.weight[there], group[there], alike, "this language")
    except AnalysisError as error:
        return Behaviour(
            language, label, n, reason=f"not tested: {error.thing[0].lower()}{error.thing[1:]}, {error.value}"
        )
    return Behaviour(language, label, n, found.odds_ratio, found.low, found.high, found.p)


def _adjusted(found: Sequence[Behaviour]) -> tuple[Behaviour, ...]:
    """Adjust the p-values by Benjamini and Hochberg over all that were tested."""
    p = iter(benjamini_hochberg(np.array([each.p for each in found if each.p is not None])))
    return tuple(each if each.p is None else replace(each, p=float(next(p))) for each in found)
