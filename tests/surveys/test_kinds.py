"""Each kind of question: what it accepts and refuses, reads from a form, fills columns with, and says again."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.surveys.definition import Question, check_question
from app.surveys.kinds import KINDS
from tests.support.questionnaires import questionnaire

STREET, TOGETHER, SHUFFLED = questionnaire("your-street"), questionnaire("together"), questionnaire("shuffled")
WORDS = {"dont_know": "Don’t know", "prefer_not_to_say": "Prefer not to say", "none": "None of these"}
BEFORE = {"worries": ["dark", "cars"], "band": "a"}


def asked(key: str) -> Question:
    found = [question for survey in (STREET, TOGETHER, SHUFFLED) if (question := survey.question(key))]
    return found[0]


ACCEPTED = {
    "one option": ("age", "over_16", "over_16"),
    "prefer not to say": ("age", "prefer_not_to_say", "prefer_not_to_say"),
    "don't know on a scale": ("safe", "dont_know", "dont_know"),
    "several in the definition's order": ("worries", ["cars", "dark"], ["dark", "cars"]),
    "several, one of them twice": ("worries", ["cars", "cars"], ["cars"]),
    "none of these": ("worries", ["none"], ["none"]),
    "none of these where two are needed": ("fruit", ["none"], ["none"]),
    "a point for each row": ("lamps", {"side": "badly", "main": "dont_know"}, {"main": "dont_know", "side": "badly"}),
    "an order as a list": ("first", ["cars", "dark"], ["cars", "dark"]),
    "an order as places": ("first", {"dark": "2", "cars": "1"}, ["cars", "dark"]),
    "an order as Urdu places": ("first", {"dark": "۲", "cars": "۱"}, ["cars", "dark"]),
    "an order that is not said": ("meals", "prefer_not_to_say", "prefer_not_to_say"),
    "a number": ("evenings", "12", 12),
    "a number as a number": ("evenings", 12, 12),
    "a number with spaces": ("evenings", " 12 ", 12),
    "a number in Arabic digits": ("evenings", "١٢", 12),
    "a number in Urdu digits": ("evenings", "۱۲", 12),
    "a number in Bengali digits": ("evenings", "১২", 12),
    "a number in Gurmukhi digits": ("evenings", "੧੨", 12),
    "a number in thousands": ("debts", "-1,234,567", -1234567),
    "a number that is not known": ("evenings", "dont_know", "dont_know"),
    "the least number": ("evenings", "0", 0),
    "the largest number": ("evenings", "100", 100),
    "an amount": ("more", "five", "five"),
    "a district": ("district", "leeds", "leeds"),
    "own words": ("words", "  Mend\r\nthe lamps. ", "Mend\nthe lamps."),
    "own words in Urdu": ("words", "بتیاں ٹھیک کریں", "بتیاں ٹھیک کریں"),
    "own words with marks of direction": ("words", "a\u200fb\u2066c\u2069", "a\u200fb\u2066c\u2069"),
    "own words outside the basic plane": ("words", "👩‍👩‍👧 𐎀", "👩‍👩‍👧 𐎀"),
    "a formula stays what it is": ("words", "=1+1", "=1+1"),
    "HTML stays what it is": ("words", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    "as long as it may be": ("words", "ا" * 500, "ا" * 500),
    "a name that is not said": ("first_name", "prefer_not_to_say", "prefer_not_to_say"),
}

REFUSED = {
    "an unknown option": ("age", "old", "unknown_option", ""),
    "an option of another question": ("age", "leeds", "unknown_option", ""),
    "an off-scale answer that is not offered": ("age", "dont_know", "unknown_option", ""),
    "two options where one is asked": ("age", ["over_16", "under_16"], "one_only", ""),
    "a group where one is asked": ("age", {"a": 1}, "one_only", ""),
    "a number where an option is asked": ("age", 1, "one_only", ""),
    "an option with a zero byte": ("age", "over_16\x00", "unknown_option", ""),
    "one too many": ("worries", ["dark", "cars", "other"], "at_most", ""),
    "one too few": ("fruit", ["apple"], "at_least", ""),
    "none of these and one more": ("worries", ["none", "dark"], "exclusive", ""),
    "nothing of several": ("worries", [], "choose_some", ""),
    "a word where several are asked": ("worries", "dark", "choose_some", ""),
    "a group of scales with a row missing": ("lamps", {"main": "well"}, "choose_each", "side"),
    "a group of scales with an unknown row": ("lamps", {"roof": "well"}, "unknown_option", ""),
    "a group of scales with an unknown point": ("lamps", {"main": "well", "side": "red"}, "unknown_option", "side"),
    "an order with a gap": ("first", {"dark": "1"}, "order_all", "cars"),
    "an order with two in one place": ("first", {"dark": "1", "cars": "1"}, "order_twice", "cars"),
    "an order with a third place of two": ("first", {"dark": "1", "cars": "3"}, "unknown_option", "cars"),
    "an order with a place in words": ("first", {"dark": "top", "cars": "2"}, "not_a_number", "dark"),
    "an order of what was not chosen": ("first", ["dark", "other"], "unknown_option", ""),
    "an order that names one twice": ("first", ["dark", "dark"], "order_all", ""),
    "half an order": ("first", ["dark"], "order_all", ""),
    "a number in words": ("evenings", "twelve", "not_a_number", ""),
    "half a number": ("evenings", "1.5", "not_a_number", ""),
    "a number with an exponent": ("evenings", "1e2", "not_a_number", ""),
    "a number as a programmer writes it": ("evenings", "1_0", "not_a_number", ""),
    "a number below": ("evenings", "-1", "out_of_range", ""),
    "a number above": ("evenings", "101", "out_of_range", ""),
    "a number beyond anything": ("evenings", "9" * 5000, "not_a_number", ""),
    "yes as a number": ("evenings", True, "one_only", ""),
    "no number at all": ("evenings", float("nan"), "one_only", ""),
    "a text too long": ("words", "x" * 501, "too_long", ""),
    "a text with a zero byte": ("words", "a\x00b", "control_character", ""),
    "a text with an escape": ("words", "a\x1b[31mb", "control_character", ""),
    "a text with half a character": ("words", "a\ud800b", "control_character", ""),
    "two texts": ("words", ["a", "b"], "one_only", ""),
    "a required text of spaces": ("first_name", " \n ", "enter_text", ""),
}


@pytest.mark.parametrize(("key", "answer", "stored"), ACCEPTED.values(), ids=ACCEPTED)
def test_it_is_accepted(key: str, answer: Any, stored: Any) -> None:
    assert check_question(asked(key), {key: answer}, BEFORE) == ({key: stored}, [])


@pytest.mark.parametrize(("key", "answer", "code", "part"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(key: str, answer: Any, code: str, part: str) -> None:
    clean, (problem,) = check_question(asked(key), {key: answer}, BEFORE)
    assert clean == {}
    assert (problem.question, problem.code, problem.part) == (key, code, part)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"colour": "other", "colour_text": " teal "}, {"colour": "other", "colour_text": "teal"}),
        ({"colour": "other"}, {"colour": "other"}),
        ({"colour": "other", "colour_text": "  "}, {"colour": "other"}),
        ({"colour": "red", "colour_text": "teal"}, {"colour": "red"}),
    ],
    ids=["written", "not written", "spaces", "written under another choice"],
)
def test_what_is_written_in_is_kept_with_its_option_only(given: dict[str, str], stored: dict[str, str]) -> None:
    assert check_question(asked("colour"), given, {}) == (stored, [])


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 201, "too_long"), ("a\x00", "control_character"), (["a"], "one_only")]
)
def test_a_write_in_is_refused_beside_its_line(text: Any, code: str) -> None:
    _, (problem,) = check_question(asked("colour"), {"colour": "other", "colour_text": text}, {})
    assert (problem.code, problem.part) == (code, "text")


def test_a_write_in_without_a_choice_is_refused() -> None:
    question = asked("colour")
    _, problems = check_question(question, {"colour_text": "teal"}, {})
    assert [problem.code for problem in problems] == ["choose_one"]


@pytest.mark.parametrize(("decile", "kept"), [(1, True), ("10", True), (0, False), (11, False), ("many", False)])
def test_a_decile_is_kept_beside_the_district_from_one_to_ten(decile: Any, kept: bool) -> None:
    clean, problems = check_question(asked("district"), {"district": "leeds", "district_decile": decile}, {})
    assert (clean.get("district_decile") == int(decile)) if kept else (problems and not clean)


READ = {
    "one option": ("age", [("age", "over_16")], {"age": "over_16"}),
    "nothing": ("age", [], {}),
    "an empty field": ("age", [("age", " ")], {}),
    "a doubled field": ("age", [("age", "over_16"), ("age", "under_16")], {"age": ["over_16", "under_16"]}),
    "several": ("worries", [("worries", "dark"), ("worries", "cars")], {"worries": ["dark", "cars"]}),
    "a write-in": (
        "colour",
        [("colour", "other"), ("colour_text", "teal")],
        {"colour": "other", "colour_text": "teal"},
    ),
    "rows": ("lamps", [("lamps.main", "well"), ("lamps.roof", "x")], {"lamps": {"main": "well"}}),
    "places": ("first", [("first.dark", "1"), ("first.cars", "")], {"first": {"dark": "1"}}),
    "untouched places": ("first", [("first.dark", ""), ("first.cars", "")], {}),
    "no places, but a tick": ("meals", [("meals.apart", "prefer_not_to_say")], {"meals": "prefer_not_to_say"}),
    "a number": ("evenings", [("evenings", "7")], {"evenings": "7"}),
    "no number, but a tick": (
        "evenings",
        [("evenings", ""), ("evenings.apart", "dont_know")],
        {"evenings": "dont_know"},
    ),
    "no name, but a tick": (
        "first_name",
        [("first_name.apart", "prefer_not_to_say")],
        {"first_name": "prefer_not_to_say"},
    ),
    "a district": ("district", [("district", "leeds"), ("district_decile", "1")], {"district": "leeds"}),
}


@pytest.mark.parametrize(("key", "fields", "answers"), READ.values(), ids=READ)
def test_it_is_read_from_a_form(key: str, fields: list[tuple[str, str]], answers: dict[str, Any]) -> None:
    question = asked(key)
    assert question.behaviour.read(question, MultiDict(fields)) == answers


COLUMNS = {
    "one option": ("safe", {"safe": "very"}, {"safe": "very"}),
    "a write-in": ("colour", {"colour": "other", "colour_text": "teal"}, {"colour": "other", "colour_text": "teal"}),
    "several": (
        "worries",
        {"worries": ["dark"]},
        {"worries_dark": 1, "worries_cars": 0, "worries_other": 0, "worries_none": 0},
    ),
    "rows": ("lamps", {"lamps": {"main": "well"}}, {"lamps_main": "well"}),
    "places": ("first", {"first": ["cars", "dark"]}, {"first_cars": 1, "first_dark": 2}),
    "no places": ("first", {}, {}),
    "places that are not said": (
        "meals",
        {"meals": "prefer_not_to_say"},
        dict.fromkeys(("meals_breakfast", "meals_lunch", "meals_supper"), "prefer_not_to_say"),
    ),
    "a number": ("evenings", {"evenings": 3}, {"evenings": 3}),
    "a district": (
        "district",
        {"district": "leeds", "district_decile": 4},
        {"district": "leeds", "district_decile": 4},
    ),
}


@pytest.mark.parametrize(("key", "answers", "cells"), COLUMNS.values(), ids=COLUMNS)
def test_it_is_spread_over_columns(key: str, answers: dict[str, Any], cells: dict[str, Any]) -> None:
    question = asked(key)
    assert question.behaviour.cells(question, answers) == cells
    assert set(cells) <= set(question.behaviour.columns(question))


SAID = {
    "one option": ("safe", {"safe": "very"}, ["Very safe"]),
    "don't know": ("safe", {"safe": "dont_know"}, ["Don’t know"]),
    "several with a write-in": (
        "worries",
        {"worries": ["dark", "other"], "worries_text": "Wind"},
        ["The dark", "Something else", "Wind"],
    ),
    "none of these": ("worries", {"worries": ["none"]}, ["None of these"]),
    "rows": (
        "lamps",
        {"lamps": {"side": "badly", "main": "dont_know"}},
        ["The main road: Don’t know", "The side streets: Badly"],
    ),
    "an order": ("first", {"first": ["cars", "dark"]}, ["1. Fast cars", "2. The dark"]),
    "an order that is not said": ("meals", {"meals": "prefer_not_to_say"}, ["Prefer not to say"]),
    "an amount in one's own band": ("more", {"more": "five", "band": "a"}, ["Yes, £3.33 a year, or £0.06 a week"]),
    "an amount in band H": ("more", {"more": "five", "band": "h"}, ["Yes, £10.00 a year, or £0.19 a week"]),
    "an amount where the band is not known": (
        "more",
        {"more": "five", "band": "dont_know"},
        ["Yes, £5.00 a year, or £0.10 a week"],
    ),
    "a name that is not said": ("first_name", {"first_name": "prefer_not_to_say"}, ["Prefer not to say"]),
    "nothing": ("words", {}, []),
}


@pytest.mark.parametrize(("key", "answers", "said"), SAID.values(), ids=SAID)
def test_it_is_repeated_in_words(key: str, answers: dict[str, Any], said: list[str]) -> None:
    question = asked(key)
    assert question.behaviour.said(question, answers, WORDS) == said


def test_every_kind_is_tried_here() -> None:
    tried = {asked(key).kind for key, *_ in (*ACCEPTED.values(), *REFUSED.values())}
    assert tried == set(KINDS)
