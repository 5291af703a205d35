"""Wave against wave: whether a share changed, and the mean of several months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.analysis.change import change
from app.analysis.estimation import Estimate
from app.analysis.intervals import korn_graubard
from app.analysis.publication import withheld
from app.results.computing.estimated import lacking
from app.results.run.figures import Change, Figure

VERDICTS = {True: "rose", False: "fell"}
NO_CLEAR_CHANGE = "no clear change"
Pair = tuple[str, str, Figure, Figure]
"""What is compared: its key, the earlier wave, and both figures."""


def changes(pairs: Sequence[Pair], exploring: bool = False) -> dict[str, Change]:
    """Compare earlier with later figures.

    p-values are adjusted over all pairs: Holm for headline measures, Benjamini-Hochberg when exploring.
    """
    if not pairs:
        return {}
    old = [_estimate(key, figure) for key, _, figure, _ in pairs]
    new = [_estimate(key, figure) for key, _, _, figure in pairs]
    found = {}
    for (key, since, _, _), each in zip(pairs, change(old, new), strict=True):
        verdict = VERDICTS[each.difference > 0] if each.changed(exploring) else NO_CLEAR_CHANGE
        p = each.p_bh if exploring else each.p_holm
        found[key] = Change(since, each.difference, each.low, each.high, p, each.detectable, verdict)
    return found


def _estimate(key: str, figure: Figure) -> Estimate:
    return Estimate(
        key,
        None,
        figure.value,
        figure.standard_error,
        figure.low,
        figure.high,
        figure.n,
        figure.effective_n,
        figure.shown,
        figure.reason,
    )


def mean(monthly: Sequence[Figure], shared_variance: float = 0.0) -> Figure:
    """Average independent monthly shares, each month counting alike; variances add up, so the interval is narrower.

    ``shared_variance`` is what the months have in common, as the error of a shift that many of them were given.
    Interval: Korn & Graubard (1998) with n_eff = p (1 - p) / v.
    """
    asked = [each for each in monthly if each.value is not None and each.standard_error is not None]
    n, effective = sum(each.n for each in asked), sum(each.effective_n for each in asked)
    if not asked or not n:
        return Figure(None, None, None, None, 0, 0.0, reason="nobody in this group answered")
    value = sum(each.value or 0.0 for each in asked) / len(asked)
    variance = sum((each.standard_error or 0.0) ** 2 for each in asked) / len(asked) ** 2 + shared_variance
    worth = worth_of(value, variance, effective)
    low, high = korn_graubard(value, worth)
    plain = sum((each.unweighted or 0.0) * each.n for each in asked) / n
    cell = round(plain * n)
    reason = withheld(n, cell, effective, value, low, high)
    more = lacking(n, cell, effective, value, worth) if reason else None
    unweighted = (plain, *korn_graubard(plain, n))
    return Figure(value, variance**0.5, low, high, n, effective, *unweighted, reason, more_needed=more)


def worth_of(value: float, variance: float, effective: float) -> float:
    """Say what a share's variance makes its responses worth: p (1 - p) / v, or Kish's effective n where v is 0."""
    return value * (1 - value) / variance if variance and 0 < value < 1 else effective


def moved(figure: Figure, shift: float, error: float) -> Figure:
    """Shift a share, whose own reason still stands, and add the error of the shift to its own."""
    if figure.value is None or figure.standard_error is None or not (shift or error):
        return figure
    value = min(max(figure.value + shift, 0.0), 1.0)
    variance = figure.standard_error**2 + error**2
    low, high = korn_graubard(value, worth_of(value, variance, figure.effective_n))
    return replace(figure, value=value, standard_error=variance**0.5, low=low, high=high)
