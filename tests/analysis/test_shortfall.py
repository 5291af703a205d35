"""How many more responses a share needs: by hand, by the rule itself, as an invariant and by growing samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.analysis.intervals import korn_graubard
from app.analysis.publication import withheld
from app.analysis.shortfall import more_needed


def test_twenty_responses_need_twenty_seven_more_by_hand() -> None:
    # Half of 20: the interval is too wide until n = 47, found by Clopper and Pearson's limits for each n.
    assert more_needed(20, 10, 20.0, 0.5, 20.0) == 27
    low, high = korn_graubard(0.5, 47)
    assert high - low <= 0.30 < np.subtract(*reversed(korn_graubard(0.5, 46)))


def test_a_cell_of_nine_waits_for_the_rule_of_thirty() -> None:
    # A share of 0.9 with 9 of 10 in the cell: 12 responses would have 10 in it, but are worth less than 30.
    assert more_needed(10, 9, 10.0, 0.9, 10.0) == 20


def test_what_may_be_published_needs_no_more() -> None:
    assert more_needed(400, 200, 300.0, 0.5, 300.0) == 0


def test_where_nobody_gave_the_answer_no_number_would_do() -> None:
    assert more_needed(50, 0, 40.0, 0.0, 40.0) is None


def test_no_responses_at_all_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no responses to grow"):
        more_needed(0, 0, 0.0, 0.5, 0.0)


@given(some.integers(1, 200), some.floats(0.05, 0.95), some.floats(1.0, 4.0), some.floats(0.5, 2.0))
def test_with_so_many_more_it_is_published_and_with_one_fewer_it_is_not(
    n: int, share: float, design_effect: float, gain: float
) -> None:
    cell, worth = round(n * share), n / design_effect
    more = more_needed(n, cell, worth, share, worth * gain)
    if more is None:
        assert cell == 0
        return

    def published(further: int) -> bool:
        growth = (n + further) / n
        low, high = korn_graubard(share, worth * gain * growth)
        return withheld(n + further, int(cell * growth + 1e-9), worth * growth, share, low, high) is None

    assert published(more)
    assert more == 0 or not published(more - 1)


def test_samples_grown_by_so_many_are_mostly_published() -> None:
    rng, published, trials = np.random.default_rng(1), 0, 400
    for _ in range(trials):
        first = rng.random(25) < 0.6
        more = more_needed(25, int(first.sum()), 25.0, float(first.mean()), 25.0)
        assert more is not None
        grown = np.concatenate([first, rng.random(more + 3) < 0.6])
        share, n = float(grown.mean()), len(grown)
        published += withheld(n, int(grown.sum()), n, share, *korn_graubard(share, n)) is None
    assert published > 0.6 * trials
