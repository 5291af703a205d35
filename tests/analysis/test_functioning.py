"""Whether an item behaves differently in a group: by hand, against another solver, as invariants and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from app.analysis.arrays import Floats, Mask
from app.analysis.columns import Column
from app.analysis.errors import TooFewResponses, UnequalLengths
from app.analysis.functioning import Functioning, functioning

GROUP = np.array([True, False])


def population(seed: int, n: int = 600, effect: float = 0.0) -> tuple[Mask, Mask, Column, Floats]:
    """Draw people in four kinds that differ in the group they are in and in what they say; ``effect`` is on top."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, n)
    group = rng.random(n) < np.array([0.1, 0.2, 0.4, 0.6])[kind]
    logit = np.array([-1.0, -0.3, 0.3, 0.9])[kind] + effect * group
    yes = rng.random(n) < 1 / (1 + np.exp(-logit))
    weight = np.array([0.5, 0.8, 1.2, 1.6])[kind]
    return yes, group, Column("kind", kind.astype(np.uint8), ("a", "b", "c", "d")), weight


def compared(yes: Mask, group: Mask, kind: Column, weight: Floats) -> Functioning:
    """Test one row a person."""
    return functioning(yes.astype(float), (~yes).astype(float), weight, group, [kind])


def test_a_table_of_two_by_two_by_hand() -> None:
    # 40 of 60 in the group and 90 of 240 elsewhere: odds 2 and 0.6, ratio 10/3; variance 1/40 + 1/20 + 1/90 + 1/150.
    found = functioning(np.array([40.0, 90.0]), np.array([20.0, 150.0]), np.ones(2), GROUP, [])
    assert found.odds_ratio == pytest.approx(10 / 3)
    error = np.sqrt((1 / 40 + 1 / 20 + 1 / 90 + 1 / 150) * 300 / 299)
    assert found.f == pytest.approx((np.log(10 / 3) / error) ** 2, rel=1e-5)
    assert (found.n, found.others) == (60, 240)


def test_another_solver_finds_the_same_slope_and_rows_the_same_sandwich() -> None:
    yes, group, kind, weight = population(3)
    found = compared(yes, group, kind, weight)
    dummies = np.stack([group, *(kind.codes == code for code in (1, 2, 3))], axis=1).astype(float)
    other = LogisticRegression(C=1e12, tol=1e-12, max_iter=10_000).fit(dummies, yes, sample_weight=weight)
    assert np.log(found.odds_ratio) == pytest.approx(other.coef_[0][0], abs=1e-4)
    rows = np.column_stack([dummies, np.ones(len(yes))])
    chance = other.predict_proba(dummies)[:, 1]
    bread = np.linalg.inv((rows * (weight * chance * (1 - chance))[:, None]).T @ rows)
    scores = rows * (weight * (yes - chance))[:, None]
    error = np.sqrt((bread @ scores.T @ scores @ bread)[0, 0] * len(yes) / (len(yes) - 1))
    assert found.f == pytest.approx((other.coef_[0][0] / error) ** 2, rel=1e-3)


def test_neither_the_scale_of_weights_nor_grouping_rows_matters() -> None:
    yes, group, kind, weight = population(4)
    found, scaled = compared(yes, group, kind, weight), compared(yes, group, kind, 7 * weight)
    assert scaled.p == pytest.approx(found.p) and scaled.odds_ratio == pytest.approx(found.odds_ratio)
    cells = [(g, k) for g in (False, True) for k in range(4)]
    inside = [(group == g) & (kind.codes == k) for g, k in cells]
    together = functioning(
        np.array([float(yes[mask].sum()) for mask in inside]),
        np.array([float((~yes)[mask].sum()) for mask in inside]),
        np.array([weight[mask][0] for mask in inside]),
        np.array([g for g, _ in cells]),
        [Column("kind", np.array([k for _, k in cells], np.uint8), kind.categories)],
    )
    assert together.p == pytest.approx(found.p, rel=1e-6) and together.low == pytest.approx(found.low, rel=1e-6)


def test_asking_for_no_instead_of_yes_turns_the_ratio_over() -> None:
    yes, group, kind, weight = population(5, effect=0.7)
    found, turned = compared(yes, group, kind, weight), compared(~yes, group, kind, weight)
    assert turned.odds_ratio == pytest.approx(1 / found.odds_ratio, rel=1e-6)
    assert turned.p == pytest.approx(found.p, rel=1e-5)


def test_where_nothing_differs_one_in_twenty_is_found_and_a_real_difference_nearly_always() -> None:
    false = sum(compared(*population(seed)).p < 0.05 for seed in range(400))
    real = sum(compared(*population(seed, effect=1.0)).p < 0.05 for seed in range(60))
    assert 8 <= false <= 36, "0.05 of 400, three standard errors either way"
    assert real >= 57


def test_a_kind_in_which_all_answer_alike_does_not_carry_the_fit_away() -> None:
    yes, group, kind, weight = population(6)
    found = compared(yes | (kind.codes == 3), group, kind, weight)
    assert np.isfinite([found.odds_ratio, found.low, found.high, found.p]).all()


def test_a_small_group_is_refused_by_name_with_how_many_more() -> None:
    with pytest.raises(TooFewResponses, match="Answers in Urdu: fewer than 30"):
        functioning(np.array([12.0, 90.0]), np.array([12.0, 90.0]), np.ones(2), GROUP, [], "Urdu")
    with pytest.raises(TooFewResponses, match="one of the two answers was given by fewer than 10"):
        functioning(np.array([38.0, 90.0]), np.array([2.0, 90.0]), np.ones(2), GROUP, [], "Urdu")
    with pytest.raises(UnequalLengths):
        functioning(np.ones(2), np.ones(2), np.ones(3), GROUP, [])
