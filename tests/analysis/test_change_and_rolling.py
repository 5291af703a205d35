"""Change between waves, adjusted for how much was compared, and figures that roll over months."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.change import change, smallest_detectable
from app.analysis.errors import EmptyBase, InvalidItem, UnpairedItems
from app.analysis.estimation import Estimate, estimate
from app.analysis.multiplicity import benjamini_hochberg, holm
from app.analysis.rolling import rolling
from tests.analysis import waves


def figure(value, error, item="safe", n=600):
    return Estimate(item, None, value, error, None, None, n, n / 2.0, True, None)


def test_a_difference_by_hand():
    (found,) = change([figure(0.81, 0.02)], [figure(0.80, 0.02)])
    assert found.difference == pytest.approx(-0.01)
    assert found.standard_error == pytest.approx(0.02 * np.sqrt(2))
    assert (found.low, found.high) == pytest.approx(
        (-0.01 - 1.959964 * 0.0282843, -0.01 + 1.959964 * 0.0282843), rel=1e-5
    )
    assert found.p == pytest.approx(0.7236736, rel=1e-6)
    assert found.detectable == pytest.approx(2.801585 * 0.0282843, rel=1e-5)
    assert not found.changed()


def test_81_to_80_percent_is_no_change_and_81_to_70_is_one():
    fell, held = change(
        [figure(0.81, 0.02, "a"), figure(0.81, 0.02, "b")], [figure(0.70, 0.02, "a"), figure(0.80, 0.02, "b")]
    )
    assert fell.changed()
    assert not held.changed(exploring=True)


def test_the_smallest_change_is_found_with_its_power():
    rng = np.random.default_rng(1)
    se = 0.03
    true = float(smallest_detectable(np.array([se]))[0])
    found = np.abs(rng.normal(true, se, 20_000)) > 1.959964 * se
    assert found.mean() == pytest.approx(0.8, abs=0.01)


def test_a_share_without_error_in_both_waves_is_no_change_or_a_certain_one():
    same, different = change([figure(0, 0, "a"), figure(0, 0, "b")], [figure(0, 0, "a"), figure(1, 0, "b")])
    assert (same.p, different.p) == (1, 0)


def test_holm_and_benjamini_hochberg_by_hand():
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert holm(p) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert benjamini_hochberg(p) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_adjustments_are_those_of_r():
    theirs = waves.reference("wave_difference")
    items = [*waves.priorities("wave_a"), *waves.measures("wave_a")]
    later = [*waves.priorities("wave_b"), *waves.measures("wave_b")]
    found = change(estimate(waves.weighted("wave_a"), items), estimate(waves.weighted("wave_b"), later))
    for name in ("p_holm", "p_bh"):
        assert [getattr(each, name) for each in found] == pytest.approx(
            [theirs[name][each.item] for each in found], rel=1e-6
        )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_values_are_never_smaller_and_keep_their_order(p):
    values = np.array(p)
    for adjusted in (holm(values), benjamini_hochberg(values)):
        assert (adjusted >= values - 1e-15).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(values, kind="stable")]) >= -1e-12).all()
    assert (holm(values) >= benjamini_hochberg(values) - 1e-12).all()


def test_waves_with_other_items_or_no_answers_are_refused():
    with pytest.raises(UnpairedItems):
        change([figure(0.5, 0.1, "a")], [figure(0.5, 0.1, "b")])
    with pytest.raises(EmptyBase):
        change([figure(0.5, 0.1)], [figure(None, None)])


def test_a_rolling_figure_is_the_plain_mean_of_its_months():
    months = [[figure(value, 0.03, n=n)] for value, n in ((0.7, 500), (0.8, 700), (0.9, 600), (0.6, 650))]
    first, second = rolling(months, 3)
    assert first[0].value == pytest.approx(0.8)
    assert first[0].standard_error == pytest.approx(0.03 * np.sqrt(3) / 3)
    assert (first[0].n, first[0].effective_n) == (1800, 900)
    assert first[0].low < 0.8 < first[0].high
    assert first[0].publishable
    assert second[0].value == pytest.approx((0.8 + 0.9 + 0.6) / 3)


def test_a_rolling_year_is_narrower_than_a_month():
    months = [[figure(0.8, 0.03)] for _ in range(12)]
    ((year,),) = rolling(months, 12)
    ((month,), *_) = rolling(months, 1)
    assert year.high - year.low < (month.high - month.low) / 3


def test_a_window_that_is_not_there_is_refused():
    with pytest.raises(InvalidItem, match="Window"):
        rolling([[figure(0.5, 0.1)]], 3)
    with pytest.raises(UnpairedItems):
        rolling([[figure(0.5, 0.1, "a")], [figure(0.5, 0.1, "b")]], 2)
    with pytest.raises(EmptyBase):
        rolling([[figure(0.5, 0.1)], [figure(None, None)]], 2)


def test_months_in_which_nobody_said_yes_still_have_an_interval():
    ((found,),) = rolling([[figure(0.0, 0.0)], [figure(0.0, 0.0)]], 2)
    assert (found.value, found.low) == (0, 0)
    assert 0 < found.high < 0.01
