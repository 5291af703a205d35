"""Districts are compared as R's svychisq does, and pair by pair."""

import numpy as np
import pytest

from app.analysis.columns import columns_from_frame
from app.analysis.domains import compare_domains
from app.analysis.errors import InvalidItem
from app.analysis.estimation import estimate
from app.analysis.items import Item
from tests.analysis import waves

each_wave = pytest.mark.parametrize("wave", waves.WAVES)


def district(wave):
    return columns_from_frame(waves.responses(wave), ["district"])["district"]


@each_wave
def test_rao_scott_f_is_that_of_svychisq(wave):
    mine = compare_domains(waves.weighted(wave), waves.measures(wave)[0], district(wave)).independence
    theirs = waves.reference(wave)["svychisq_district_confident"]
    assert (mine.f, mine.ndf, mine.ddf, mine.p) == pytest.approx(
        [theirs[key] for key in ("F", "ndf", "ddf", "p")], rel=1e-6
    )


def test_pairs_agree_with_the_estimates_of_each_district():
    weighted, item = waves.weighted("wave_a"), waves.measures("wave_a")[1]
    shares = {each.group: each.value for each in estimate(weighted, [item], by="district")}
    pairs = compare_domains(weighted, item, district("wave_a")).pairs
    assert len(pairs) == 15
    for pair in pairs:
        assert pair.difference == pytest.approx(shares[pair.first] - shares[pair.second], rel=1e-9, abs=1e-12)
        assert pair.low < pair.difference < pair.high
        assert pair.p <= pair.p_holm <= 1


def test_what_everybody_answered_alike_cannot_be_compared():
    everyone = Item("all", np.ones(len(waves.responses("wave_a")), bool))
    with pytest.raises(InvalidItem, match="fewer than two groups or answers"):
        compare_domains(waves.weighted("wave_a"), everyone, district("wave_a"))
