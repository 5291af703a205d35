"""A second view of priorities, from the order that people gave: Borda scores and Plackett-Luce worths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from app.analysis.arrays import Floats, Index, Mask
from app.analysis.design import Design
from app.analysis.errors import EmptyBase, InvalidOrder
from app.analysis.intervals import LEVEL, student
from app.analysis.linearisation import influence_covariance
from app.analysis.publication import too_few_to_rank
from app.analysis.ranking import Ranking
from app.analysis.stepdown import DRAWS, SEED, rank_sets
from app.analysis.tallies import grouped
from app.analysis.weighting import Weighted, kish
from app.analysis.worths import Orders, most_likely, worths


@dataclass(frozen=True)
class PlacedPriority:
    """Hold one priority by its order: score or worth with its interval, its rank and the ranks it could hold."""

    item: str
    value: float
    standard_error: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True)
class OrderView:
    """Hold the priorities in order by one method, over the `n` responses that put their choice in order.

    Where these are too few to publish a share from, any rank is possible and `note` says why.
    """

    method: str
    n: int
    priorities: tuple[PlacedPriority, ...]
    never_chosen: tuple[str, ...] = ()
    note: str | None = None


def moved(ranking: Ranking, view: OrderView) -> tuple[str, ...]:
    """List the priorities whose rank differs between the shares and the order, to be marked in both."""
    ranks = {each.item: each.rank for each in ranking.priorities}
    return tuple(each.item for each in view.priorities if ranks.get(each.item) != each.rank)


@dataclass(frozen=True)
class Places:
    """Hold orders that were checked: `given` (n, j) the places, `ordered` (n,) who put anything in order."""

    given: NDArray[Any]
    ordered: Mask

    def rows(self, inside: Mask | None) -> Index:
        """Find who of a domain (n,) put anything in order: rows (m,)."""
        return np.flatnonzero(self.ordered if inside is None else self.ordered & inside)

    def chosen(self, inside: Mask) -> Index:
        """Count who of a domain (n,) put each priority anywhere: shape (j,)."""
        return np.asarray((self.given[inside] > 0).sum(axis=0))


def checked(names: Sequence[str], places: NDArray[Any]) -> Places:
    """Check orders once for all that is made of them: `places` (n, j) has 1 for the first, 0 for what was not chosen.

    Raises InvalidOrder unless each person's places are 1, 2, ... once each.
    """
    if places.ndim != 2 or places.shape[1] != len(names):
        raise InvalidOrder(
            "Places", f"their shape is {places.shape} for {len(names)} priorities", "Give one column for each."
        )
    chosen = (places > 0).sum(axis=1)
    ordered = np.sort(places, axis=1)
    expected = np.arange(1, len(names) + 1) - (len(names) - chosen)[:, np.newaxis]
    wrong = np.flatnonzero((ordered != np.maximum(expected, 0)).any(axis=1))
    if len(wrong):
        raise InvalidOrder(
            f"Order of row {wrong[0] + 1}",
            f"its places are {places[wrong[0]].tolist()}",
            "Use 1, 2, ... once each, and 0.",
        )
    return Places(places, np.asarray(chosen > 0))


def borda(
    weighted: Weighted,
    names: Sequence[str],
    places: NDArray[Any] | Places,
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    inside: Mask | None = None,
) -> OrderView:
    """Score priorities by Borda: of j, the one in place r gets j - r points, those not chosen share the points left.

    `places` (n, j); see `checked`. Mean points with linearised errors; ranks as in `ranking`. `inside` (n,) marks
    a domain, None is everyone. Raises InvalidOrder.
    """
    (rows, given), j = _ordered(names, places, inside), len(names)
    rest = (j - 1 - (given > 0).sum(axis=1))[:, np.newaxis] / 2
    points = np.where(given > 0, j - given, rest)
    weight = weighted.weights[rows]
    values = weight @ points / weight.sum()
    matrix = influence_covariance(weighted, (points - values) / weight.sum(), rows, design)
    errors = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    few = _too_few(weighted, rows)
    half = student(grouped(weighted, None, design).strata.degrees_of_freedom) * errors
    return _view(
        "Borda", len(rows), names, values, errors, values - half, values + half, values, matrix, draws, seed, few
    )


def plackett_luce(
    weighted: Weighted,
    names: Sequence[str],
    places: NDArray[Any] | Places,
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    inside: Mask | None = None,
) -> OrderView:
    """Estimate the worth of each priority (they add up to 1) from orders of the chosen ones, the others coming after.

    Plackett (1975), Luce (1959); weighted pseudo-likelihood by Newton's method, errors from linearised scores (Binder
    1983), intervals on the logit scale. A priority that nobody chose has worth 0 and no interval. `inside` (n,) marks a
    domain, None is everyone. Raises InvalidOrder where the orders leave no finite worths.
    """
    rows, given = _ordered(names, places, inside)
    met: Mask = np.asarray((given > 0).any(axis=0))
    kept = [name for name, ever in zip(names, met, strict=True) if ever]
    orders = Orders(given[:, met], weighted.weights[rows])
    log_worth = most_likely(orders)
    influence = orders.scores(log_worth) @ np.linalg.pinv(orders.information(log_worth), hermitian=True)
    matrix = influence_covariance(weighted, influence, rows, design)
    few = _too_few(weighted, rows)
    worth = worths(log_worth)
    slopes = np.diag(worth) - np.outer(worth, worth)
    errors = np.sqrt(np.maximum(np.diag(slopes @ matrix @ slopes), 0.0))
    half = float(ndtri((1 + LEVEL) / 2)) * errors / (worth * (1 - worth))
    low, high = expit(logit(worth) - half), expit(logit(worth) + half)
    never = tuple(name for name, ever in zip(names, met, strict=True) if not ever)
    return _view("Plackett-Luce", len(rows), kept, worth, errors, low, high, log_worth, matrix, draws, seed, few, never)


def _ordered(names: Sequence[str], places: NDArray[Any] | Places, inside: Mask | None) -> tuple[Index, NDArray[Any]]:
    """Find the rows (m,) of a domain that put anything in order, and their places (m, j)."""
    known = places if isinstance(places, Places) else checked(names, places)
    rows = known.rows(inside)
    if not len(rows):
        raise EmptyBase("Order", "nobody put anything in order", "Use the shares alone.")
    return rows, known.given[rows]


def _too_few(weighted: Weighted, rows: Index) -> str | None:
    return too_few_to_rank(len(rows), kish(weighted.weights[rows], np.ones(len(rows))).effective_n)


def _view(
    method: str,
    n: int,
    names: Sequence[str],
    values: Floats,
    errors: Floats,
    low: Floats,
    high: Floats,
    ranked: Floats,
    matrix: Floats,
    draws: int,
    seed: int,
    few: str | None,
    never: tuple[str, ...] = (),
) -> OrderView:
    # No margin fixes an order: a difference without error is one that these few people happen not to show.
    sets = rank_sets(ranked, matrix, draws=draws, seed=seed, constant=np.ones(len(names), bool)).marginal
    low_ranks, high_ranks = sets.low, sets.high
    if few:
        low_ranks, high_ranks = np.ones_like(sets.low), np.full_like(sets.high, len(names))
    ranks = 1 + (values[np.newaxis, :] > values[:, np.newaxis] + 1e-12).sum(axis=1)
    return OrderView(
        method,
        n,
        tuple(
            PlacedPriority(
                names[i],
                float(values[i]),
                float(errors[i]),
                float(low[i]),
                float(high[i]),
                int(ranks[i]),
                int(low_ranks[i]),
                int(high_ranks[i]),
            )
            for i in np.argsort(-values, kind="stable")
        ),
        never,
        few,
    )
