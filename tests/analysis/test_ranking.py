"""Ranks with the ranks they could hold: by hand, at the edges, and by simulated coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.columns import Column
from app.analysis.errors import EmptyBase, InvalidItem
from app.analysis.items import Item, ticks
from app.analysis.margins import margin
from app.analysis.ranking import among, rank, rank_by, tiers
from app.analysis.scheme import WeightingScheme
from app.analysis.stepdown import rank_sets
from app.analysis.weighting import weigh
from tests.analysis import waves
from tests.analysis.waves import columns


def equal(n):
    return weigh(columns(sex="FM" * (n // 2)), WeightingScheme("test", "1", (margin("sex", {"F": 1, "M": 1}),)))


def chosen(n, *shares, seed=1):
    return np.random.default_rng(seed).random((n, len(shares))) < shares


def test_clearly_different_shares_hold_one_rank_each():
    names = ["low", "high", "middle"]
    ranking = rank(equal(2000), ticks(names, chosen(2000, 0.2, 0.8, 0.5)), top=1)
    assert [(p.item, p.rank, p.rank_low, p.rank_high, p.tier, p.top) for p in ranking.priorities] == [
        ("high", 1, 1, 1, 1, "yes"),
        ("middle", 2, 2, 2, 2, "no"),
        ("low", 3, 3, 3, 3, "no"),
    ]


def test_equal_shares_share_a_rank_and_a_tier_and_cannot_be_told_apart():
    answers = np.array([[1, 0], [0, 1]] * 50)
    ranking = rank(equal(100), ticks(["a", "b"], answers), top=1)
    assert [(p.rank, p.rank_low, p.rank_high, p.tier, p.top) for p in ranking.priorities] == [
        (1, 1, 2, 1, "cannot say")
    ] * 2


def test_priorities_that_nobody_chose_are_last_together():
    answers = np.c_[chosen(400, 0.5, 0.3), np.zeros((400, 2), bool)]
    ranking = rank(equal(400), ticks(["a", "b", "c", "d"], answers), top=2)
    assert [(p.item, p.rank, p.rank_low, p.rank_high) for p in ranking.priorities[2:]] == [
        ("c", 3, 3, 4),
        ("d", 3, 3, 4),
    ]
    assert [p.top for p in ranking.priorities] == ["yes", "yes", "no", "no"]


def test_what_everybody_and_nobody_chose_are_not_separated_for_want_of_sampling_error():
    answers = np.c_[np.ones(400, bool), chosen(400, 0.5), np.zeros((400, 1), bool)]
    ranking = rank(equal(400), ticks(["all", "half", "none"], answers), top=1)
    ranks = {p.item: (p.rank, p.rank_low, p.rank_high, p.top) for p in ranking.priorities}
    assert ranks["half"] == (2, 2, 2, "no")
    only = rank(equal(400), ticks(["all", "none"], answers[:, [0, 2]]), top=1)
    assert [(p.item, p.rank_low, p.rank_high, p.top) for p in only.priorities] == [
        ("all", 1, 2, "cannot say"),
        ("none", 1, 2, "cannot say"),
    ]


def test_what_a_margin_fixes_is_separated_for_certain():
    women = np.array([True, True, True, False] * 100)
    scheme = WeightingScheme("test", "1", (margin("sex", {"F": 51, "M": 49}),))
    weighted = weigh({"sex": Column("sex", (~women).astype(int), ("F", "M"))}, scheme)
    ranking = rank(weighted, ticks(["women", "men"], np.c_[women, ~women]), top=1)
    assert [(p.item, p.rank_low, p.rank_high, p.top) for p in ranking.priorities] == [
        ("women", 1, 1, "yes"),
        ("men", 2, 2, "no"),
    ]


@pytest.mark.parametrize(("n", "why"), [(2, "fewer than 10"), (28, "effective n 28.0")])
def test_a_base_too_small_to_publish_makes_nothing_certain_and_says_so(n, why):
    answers = np.tile([[True, True, False], [True, False, False]], (n // 2, 1))
    ranking = rank(equal(n), ticks(["a", "b", "c"], answers), top=1)
    assert {p.top for p in ranking.priorities} == {"cannot say"}
    assert all("too few answers" in p.share.note and why in p.share.note for p in ranking.priorities)
    assert ranking.priorities[0].rank_high == 3


def test_the_overlap_of_ticks_counts():
    together = rank_sets(np.array([0.55, 0.5]), np.array([[1.0, 0.99], [0.99, 1.0]]) * 4e-4)
    apart = rank_sets(np.array([0.55, 0.5]), np.array([[1.0, -0.99], [-0.99, 1.0]]) * 4e-4)
    assert together.marginal.high[0] == 1
    assert apart.marginal.high[0] == 2


def test_a_tier_starts_where_everyone_above_is_separated_from_everyone_below():
    above = np.zeros((4, 4), bool)
    above[0, 2:] = above[1, 2:] = True
    assert tiers(above, np.arange(4)).tolist() == [1, 1, 2, 2]
    above[1, 2] = False
    assert tiers(above, np.arange(4)).tolist() == [1, 1, 1, 1]


def test_top_k_is_said_only_where_the_ranks_say_it():
    assert [among(1, 5, 5), among(6, 9, 5), among(4, 6, 5)] == ["yes", "no", "cannot say"]


def test_districts_are_ranked_on_their_own():
    found = rank_by(waves.weighted("wave_a"), waves.priorities("wave_a"), "district")
    assert [each.group for each in found] == [
        "Bradford",
        "Calderdale",
        "Kirklees",
        "Leeds",
        "Wakefield",
        "Prefer not to say",
    ]
    overall = rank(waves.weighted("wave_a"), waves.priorities("wave_a"))
    width = [sum(p.rank_high - p.rank_low for p in each.priorities) for each in (overall, found[1])]
    assert width[0] < width[1]


def test_a_group_that_left_an_item_out_is_refused_by_name_and_not_dropped():
    women = np.array([True, False] * 20)
    items = [Item("a", chosen(40, 0.5)[:, 0]), Item("b", chosen(40, 0.5)[:, 0], women)]
    assert len(rank(equal(40), items, top=1).priorities) == 2
    with pytest.raises(EmptyBase, match="Item b in M: nobody in this group answered it"):
        rank_by(equal(40), items, "sex", top=1)


def test_one_seed_gives_one_ranking():
    items = waves.priorities("wave_b")
    assert rank(waves.weighted("wave_b"), items, seed=7) == rank(waves.weighted("wave_b"), items, seed=7)


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(InvalidItem, match="at least two"):
        rank(equal(40), [Item("a", np.ones(40))])
    with pytest.raises(InvalidItem, match="yes / no"):
        rank(equal(40), [Item("a", np.arange(40)), Item("b", np.ones(40))])
    with pytest.raises(InvalidItem, match="Top"):
        rank(equal(40), ticks(["a", "b"], chosen(40, 0.5, 0.5)), top=3)
    with pytest.raises(EmptyBase, match="Item b"):
        rank(equal(40), [Item("a", np.ones(40)), Item("b", np.ones(40), np.zeros(40, bool))], top=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(0, 1000))
def test_sets_contain_the_estimated_rank_and_marginal_ones_are_no_wider(share, seed):
    values = np.array(share)
    noise = np.random.default_rng(seed).standard_normal((len(share), 50)) * 0.05
    sets = rank_sets(values, np.cov(noise), draws=500)
    best = 1 + (values[None, :] > values[:, None] + 1e-9).sum(axis=1)
    worst = len(share) - (values[None, :] < values[:, None] - 1e-9).sum(axis=1)
    for each in (sets.marginal, sets.simultaneous):
        assert (each.low <= worst).all()
        assert (each.high >= best).all()
        assert (each.low >= 1).all()
        assert (each.low <= each.high).all()
        assert (each.high <= len(share)).all()


def test_sets_cover_the_true_ranks_of_self_selected_samples():
    rng = np.random.default_rng(3)
    truth = np.array([0.5, 0.45, 0.45, 0.3, 0.2, 0.1])
    low_rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    high_rank = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    missed_one = missed_any = 0
    for _ in range(80):
        older = rng.random(500) < 0.7
        answers = rng.random((500, 6)) < np.where(older[:, None], truth + 0.04, truth - 0.04)
        age = {"age": Column("age", older.astype(int), ("younger", "older"))}
        weighted = weigh(age, WeightingScheme("test", "1", (margin("age", {"younger": 1, "older": 1}),)))
        ranking = rank(weighted, ticks(list("abcdef"), answers), draws=1000)
        for each in ranking.priorities:
            i = "abcdef".index(each.item)
            missed_one += not (each.rank_low <= low_rank[i] and high_rank[i] <= each.rank_high)
        missed_any += any(
            not (
                p.simultaneous_low <= low_rank["abcdef".index(p.item)]
                and high_rank["abcdef".index(p.item)] <= p.simultaneous_high
            )
            for p in ranking.priorities
        )
    assert missed_one <= 0.05 * 80 * 6
    assert missed_any <= 0.1 * 80
