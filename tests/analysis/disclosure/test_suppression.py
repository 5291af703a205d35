"""Small counts stay hidden: by hand, whatever the tables are, and against an intruder who solves for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.disclosure.rounding import rounded, told
from app.analysis.disclosure.suppression import PROTECTION, audit, protect
from app.analysis.disclosure.tables import CannotProtect, Cell, Sum, Tables, TablesDisagree
from tests.analysis.disclosure.intruder import attacked
from tests.analysis.disclosure.sets import drawn

PLACES = ("bradford", "calderdale", "leeds")


def ticked(chosen: tuple[int, ...], asked: tuple[int, ...]) -> Tables:
    """Lay out who ticked one thing, by district and in all."""
    cells = {f"n/{place}": Cell(n, cost=100) for place, n in zip(PLACES, asked, strict=False)}
    cells |= {f"yes/{place}": Cell(n, f"n/{place}") for place, n in zip(PLACES, chosen, strict=False)}
    cells |= {"n/all": Cell(sum(asked), cost=100), "yes/all": Cell(sum(chosen), "n/all", cost=10)}
    parts = PLACES[: len(chosen)]
    sums = tuple(Sum(f"{kind}/all", tuple(f"{kind}/{place}" for place in parts)) for kind in ("n", "yes"))
    return Tables(cells, sums)


def test_nothing_is_hidden_where_everything_is_large() -> None:
    found = protect(ticked((40, 30, 50), (90, 80, 120)))
    assert found.hidden == {} and found.proofs == () and found.holds


def test_a_count_below_ten_is_hidden_and_one_of_ten_is_not() -> None:
    assert "yes/calderdale" in ticked((40, 9, 50), (90, 80, 120)).small
    assert ticked((40, 10, 50), (90, 80, 120)).small == {}


def test_a_count_of_nobody_is_hidden_too() -> None:
    assert "yes/calderdale" in ticked((40, 0, 50), (90, 80, 120)).small


def test_nearly_everybody_tells_what_the_others_did_not_say() -> None:
    small = ticked((40, 75, 50), (90, 80, 120)).small
    assert small == {"yes/calderdale": "fewer than 10 people did not give this answer"}


def test_a_base_below_ten_hides_all_that_is_counted_in_it() -> None:
    found = protect(ticked((40, 3, 50), (90, 7, 120)))
    assert {"n/calderdale", "yes/calderdale"} <= found.hidden.keys()


def test_one_hidden_district_takes_a_second_with_it_since_the_total_would_tell() -> None:
    tables = ticked((40, 4, 50), (90, 80, 120))
    (alone,) = audit(tables, {"yes/calderdale"})
    assert (alone.low, alone.high, alone.protected) == (4, 4, False)
    found = protect(tables)
    assert set(found.hidden) == {"yes/calderdale", "yes/bradford"}
    assert [(each.name, each.low, each.high) for each in found.proofs] == [("yes/calderdale", 0, 9)]


def test_a_second_small_count_that_leaves_too_little_room_is_not_enough() -> None:
    tables = ticked((40, 1, 10), (90, 80, 120))
    (proof,) = audit(tables, {"yes/calderdale", "yes/leeds"})
    assert (proof.low, proof.high) == (0, 1)
    assert set(protect(tables).hidden) == {"yes/calderdale", "yes/bradford"}


def test_an_answer_is_not_told_by_the_others_of_its_question() -> None:
    cells = {"n": Cell(100, cost=100)} | {name: Cell(n, "n") for name, n in {"good": 60, "fair": 36, "poor": 4}.items()}
    found = protect(Tables(cells, (Sum("n", ("good", "fair", "poor")),)))
    assert set(found.hidden) == {"poor", "fair"} and found.holds


def test_a_share_of_two_answers_together_does_not_tell_one_of_them() -> None:
    cells = {"n": Cell(100, cost=100), "top": Cell(64, "n", cost=10)}
    cells |= {name: Cell(n, "n") for name, n in {"very": 4, "fairly": 60, "not": 36}.items()}
    tables = Tables(cells, (Sum("n", ("very", "fairly", "not")), Sum("top", ("very", "fairly"))))
    found = protect(tables)
    assert found.holds and "top" not in found.hidden


def test_a_base_is_hidden_where_all_of_its_answers_together_would_tell() -> None:
    cells = {"n": Cell(21, cost=100)} | {name: Cell(n, "n") for name, n in {"good": 10, "fair": 10, "poor": 1}.items()}
    tables = Tables(cells, (Sum("n", ("good", "fair", "poor")),))
    (proof,) = audit(tables, {"good", "fair", "poor"})
    assert (proof.low, proof.high) == (0, 1), "the other two are known to be 10 at least"
    assert set(protect(tables).hidden) == {"n", "good", "fair", "poor"}


def test_people_who_did_not_say_their_district_protect_nobody() -> None:
    tables = ticked((40, 4, 50), (90, 80, 120))
    cells = dict(tables.cells) | {"n/unsaid": Cell(40, unsaid=True), "yes/unsaid": Cell(20, "n/unsaid", unsaid=True)}
    cells |= {"n/all": Cell(330, cost=100), "yes/all": Cell(114, "n/all", cost=10)}
    sums = tuple(Sum(each.total, (*each.parts, each.total.replace("all", "unsaid"))) for each in tables.sums)
    found = protect(Tables(cells, sums))
    assert set(found.hidden) == {"yes/calderdale", "yes/bradford"}


def test_what_is_out_already_cannot_be_hidden_and_is_named() -> None:
    with pytest.raises(CannotProtect, match="yes/calderdale: fewer than 10"):
        protect(ticked((40, 4, 50), (90, 80, 120)), out={"yes/calderdale"})
    with pytest.raises(CannotProtect, match="yes/calderdale: known to within"):
        protect(ticked((40, 4, 50), (90, 80, 120)), out={"yes/bradford", "yes/leeds", "yes/all", "n/all"})


def test_a_secret_that_is_not_small_is_kept_as_well() -> None:
    tables = ticked((40, 30, 50), (90, 80, 120))
    found = protect(tables, secret={"yes/leeds": "it moved by 1 person"})
    assert found.hidden["yes/leeds"] == "it moved by 1 person" and found.holds
    assert [proof.name for proof in found.proofs] == ["yes/leeds"]


@pytest.mark.parametrize(
    ("cells", "sums", "message"),
    [
        ({"n": Cell(5, "all")}, (), "none is 'all'"),
        ({"n": Cell(5), "yes": Cell(6, "n")}, (), "yes: 6 of 5"),
        ({"all": Cell(5), "a": Cell(2), "b": Cell(2)}, (Sum("all", ("a", "b")),), "all: 5, its parts 4"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(
    cells: dict[str, Cell], sums: tuple[Sum, ...], message: str
) -> None:
    with pytest.raises(TablesDisagree, match=message):
        Tables(cells, sums)


@given(st.integers(0, 10_000_000))
def test_a_rounded_count_is_a_multiple_of_five_within_two(n: int) -> None:
    assert rounded(n) % 5 == 0 and abs(rounded(n) - n) <= 2


@pytest.mark.parametrize(("n", "words"), [(0, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (1234, "1,234")])
def test_the_office_is_told_no_small_count(n: int, words: str) -> None:
    assert told(n) == words


def test_what_is_hidden_for_being_small_is_known_to_be_below_ten() -> None:
    cells = {"n": Cell(17, cost=100), "yes": Cell(8, "n")}
    (proof,) = audit(Tables(cells), {"yes"})
    assert (proof.low, proof.high) == (0, 9), "though fewer than ten did not say yes, either"


def test_a_range_is_one_of_whole_people_where_halves_would_make_it_wider() -> None:
    cells = {name: Cell(n) for side in "lr" for name, n in _triangle(side).items()} | {"both": Cell(24)}
    pairs = [Sum(f"{side}{a}{b}", (f"{side}{a}", f"{side}{b}")) for side in "lr" for a, b in ("ab", "bc", "ac")]
    sums = [*pairs, *(Sum(f"{side}abc", tuple(f"{side}{each}" for each in "abc")) for side in "lr")]
    tables = Tables(cells, (*sums, Sum("both", ("labc", "rabc"))))
    proofs = {each.name: each for each in audit(tables, cells, secret={"both", "labc", "rabc"})}
    assert proofs["both"].high == 26, "13 of each side: no two of its three may be 10 together; halves allow 13.5"


def _triangle(side: str) -> dict[str, int]:
    alone = {f"{side}{each}": 4 for each in "abc"}
    return alone | {f"{side}{pair}": 8 for pair in ("ab", "bc", "ac")} | {f"{side}abc": 12}


# In 454 and 603 a cell of fewer than 20 is parted into two that are small both.
@pytest.mark.parametrize("seed", [*range(10), 454, 603])
def test_an_intruder_who_solves_for_a_small_count_is_left_five_people_wide(seed: int) -> None:
    tables = drawn(seed)
    found = protect(tables)
    assert found.holds and tables.small.keys() <= found.hidden.keys()
    for name in list(tables.small)[:6]:
        low, high = attacked(tables, found.hidden, name)
        assert low <= tables.cells[name].n <= high and high - low >= PROTECTION
