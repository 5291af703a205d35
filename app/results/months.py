"""Wave against wave: change on the month before, and the mean of the months so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.analysis.change import change
from app.analysis.estimation import Estimate
from app.analysis.intervals import korn_graubard
from app.analysis.publication import withheld
from app.results.figures import Change, Figure, Measure, Results, Share

VERDICTS = {True: "rose", False: "fell"}
NO_CLEAR_CHANGE = "no clear change"


def with_changes(
    measures: Sequence[Measure], earlier: Results | None, since: str, comparable: set[str]
) -> list[Measure]:
    """Compare the headline measures with the wave before; ``comparable`` are those asked alike in both.

    p-values are adjusted by Holm over the measures that are compared.
    """
    before = {each.key: each for each in earlier.headlines} if earlier else {}
    headlines = [each for each in measures if each.headline]
    reasons = {each.key: _incomparable(each, before.get(each.key), since, comparable) for each in headlines}
    pairs = [(before[each.key], each) for each in headlines if not reasons[each.key]]
    found = {}
    if pairs:
        differences = change([_estimate(old) for old, _ in pairs], [_estimate(new) for _, new in pairs])
        for each in differences:
            verdict = VERDICTS[each.difference > 0] if each.changed() else NO_CLEAR_CHANGE
            moved = (each.difference, each.low, each.high, each.p_holm, each.detectable)
            found[each.item] = Change(since, *moved, verdict)
    return [replace(each, change=found.get(each.key), no_change=reasons.get(each.key, "")) for each in measures]


def _incomparable(now: Measure, before: Measure | None, since: str, comparable: set[str]) -> str:
    if before is None:
        return "there is no wave before it to compare with"
    if now.key not in comparable:
        return f"the question, its scale or its place changed after {since}: a new line begins"
    if not (now.share.figure.shown and before.share.figure.shown):
        return "not enough responses to compare"
    return ""


def _estimate(measure: Measure) -> Estimate:
    figure = measure.share.figure
    return Estimate(
        measure.key,
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


def with_rolling(measures: Sequence[Measure], earlier: Sequence[tuple[Results, set[str]]]) -> list[Measure]:
    """Add to each measure its mean over this month and the comparable ones before it, eleven at most.

    ``earlier`` are the runs of the months before, each with the keys of the measures that were asked alike.
    """
    return [_rolled(each, earlier) for each in measures]


def _rolled(measure: Measure, earlier: Sequence[tuple[Results, set[str]]]) -> Measure:
    shares = [measure.share]
    for results, comparable in earlier:
        before = next((each for each in results.measures if each.key == measure.key), None)
        if before and measure.key in comparable:
            shares.append(before.share)
    if len(shares) == 1:
        return measure
    districts = {
        key: mean([each.districts[key] for each in shares if key in each.districts]) for key in measure.share.districts
    }
    everywhere = mean([share.figure for share in shares])
    rolling = Share(measure.share.key, measure.share.label, everywhere, districts)
    return replace(measure, rolling=rolling, rolling_months=len(shares))


def mean(monthly: Sequence[Figure]) -> Figure:
    """Average independent monthly shares, each month counting alike; variances add up, so the interval is narrower.

    Interval: Korn & Graubard (1998) with n_eff = p (1 - p) / v.
    """
    asked = [each for each in monthly if each.value is not None and each.standard_error is not None]
    n, effective = sum(each.n for each in asked), sum(each.effective_n for each in asked)
    if not asked or not n:
        return Figure(None, None, None, None, 0, 0.0, reason="nobody in this group answered")
    value = sum(each.value or 0.0 for each in asked) / len(asked)
    variance = sum((each.standard_error or 0.0) ** 2 for each in asked) / len(asked) ** 2
    worth = value * (1 - value) / variance if variance and 0 < value < 1 else effective
    low, high = korn_graubard(value, worth)
    plain = sum((each.unweighted or 0.0) * each.n for each in asked) / n
    reason = withheld(n, None, effective, value, low, high)
    return Figure(value, variance**0.5, low, high, n, effective, plain, *korn_graubard(plain, n), reason=reason)
