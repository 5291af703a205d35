"""Rank priorities, with the ranks each could hold, tiers of those that cannot be separated, and the top k."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from app.analysis.arrays import Floats, Index, Mask
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import EmptyBase, InvalidItem
from app.analysis.estimation import Domain, Estimate, domains, estimates_of
from app.analysis.linearisation import Projection, covariance, projection, scores
from app.analysis.publication import too_few_to_rank
from app.analysis.stepdown import DRAWS, SEED, RankSets, rank_sets
from app.analysis.tallies import Groups, Items, Tallies, grouped, tallied
from app.analysis.weighting import Weighted

NEARLY = 1e-12
Top = Literal["yes", "no", "cannot say"]


@dataclass(frozen=True)
class RankedPriority:
    """Hold one priority: its share, its rank (1 is highest, ties share one) and the ranks it could hold.

    `rank_low` to `rank_high` is the marginal 95% set; the `simultaneous` ones hold for all priorities together, and
    from them come `tier` (1 is highest) and `top`: whether it is among the top k. From a base that is too small to
    publish nothing is certain: `top` is "cannot say", and the note of each share says why.
    """

    item: str
    share: Estimate
    rank: int
    rank_low: int
    rank_high: int
    simultaneous_low: int
    simultaneous_high: int
    tier: int
    top: Top


@dataclass(frozen=True)
class Ranking:
    """Hold the priorities in rank order for one group (None: everyone), and the seed and draws of the rank sets.

    `gaps` are the standard errors of the difference of each two shares, in the order in which the items were given:
    first and second, first and third and so on.
    """

    group: str | None
    top: int
    priorities: tuple[RankedPriority, ...]
    draws: int
    seed: int
    gaps: tuple[float, ...] = ()


def rank(
    weighted: Weighted, items: Items, top: int = 5, design: Design | None = None, draws: int = DRAWS, seed: int = SEED
) -> Ranking:
    """Rank yes / no items by their weighted share of everyone in the base.

    Linearised shares with their full covariance, then `stepdown.rank_sets` (Mogstad, Romano, Shaikh & Wilhelm 2024).
    A new tier starts where everyone above is separated from everyone below. Raises InvalidItem for fewer than two
    items or an item that is not yes / no, and EmptyBase.
    """
    return rank_by(weighted, items, None, top, design, draws, seed)[0]


def rank_by(
    weighted: Weighted,
    items: Items,
    by: Column | str | None,
    top: int = 5,
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> tuple[Ranking, ...]:
    """Rank within each category of a breakdown; see `rank`. Raises EmptyBase for an item that a group left out."""
    groups = grouped(weighted, by, design)
    tallies = tallied(groups, items)
    _check(tallies, top)
    project = projection(weighted)
    found = []
    for domain in domains(groups):
        estimates, matrix = shares_with_covariance(weighted, project, groups, tallies, items, domain)
        _refuse_unanswered(estimates)
        found.append(_ranking(domain.label, estimates, matrix, top, draws, seed))
    return tuple(found)


def _refuse_unanswered(estimates: tuple[Estimate, ...]) -> None:
    for each in estimates:
        if each.value is None:
            raise EmptyBase(
                f"Item {each.item} in {each.group}",
                "nobody in this group answered it, so it has no rank there",
                "Leave the item out, or do not rank by this column.",
            )


def shares_with_covariance(
    weighted: Weighted, project: Projection, groups: Groups, tallies: Tallies, items: Items, domain: Domain
) -> tuple[tuple[Estimate, ...], Floats]:
    """Estimate the items of one domain together with their covariance (j, j)."""
    linear = scores(weighted, project, groups, tallies, domain.inside)
    matrix = covariance(weighted, groups, linear, items, domain.inside)
    return estimates_of(weighted, groups, tallies, domain, linear, np.maximum(np.diag(matrix), 0.0)), matrix


def ranked_shares(
    weighted: Weighted, items: Items, design: Design | None = None
) -> tuple[tuple[Estimate, ...], Floats]:
    """Estimate shares of everyone together with their linearised covariance (j, j)."""
    groups = grouped(weighted, None, design)
    return shares_with_covariance(
        weighted, projection(weighted), groups, tallied(groups, items), items, Domain(None, None)
    )


def _check(tallies: Tallies, top: int) -> None:
    if len(tallies.names) < 2:
        raise InvalidItem("Ranking", f"{len(tallies.names)} item", "Rank at least two.")
    for name, share, n in zip(tallies.names, tallies.shares, tallies.base.sum(axis=0), strict=True):
        if not share:
            raise InvalidItem(f"Item {name}", "its values are not yes / no (0 / 1)", "Rank shares only.")
        if not n:
            raise EmptyBase(
                f"Item {name}", "nobody answered it: every value is blank or unknown", "Leave the item out."
            )
    if not 1 <= top <= len(tallies.names):
        raise InvalidItem("Top", f"{top} of {len(tallies.names)} items", "Ask for between 1 and the number of items.")


def _ranking(
    group: str | None, estimates: tuple[Estimate, ...], matrix: Floats, top: int, draws: int, seed: int
) -> Ranking:
    share = np.array([each.value for each in estimates], np.float64)
    few = _too_few(estimates)
    alike = (share < NEARLY) | (share > 1 - NEARLY)
    varied = np.where(np.logical_or.outer(alike, alike), 0.0, matrix)
    sets = rank_sets(share, varied, draws=draws, seed=seed, constant=alike | (few is not None))
    order = np.argsort(-share, kind="stable")
    tier = tiers(sets.above, order)
    ranks = 1 + (share[np.newaxis, :] > share[:, np.newaxis] + NEARLY).sum(axis=1)
    return Ranking(
        group,
        top,
        tuple(_ranked(estimates[i], int(ranks[i]), sets, int(i), int(tier[i]), top, few) for i in order),
        draws,
        seed,
        gaps(matrix),
    )


def gaps(matrix: Floats) -> tuple[float, ...]:
    """Return the standard errors of all pairwise differences from a covariance (j, j)."""
    first, second = np.triu_indices(len(matrix), 1)
    variance = np.diag(matrix)[first] + np.diag(matrix)[second] - 2 * matrix[first, second]
    return tuple(float(each) for each in np.sqrt(np.maximum(variance, 0.0)))


def _too_few(estimates: tuple[Estimate, ...]) -> str | None:
    return too_few_to_rank(min(each.n for each in estimates), min(each.effective_n for each in estimates))


def _ranked(
    estimate: Estimate, rank: int, sets: RankSets, i: int, tier: int, top: int, few: str | None
) -> RankedPriority:
    low, high = int(sets.simultaneous.low[i]), int(sets.simultaneous.high[i])
    return RankedPriority(
        estimate.item,
        replace(estimate, note="; ".join(part for part in (estimate.note, few) if part) or None),
        rank,
        int(sets.marginal.low[i]),
        int(sets.marginal.high[i]),
        low,
        high,
        tier,
        "cannot say" if few else among(low, high, top),
    )


def among(low: int, high: int, top: int) -> Top:
    """Say whether a priority that could hold the ranks low..high is among the top k."""
    if high <= top:
        return "yes"
    return "no" if low > top else "cannot say"


def tiers(above: Mask, order: Index) -> Index:
    """Walk down the ranking (j,): a new tier starts where everyone above is separated from everyone below."""
    tier = np.ones(len(order), np.intp)
    for place in range(1, len(order)):
        split = bool(above[np.ix_(order[:place], order[place:])].all())
        tier[order[place]] = tier[order[place - 1]] + split
    return tier
