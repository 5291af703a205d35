"""Trimming: cap the weights and rake again until both hold, or name the smallest cap that can."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.bounded import rake_under
from app.analysis.errors import CapCannotHold, DidNotConverge
from app.analysis.raking import Constraint, Raked, in_range, margin_error, rake

REACHED = 1e-6
MAX_ROUNDS = 100
STEP = 1.02
SAME = 1 - 1e-9
SMALL_STEPS = 40
LARGE_STEP = 1.5


@dataclass(frozen=True)
class Trimmed:
    """Hold raked totals whose weights stay under `cap` (None: untrimmed), and the smallest cap if it was relaxed."""

    raked: Raked
    cap: float | None
    smallest_cap: float | None


def trim(
    mass: Floats, count: Floats, constraints: Sequence[Constraint], cap: float | None, relax_to: float | None = None
) -> Trimmed:
    """Rake, then clip at cap x mean and rake again until the largest weight is within 1e-6 of the cap.

    `mass` (u,) starting totals, `count` (u,) responses. A cap that cannot hold is relaxed to the smallest that can,
    rounded up to a hundredth, if that is within `relax_to`. Battaglia, Hoaglin & Frankel (2009); where clipping and
    raking in turn does not settle, `bounded.rake_under`. Raises CapCannotHold with the smallest feasible cap.
    """
    raked = rake(mass * (count.sum() / mass.sum()), constraints)
    if cap is None or _under(raked.mass, count, cap):
        return Trimmed(raked, cap, None)
    least = smallest_cap(count, constraints)
    if cap >= least * SAME and (held := _held(raked, count, constraints, cap)):
        return Trimmed(held, cap, None)
    relaxed = max(_rounded_up(least), cap)
    while relax_to is not None and relaxed <= relax_to:
        if held := _held(raked, count, constraints, relaxed):
            return Trimmed(held, relaxed, least)
        relaxed = _rounded_up(relaxed * STEP)  # right at the smallest cap weights may not be found
    start = relaxed
    if relax_to is None:
        start = named_cap(least) if cap < least * SAME else _rounded_up(cap * STEP)
    raise _cannot_hold(cap, least, relax_to, _first_held(raked, count, constraints, start))


def _first_held(raked: Raked, count: Floats, constraints: Sequence[Constraint], start: float) -> float | None:
    """Find the first cap from `start` on that really holds, by trying; None if not even the untrimmed weights do."""
    untrimmed = float((raked.mass / count).max())
    tried, candidate = 0, start
    while candidate < untrimmed:
        if _held(raked, count, constraints, candidate):
            return candidate
        tried += 1
        factor = 1 if tried == 1 else STEP if tried < SMALL_STEPS else LARGE_STEP
        candidate = _rounded_up(candidate * factor)
    return candidate if candidate < math.inf and in_range(raked.mass / count) else None


def _cannot_hold(cap: float, least: float, relax_to: float | None, enough: float | None) -> CapCannotHold:
    limit = f", nor under {relax_to:g}" if relax_to is not None else ""
    smallest = f"{named_cap(least):.4f}"
    if cap >= least * SAME:
        value = f"it is so close to the smallest cap that can hold, {smallest}, that trimming does not reach it{limit}"
    else:
        value = f"no weights meet the margins under it{limit}; the smallest cap that can hold is {smallest}"
    remedy = "Collapse categories, or leave a margin out: no cap was found that holds."
    if enough is not None:
        remedy = f"Set the cap to {enough:.12g} or more, leave it out, or collapse categories."
    return CapCannotHold(f"Cap of {cap:.12g} x the mean weight", value, remedy)


def _rounded_up(cap: float) -> float:
    return math.ceil(cap * 100 + 0.01) / 100 if cap < math.inf else cap


def named_cap(least: float) -> float:
    """Round the smallest cap up to four digits, so that what a message names holds."""
    return math.ceil(least * SAME * 10_000) / 10_000 if least < math.inf else least


def _under(mass: Floats, count: Floats, cap: float) -> bool:
    return bool((mass <= cap * (1 + REACHED) * count).all())


def _held(raked: Raked, count: Floats, constraints: Sequence[Constraint], cap: float) -> Raked | None:
    """Clip and rake in turn; where that does not settle, look for the weights directly. None: not held, or not usable.

    Near the smallest cap some weights go towards zero; those too far from the others for arithmetic are not held.
    """
    if (settled := _clip_and_rake(raked, count, constraints, cap)) and in_range(settled.mass / count):
        return settled
    with np.errstate(over="ignore"):
        mass = rake_under(raked.mass, count, constraints, cap)
    if mass is None or not in_range(mass / count):
        return None
    return Raked(mass, raked.sweeps, margin_error(mass, constraints))


def _clip_and_rake(raked: Raked, count: Floats, constraints: Sequence[Constraint], cap: float) -> Raked | None:
    for _ in range(MAX_ROUNDS):
        try:
            raked = _round(raked, count, constraints, cap)
        except DidNotConverge:
            return None
        if _under(raked.mass, count, cap):
            return raked
    return None


def _round(raked: Raked, count: Floats, constraints: Sequence[Constraint], cap: float) -> Raked:
    clipped = np.minimum(raked.mass, cap * count)
    again = rake(clipped * (count.sum() / clipped.sum()), constraints)
    return Raked(again.mass, raked.sweeps + again.sweeps, again.error)


def smallest_cap(count: Floats, constraints: Sequence[Constraint]) -> float:
    """Find the smallest cap, in multiples of the mean weight, under which any weights meet the margins.

    A linear programme over the cells of the margins: minimise c subject to the margins and 0 <= total <= c x count.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, eye_array, hstack, vstack

    stacked = np.stack([each.codes for each in constraints])
    cells, of_unit = np.unique(stacked, axis=1, return_inverse=True)
    people = np.bincount(of_unit, count)
    cell = np.arange(cells.shape[1])
    ones = np.ones(len(cell))
    margins = vstack(
        [
            coo_array((ones, (codes, cell)), (len(each.targets), len(cell)))
            for codes, each in zip(cells, constraints, strict=True)
        ]
    )
    margins = hstack([margins, coo_array((margins.shape[0], 1))])
    under = hstack([eye_array(len(cell)), coo_array((-people, (cell, np.zeros_like(cell))), (len(cell), 1))])
    solved = linprog(
        c=np.r_[np.zeros(len(cell)), 1.0],
        A_eq=margins.tocsr(),
        b_eq=np.concatenate([each.targets for each in constraints]) * people.sum(),
        A_ub=under.tocsr(),
        b_ub=np.zeros(len(cell)),
        method="highs",
    )
    return float(solved.fun) if solved.success else math.inf
