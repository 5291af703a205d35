"""Strata, clusters and finite populations give the errors of R's survey on its own api data."""

import numpy as np
import pandas as pd
import pytest

from app.analysis.columns import Column, columns_from_frame
from app.analysis.design import Design
from app.analysis.errors import InvalidDesign
from app.analysis.estimation import estimate
from app.analysis.intervals import korn_graubard, student
from app.analysis.items import Item
from app.analysis.scheme import WeightingScheme
from app.analysis.weighting import weigh
from tests.analysis import waves

POPULATION = waves.reference("api")["apistrat"]["population"]
DESIGNS = pytest.mark.parametrize("name", ["apistrat", "apiclus1", "apistrat_srs"])


def schools(name):
    return pd.read_csv(waves.REFERENCE / f"{name.removesuffix('_srs')}.csv")


def design(name):
    rows = schools(name)
    population = rows.fpc.to_numpy(float)
    if name == "apistrat":
        return Design(strata=columns_from_frame(rows, ["stype"])["stype"], population=population)
    if name == "apiclus1":
        return Design(clusters=columns_from_frame(rows, ["dnum"])["dnum"], population=population)
    return None


def starting(name):
    rows = schools(name)
    return np.full(len(rows), 30.97) if name == "apistrat_srs" else rows.pw.to_numpy(float)


def calibrated(name, *margins):
    built = tuple(waves.margin(variable, targets) for variable, targets in margins)
    scheme = WeightingScheme("api", "1", built, unknown_limit=None)
    return weigh(columns_from_frame(schools(name), ["stype", "sch.wide"]), scheme, starting(name))


def items(name):
    rows = schools(name)
    return [
        Item("api00", rows.api00.to_numpy(float)),
        Item("enroll", rows.enroll.to_numpy(float)),
        Item("aw", (rows.awards == "Yes").to_numpy()),
    ]


def check(name, weighted, theirs):
    weights = np.array(theirs["weights"])
    assert weighted.weights == pytest.approx(weights / weights.mean(), rel=1e-8)
    for mine in estimate(weighted, items(name), design=design(name)):
        assert mine.value == pytest.approx(theirs["mean"][mine.item], rel=1e-10)
        assert mine.standard_error == pytest.approx(theirs["se"][mine.item], rel=1e-6)
    by = estimate(weighted, items(name)[:1], by="stype", design=design(name))
    assert [each.group for each in by] == theirs["api00_by_stype"]["stype"]
    assert [each.value for each in by] == pytest.approx(theirs["api00_by_stype"]["mean"], rel=1e-10)
    assert [each.standard_error for each in by] == pytest.approx(theirs["api00_by_stype"]["se"], rel=1e-6, abs=1e-9)


@DESIGNS
def test_raking_from_design_weights(name):
    weighted = calibrated(name, *POPULATION.items())
    check(name, weighted, waves.reference("api")[name]["calibrate_raking"])


@DESIGNS
def test_post_stratification(name):
    weighted = calibrated(name, ("stype", POPULATION["stype"]))
    check(name, weighted, waves.reference("api")[name]["poststratify_stype"])


def test_a_stratum_with_one_unit_is_refused():
    rows = schools("apistrat")
    strata = Column("stratum", np.r_[np.zeros(199, int), 1], ("a", "b"))
    weighted = calibrated("apistrat", ("stype", POPULATION["stype"]))
    with pytest.raises(InvalidDesign, match="single sampling unit"):
        estimate(weighted, items("apistrat"), design=Design(strata=strata))
    assert len(rows) == 200


def test_a_sample_larger_than_its_population_is_refused():
    weighted = calibrated("apistrat", ("stype", POPULATION["stype"]))
    with pytest.raises(InvalidDesign, match="more units in the sample"):
        estimate(weighted, items("apistrat"), design=Design(population=np.full(200, 50.0)))


def events(*sizes):
    """Put responses into events, one after the other."""
    return Column("event", np.repeat(np.arange(len(sizes)), sizes), tuple(f"e{i}" for i in range(len(sizes))))


def in_two_towns(event, split):
    """Weigh responses of equal weight; the first `split` are from town A, the others from town B."""
    n = len(event)
    people = {"sex": Column("sex", np.arange(n) % 2, ("F", "M"))}
    weighted = weigh(people, WeightingScheme("test", "1", (waves.margin("sex", {"F": 1, "M": 1}),)))
    town = Column("town", (np.arange(n) >= split).astype(int), ("A", "B"))
    rng = np.random.default_rng(5)
    asked = [Item("yes", rng.random(n) < 0.4), Item("score", rng.normal(size=n))]
    return estimate(weighted, asked, town, Design(clusters=event)), estimate(
        weighted, asked, None, Design(clusters=event)
    )


def test_a_town_inside_one_event_is_not_published_and_the_reason_says_why():
    by_town, _ = in_two_towns(events(200, *[20] * 20), 200)
    for found in by_town[:2]:
        assert not found.publishable
        assert "all its responses are from one cluster" in found.reason
    assert (by_town[0].low, by_town[0].high) == (0, 1)
    assert all(found.publishable and found.note is None for found in by_town[2:])


def test_an_interval_of_a_town_has_the_degrees_of_freedom_of_its_own_events():
    by_town, overall = in_two_towns(events(100, 100, 100, *[20] * 20), 300)
    share, score = by_town[:2]
    worth = share.value * (1 - share.value) / share.standard_error**2 * (student(299) / student(2)) ** 2
    assert (share.low, share.high) == pytest.approx(korn_graubard(share.value, worth))
    assert score.high - score.value == pytest.approx(student(2) * score.standard_error)
    assert "only 3 clusters" in share.note
    assert overall[0].note is None


def test_few_events_are_warned_of():
    _, overall = in_two_towns(events(*[50] * 9), 200)
    assert "only 9 clusters" in overall[0].note


def test_responses_without_an_event_are_clusters_of_their_own():
    weighted = waves.weighted("wave_a")
    nobody = Column("event", np.zeros(weighted.n, int), ())
    independent, apart = (
        estimate(weighted, waves.measures("wave_a"), design=each) for each in (None, Design(clusters=nobody))
    )
    for one, other in zip(independent, apart, strict=True):
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), rel=1e-9)
