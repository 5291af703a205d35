"""Sensitivity in one call: which ranks would change under another scheme, or without some of the responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.analysis.arrays import Floats, Mask
from app.analysis.columns import Column
from app.analysis.errors import AnalysisError
from app.analysis.items import Item
from app.analysis.ranking import Ranking, Top, rank
from app.analysis.scheme import WeightingScheme
from app.analysis.weighting import Weighted, weigh


@dataclass(frozen=True)
class Alternative:
    """State one thing to do otherwise: weigh by another `scheme`, or only the responses marked in `keep` (n,)."""

    name: str
    scheme: WeightingScheme | None = None
    keep: Mask | None = None


@dataclass(frozen=True)
class Move:
    """Hold a priority whose rank, or place among the top, would differ."""

    item: str
    rank: int
    other_rank: int
    top: Top
    other_top: Top


@dataclass(frozen=True)
class Variant:
    """Hold one alternative: its ranking and what would move, or why it was refused."""

    name: str
    ranking: Ranking | None
    moves: tuple[Move, ...]
    refused: str | None


@dataclass(frozen=True)
class Sensitivity:
    """Hold the ranking as published and each alternative to it."""

    ranking: Ranking
    variants: tuple[Variant, ...]


def only(column: Column, category: str) -> Alternative:
    """Keep one category of a column only, such as one channel. Raises UnknownCategory."""
    return Alternative(f"only {column.name} {category}", keep=np.asarray(column.codes == column.code(category)))


def without(name: str, rows: Mask) -> Alternative:
    """Leave out the marked rows (n,), such as a suspected campaign."""
    return Alternative(f"without {name}", keep=~rows)


def otherwise(scheme: WeightingScheme) -> Alternative:
    """Weigh by another scheme."""
    return Alternative(f"scheme {scheme.name} {scheme.version}", scheme=scheme)


def sensitivity(
    columns: Mapping[str, Column],
    scheme: WeightingScheme,
    items: Sequence[Item],
    alternatives: Sequence[Alternative],
    top: int = 5,
    starting: Floats | None = None,
) -> Sensitivity:
    """Rank the items (see `ranking.rank`) as published and under each alternative, and list what would move.

    An alternative that cannot be weighted is reported with its refusal. Raises what `weigh` and `rank` raise for the
    ranking itself.
    """
    ranking = rank(weigh(columns, scheme, starting), items, top)
    return Sensitivity(
        ranking, tuple(_variant(ranking, columns, scheme, items, each, top, starting) for each in alternatives)
    )


def reweighed(
    columns: Mapping[str, Column],
    scheme: WeightingScheme,
    items: Sequence[Item],
    alternative: Alternative,
    starting: Floats | None = None,
) -> tuple[Weighted, list[Item]]:
    """Weigh under an alternative, and give the items of the responses that it keeps. Raises what `weigh` raises."""
    kept = list(items)
    if alternative.keep is not None:
        keep = alternative.keep
        columns = {name: Column(name, column.codes[keep], column.categories) for name, column in columns.items()}
        kept = [
            replace(item, values=item.values[keep], base=None if item.base is None else item.base[keep])
            for item in items
        ]
        starting = None if starting is None else starting[keep]
    return weigh(columns, alternative.scheme or scheme, starting), kept


def _variant(
    ranking: Ranking,
    columns: Mapping[str, Column],
    scheme: WeightingScheme,
    items: Sequence[Item],
    alternative: Alternative,
    top: int,
    starting: Floats | None,
) -> Variant:
    try:
        other = rank(*reweighed(columns, scheme, items, alternative, starting), top)
    except AnalysisError as refusal:
        return Variant(alternative.name, None, (), str(refusal))
    return Variant(alternative.name, other, _moves(ranking, other), None)


def _moves(ranking: Ranking, other: Ranking) -> tuple[Move, ...]:
    there = {each.item: each for each in other.priorities}
    return tuple(
        Move(each.item, each.rank, there[each.item].rank, each.top, there[each.item].top)
        for each in ranking.priorities
        if (each.rank, each.top) != (there[each.item].rank, there[each.item].top)
    )
