"""The likelihood of orders under Plackett and Luce, from how often each set of priorities had been taken."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import Codes, Floats, Index, Mask, totals
from app.analysis.errors import InvalidOrder
from app.analysis.units import cross

MAX_STEPS = 100


def worths(log_worth: Floats) -> Floats:
    """Return the worths (j,), which add up to 1."""
    raised = np.exp(log_worth - log_worth.max())
    return np.asarray(raised / raised.sum())


class Orders:
    """The orders of n people as the likelihood wants them.

    What somebody puts next depends on the set that they have taken already, and on nothing else. Many come by the same
    sets, so the likelihood and its derivatives are sums over sets: `taken` (s, j), `weight` (s,) of the people who came
    by each, `chosen` (j,) of those who chose each priority. `stage` (n, stages) says by which sets each person came.
    """

    def __init__(self, places: NDArray[Any], weights: Floats) -> None:
        self.places = places
        picked: Mask = np.asarray(places > 0)
        self.last: Index = picked.sum(axis=1)
        self.chosen: Floats = np.asarray(weights @ picked)
        self.stage = np.full((len(places), int(self.last.max())), -1, np.intp)
        taken: list[Mask] = []
        weight: list[Floats] = []
        for place in range(self.stage.shape[1]):
            here = np.flatnonzero(self.last > place)
            before = picked[here] & (places[here] <= place)
            sets, of_row = _distinct(before)
            self.stage[here, place] = of_row.astype(np.intp) + sum(len(each) for each in taken)
            taken.append(sets)
            weight.append(totals(of_row, weights[here], len(sets)))
        self.taken: Mask = np.concatenate(taken)
        self.weight: Floats = np.concatenate(weight)

    def _left(self, worth: Floats) -> Floats:
        """Return the worth still in the running after each set (s,)."""
        return np.maximum(1.0 - self.taken @ worth, 1e-300)

    def log_likelihood(self, log_worth: Floats) -> float:
        """Return the weighted log-likelihood."""
        worth = worths(log_worth)
        return float(self.chosen @ np.log(worth) - self.weight @ np.log(self._left(worth)))

    def gradient(self, log_worth: Floats) -> Floats:
        """Return its gradient (j,)."""
        worth = worths(log_worth)
        return np.asarray(self.chosen - worth * ((self.weight / self._left(worth)) @ ~self.taken))

    def information(self, log_worth: Floats) -> Floats:
        """Return the weighted information (j, j); its null space is a constant shift of all log worths."""
        worth = worths(log_worth)
        chance = np.where(self.taken, 0.0, worth) / self._left(worth)[:, np.newaxis]
        scaled = self.weight[:, np.newaxis] * chance
        return np.asarray(np.diag(scaled.sum(axis=0)) - scaled.T @ chance)

    def scores(self, log_worth: Floats) -> Floats:
        """Return each person's score (n, j), unweighted."""
        worth = worths(log_worth)
        passed = np.append(1 / self._left(worth), 0.0)[self.stage]
        running = np.concatenate([np.zeros((len(passed), 1)), np.cumsum(passed, axis=1)], axis=1)
        until = np.where(self.places > 0, self.places, self.last[:, np.newaxis])
        return np.asarray((self.places > 0) - worth * np.take_along_axis(running, until.astype(np.intp), axis=1))


def _distinct(sets: Mask) -> tuple[Mask, Codes]:
    """Find the distinct rows of marks (n, j): the marks of each (s, j), and which of them each row is."""
    crossed = cross([(column, 2) for column in sets.T])
    return np.stack(crossed.codes, axis=1).astype(np.bool_), crossed.of_row


def most_likely(orders: Orders) -> Floats:
    """Return the log worths (j,) that maximise the likelihood, by Newton's method; raise InvalidOrder if none do."""
    log_worth = np.zeros(len(orders.chosen))
    likelihood = orders.log_likelihood(log_worth)
    for _ in range(MAX_STEPS):
        step = np.linalg.pinv(orders.information(log_worth), hermitian=True, rcond=1e-12) @ orders.gradient(log_worth)
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
