"""Estimates: what an interval is made of, at the edges too, and when a figure must not be published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from app.analysis.bootstrap import counting_the_trimming, estimate_by_bootstrap, with_replicates
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import EmptyBase, InvalidDesign, InvalidItem, MissingColumn, UnequalLengths
from app.analysis.estimation import distribution, estimate, estimate_overall_and_by
from app.analysis.intervals import korn_graubard
from app.analysis.items import Item, choice, ticks
from app.analysis.margins import margin
from app.analysis.publication import withheld
from app.analysis.raking_together import trim_nearly
from app.analysis.ranking import rank
from app.analysis.scheme import WeightingScheme
from app.analysis.tallies import GroupedItems
from app.analysis.weighting import weigh, weigh_counts
from tests.analysis import waves
from tests.analysis.waves import column, columns


def equal(n):
    """Weigh n responses that are as the population is, so that every weight is 1."""
    answers = columns(sex="FM" * (n // 2))
    return weigh(answers, WeightingScheme("test", "1", (margin("sex", {"F": 1, "M": 1}),)))


def test_a_share_that_no_margin_explains_by_hand():
    yes = np.array([1, 1, 0, 0] * 10)
    (found,) = estimate(equal(40), [Item("yes", yes)])
    assert found.value == 0.5
    assert found.standard_error == pytest.approx(np.sqrt(0.25 / 39))
    effective = 39
    assert (found.low, found.high) == pytest.approx(
        (beta.ppf(0.025, effective / 2, effective / 2 + 1), beta.ppf(0.975, effective / 2 + 1, effective / 2))
    )


def test_a_share_that_a_margin_fixes_is_its_own_interval_and_says_so():
    women = np.array([1, 0] * 20)
    (found,) = estimate(equal(40), [Item("women", women)])
    assert (found.value, found.standard_error, found.low, found.high) == (0.5, 0, 0.5, 0.5)
    assert "fixed by a weighting margin" in found.note
    assert found.publishable


@pytest.mark.parametrize(("answer", "value"), [(0, 0.0), (1, 1.0)])
def test_nobody_and_everybody_get_an_interval_from_kish(answer, value):
    (found,) = estimate(equal(40), [Item("alike", np.full(40, answer))])
    assert (found.value, found.standard_error) == (value, 0)
    assert found.high - found.low == pytest.approx(1 - 0.025 ** (1 / 40))
    assert "Kish" in found.note


def test_the_base_leaves_out_the_unknown_and_dont_know():
    opinion = Column("opinion", np.array([0, 1, 2, 3] * 10), ("Good", "Poor", "Don't know"))
    (found,) = estimate(equal(40), [choice(opinion, ["Good"], leave_out=["Don't know"])])
    assert (found.n, found.value) == (20, 0.5)


def test_a_distribution_adds_up_to_one():
    opinion = column("opinion", "abca-" * 8)
    found = distribution(equal(40), opinion)
    assert sum(each.value for each in found) == pytest.approx(1)
    assert {each.n for each in found} == {32}


def test_a_mean_has_an_interval_of_students_t():
    (found,) = estimate(equal(40), [Item("age", np.arange(40.0))])
    assert found.value == 19.5
    assert found.high - found.value == pytest.approx(2.0226909 * found.standard_error, rel=1e-6)


@pytest.mark.parametrize("offset", [0.0, 1e8, -1e12])
def test_the_error_of_a_mean_does_not_depend_on_where_its_scale_starts(offset):
    score = np.array([0.0, 1, 2, 1, 0, 2, 2, 1] * 20)
    near, far = (estimate(equal(160), [Item("score", score + by)], by="sex") for by in (0.0, offset))
    for one, other in zip(near, far, strict=True):
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
        assert other.standard_error > 0.04
        assert [other.value - offset, other.low - offset, other.high - offset] == pytest.approx(
            [one.value, one.low, one.high], abs=1e-3
        )


def test_a_number_that_everybody_gave_is_its_own_interval_and_says_so():
    weighted = weigh(columns(sex="FFM" * 20, town="AB" * 30), waves_scheme())
    town = np.array([0, 1] * 30)
    everyone, alike = (
        estimate(weighted, [Item("score", values)], by="town")
        for values in (np.full(60, 7.3), np.where(town == 1, 7.3, np.arange(60)))
    )
    for found in (*everyone, alike[1], *estimate(weighted, [Item("score", np.full(60, 7.3))])):
        assert (found.value, found.standard_error, found.low, found.high) == (7.3, 0, 7.3, 7.3)
        assert "everybody in the base gave this number" in found.note
    assert alike[0].standard_error > 0 and alike[0].note is None


def test_a_mean_that_a_margin_fixes_says_so():
    (found,) = estimate(equal(40), [Item("sex", np.array([1, 2] * 20))])
    assert (found.low, found.high) == (1.5, 1.5)
    assert "fixed by a weighting margin" in found.note


def test_a_group_without_answers_says_so_instead_of_a_number():
    base = np.array([True, False] * 20)
    found = estimate(equal(40), [Item("yes", base, base)], by="sex")
    assert (found[1].group, found[1].value, found[1].publishable) == ("M", None, False)
    assert "nobody" in found[1].reason


def test_nobody_in_the_base_at_all_is_refused():
    with pytest.raises(EmptyBase, match="Item yes"):
        estimate(equal(40), [Item("yes", np.ones(40), np.zeros(40, bool))])


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnequalLengths):
        estimate(equal(40), [Item("yes", np.ones(39))])
    with pytest.raises(UnequalLengths):
        Item("yes", np.ones(40), np.ones(39, bool))
    with pytest.raises(InvalidItem, match="not numbers"):
        Item("yes", np.array([1.0, np.nan]))
    with pytest.raises(MissingColumn):
        estimate(equal(40), [Item("yes", np.ones(40))], by="ward")
    with pytest.raises(UnequalLengths):
        estimate(equal(40), [Item("yes", np.ones(40))], by=column("ward", "ab"))


def test_values_outside_the_base_may_be_anything():
    values = np.array([1.0, np.nan] * 20)
    (found,) = estimate(equal(40), [Item("yes", values, ~np.isnan(values))])
    assert (found.value, found.n) == (1, 20)


def test_a_breakdown_by_another_column_is_that_of_the_same_column_in_the_scheme():
    wave = "wave_a"
    rows = waves.responses(wave)
    district = waves.columns_from_frame(rows, ["district"])["district"]
    elsewhere = Column("area", district.codes, district.categories)
    weighted, items = waves.weighted(wave), waves.measures(wave)
    for one, other in zip(
        estimate(weighted, items, by="district"), estimate(weighted, items, by=elsewhere), strict=True
    ):
        assert (one.item, one.group, one.n) == (other.item, other.group, other.n)
        assert other.value == pytest.approx(one.value, rel=1e-12)
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)


def test_grouped_counts_give_the_figures_and_ranks_of_their_rows():
    wave = "wave_a"
    rows = waves.responses(wave)
    chosen = rows[waves.PRIORITIES].to_numpy()
    cells = rows.groupby(list(waves.VARIABLES), dropna=False, sort=True)
    counted = cells.size()
    ticked = cells[waves.PRIORITIES].sum().to_numpy(float)
    both = np.stack([chosen[where].T @ chosen[where] for where in cells.indices.values()]).astype(float)
    grouped_columns = waves.columns_from_frame(counted.index.to_frame(index=False), waves.VARIABLES)
    base = np.repeat(counted.to_numpy(float)[:, np.newaxis], 16, axis=1)
    weighted = weigh_counts(grouped_columns, counted.to_numpy(float), waves.scheme())
    items = GroupedItems(tuple(waves.PRIORITIES), base, ticked, both)
    expected = estimate(waves.weighted(wave), waves.priorities(wave), by="district")
    for one, other in zip(expected, estimate(weighted, items, by="district"), strict=True):
        assert (one.item, one.group, one.n) == (other.item, other.group, other.n)
        assert other.value == pytest.approx(one.value, rel=1e-12)
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
    ranked = [
        [(each.item, each.rank, each.rank_low, each.rank_high, each.tier, each.top) for each in ranking.priorities]
        for ranking in (rank(waves.weighted(wave), waves.priorities(wave)), rank(weighted, items))
    ]
    assert ranked[0] == ranked[1]


def test_korn_graubard_is_clopper_pearson_at_whole_numbers():
    assert korn_graubard(0.3, 10) == pytest.approx((beta.ppf(0.025, 3, 8), beta.ppf(0.975, 4, 7)))


@settings(max_examples=100)
@given(st.floats(0, 1), st.floats(1, 1e6))
def test_an_interval_contains_its_share_and_stays_between_none_and_all(share, effective):
    low, high = korn_graubard(share, effective)
    assert 0 <= low <= share <= high <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=60, max_size=60), st.lists(st.booleans(), min_size=60, max_size=60))
def test_no_estimate_is_ever_not_a_number(yes, asked):
    weighted = weigh(columns(sex="FFM" * 20, town="AB" * 30), waves_scheme())
    item = Item("yes", np.array(yes), np.array(asked))
    if not any(asked):
        return
    for found in estimate(weighted, [item], by="town"):
        numbers = [found.value, found.standard_error, found.low, found.high]
        assert all(number is None for number in numbers) or all(np.isfinite(number) for number in numbers)
        assert found.publishable == (found.reason is None)


def waves_scheme():
    return WeightingScheme("test", "1", (margin("sex", {"F": 5, "M": 5}), margin("town", {"A": 6, "B": 4})))


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ((9, 5, 9.0, 0.5, 0.4, 0.6), "fewer than 10 responses"),
        ((50, 9, 50.0, 0.2, 0.15, 0.25), "fewer than 10 people"),
        ((50, 20, 29.9, 0.4, 0.3, 0.5), "effective n"),
        ((50, 20, 40.0, 0.4, 0.2, 0.501), "wider than 0.30"),
        ((200, 12, 150.0, 0.06, 0.02, 0.10), "130%"),
        ((200, 12, 150.0, 0.02, 0.01, 0.05), None),
        ((200, 80, 150.0, 0.4, 0.3, 0.5), None),
    ],
)
def test_why_a_figure_is_withheld(figure, reason):
    found = withheld(*figure)
    assert found is None if reason is None else reason in found


def test_estimates_by_bootstrap_keep_the_values_and_are_close_in_error():
    weighted, items = waves.weighted("wave_b"), waves.measures("wave_b")
    linear = estimate(weighted, items, by="district")
    drawn = estimate_by_bootstrap(weighted, items, by="district", replicates=150)
    for one, other in zip(linear, drawn, strict=True):
        assert (one.item, one.group, one.value) == (other.item, other.group, other.value)
        assert other.standard_error == pytest.approx(one.standard_error, rel=0.35)


def test_a_mean_is_a_mean_even_where_everybody_gives_the_same_small_number():
    weighted = waves.weighted("wave_a")
    ones = np.ones(weighted.n)
    averaged, share = estimate(weighted, [Item("steps", ones, averaged=True), Item("yes", ones)])
    assert (averaged.value, averaged.standard_error, averaged.low, averaged.high) == (1, 0, 1, 1)
    assert share.low < 1


def drawn_row_by_row(weighted, items, replicates):
    """Draw rows again by hand, rake and trim each draw, and take the spread of the shares."""
    rng, n, values = np.random.default_rng(5), weighted.n, []
    for _ in range(replicates):
        times = np.bincount(rng.integers(n, size=n - 1), minlength=n) * n / (n - 1)
        count = np.bincount(weighted.units.of_row, times, len(weighted.units))
        (mass,) = trim_nearly(count[np.newaxis], count[np.newaxis], weighted.constraints, weighted.report.cap)
        weight = np.divide(mass, count, out=np.zeros_like(count), where=count > 0)[weighted.units.of_row] * times
        values.append([(weight * item.base) @ item.values / (weight @ item.base) for item in items])
    return np.std(values, axis=0, ddof=1)


def test_a_bootstrap_by_cells_is_the_bootstrap_by_rows():
    answers = waves.columns_from_frame(waves.responses("wave_b"), waves.VARIABLES)
    weighted = counting_the_trimming(weigh(answers, waves.scheme(cap=6.0)), replicates=150)
    assert weighted.replicates is not None
    leeds = answers["district"].codes == answers["district"].code("Leeds")
    items = [*waves.measures("wave_b"), *waves.priorities("wave_b")[:5]]
    items = [
        Item(each.name, each.values, np.ones(weighted.n, bool) if each.base is None else each.base) for each in items
    ]
    within = [Item(f"{each.name} in Leeds", each.values, each.base & leeds) for each in items]
    by_district = [each for each in estimate(weighted, items, "district") if each.group == "Leeds"]
    found = np.array([each.standard_error for each in (*estimate(weighted, items), *by_district)])
    by_rows = drawn_row_by_row(weighted, [*items, *within], 150)
    assert found / by_rows == pytest.approx(1, abs=0.25)
    assert (found / by_rows).mean() == pytest.approx(1, abs=0.05)


def test_untrimmed_weights_keep_their_linearised_errors():
    weighted = waves.weighted("wave_a")
    assert counting_the_trimming(weighted) is weighted


def test_a_trimmed_ranking_has_the_variances_of_its_shares():
    answers = waves.columns_from_frame(waves.responses("wave_b"), waves.VARIABLES)
    weighted = counting_the_trimming(weigh(answers, waves.scheme(cap=4.0)), replicates=60)
    items = waves.priorities("wave_b")
    alone = {each.item: each.standard_error for each in estimate(weighted, items)}
    for place in rank(weighted, items).priorities:
        assert place.share.standard_error == pytest.approx(alone[place.item], rel=1e-9)
    assert "60 bootstrap replicates" in " ".join(weighted.report.warnings)


def test_what_a_margin_fixes_has_no_error_in_replicates_either():
    answers = waves.columns_from_frame(waves.responses("wave_b"), waves.VARIABLES)
    weighted = with_replicates(weigh(answers, waves.scheme(cap=4.0)), replicates=30)
    (leeds,) = estimate(weighted, [Item("leeds", answers["district"].codes == answers["district"].code("Leeds"))])
    assert leeds.standard_error == 0 and "fixed by a weighting margin" in leeds.note


def test_clusters_are_drawn_whole_and_others_singly():
    answers = waves.columns_from_frame(waves.responses("wave_b"), waves.VARIABLES)
    n = len(answers["sex"])
    event = np.where(np.arange(n) < n // 2, np.arange(n) // 12, 10_000)
    labels = tuple(map(str, range(int(event[event < 10_000].max()) + 1)))
    design = Design(clusters=Column("event", np.where(event == 10_000, len(labels), event), labels))
    weighted = weigh(answers, waves.scheme())
    items = waves.measures("wave_b")
    linear = estimate(weighted, items, None, design)
    for one, other in zip(linear, estimate_by_bootstrap(weighted, items, None, design), strict=True):
        assert other.standard_error == pytest.approx(one.standard_error, rel=0.15)
    with pytest.raises(InvalidDesign, match="another design"):
        estimate(with_replicates(weighted, design, replicates=2), items)


def test_a_finite_population_shrinks_bootstrap_errors():
    weighted, items = equal(40), [Item("yes", np.array([1, 1, 0, 0] * 10))]
    half = Design(population=np.full(40, 80.0))
    (found,) = estimate_by_bootstrap(weighted, items, None, half)
    assert found.standard_error == pytest.approx(np.sqrt(0.5 * 0.25 / 39), rel=0.1)


def test_ticks_are_shares_of_everyone_in_the_base():
    chosen = np.array([[1, 0], [1, 1], [0, 0], [0, 1]] * 10)
    found = estimate(equal(40), ticks(["a", "b"], chosen, chosen.any(axis=1)))
    assert [each.value for each in found] == pytest.approx([2 / 3, 2 / 3])
    assert [each.n for each in found] == [30, 30]


def test_one_count_gives_everyone_and_each_category_alike():
    weighted, items = waves.weighted("wave_a"), [*waves.priorities("wave_a")[:3], *waves.measures("wave_a")]
    age = Column("age", np.arange(weighted.n) % 3, ("young", "middle", "old"))
    for by in ("district", age):
        apart = estimate(weighted, items) + estimate(weighted, items, by)
        for one, other in zip(estimate_overall_and_by(weighted, items, by), apart, strict=True):
            assert (one.item, one.group, one.n, one.reason) == (other.item, other.group, other.n, other.reason)
            assert (one.value, one.standard_error) == pytest.approx((other.value, other.standard_error), rel=1e-9)


def test_the_plain_mean_stands_beside_the_weighted_one():
    item = waves.measures("wave_a")[0]
    (found,) = estimate(waves.weighted("wave_a"), [item])
    assert found.unweighted == pytest.approx(item.values[item.base].mean())
    numbers = Item("number", np.arange(40.0) + 1e6, np.arange(40) < 10)
    (found,) = estimate(equal(40), [numbers])
    assert found.unweighted == pytest.approx(1e6 + 4.5)
