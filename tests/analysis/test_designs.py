"""Strata, clusters and finite populations give the errors of R's survey on its own api data."""

import numpy as np
import pandas as pd
import pytest

from app.analysis.columns import Column, columns_from_frame
from app.analysis.design import Design
from app.analysis.errors import InvalidDesign
from app.analysis.estimation import estimate
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


def test_responses_without_an_event_are_clusters_of_their_own():
    weighted = waves.weighted("wave_a")
    nobody = Column("event", np.zeros(weighted.n, int), ())
    independent, apart = (
        estimate(weighted, waves.measures("wave_a"), design=each) for each in (None, Design(clusters=nobody))
    )
    for one, other in zip(independent, apart, strict=True):
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), rel=1e-9)
