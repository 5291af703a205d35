"""Computes where priorities stand in West Yorkshire and in each district, by share, by order, and otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from app.analysis.columns import Column
from app.analysis.errors import AnalysisError
from app.analysis.items import Item
from app.analysis.orders import OrderView as Ordered
from app.analysis.orders import Places, borda, plackett_luce
from app.analysis.publication import SMALLEST_N
from app.analysis.ranking import Ranking as Found
from app.analysis.ranking import rank_by
from app.results.computing import otherwise
from app.results.computing.tabulation import Table
from app.results.reading.columns import Mask
from app.results.reading.schemes import Scheme
from app.results.reading.subjects import Subject
from app.results.run.enough import too_few
from app.results.run.ranked import EVERYWHERE, Area, OrderView, Placed, Standing
from app.results.run.shares import Figure, Share
from app.surveys.definition import Definition

METHODS = {"Borda": borda, "Plackett-Luce": plackett_luce}
FEW_PLACED = f"fewer than {SMALLEST_N} people put it in order"
NOBODY_ORDERED = "nobody here put their choice in order"


@dataclass(frozen=True)
class Asked:
    """One question that is ranked: its items, who is in its base (n,), and the places that people gave."""

    definition: Definition
    scheme: Scheme
    subject: Subject
    items: Sequence[Item]
    base: Mask
    places: Places | None


@dataclass(frozen=True)
class Here:
    """One area: its code (None: everywhere), the figures of the items, and their ranking."""

    key: str
    code: int | None
    figures: Mapping[str, Figure]
    found: Found


def areas(table: Table, asked: Asked, shares: Mapping[str, Share], found: Found) -> dict[str, Area]:
    """Say where each priority stands in West Yorkshire and in each district."""
    here = list(_areas(table, asked, shares, found))
    variants = otherwise.variants(table, asked.definition, asked.scheme, asked.items, {e.key: e.code for e in here})
    return {each.key: _area(table, asked, each, variants) for each in here}


def _areas(table: Table, asked: Asked, shares: Mapping[str, Share], found: Found) -> Iterator[Here]:
    yield Here(EVERYWHERE, None, {key: share.figure for key, share in shares.items()}, found)
    if table.district is None:
        return
    codes = table.district.codes
    # An area where nobody is in the base has no ranking: people outside of the base count for nothing, wherever put.
    by = Column("district", np.where(asked.base, codes, codes[asked.base][0]), table.district.categories)
    ranked = {each.group: each for each in rank_by(table.weighted, asked.items, by, asked.subject.top)}
    for key in table.districts:
        local = ranked.get(table.groups[key])
        if local:
            figures = {name: share.districts[key] for name, share in shares.items()}
            yield Here(key, table.district.code(table.groups[key]), figures, local)


def _area(table: Table, asked: Asked, here: Here, variants: Sequence[otherwise.Reweighed]) -> Area:
    first = next(iter(here.figures.values()))
    reason = too_few(first.n, first.effective_n)
    if reason:
        return Area(first.n, first.effective_n, (), reason=reason)
    standings = tuple(
        Standing(each.item, each.rank, each.rank_low, each.rank_high, each.tier, each.top)
        for each in here.found.priorities
    )
    return Area(
        first.n,
        first.effective_n,
        standings,
        tuple(_views(table, asked, here)),
        tuple(each.variant(here.key, standings) for each in variants),
        _gaps(here),
    )


def _gaps(here: Here) -> tuple[float | None, ...]:
    shown = [figure.shown for figure in here.figures.values()]
    pairs = zip(combinations(shown, 2), here.found.gaps, strict=True)
    return tuple(gap if one and other else None for (one, other), gap in pairs)


def _views(table: Table, asked: Asked, here: Here) -> Iterator[OrderView]:
    if asked.places is None:
        return
    people = asked.base & asked.places.ordered
    if here.code is not None and table.district is not None:
        people &= table.district.codes == here.code
    worth = table.weighted.precision(people)
    reason = too_few(worth.n, worth.effective_n) if worth.n else NOBODY_ORDERED
    for method, view in METHODS.items():
        blank = OrderView(method, worth.n, worth.effective_n, (), reason)
        if reason:
            yield blank
            continue
        try:
            ordered = view(table.weighted, asked.subject.option_keys, asked.places, inside=people)
        except AnalysisError as refusal:
            yield replace(blank, reason=str(refusal))
            continue
        yield replace(blank, places=tuple(_placed(asked, here, people, ordered)))


def _placed(asked: Asked, here: Here, people: Mask, ordered: Ordered) -> Iterator[Placed]:
    assert asked.places is not None
    cells = dict(zip(asked.subject.option_keys, asked.places.chosen(people), strict=True))
    ranks = {each.item: each.rank for each in here.found.priorities}
    for each in ordered.priorities:
        yield Placed(
            each.item,
            each.value,
            each.low,
            each.high,
            each.rank,
            each.rank_low,
            each.rank_high,
            each.rank != ranks[each.item],
            None if cells[each.item] >= SMALLEST_N else FEW_PLACED,
        )
