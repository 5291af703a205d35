"""Rolling figures over waves: the equal-weight mean of the last 3 or 12 monthly estimates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.analysis.errors import EmptyBase, InvalidItem, UnpairedItems
from app.analysis.estimation import Estimate
from app.analysis.intervals import korn_graubard
from app.analysis.publication import withheld


def rolling(waves: Sequence[Sequence[Estimate]], window: int = 3) -> tuple[tuple[Estimate, ...], ...]:
    """Average shares over each run of `window` independent waves, oldest first: one tuple for each run.

    value = mean of the waves' values, se = sqrt(sum of se^2) / window; Korn-Graubard interval from it; n and
    effective n are sums. Every wave counts the same however many answered. Raises UnpairedItems, EmptyBase, and
    InvalidItem for a window longer than the waves.
    """
    if not 1 <= window <= len(waves):
        raise InvalidItem("Window", f"{window} of {len(waves)} waves", "Use a window of at most the number of waves.")
    labels = [[(each.item, each.group) for each in wave] for wave in waves]
    if any(label != labels[0] for label in labels):
        raise UnpairedItems(
            "Waves", "they do not have the same items in the same order", "Estimate the same items of all."
        )
    return tuple(
        tuple(_mean(same) for same in zip(*waves[end - window : end], strict=True))
        for end in range(window, len(waves) + 1)
    )


def _mean(same: Sequence[Estimate]) -> Estimate:
    values = [each.value for each in same if each.value is not None]
    errors = [each.standard_error for each in same if each.standard_error is not None]
    if len(values) < len(same):
        raise EmptyBase(f"Item {same[0].item}", "nobody answered it in one of the waves", "Use a shorter window.")
    value, error = float(np.mean(values)), float(np.sqrt(np.sum(np.square(errors)))) / len(same)
    n, effective = sum(each.n for each in same), sum(each.effective_n for each in same)
    fixed = error == 0.0 and 0.0 < value < 1.0
    low, high = (
        (value, value) if fixed else korn_graubard(value, value * (1 - value) / error**2 if error > 0 else effective)
    )
    reason = withheld(n, None, effective, value, low, high)
    return Estimate(same[0].item, same[0].group, value, error, low, high, n, effective, reason is None, reason)
