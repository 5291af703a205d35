"""Weights meet the margins, by hand and on whatever people answer; what cannot be met is refused by name."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.analysis.columns import Column
from app.analysis.errors import (
    AnalysisError,
    CapCannotHold,
    DidNotConverge,
    EmptyCategory,
    InvalidScheme,
    InvalidStartingWeight,
    MarginsConflict,
    MissingColumn,
    NoNeighbour,
    OneCategoryOnly,
    TooFewResponses,
    TooManyUnknown,
    UnequalLengths,
    UnknownCategory,
    WeightsOverflow,
)
from app.analysis.margins import margin
from app.analysis.raking import Constraint, Raked
from app.analysis.scheme import WeightingScheme, adjacent
from app.analysis.trimming import _held, smallest_cap, trim
from app.analysis.weighting import weigh, weigh_counts
from tests.analysis.waves import columns

SEX = margin("sex", {"F": 50, "M": 50})
TOWN = margin("town", {"A": 60, "B": 40})


def scheme(*margins, **changes):
    return WeightingScheme("test", "1", margins, **changes)


def test_one_margin_by_hand():
    assert weigh(columns(sex="FFFM"), scheme(SEX)).weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_two_margins_by_hand():
    weights = weigh(columns(sex="FFMM", town="ABAB"), scheme(SEX, TOWN)).weights
    assert weights == pytest.approx([1.2, 0.8, 1.2, 0.8])


def test_kish_by_hand():
    report = weigh(columns(sex="FFFM"), scheme(SEX)).report
    assert report.precision.effective_n == pytest.approx(16 / (3 * 4 / 9 + 4))
    assert report.precision.design_effect == pytest.approx((3 * 4 / 9 + 4) / 4)
    assert (report.smallest_weight, report.largest_weight) == pytest.approx((2 / 3, 2))


def test_starting_weights_are_scaled_within_their_category():
    weights = weigh(columns(sex="FFM"), scheme(SEX), np.array([1.0, 3.0, 5.0])).weights
    assert weights == pytest.approx([0.375, 1.125, 1.5])


def test_prefer_not_to_say_keeps_its_share_and_the_named_share_the_rest():
    weighted = weigh(columns(sex="FFFM-"), scheme(SEX))
    (report,) = weighted.report.margins
    assert [each.target_share for each in report.categories] == pytest.approx([0.4, 0.4, 0.2])
    assert weighted.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2, 1])


CROSSING = margin("town*sex", {"A*F": 30, "A*M": 30, "B*F": 30, "B*M": 10})


def test_in_a_crossing_an_unknown_part_takes_its_share_of_the_known_part():
    answers = columns(town="AAAAABBBB-", sex="FFMM-FFMMF")
    (report,) = weigh(answers, scheme(CROSSING)).report.margins
    shares = {each.category: each.weighted_share for each in report.categories}
    town_a, town_b = 0.9 * 0.6, 0.9 * 0.4
    assert shares == pytest.approx(
        {
            "A*F": town_a * 0.8 * 0.5,
            "A*M": town_a * 0.8 * 0.5,
            "A*Prefer not to say": town_a * 0.2,
            "B*F": town_b * 0.75,
            "B*M": town_b * 0.25,
            "Prefer not to say*F": 0.1,
        }
    )


def test_two_crossings_with_unknowns_agree_on_the_part_they_share():
    other = margin("town*age", {"A*o": 20, "A*y": 40, "B*o": 20, "B*y": 20})
    answers = columns(town="AAAAABBBB-" * 3, sex="FFMM-FFMMF" * 3, age="oy-yoyoyo-" * 3)
    report = weigh(answers, scheme(CROSSING, other)).report
    assert report.margin_error <= 1e-8


def test_a_margin_that_a_crossing_contains_is_fitted_to_it_and_said_so():
    answers = columns(town="AAAAABBBB-" * 3, sex="FFMM-FFMMF" * 3)
    report = weigh(answers, scheme(CROSSING, margin("sex", {"F": 60, "M": 40}))).report
    assert report.margin_error <= 1e-8
    assert any("were fitted to the other margins" in warning for warning in report.warnings)


def test_margins_in_another_order_of_categories_are_the_same_margins():
    one = weigh(columns(sex="FFFM"), scheme(margin("sex", {"M": 50, "F": 50})))
    assert one.weights == pytest.approx(weigh(columns(sex="FFFM"), scheme(SEX)).weights)


def test_grouped_counts_give_the_weights_of_their_rows():
    rows = weigh(columns(sex="FFFM", town="AABA"), scheme(SEX, TOWN))
    groups = weigh_counts(columns(sex="FFM", town="ABA"), np.array([2.0, 1.0, 1.0]), scheme(SEX, TOWN))
    assert groups.weights == pytest.approx(rows.weights)
    assert groups.report == rows.report


# Trimming


def test_a_cap_holds_together_with_the_margins():
    answers = columns(sex="F" * 9 + "M" * 9, town="A" * 8 + "B" + "A" * 2 + "B" * 7)
    free = weigh(answers, scheme(SEX, TOWN)).report
    capped = weigh(answers, scheme(SEX, TOWN, cap=free.largest_weight - 0.1)).report
    assert capped.largest_weight <= (free.largest_weight - 0.1) * (1 + 1e-6)
    assert capped.margin_error <= 1e-8
    assert 0 < capped.share_trimmed < 1
    (warning,) = [each for each in capped.warnings if "trimmed to the cap" in each]
    assert "Standard errors are linearised" in warning and "docs/" not in warning
    assert not any("trimmed" in each for each in free.warnings)


def test_the_smallest_cap_of_one_margin_is_its_largest_weight():
    weighted = weigh(columns(sex="FFFM"), scheme(SEX))
    assert smallest_cap(weighted.units.count, weighted.constraints) == pytest.approx(2)


def test_a_cap_below_the_smallest_is_refused_by_that_number():
    with pytest.raises(CapCannotHold, match=r"smallest cap that can hold is 2\.0000"):
        weigh(columns(sex="FFFM"), scheme(SEX, cap=1.5))


def test_a_cap_is_relaxed_only_as_far_as_the_scheme_allows():
    report = weigh(columns(sex="FFFM"), scheme(SEX, cap=1.5, relax_to=3)).report
    assert (report.asked_cap, report.cap) == (1.5, pytest.approx(2.01))
    assert "relaxed to 2.01" in report.warnings[-1]
    with pytest.raises(CapCannotHold, match=r"nor under 1\.8.*Set the cap to 2\.01 or more"):
        weigh(columns(sex="FFFM"), scheme(SEX, cap=1.5, relax_to=1.8))


def test_weights_too_far_apart_for_arithmetic_do_not_count_as_held():
    count, codes = np.array([10.0, 10.0]), np.arange(2)
    raked = Raked(np.array([20 - 1e-13, 1e-13]), 1, 0.0)
    constraint = Constraint("sex", ("F", "M"), codes, raked.mass / 20, count)
    assert _held(raked, count, [constraint], 3.0) is None
    with pytest.raises(CapCannotHold, match="no cap was found that holds"):
        trim(raked.mass, count, [constraint], 1.5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(30, 600), st.sampled_from([1.01, 1.5, 3.0]))
def test_the_cap_that_a_refusal_names_holds(seed, n, cap):
    rng = np.random.default_rng(seed)
    chances = [rng.dirichlet([1.5] * k) for k in (5, 4, 3)]
    answers = {
        name: Column(name, rng.choice(len(chance), n, p=chance), tuple("abcde"[: len(chance)]))
        for name, chance in zip("xyz", chances, strict=True)
    }
    made = [
        margin(
            each, dict(zip(answers[each].categories, rng.dirichlet([4.0] * len(answers[each].categories)), strict=True))
        )
        for each in "xyz"
    ]
    named = cap
    try:
        weigh(answers, scheme(*made, cap=cap))
    except CapCannotHold as refusal:
        named = float(refusal.remedy.split("Set the cap to ")[1].split()[0])
    except AnalysisError:
        assume(False)
    report = weigh(answers, scheme(*made, cap=named)).report
    assert report.largest_weight <= named * (1 + 2e-6)
    assert report.margin_error <= 1e-8


# Collapsing


AGE = margin("age", {"1": 20, "2": 30, "3": 50})


def test_a_small_category_goes_into_its_stated_neighbour_and_is_recorded():
    stated = {"age": {"1": ["2"]}}
    report = weigh(columns(age="1" * 4 + "2" * 20 + "3" * 30), scheme(AGE, collapse=True, neighbours=stated)).report
    (record,) = report.collapses
    assert (record.category, record.n, record.into) == ("1", 4, "2")
    assert {each.category: each.weighted_share for each in report.margins[0].categories} == pytest.approx(
        {"1 + 2": 0.5, "3": 0.5}
    )


def test_a_small_category_without_a_stated_neighbour_is_refused():
    with pytest.raises(NoNeighbour, match="'1' of age"):
        weigh(columns(age="1" * 4 + "2" * 20 + "3" * 30), scheme(AGE, collapse=True))


def test_collapsing_goes_on_until_no_category_is_small():
    stated = {"age": {"1": ["2"], "2": ["3"]}}
    report = weigh(columns(age="1" * 4 + "2" * 4 + "3" * 30), scheme(AGE, collapse=True, neighbours=stated)).report
    assert [each.category for each in report.margins[0].categories] == ["1 + 2 + 3"]


def test_in_a_crossing_the_last_part_is_collapsed_within_the_first():
    stated = {"sex": {"M": ["F"]}}
    answers = columns(town="A" * 30 + "B" * 24, sex="FM" * 15 + "F" * 20 + "M" * 4)
    report = weigh(answers, scheme(CROSSING, collapse=True, neighbours=stated)).report
    assert [(each.category, each.into) for each in report.collapses] == [("B*M", "B*F")]


def test_in_a_crossing_a_small_district_joins_its_neighbour_cell_by_cell():
    crossed = {f"{town}*{age}": 100 for town in "BCW" for age in "abc"}
    made = margin("town*age", crossed)
    answers = columns(
        town="B" * 90 + "C" * 90 + "W" * 6,
        age="a" * 30 + "b" * 30 + "c" * 30 + "a" * 30 + "b" * 30 + "c" * 30 + "aabccc",
    )
    report = weigh(answers, scheme(made, collapse=True, neighbours=adjacent([made]))).report
    assert [(each.category, each.n, each.into) for each in report.collapses] == [
        ("W*a", 2, "C*a"),
        ("W*b", 1, "C*b"),
        ("W*c", 3, "C*c"),
    ]
    assert [each.category for each in report.margins[0].categories] == [
        *("B*a", "B*b", "B*c"),
        *("C*a + W*a", "C*b + W*b", "C*c + W*c"),
    ]


def test_joined_categories_are_joined_however_many_answered():
    report = weigh(columns(age="1" * 40 + "2" * 40 + "3" * 40), scheme(AGE, joined={"age": {"1": "2"}})).report
    assert [each.category for each in report.margins[0].categories] == ["1 + 2", "3"]


def test_small_and_unknown_categories_are_warned_about():
    report = weigh(columns(sex="F" * 80 + "M" * 12 + "-" * 8), scheme(SEX)).report
    assert "Fewer than 30 responses in these categories of sex: M (12)." in report.warnings
    assert any("8.0% of the responses" in warning for warning in report.warnings)


# Refusals


def test_one_response_is_refused():
    with pytest.raises(TooFewResponses):
        weigh(columns(sex="F"), scheme(SEX))


def test_a_variable_that_is_not_there_is_refused():
    with pytest.raises(MissingColumn, match="town"):
        weigh(columns(sex="FM"), scheme(SEX, TOWN))


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(UnequalLengths):
        weigh(columns(sex="FM", town="AAB"), scheme(SEX, TOWN))


def test_a_category_without_target_is_refused():
    with pytest.raises(UnknownCategory, match="'X' of sex"):
        weigh(columns(sex="FMX"), scheme(SEX))


def test_a_target_that_nobody_is_in_is_refused():
    with pytest.raises(EmptyCategory, match="nobody is in '3'"):
        weigh(columns(age="1122"), scheme(AGE))


def test_one_district_speaking_for_all_is_refused():
    with pytest.raises(OneCategoryOnly, match="every known town is 'A'"):
        weigh(columns(town="AAAA", sex="FFMM"), scheme(TOWN, SEX))


def test_too_many_unknown_are_refused_unless_the_scheme_accepts_them():
    with pytest.raises(TooManyUnknown, match=r"25\.0%"):
        weigh(columns(sex="FFFFMM--"), scheme(SEX))
    assert weigh(columns(sex="FFFFMM--"), scheme(SEX, unknown_limit=None)).report.converged


def test_margins_that_who_answered_cannot_meet_are_refused():
    with pytest.raises(DidNotConverge, match="Nothing is published"):
        weigh(columns(sex="FFMM", town="AABB"), scheme(SEX, TOWN))


def test_margins_that_contradict_each_other_are_refused():
    with pytest.raises(MarginsConflict, match="town and town\\*sex"):
        scheme(margin("town", {"A": 20, "B": 80}), CROSSING)


def test_weights_that_would_overflow_are_refused():
    with pytest.raises(WeightsOverflow):
        weigh(columns(sex="FFM"), scheme(margin("sex", {"F": 1e-14, "M": 1.0})))


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_a_starting_weight_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidStartingWeight, match="row 2"):
        weigh(columns(sex="FM"), scheme(SEX), np.array([1.0, wrong]))


def test_a_cap_at_the_mean_or_a_limit_below_the_cap_is_refused():
    with pytest.raises(InvalidScheme):
        scheme(SEX, cap=1.0)
    with pytest.raises(InvalidScheme):
        scheme(SEX, cap=5.0, relax_to=4.0)


# Invariants


def respond(drawn):
    """Answer three questions, of three, three and two categories and unknown, by chance but unequally."""
    n, seed, popularity = drawn
    rng = np.random.default_rng(seed)
    parts = (popularity[:4], popularity[4:8], popularity[8:])
    return [rng.choice(len(part), n, p=np.array(part) / sum(part)) for part in parts]


answers = st.tuples(
    st.integers(20, 300), st.integers(0, 2**32 - 1), st.lists(st.floats(0.05, 1), min_size=11, max_size=11)
).map(respond)
shares = st.lists(st.floats(0.05, 1), min_size=3, max_size=3)


def drawn(codes, names="xyz"):
    return {
        name: Column(name, np.array(each), tuple("abc"[: 3 if name != "z" else 2]))
        for name, each in zip(names, codes, strict=True)
    }


@settings(max_examples=60, deadline=None)
@given(answers, shares, shares, st.one_of(st.none(), st.floats(2, 8)))
def test_whatever_comes_back_has_mean_one_meets_its_margins_and_stays_under_its_cap(codes, x, y, cap):
    made = [margin("x", dict(zip("abc", x, strict=True)))]
    total = sum(x)
    made += [margin("y", {k: v * total / sum(y) for k, v in zip("abc", y, strict=True)})]
    made += [margin("z", {"a": total / 2, "b": total / 2})]
    try:
        weighted = weigh(drawn(codes), scheme(*made, cap=cap, unknown_limit=None))
    except AnalysisError as refusal:
        assert refusal.thing and refusal.value and refusal.remedy
        return
    weights = weighted.weights
    assert weights.mean() == pytest.approx(1, rel=1e-12)
    assert (weights > 0).all()
    assert weighted.report.margin_error <= 1e-8
    for each in made:
        known = np.array(codes["xyz".index(each.name)]) < len(each.categories[0])
        achieved = (
            np.bincount(np.array(codes["xyz".index(each.name)]), weights)[: len(each.categories[0])]
            / weights[known].sum()
        )
        assert achieved == pytest.approx(each.population / each.total, abs=1e-7)
    if cap is not None:
        assert weights.max() <= cap * (1 + 2e-6)


@settings(max_examples=30, deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(codes, random):
    made = scheme(margin("x", {"a": 1, "b": 1, "c": 1}), margin("z", {"a": 2, "b": 1}), unknown_limit=None)
    order = list(range(len(codes[0])))
    random.shuffle(order)
    try:
        weights = weigh(drawn(codes), made).weights
    except AnalysisError:
        assume(False)
    shuffled = weigh(drawn([np.array(each)[order] for each in codes]), made).weights
    assert shuffled == pytest.approx(weights[order], rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(answers, st.floats(0.001, 1e6))
def test_only_the_shares_of_targets_and_the_ratios_of_starting_weights_matter(codes, factor):
    start = 1.0 + np.arange(len(codes[0])) % 3
    once = scheme(margin("x", {"a": 1, "b": 2, "c": 3}), unknown_limit=None)
    scaled = scheme(margin("x", {"a": factor, "b": 2 * factor, "c": 3 * factor}), unknown_limit=None)
    try:
        weights = weigh(drawn(codes), once, start).weights
    except AnalysisError:
        assume(False)
    assert weigh(drawn(codes), scaled, start * factor).weights == pytest.approx(weights, rel=1e-9)
