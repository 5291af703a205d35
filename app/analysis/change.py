"""Change between two waves: differences with intervals, adjusted p-values, and what could have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from app.analysis.arrays import Floats
from app.analysis.errors import EmptyBase, UnpairedItems
from app.analysis.estimation import Estimate
from app.analysis.intervals import LEVEL
from app.analysis.multiplicity import benjamini_hochberg, holm

POWER = 0.80


@dataclass(frozen=True)
class Difference:
    """Hold later minus earlier of one item, its 95% interval, p-values and the smallest change to be seen."""

    item: str
    group: str | None
    earlier: float
    later: float
    difference: float
    standard_error: float
    low: float
    high: float
    p: float
    p_holm: float
    p_bh: float
    detectable: float

    def changed(self, exploring: bool = False) -> bool:
        """Say whether it is a change at all at the 5% level: Holm for headlines, Benjamini-Hochberg when exploring."""
        return (self.p_bh if exploring else self.p_holm) <= 1 - LEVEL


def change(earlier: Sequence[Estimate], later: Sequence[Estimate]) -> tuple[Difference, ...]:
    """Compare the same items of two independent waves, each weighted on its own.

    se = sqrt(se1^2 + se2^2), normal p. Adjusted over the items of this call: Holm (1979) for headline measures,
    Benjamini & Hochberg (1995) for exploration. Raises UnpairedItems, and EmptyBase where a wave has no answers.
    """
    matched = {(each.item, each.group): each for each in earlier}
    if list(matched) != [(each.item, each.group) for each in later]:
        raise UnpairedItems(
            "Waves", "they do not have the same items in the same order", "Estimate the same items of both."
        )
    for each in (*earlier, *later):
        if each.value is None:
            raise EmptyBase(f"Item {each.item}", "nobody answered it in one of the waves", "Leave the item out.")
    before, after = _values(earlier), _values(later)
    errors = np.hypot(_errors(earlier), _errors(later))
    p = two_sided(after - before, errors)
    half = float(ndtri((1 + LEVEL) / 2)) * errors
    columns = {
        "earlier": before,
        "later": after,
        "difference": after - before,
        "standard_error": errors,
        "low": after - before - half,
        "high": after - before + half,
        "p": p,
        "p_holm": holm(p),
        "p_bh": benjamini_hochberg(p),
        "detectable": smallest_detectable(errors),
    }
    return tuple(
        Difference(each.item, each.group, **{name: float(column[i]) for name, column in columns.items()})
        for i, each in enumerate(later)
    )


def smallest_detectable(standard_errors: Floats, power: float = POWER, level: float = LEVEL) -> Floats:
    """Return the smallest true change that would be found with this power: (z(1 - alpha / 2) + z(power)) x se."""
    return np.asarray((ndtri((1 + level) / 2) + ndtri(power)) * standard_errors)


def two_sided(difference: Floats, standard_error: Floats) -> Floats:
    """Return two-sided normal p-values; where neither side has sampling error, 1 for no difference and 0 for any."""
    safe = np.where(standard_error > 0, standard_error, 1.0)
    p = 2 * ndtr(-np.abs(difference) / safe)
    exact = np.where(np.abs(difference) < 1e-12, 1.0, 0.0)
    return np.asarray(np.where(standard_error > 0, p, exact))


def _values(estimates: Sequence[Estimate]) -> Floats:
    return np.array([each.value for each in estimates], np.float64)


def _errors(estimates: Sequence[Estimate]) -> Floats:
    return np.array([each.standard_error for each in estimates], np.float64)
