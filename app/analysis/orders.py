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
from app.analysis.items import Item
from app.analysis.linearisation import covariance, projection, scores
from app.analysis.ranking import Ranking
from app.analysis.stepdown import DRAWS, SEED, rank_sets
from app.analysis.tallies import grouped, tallied
from app.analysis.weighting import Weighted

MAX_STEPS = 100


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
    """Hold the priorities in order by one method, over the `n` responses that put their choice in order."""

    method: str
    n: int
    priorities: tuple[PlacedPriority, ...]
    never_chosen: tuple[str, ...] = ()


def moved(ranking: Ranking, view: OrderView) -> tuple[str, ...]:
    """List the priorities whose rank differs between the shares and the order, to be marked in both."""
    ranks = {each.item: each.rank for each in ranking.priorities}
    return tuple(each.item for each in view.priorities if ranks.get(each.item) != each.rank)


def check_places(names: Sequence[str], places: NDArray[Any]) -> Mask:
    """Return who put anything in order (n,): `places` (n, j) has 1 for the first, 0 for what was not chosen.

    Raises InvalidOrder unless each person's places are 1, 2, ... once each, and EmptyBase if nobody ordered.
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
    if not chosen.any():
        raise EmptyBase("Order", "nobody put anything in order", "Use the shares alone.")
    return np.asarray(chosen > 0)


def borda(
    weighted: Weighted,
    names: Sequence[str],
    places: NDArray[Any],
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> OrderView:
    """Score priorities by Borda: of j, the one in place r gets j - r points, those not chosen share the points left.

    `places` (n, j); see `check_places`. Mean points with linearised errors; ranks as in `ranking`. Raises InvalidOrder.
    """
    base = check_places(names, places)
    j = len(names)
    chosen = (places > 0).sum(axis=1)
    rest = (j - 1 - chosen)[:, np.newaxis] / 2
    points = np.where(places > 0, j - places, rest)
    items = [Item(name, np.ascontiguousarray(points[:, i]), base) for i, name in enumerate(names)]
    values, matrix, free = _linearised(weighted, items, design)
    errors = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    half = student(free) * errors
    return _view(
        "Borda", int(base.sum()), names, values, errors, values - half, values + half, values, matrix, draws, seed
    )


def plackett_luce(
    weighted: Weighted,
    names: Sequence[str],
    places: NDArray[Any],
    design: Design | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> OrderView:
    """Estimate the worth of each priority (they add up to 1) from orders of the chosen ones, the others coming after.

    Plackett (1975), Luce (1959); weighted pseudo-likelihood by Newton's method, errors from linearised scores (Binder
    1983), intervals on the logit scale. A priority that nobody chose has worth 0 and no interval. Raises InvalidOrder
    where the orders leave no finite worths.
    """
    base = check_places(names, places)
    met: Mask = np.asarray((places > 0).any(axis=0))
    kept = [name for name, ever in zip(names, met, strict=True) if ever]
    orders = _Orders(places[:, met], weighted.weights * base)
    log_worth = _newton(orders, len(kept))
    influence = orders.scores(log_worth) @ np.linalg.pinv(orders.information(log_worth), hermitian=True)
    influence *= orders.weights.sum()
    items = [Item(name, np.ascontiguousarray(influence[:, i]), base) for i, name in enumerate(kept)]
    _, matrix, _ = _linearised(weighted, items, design)
    worth = _worth(log_worth)
    slopes = np.diag(worth) - np.outer(worth, worth)
    errors = np.sqrt(np.maximum(np.diag(slopes @ matrix @ slopes), 0.0))
    half = float(ndtri((1 + LEVEL) / 2)) * errors / (worth * (1 - worth))
    low, high = expit(logit(worth) - half), expit(logit(worth) + half)
    never = tuple(name for name, ever in zip(names, met, strict=True) if not ever)
    return _view(
        "Plackett-Luce", int(base.sum()), kept, worth, errors, low, high, log_worth, matrix, draws, seed, never
    )


def _linearised(weighted: Weighted, items: list[Item], design: Design | None) -> tuple[Floats, Floats, float]:
    groups = grouped(weighted, None, design)
    linear = scores(weighted, projection(weighted), groups, tallied(groups, items))
    return linear.values, covariance(weighted, groups, linear, items), groups.strata.degrees_of_freedom


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
    never: tuple[str, ...] = (),
) -> OrderView:
    sets = rank_sets(ranked, matrix, draws=draws, seed=seed).marginal
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
                int(sets.low[i]),
                int(sets.high[i]),
            )
            for i in np.argsort(-values, kind="stable")
        ),
        never,
    )


def _worth(log_worth: Floats) -> Floats:
    raised = np.exp(log_worth - log_worth.max())
    return np.asarray(raised / raised.sum())


class _Orders:
    """The orders in the shape that the likelihood wants: which priority came at each stage (n, stages), -1 for none."""

    def __init__(self, places: NDArray[Any], weights: Floats) -> None:
        self.weights = weights
        self.chosen: Mask = np.asarray(places > 0)
        self.last: Index = self.chosen.sum(axis=1)
        self.places = places
        stages = int(self.last.max())
        self.stage = np.full((len(places), stages), -1, np.intp)
        row, item = np.nonzero(places)
        self.stage[row, places[row, item] - 1] = item

    def _denominators(self, worth: Floats) -> Floats:
        """Return the worth still in the running at each stage (n, stages), infinity after a person's last."""
        taken = np.where(self.stage >= 0, worth[self.stage], 0.0)
        left = 1.0 - np.cumsum(taken, axis=1) + taken
        return np.where(self.stage >= 0, np.maximum(left, 1e-300), np.inf)

    def log_likelihood(self, log_worth: Floats) -> float:
        """Return the weighted log-likelihood."""
        worth = _worth(log_worth)
        there = self.stage >= 0
        gained = np.log(worth[self.stage]) - np.log(np.where(there, self._denominators(worth), 1.0))
        return float(self.weights @ np.where(there, gained, 0.0).sum(axis=1))

    def scores(self, log_worth: Floats) -> Floats:
        """Return each person's score (n, j)."""
        worth = _worth(log_worth)
        running = np.cumsum(1 / self._denominators(worth), axis=1)
        until = np.where(self.chosen, self.places, self.last[:, np.newaxis])
        running = np.concatenate([np.zeros((len(running), 1)), running], axis=1)
        return np.asarray(self.chosen - worth * np.take_along_axis(running, until, axis=1))

    def information(self, log_worth: Floats) -> Floats:
        """Return the weighted information (j, j); its null space is a constant shift of all log worths."""
        worth = _worth(log_worth)
        left = self._denominators(worth)
        total = np.zeros((len(worth), len(worth)))
        for stage in range(left.shape[1]):
            running = ~self.chosen | (self.places > stage)
            chance = np.where(running, worth, 0.0) / left[:, stage : stage + 1]
            scaled = self.weights[:, np.newaxis] * chance
            total += np.diag(scaled.sum(axis=0)) - scaled.T @ chance
        return total


def _newton(orders: _Orders, j: int) -> Floats:
    log_worth = np.zeros(j)
    likelihood = orders.log_likelihood(log_worth)
    for _ in range(MAX_STEPS):
        gradient = orders.weights @ orders.scores(log_worth)
        step = np.linalg.pinv(orders.information(log_worth), hermitian=True, rcond=1e-12) @ gradient
        size = 1.0
        while (found := orders.log_likelihood(log_worth + size * step)) < likelihood - 1e-9 * abs(
            likelihood
        ) and size > 1e-6:
            size /= 2
        log_worth, likelihood = log_worth + size * step, found
        if np.ptp(log_worth) > 30:
            break
        if np.abs(step).max() < 1e-10:
            return np.asarray(log_worth - log_worth.mean())
    raise InvalidOrder(
        "Plackett-Luce worths",
        "some priorities always come before or after all others",
        "Use the Borda scores instead.",
    )
