"""Say results in one line each, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from app.analysis.change import Difference
from app.analysis.estimation import Estimate
from app.analysis.ranking import Ranking
from app.analysis.weighting import WeightingReport


def of_weighting(report: WeightingReport) -> str:
    """Say what the weighting cost."""
    precision = report.precision
    return (
        f"n {precision.n}, effective n {precision.effective_n:.1f}, design effect {precision.design_effect:.3f}, "
        f"margin error {report.margin_error:.1e}, weights {report.smallest_weight:.3f} to {report.largest_weight:.3f}"
    )


def of_estimate(each: Estimate, more: str = "") -> str:
    """Say a figure, its interval and base, and why it must not be published."""
    figure = "no answers" if each.value is None else f"{each.value:.4f} ({each.low:.4f} to {each.high:.4f})"
    reason = f"not for publication: {each.reason}" if each.reason else ""
    name = f"{each.group}: {each.item}" if each.group else each.item
    return ", ".join(part for part in (name, figure, f"n {each.n}", more, reason) if part)


def of_ranking(ranking: Ranking) -> list[str]:
    """Say each priority's share and ranks."""
    return [
        of_estimate(
            each.share, f"rank {each.rank} ({each.rank_low}-{each.rank_high}), tier {each.tier}, top: {each.top}"
        )
        for each in ranking.priorities
    ]


def of_difference(each: Difference) -> str:
    """Say a change and whether it is one."""
    return (
        f"{each.item}: {each.difference:+.4f} ({each.low:+.4f} to {each.high:+.4f}), p {each.p:.4f}, "
        f"Holm {each.p_holm:.4f}, BH {each.p_bh:.4f}, smallest change to be seen {each.detectable:.4f}"
    )


def of_constants(found: Iterable[Estimate]) -> list[str]:
    """Point out figures for everyone that have no sampling error of their own."""
    return [f"Item {each.item}: {each.note}." for each in found if each.group is None and each.note]
