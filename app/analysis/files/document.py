"""Turn results into the JSON documents that docs/analysis/results.schema.json describes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.analysis.change import Difference
from app.analysis.estimation import Estimate
from app.analysis.ranking import Ranking
from app.analysis.weighting import Precision, WeightingReport

Document = dict[str, Any]

COLLAPSED_APART = (
    "The waves were collapsed differently, and part of a difference may come from that. "
    "Join these categories in the targets and in both files to weight both alike."
)


def weighting(report: WeightingReport, warnings: Sequence[str] = ()) -> Document:
    """Describe a weighting."""
    return {
        "converged": report.converged,
        "margin_error": report.margin_error,
        "sweeps": report.sweeps,
        **_precision(report.precision),
        "smallest_weight": report.smallest_weight,
        "largest_weight": report.largest_weight,
        "asked_cap": report.asked_cap,
        "cap": report.cap,
        "share_trimmed": report.share_trimmed,
        "margins": [
            {
                "margin": margin.margin,
                "error": margin.error,
                "categories": [
                    {
                        "category": each.category,
                        "sample_share": each.sample_share,
                        "target_share": each.target_share,
                        "weighted_share": each.weighted_share,
                        **_precision(each.precision),
                    }
                    for each in margin.categories
                ],
            }
            for margin in report.margins
        ],
        "groups": [
            {"variable": group.variable, "category": group.category, **_precision(group.precision)}
            for group in report.groups
        ],
        "collapses": [{"margin": c.margin, "category": c.category, "n": c.n, "into": c.into} for c in report.collapses],
        "warnings": [*warnings, *report.warnings],
    }


def wave(report: WeightingReport, warnings: Sequence[str], found: Iterable[Estimate]) -> Document:
    """Describe the weighting and the estimates of one wave of several."""
    return {**weighting(report, warnings), "estimates": estimates(found)}


def of_both(earlier: Document, later: Document, changes: list[Document]) -> Document:
    """Describe a comparison: the worse of both margin errors, the warnings of both, each wave, and the differences."""
    return {
        "margin_error": max(earlier["margin_error"], later["margin_error"]),
        "warnings": [
            *(
                f"{name}: {text}"
                for name, part in (("Earlier", earlier), ("Later", later))
                for text in part["warnings"]
            ),
            *([COLLAPSED_APART] if _moves(earlier) != _moves(later) else []),
        ],
        "earlier": earlier,
        "later": later,
        "differences": changes,
    }


def _moves(part: Document) -> set[tuple[str, str, str]]:
    return {(each["margin"], each["category"], each["into"]) for each in part["collapses"]}


def _precision(precision: Precision) -> Document:
    return {"n": precision.n, "design_effect": precision.design_effect, "effective_n": precision.effective_n}


def estimates(found: Iterable[Estimate]) -> list[Document]:
    """Describe estimates."""
    return [estimate(each) for each in found]


def estimate(each: Estimate) -> Document:
    """Describe one estimate."""
    return {
        "item": each.item,
        "group": each.group,
        "value": each.value,
        "standard_error": each.standard_error,
        "low": each.low,
        "high": each.high,
        "n": each.n,
        "effective_n": each.effective_n,
        "publishable": each.publishable,
        "reason": each.reason,
        "note": each.note,
    }


def ranks(rankings: Iterable[Ranking]) -> list[Document]:
    """Describe rankings: one row for each priority of each group."""
    return [
        {
            **estimate(each.share),
            "group": ranking.group,
            "share": each.share.value,
            "rank": each.rank,
            "rank_low": each.rank_low,
            "rank_high": each.rank_high,
            "simultaneous_low": each.simultaneous_low,
            "simultaneous_high": each.simultaneous_high,
            "tier": each.tier,
            "top": each.top,
        }
        for ranking in rankings
        for each in ranking.priorities
    ]


def differences(found: Iterable[Difference]) -> list[Document]:
    """Describe differences between waves."""
    return [
        {
            "item": each.item,
            "earlier": each.earlier,
            "later": each.later,
            "difference": each.difference,
            "standard_error": each.standard_error,
            "low": each.low,
            "high": each.high,
            "p": each.p,
            "p_holm": each.p_holm,
            "p_bh": each.p_bh,
            "detectable": each.detectable,
        }
        for each in found
    ]
