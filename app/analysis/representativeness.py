"""How like the population those who answered are, before weighting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.errors import EmptyBase, UnequalLengths, ZeroTarget


@dataclass(frozen=True)
class Likeness:
    """Hold two summaries over c groups.

    `dissimilarity` (0..1) is the share of the responses that would have to come from other groups for the sample to be
    like the population. `variation` is the coefficient of variation of the response propensities, less what chance
    alone would give; 0 is a sample as like the population as a random one.
    """

    dissimilarity: float
    variation: float


def likeness(counts: Floats, population: Floats) -> Likeness:
    """Compare counts of responses (c,) with the population of the same groups (c,).

    Dissimilarity: half the sum of |share - target|, Duncan & Duncan (1955). Variation: CV(rho) of Schouten, Cobben &
    Bethlehem (2009) with a propensity for each group, which is sqrt(chi-squared / n); chance gives chi-squared c - 1,
    so CV^2 = max(0, (chi-squared - (c - 1)) / n). |bias of an unweighted mean| <= CV x its standard deviation. Raises
    UnequalLengths, ZeroTarget, EmptyBase.
    """
    if len(counts) != len(population):
        raise UnequalLengths("Groups", f"{len(counts)} counts for {len(population)} targets", "Give one for each.")
    if not (population > 0).all():
        raise ZeroTarget("Population", "a group has nobody in it", "Leave the group out, or join it with another.")
    n = float(counts.sum())
    if not n:
        raise EmptyBase("Responses", "there are none in any group", "Come back when somebody has answered.")
    share, target = counts / n, population / population.sum()
    chi_squared = n * float(((share - target) ** 2 / target).sum())
    chance = len(counts) - 1
    return Likeness(float(np.abs(share - target).sum()) / 2, max(0.0, (chi_squared - chance) / n) ** 0.5)
