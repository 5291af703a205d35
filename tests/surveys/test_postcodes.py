"""Postcodes: whatever way they are typed, they lead to a district, to a question, or to an honest "we do not know"."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.surveys.postcodes import Malformed, Place, Straddles, Unknown, look_up


def test_a_whole_postcode_gives_its_district_and_decile():
    assert look_up("BD1 1AA") == Place("bradford", 1)
    assert look_up("LS1 1UR") == Place("leeds", 3)
    assert look_up("HX1 1UJ").district == "calderdale"
    assert look_up("HD1 2TT").district == "kirklees"
    assert look_up("WF1 2EB").district == "wakefield"


@pytest.mark.parametrize(
    "typed",
    [
        "ls1 1ur",
        "LS11UR",
        " LS1  1UR ",
        "L S 1 1 U R",
        "LS1-1UR",
        "ls1.1ur",
        "LS1 1UR.",
        "ＬＳ１　１ＵＲ",
        "LS۱ ۱UR",
        "LS1\u00a01UR",
        "\u200eLS1 1UR\u200f",
        "ls1\t1ur\n",
    ],
)
def test_the_way_it_is_typed_does_not_matter(typed):
    assert look_up(typed) == Place("leeds", 3)


def test_the_decile_of_the_least_deprived_areas_is_ten():
    assert look_up("LS29 8AH") == Place("bradford", 10)


def test_the_first_half_is_enough_where_it_lies_in_one_district():
    assert look_up("BD1 3") == Place("bradford", None)
    assert look_up("HX1") == Place("calderdale", None)


def test_an_outcode_in_several_districts_is_asked_about():
    assert look_up("BD11") == Straddles(("bradford", "kirklees", "leeds"))


def test_an_outcode_that_reaches_beyond_west_yorkshire_says_so():
    assert look_up("OL14") == Straddles(("calderdale", "outside"))


def test_a_sector_is_told_from_an_outcode_by_its_space():
    assert look_up("BD1 1") == Straddles(("bradford", "leeds"))
    assert look_up("bd11") == Straddles(("bradford", "kirklees", "leeds"))


def test_a_postcode_whose_position_and_directory_disagree_is_asked_about():
    answer = look_up("BD4 6QS")
    assert isinstance(answer, Straddles)
    assert {"bradford", "kirklees"} <= set(answer.districts)


@pytest.mark.parametrize("typed", ["SW1A 1AA", "YO1 7HH", "M1", "EH1 1", "LS1 1ZZ"])
def test_what_the_file_does_not_have_is_unknown_and_never_outside(typed):
    assert look_up(typed) == Unknown()


@pytest.mark.parametrize(
    "typed", ["", " ", "Leeds", "LS", "LS1 1U", "LS1 1CI", "12345", "LS1 1UR LS1 1UR", "=1+1", "\ud800", "ا" * 900]
)
def test_anything_else_is_malformed(typed):
    assert look_up(typed) == Malformed()


MEASURE = """
import resource, sys, time
from app.surveys import postcodes
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
postcodes.look_up("LS1 1UR")
took, grew = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert "pandas" not in sys.modules and "numpy" not in sys.modules
print(took, grew)
"""


def test_the_first_look_up_is_quick_and_small():
    took, grew = map(float, subprocess.check_output([sys.executable, "-c", MEASURE], text=True).split())
    assert took <= 0.150
    assert grew <= 20_000
