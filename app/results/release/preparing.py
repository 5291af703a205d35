"""Prepares what a release would say of a run: hides what could tell of few people, rounds, and proves it.

The only module of releases that computes; it is imported when a draft is made, never to show one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.analysis.disclosure.differencing import moved, refuse_a_few
from app.analysis.disclosure.rounding import rounded
from app.analysis.disclosure.suppression import Protected, protect
from app.analysis.disclosure.tables import CannotProtect
from app.analysis.errors import AnalysisError
from app.analysis.publication import SMALLEST_N
from app.results.release.document import (
    EVERYWHERE,
    PROTECTED,
    RANKING,
    ROLLING,
    TOO_FEW,
    Item,
    Table,
    Value,
    slug,
)
from app.results.release.errors import CannotRelease
from app.results.release.fixed import Fixed, base_name, cell_name, fixed_tables, in_area, linked
from app.results.release.labels import Labels
from app.results.run.figures import Ranked, Results, Share

if TYPE_CHECKING:
    from app.analysis.disclosure.tables import Tables

IN_A_MONTH = "one of its months is hidden here, and two such means would tell it"


@dataclass(frozen=True)
class Prepared:
    """The tables of a release, and what stays inside: exact counts, what is hidden and why, and the proofs."""

    tables: tuple[Table, ...]
    evidence: dict[str, Any]


def prepare(
    results: Results,
    labels: Labels,
    veiled: Veiled,
    earlier: Sequence[Mapping[str, Any]] = (),
    changed: int = 0,
    out: Collection[str] = (),
) -> Prepared:
    """Lay out the fixed tables of a run. Raises CannotRelease where they cannot be protected.

    ``earlier`` is the evidence of each release that this one corrects, oldest first; ``changed`` counts the responses
    that differ from the last; ``out`` names the figures that others have told already.
    """
    tables = fixed_tables(results)
    try:
        counts = linked(tables)
        found = _protected(counts, changed, earlier, out)
    except AnalysisError as error:
        raise CannotRelease(f"This cannot be released. {error}") from error
    if not found.holds:
        raise CannotRelease("This cannot be released: a small count can be worked out. Tell the developers.")
    hidden = dict(found.hidden)
    hidden |= veiled_means(tables, veiled, hidden)
    laid_out = tuple(_table(each, results, labels, hidden) for each in tables)
    return Prepared(laid_out, evidence(counts, found, hidden))


def _protected(counts: Tables, changed: int, earlier: Sequence[Mapping[str, Any]], out: Collection[str]) -> Protected:
    secret: dict[str, str] = {}
    for each in earlier:
        secret |= moved(each["counts"], each["hidden"], counts)
    if earlier:
        refuse_a_few(changed, earlier[-1]["reference"])
    return protect(counts, secret, out)


def would_hide(results: Results) -> Collection[str]:
    """Name what a release would hide of a run's measures; all of it where they could not be protected."""
    counts = linked(tuple(each for each in fixed_tables(results) if each.kind != RANKING))
    try:
        return protect(counts).hidden
    except CannotProtect:
        return counts.cells


Veiled = Mapping[str, Collection[str]]
"""Areas, by headline measure, in which a month that means over months are made from must not be known."""


def veiled_means(tables: tuple[Fixed, ...], veiled: Veiled, hidden: Collection[str]) -> dict[str, str]:
    """Name the means over months that would tell a hidden month, this one or an earlier, with the reason."""
    return {
        cell_name(table, share, area): IN_A_MONTH
        for table in tables
        if table.kind == ROLLING
        for share in table.shares
        for area in table.areas()
        if area in veiled.get(share.key, ()) or f"{slug(share.key)}/{area}" in hidden
    }


def evidence(counts: Tables, found: Protected, hidden: Mapping[str, str]) -> dict[str, Any]:
    """Keep what proves that nothing small can be known."""
    return {
        "counts": {name: cell.n for name, cell in counts.cells.items()},
        "hidden": dict(hidden),
        "proofs": [{"cell": each.name, "low": each.low, "high": each.high} for each in found.proofs],
        "narrowest": found.narrowest,
    }


def _table(table: Fixed, results: Results, labels: Labels, hidden: Mapping[str, str]) -> Table:
    places = {}
    if table.kind == RANKING:
        ranking = results.ranking(table.question)
        places = {place.share.key: place for place in ranking.places} if ranking else {}
    items = tuple(_item(table, share, places.get(share.key), labels, hidden) for share in table.shares)
    months = table.measure.rolling_months if table.kind == ROLLING and table.measure else 1
    apart = {key: rounded(n) if n >= SMALLEST_N else None for key, n in table.apart.items()}
    return Table(table.id, table.kind, labels.question(table.question), items, apart, months)


def _item(table: Fixed, share: Share, place: Ranked | None, labels: Labels, hidden: Mapping[str, str]) -> Item:
    areas = {area: _value(table, share, area, hidden) for area in table.areas()}
    options = table.measure.options if table.measure else (share.key,)
    item = Item(table.identifier(share), labels.answers(table.question, options), areas)
    if place is None or areas[EVERYWHERE].withheld:
        return item
    return Item(item.id, item.labels, areas, place.rank, place.low, place.high, place.tier)


def _value(table: Fixed, share: Share, area: str, hidden: Mapping[str, str]) -> Value:
    figure = in_area(share, area)
    bare = _base_tells(table, share, area, hidden) or figure.n < SMALLEST_N
    n, effective = (None, None) if bare else (rounded(figure.n), rounded(round(figure.effective_n)))
    if bare or cell_name(table, share, area) in hidden:
        return Value(None, None, None, n, effective, PROTECTED)
    if not figure.shown:
        return Value(None, None, None, n, effective, TOO_FEW)
    return Value(_share(figure.value), _share(figure.low), _share(figure.high), n, effective)


def _base_tells(table: Fixed, share: Share, area: str, hidden: Mapping[str, str]) -> bool:
    """Say whether a base must stay away: it is hidden, or the bases of a mean's other months would leave one."""
    mean = table.kind == ROLLING and cell_name(table, share, area) in hidden
    return mean or base_name(table.question, area) in hidden


def _share(value: float | None) -> float | None:
    """Round to a tenth of a per cent: more would tell more of the count than the rounded base does."""
    return None if value is None else round(value, 3)
