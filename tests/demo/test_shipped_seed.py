"""The people that are shipped: weighting finds the plan's figures again, and without weighting they are missed."""

from __future__ import annotations

from app.demo.cli import SEED
from app.demo.trial import compared


def test_at_most_one_of_the_plans_figures_lies_outside_its_weighted_interval_and_most_unweighted_ones_miss():
    comparisons = compared(SEED)
    assert len(comparisons) == 14
    assert sum(not each.inside for each in comparisons) <= 1
    assert sum(not each.unweighted_inside for each in comparisons) >= 10
