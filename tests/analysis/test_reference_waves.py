"""The analysis gives the numbers of R's survey package on the reference waves."""

import numpy as np
import pandas as pd
import pytest

from app.analysis.bootstrap import estimate_by_bootstrap
from app.analysis.change import change
from app.analysis.columns import columns_from_frame
from app.analysis.errors import CapCannotHold
from app.analysis.estimation import distribution, estimate
from app.analysis.ranking import rank, ranked_shares
from app.analysis.scheme import WeightingScheme
from app.analysis.weighting import weigh
from tests.analysis import waves

each_wave = pytest.mark.parametrize("wave", waves.WAVES)


def items(wave):
    return [*waves.priorities(wave), *waves.measures(wave)]


@each_wave
def test_weights_are_those_of_rake(wave):
    theirs = pd.read_csv(waves.REFERENCE / f"{wave}_weights.csv").weight.to_numpy()
    assert waves.weighted(wave).weights == pytest.approx(theirs / theirs.mean(), rel=1e-8)
    assert waves.weighted(wave).report.margin_error <= 1e-8


@each_wave
def test_kish_measures_are_theirs(wave):
    theirs, report = waves.reference(wave)["kish"], waves.weighted(wave).report
    assert report.precision.effective_n == pytest.approx(theirs["n_eff"], rel=1e-8)
    assert report.precision.design_effect == pytest.approx(theirs["deff"], rel=1e-8)
    assert report.smallest_weight == pytest.approx(theirs["min_over_mean"], rel=1e-8)
    assert report.largest_weight == pytest.approx(theirs["max_over_mean"], rel=1e-8)


@each_wave
def test_shares_errors_and_intervals_are_theirs(wave):
    for mine in estimate(waves.weighted(wave), items(wave)):
        theirs = waves.reference(wave)["prop"][mine.item]
        assert mine.n == theirs["n"]
        assert mine.value == pytest.approx(theirs["p"], rel=1e-10)
        assert mine.standard_error == pytest.approx(theirs["se_linearised"], rel=1e-6)
        assert (mine.low, mine.high) == pytest.approx(theirs["ci_beta"], rel=1e-6)


@each_wave
def test_domains_are_theirs(wave):
    mine = {(each.item, each.group): each for each in estimate(waves.weighted(wave), items(wave), by="district")}
    for theirs in waves.reference(wave)["domain"]:
        found = mine[theirs["item"], theirs["district"]]
        assert found.value == pytest.approx(theirs["p"], rel=1e-10)
        assert found.standard_error == pytest.approx(theirs["se"], rel=1e-6)


@each_wave
@pytest.mark.parametrize("question", ["safety_day", "safety_night", "confidence"])
def test_full_distributions_are_theirs(wave, question):
    column = columns_from_frame(waves.responses(wave), [question])[question]
    mine = distribution(waves.weighted(wave), column)
    theirs = waves.reference(wave)["levels"][question]
    assert [each.value for each in mine] == pytest.approx(theirs["p"], rel=1e-10)
    assert [each.standard_error for each in mine] == pytest.approx(theirs["se"], rel=1e-6)


@each_wave
def test_covariances_of_priorities_are_theirs(wave):
    _, covariance = ranked_shares(waves.weighted(wave), waves.priorities(wave))
    assert covariance == pytest.approx(np.array(waves.reference(wave)["vcov_priorities"]), rel=1e-6, abs=1e-14)


@each_wave
def test_rank_sets_are_theirs_but_for_two_bounds_by_one(wave):
    theirs = waves.reference("ranks")[wave]
    ranked = {each.item: each for each in rank(waves.weighted(wave), waves.priorities(wave), draws=50_000).priorities}
    mine = [ranked[item] for item in theirs["items"]]
    off = np.abs(
        np.array([[p.rank_low, p.rank_high, p.simultaneous_low, p.simultaneous_high] for p in mine]).T
        - [theirs[kind][end] for kind in ("marginal", "simultaneous") for end in ("low", "high")]
    )
    assert off.max() <= 1
    assert off.sum() <= 2


def test_differences_between_waves_are_theirs():
    earlier, later = (estimate(waves.weighted(wave), items(wave)) for wave in ("wave_a", "wave_b"))
    theirs = waves.reference("wave_difference")
    for mine in change(earlier, later):
        expected = theirs["items"][mine.item]
        assert mine.difference == pytest.approx(expected["diff"], rel=1e-8)
        assert mine.standard_error == pytest.approx(expected["se"], rel=1e-6)
        assert mine.p == pytest.approx(expected["p_normal"], rel=1e-6)
        assert (mine.low, mine.high) == pytest.approx(expected["ci95"], rel=1e-6)


@each_wave
@pytest.mark.parametrize("cap", [5, 8])
def test_trimming_ends_where_theirs_does(wave, cap):
    theirs = waves.reference(wave)[f"rake_cap_alternate_{cap}"]
    columns = columns_from_frame(waves.responses(wave), waves.VARIABLES)
    if not theirs["reached_cap"]:
        with pytest.raises(CapCannotHold, match=f"{theirs['kish']['max_over_mean']:.3f}"):
            weigh(columns, waves.scheme(cap=float(cap)))
        return
    report = weigh(columns, waves.scheme(cap=float(cap))).report
    assert report.precision.effective_n == pytest.approx(theirs["kish"]["n_eff"], rel=1e-8)
    assert report.largest_weight == pytest.approx(cap, rel=1e-6)
    assert report.margin_error <= 1e-8


def test_post_stratification_is_the_case_of_one_margin():
    rows = waves.responses("wave_a")
    known = rows[(rows.district != "Prefer not to say") & (rows.sex != "Prefer not to say")]
    theirs = waves.reference("wave_a")["poststrat_district_sex"]
    targets = [(f"{cell['district']}*{cell['sex']}", cell["Freq"]) for cell in theirs["targets"]]
    weighted = weigh(
        columns_from_frame(known, ["district", "sex"]),
        WeightingScheme("post", "1", (waves.margin("district*sex", targets),)),
    )
    assert weighted.n == theirs["n"]
    assert weighted.report.precision.effective_n == pytest.approx(theirs["kish"]["n_eff"], rel=1e-8)
    chosen = waves.ticks(waves.PRIORITIES, known[waves.PRIORITIES].to_numpy())
    for mine in estimate(weighted, chosen):
        assert mine.value == pytest.approx(theirs["se"][mine.item]["p"], rel=1e-10)
        assert mine.standard_error == pytest.approx(theirs["se"][mine.item]["se"], rel=1e-6)


def test_re_raked_bootstrap_errors_are_within_their_noise():
    theirs = waves.reference("wave_a")["bootstrap500"]["se"]
    mine = estimate_by_bootstrap(waves.weighted("wave_a"), items("wave_a"), replicates=500, seed=1)
    ratios = np.array([each.standard_error / theirs[each.item] for each in mine])
    assert ratios.mean() == pytest.approx(1, abs=0.03)
    assert np.abs(ratios - 1).max() < 0.13
