"""Raking (iterative proportional fitting) on grouped responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, Index, totals
from app.analysis.errors import DidNotConverge, WeightsOverflow

TOLERANCE = 1e-8
POLISHED = 1e-14
STALLED = 1e-12
WORTH_MEASURING = 1e-6
MAX_SWEEPS = 500
WIDEST = 1e12


@dataclass(frozen=True)
class Constraint:
    """Hold a margin as raking sees it: `codes` (u,) of the units, `targets` (k,) as shares, `counts` (k,) of people."""

    name: str
    labels: tuple[str, ...]
    codes: Index
    targets: Floats
    counts: Floats

    def achieved(self, mass: Floats) -> Floats:
        """Add up weighted units by category: shape (k,)."""
        return totals(self.codes, mass, len(self.targets))


@dataclass(frozen=True)
class Raked:
    """Hold the weighted total of each unit (u,), the sweeps it took, and the largest margin error / N."""

    mass: Floats
    sweeps: int
    error: float


def margin_error(mass: Floats, constraints: Sequence[Constraint]) -> float:
    """Find the largest |achieved - target| / N over all categories of all margins."""
    total = mass.sum()
    return max(float(np.abs(each.achieved(mass) / total - each.targets).max()) for each in constraints)


def rake(mass: Floats, constraints: Sequence[Constraint], accuracy: float = POLISHED) -> Raked:
    """Scale unit totals (u,) to each margin in turn until every margin holds; the total is kept at its start.

    Iterative proportional fitting: Deming & Stephan (1940); convergence by margin error, never by weights that
    stopped changing: Battaglia, Hoaglin & Frankel (2009). Past the tolerance it goes on to `accuracy` or as far as
    rounding allows. Raises DidNotConverge (naming the worst margin) and WeightsOverflow.
    """
    total = float(mass.sum())
    current, error, reached = mass, np.inf, 0
    with np.errstate(all="ignore"):
        for sweep in range(1, MAX_SWEEPS + 1):
            current, moved = _sweep(current, constraints, total)
            if not moved < np.inf:
                raise WeightsOverflow(
                    "Weights", "they overflow while raking", "Check the targets and starting weights."
                )
            if moved > WORTH_MEASURING and sweep < MAX_SWEEPS:
                continue
            previous, error = error, margin_error(current, constraints)
            reached = reached or sweep * (error <= TOLERANCE)
            if error <= accuracy or (error <= STALLED and error > 0.5 * previous):
                break
    if not reached:
        raise _unreached(current, constraints)
    return Raked(current, reached, error)


def _sweep(mass: Floats, constraints: Sequence[Constraint], total: float) -> tuple[Floats, float]:
    """Scale to each margin once; also return the largest share by which a margin was off when its turn came."""
    moved = 0.0
    for each in constraints:
        achieved = each.achieved(mass)
        moved = max(moved, float(np.abs(achieved / total - each.targets).max()))
        mass = mass * (total * each.targets / achieved)[each.codes]
    return mass, moved if np.isfinite(mass.sum()) else np.inf


def _unreached(mass: Floats, constraints: Sequence[Constraint]) -> DidNotConverge:
    total = mass.sum()
    gaps = [np.abs(each.achieved(mass) / total - each.targets) for each in constraints]
    worst = int(np.argmax([gap.max() for gap in gaps]))
    category = int(gaps[worst].argmax())
    each = constraints[worst]
    achieved = each.achieved(mass)[category] / total
    return DidNotConverge(
        f"Margin {each.name}",
        f"{each.labels[category]!r} is at {achieved:.4%} after {MAX_SWEEPS} sweeps, not {each.targets[category]:.4%}",
        "The margins conflict with who answered: collapse small categories or drop a margin. Nothing is published.",
    )


def in_range(weights: Floats) -> bool:
    """Say whether weights are above zero and within twelve orders of magnitude of each other."""
    smallest, largest = float(weights.min()), float(weights.max())
    return smallest > 0 and bool(np.isfinite(largest)) and largest / smallest < WIDEST


def check_range(weights: Floats) -> None:
    """Raise WeightsOverflow unless weights are above zero and within twelve orders of magnitude of each other."""
    if not in_range(weights):
        smallest, largest = float(weights.min()), float(weights.max())
        raise WeightsOverflow(
            "Weights",
            f"they would run from {smallest:.3g} to {largest:.3g} times the mean",
            "Check the targets for a category that is far too small or too large.",
        )
