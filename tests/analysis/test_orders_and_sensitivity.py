"""The second view of priorities from the order people gave, and what would move if something were done otherwise."""

import numpy as np
import pytest
from scipy.optimize import minimize

from app.analysis.columns import Column
from app.analysis.errors import EmptyBase, InvalidOrder
from app.analysis.items import ticks
from app.analysis.margins import margin
from app.analysis.orders import borda, checked, moved, plackett_luce
from app.analysis.ranking import rank
from app.analysis.scheme import WeightingScheme
from app.analysis.sensitivity import only, otherwise, sensitivity, without
from app.analysis.weighting import weigh
from tests.analysis.waves import columns

ABC = ["a", "b", "c"]


def equal(n):
    return weigh(columns(sex="FM" * (n // 2)), WeightingScheme("test", "1", (margin("sex", {"F": 1, "M": 1}),)))


def orders(n, worth, most, seed=1):
    """Draw orders of the first `most` from a Plackett-Luce model."""
    rng = np.random.default_rng(seed)
    keys = rng.exponential(size=(n, len(worth))) / worth
    places = np.argsort(np.argsort(keys, axis=1), axis=1) + 1
    return np.where(places <= most, places, 0)


def test_borda_points_by_hand():
    places = np.array([[1, 2, 0], [0, 1, 0]] * 10)
    view = borda(equal(20), ABC, places)
    assert {each.item: each.value for each in view.priorities} == pytest.approx({"a": 1.25, "b": 1.5, "c": 0.25})


def test_borda_points_of_everybody_add_up():
    view = borda(equal(200), list("abcdef"), orders(200, np.array([5, 4, 3, 2, 1, 1.0]), 3))
    assert sum(each.value for each in view.priorities) == pytest.approx(6 * 5 / 2)


def test_the_worth_of_two_is_the_share_that_puts_it_first():
    places = np.array([[1, 0]] * 30 + [[0, 1]] * 10)
    view = plackett_luce(equal(40), ["a", "b"], places)
    first = view.priorities[0]
    assert (first.item, first.value) == ("a", pytest.approx(0.75, rel=1e-8))
    assert first.standard_error == pytest.approx(np.sqrt(0.75 * 0.25 / 39), rel=0.02)


def test_worths_maximise_the_likelihood_that_is_written_out():
    worth = np.array([4.0, 2.0, 1.0, 1.0])
    places = orders(60, worth, 2)

    def unlikely(free):
        value = np.exp(np.r_[free, 0.0])
        total = 0.0
        for row in places:
            left = value.sum()
            for place in range(1, row.max() + 1):
                total -= np.log(value[row == place][0] / left)
                left -= value[row == place][0]
        return total

    best = np.exp(np.r_[minimize(unlikely, np.zeros(3), tol=1e-10).x, 0.0])
    view = plackett_luce(equal(60), list("abcd"), places)
    assert {each.item: each.value for each in view.priorities} == pytest.approx(
        dict(zip("abcd", best / best.sum(), strict=True)), abs=1e-5
    )


def test_intervals_of_worths_cover_them():
    worth = np.array([0.4, 0.3, 0.2, 0.1])
    hits = []
    for seed in range(100):
        view = plackett_luce(equal(200), list("abcd"), orders(200, worth, 2, seed), draws=200)
        hits += [each.low <= worth["abcd".index(each.item)] <= each.high for each in view.priorities]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.035)


def test_a_priority_that_nobody_chose_has_no_worth_and_is_named():
    places = np.array([[1, 2, 0], [2, 1, 0]] * 20)
    view = plackett_luce(equal(40), ABC, places)
    assert view.never_chosen == ("c",)
    assert [each.item for each in view.priorities] == ["a", "b"]


def test_orders_without_finite_worths_are_refused():
    with pytest.raises(InvalidOrder, match="always come before"):
        plackett_luce(equal(40), ["a", "b"], np.array([[1, 2]] * 40))


@pytest.mark.parametrize("wrong", [[1, 1, 0], [2, 0, 0], [1, 3, 0], [-1, 1, 0]])
def test_an_order_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidOrder, match="row 2"):
        checked(ABC, np.array([[1, 2, 3], wrong]))


def test_no_order_at_all_is_refused():
    with pytest.raises(EmptyBase):
        borda(equal(5), ABC, np.zeros((5, 3), int))
    with pytest.raises(InvalidOrder, match="one column for each"):
        checked(ABC, np.zeros((5, 2), int))


def test_priorities_that_move_between_the_views_are_marked():
    places = np.array([[1, 2, 0], [0, 1, 2], [1, 2, 0], [1, 0, 2]] * 10 + [[2, 1, 0]] * 2)
    ranking = rank(equal(42), ticks(ABC, places > 0), top=1)
    assert [each.item for each in ranking.priorities] == ["b", "a", "c"] or ranking.priorities[0].rank == 1
    view = borda(equal(42), ABC, places)
    expected = {p.item: p.rank for p in ranking.priorities}
    assert set(moved(ranking, view)) == {p.item for p in view.priorities if expected[p.item] != p.rank}
    assert "c" not in moved(ranking, view)


def test_what_would_change_is_said_in_one_call():
    rng = np.random.default_rng(5)
    answers = columns(sex="FM" * 200, channel="oopp" * 100)
    online = answers["channel"].codes == 0
    likes = rng.random((400, 3)) < np.where(online[:, None], [0.7, 0.4, 0.2], [0.2, 0.4, 0.7])
    scheme = WeightingScheme("plain", "1", (margin("sex", {"F": 1, "M": 1}),))
    other = WeightingScheme("other", "2", (margin("sex", {"F": 3, "M": 1}),))
    campaign = np.zeros(400, bool)
    campaign[:10] = True
    found = sensitivity(
        answers,
        scheme,
        ticks(ABC, likes),
        [
            otherwise(other),
            only(answers["channel"], "p"),
            without("campaign", campaign),
            without("everyone", ~np.zeros(400, bool)),
        ],
        top=1,
    )
    assert [each.name for each in found.variants] == [
        "scheme other 2",
        "only channel p",
        "without campaign",
        "without everyone",
    ]
    paper = found.variants[1]
    assert [each.item for each in paper.ranking.priorities] == ["c", "b", "a"]
    before = {each.item: each.rank for each in found.ranking.priorities}
    after = {each.item: each.rank for each in paper.ranking.priorities}
    assert {(move.item, move.rank, move.other_rank) for move in paper.moves} >= {
        (item, before[item], after[item]) for item in before if before[item] != after[item]
    }
    assert found.variants[3].ranking is None
    assert "there are 0" in found.variants[3].refused


def test_nothing_moves_when_nothing_is_otherwise():
    answers = {"sex": Column("sex", np.array([0, 1] * 50), ("F", "M"))}
    scheme = WeightingScheme("plain", "1", (margin("sex", {"F": 1, "M": 1}),))
    likes = np.random.default_rng(1).random((100, 3)) < [0.2, 0.5, 0.8]
    (same,) = sensitivity(answers, scheme, ticks(ABC, likes), [otherwise(scheme)], top=1).variants
    assert same.moves == ()


@pytest.mark.parametrize(("n", "says"), [(4, "fewer than 10"), (20, "below 30"), (60, None)])
def test_people_who_all_agree_make_no_rank_certain(n, says):
    view = borda(equal(n), ABC, np.array([[1, 2, 3]] * n))
    assert view.note is None if says is None else says in view.note
    assert all((each.rank_low, each.rank_high) == (1, 3) for each in view.priorities)
    with pytest.raises(InvalidOrder):
        plackett_luce(equal(n), ABC, np.array([[1, 2, 3]] * n))
