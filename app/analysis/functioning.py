"""Whether an item behaves differently in one group, as a language, among people who are alike otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, fdtrc, stdtrit

from app.analysis.arrays import Floats, Mask
from app.analysis.columns import Column
from app.analysis.errors import DidNotConverge, TooFewResponses, UnequalLengths
from app.analysis.intervals import LEVEL

FEWEST_ANSWERS = 10
FEWEST_PEOPLE = 30
STEPS = 60
SETTLED = 1e-9
STEADYING = 1e-6
"""A ridge that keeps a category in which all answer alike from running off; it moves nothing else."""


@dataclass(frozen=True)
class Functioning:
    """Hold the odds of "yes" in the group against everybody else alike: ratio, 95% interval, F with its p-value.

    `n` counts the group's answers and `others` everybody else's. An odds ratio of 1 is no difference.
    """

    odds_ratio: float
    low: float
    high: float
    f: float
    p: float
    n: int
    others: int


def functioning(
    yes: Floats, no: Floats, weight: Floats, group: Mask, alike: Sequence[Column], name: str = "group"
) -> Functioning:
    """Test whether a group's members answer an item differently from others with the same covariates.

    Logistic regression for uniform differential item functioning (Swaminathan & Rogers 1990), fitted by weighted
    pseudo-likelihood, with the linearised (sandwich) variance and Wald F on 1 and n - parameters degrees of freedom
    (Binder 1983; Lumley 2010, ch. 5). Each of the u rows stands for `yes` and `no` (u,) people of one `weight` (u,),
    one membership `group` (u,) and one category of each column in `alike` (u,). Raises UnequalLengths, TooFewResponses
    with fewer than 30 in the group or 10 of either answer there or elsewhere, and DidNotConverge.
    """
    if {len(no), len(weight), len(group), *map(len, alike)} != {len(yes)}:
        raise UnequalLengths("Rows", "their lengths differ", "Give each row a count, a weight and a category.")
    n, others = _refuse_few(yes, no, group, name)
    rows = _design(group, alike)
    scale = weight / np.average(weight, weights=yes + no)
    slopes = _fitted(rows, yes, no, scale, name)
    error = _error(rows, yes, no, scale, slopes)
    free = n + others - rows.shape[1]
    half = float(stdtrit(free, (1 + LEVEL) / 2)) * error
    f = float((slopes[0] / error) ** 2)
    ratio, low, high = (float(each) for each in np.exp([slopes[0], slopes[0] - half, slopes[0] + half]))
    return Functioning(ratio, low, high, f, float(fdtrc(1, free, f)), n, others)


def _refuse_few(yes: Floats, no: Floats, group: Mask, name: str) -> tuple[int, int]:
    n, others = (round(float((yes + no)[mask].sum())) for mask in (group, ~group))
    if n < FEWEST_PEOPLE:
        raise TooFewResponses(
            f"Answers in {name}", f"fewer than {FEWEST_PEOPLE}", f"About {FEWEST_PEOPLE - n} more are needed."
        )
    for mask, where in ((group, name), (~group, f"all but {name}")):
        fewer = min(float(yes[mask].sum()), float(no[mask].sum()))
        if fewer < FEWEST_ANSWERS:
            raise TooFewResponses(
                f"Answers in {where}",
                f"one of the two answers was given by fewer than {FEWEST_ANSWERS}",
                "More people who answer so are needed.",
            )
    return n, others


def _design(group: Mask, alike: Sequence[Column]) -> Floats:
    """Code the group, an intercept, and each category of each column but its most frequent one: shape (u, k)."""
    columns = [group.astype(np.float64), np.ones(len(group))]
    for column in alike:
        present = np.unique(column.codes)
        columns += [(column.codes == code).astype(np.float64) for code in present[1:]]
    return np.stack(columns, axis=1)


def _fitted(rows: Floats, yes: Floats, no: Floats, scale: Floats, name: str) -> Floats:
    """Solve the weighted score equations by Newton's steps."""
    slopes = np.zeros(rows.shape[1])
    people = scale * (yes + no)
    for _ in range(STEPS):
        chance = expit(rows @ slopes)
        score = rows.T @ (scale * yes - people * chance) - STEADYING * slopes
        step = np.linalg.solve(_information(rows, people, chance), score)
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        slopes = slopes + step
        if abs(step[0]) < SETTLED and float(np.abs(step).max()) < 1e-3:
            return slopes
    raise DidNotConverge(f"Comparison of {name}", f"no fit after {STEPS} steps", "Compare with fewer covariates.")


def _information(rows: Floats, people: Floats, chance: Floats) -> Floats:
    weighted = rows * (people * chance * (1 - chance))[:, np.newaxis]
    return np.asarray(rows.T @ weighted + STEADYING * np.eye(rows.shape[1]))


def _error(rows: Floats, yes: Floats, no: Floats, scale: Floats, slopes: Floats) -> float:
    """Return the linearised standard error of the first slope."""
    chance = expit(rows @ slopes)
    inverse = np.linalg.inv(_information(rows, scale * (yes + no), chance))
    squares = scale**2 * (yes * (1 - chance) ** 2 + no * chance**2)
    n = float((yes + no).sum())
    influence = rows @ inverse[0]
    return float(np.sqrt(n / (n - 1) * (squares * influence**2).sum()))
