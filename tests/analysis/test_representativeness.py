"""How like the population those who answered are: by hand, against chi-squared, as invariants and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from app.analysis.errors import EmptyBase, UnequalLengths, ZeroTarget
from app.analysis.representativeness import likeness

POPULATION = np.array([421577.0, 166640.0, 346276.0, 658471.0, 287533.0])


def test_two_groups_by_hand() -> None:
    # 300 and 100 of two equal halves: a quarter would have to change; chi-squared is 2 x 100^2 / 200, less 1 of chance.
    found = likeness(np.array([300.0, 100.0]), np.array([7.0, 7.0]))
    assert found.dissimilarity == pytest.approx(0.25)
    assert found.variation == pytest.approx(np.sqrt((100 - 1) / 400))


def test_variation_is_chi_squared_of_another_library_less_chance() -> None:
    counts = np.array([120.0, 95.0, 110.0, 200.0, 75.0])
    expected = counts.sum() * POPULATION / POPULATION.sum()
    found = likeness(counts, POPULATION)
    assert found.variation**2 * counts.sum() == pytest.approx(chisquare(counts, expected).statistic - 4)


def test_a_perfect_sample_is_like_the_population_whatever_its_size_or_order() -> None:
    assert likeness(POPULATION / 1000, POPULATION).dissimilarity == pytest.approx(0)
    counts = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    turned = likeness(counts[::-1], POPULATION[::-1])
    assert turned.dissimilarity == pytest.approx(likeness(counts, POPULATION).dissimilarity)
    assert 0 <= turned.dissimilarity <= 1


def test_random_samples_show_no_variation_on_average() -> None:
    rng, target = np.random.default_rng(1), POPULATION / POPULATION.sum()
    drawn = [likeness(rng.multinomial(600, target).astype(float), POPULATION) for _ in range(1000)]
    assert np.mean([each.variation == 0 for each in drawn]) > 0.5, "chance alone gives nothing more often than not"
    assert np.mean([each.variation for each in drawn]) < 0.03
    assert np.mean([each.dissimilarity for each in drawn]) < 0.05


def test_what_cannot_be_compared_is_refused_by_name() -> None:
    with pytest.raises(EmptyBase):
        likeness(np.zeros(2), np.ones(2))
    with pytest.raises(ZeroTarget):
        likeness(np.ones(2), np.array([1.0, 0.0]))
    with pytest.raises(UnequalLengths):
        likeness(np.ones(3), np.ones(2))
