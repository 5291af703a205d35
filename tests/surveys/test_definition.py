"""One gate judges every response: what it accepts is stored, what it refuses is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.definition import Definition, check
from app.surveys.document import from_document, mapped, texts
from app.surveys.source import load
from tests.support.questionnaires import SURVEYS, questionnaire

STREET = questionnaire("your-street")
COMPLETE: dict[str, Any] = {
    "district": "leeds",
    "age": "over_16",
    "safe": "fairly",
    "evenings": 3,
    "worries": ["dark", "cars"],
    "first": ["cars", "dark"],
    "lamps": {"main": "well", "side": "badly"},
    "band": "c",
    "more": "five",
    "words": "Mend the lamps.",
}


def problems(definition: Definition, answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.question, problem.code) for problem in check(definition, answers).problems]


def without(*keys: str, **changes: Any) -> dict[str, Any]:
    return {key: answer for key, answer in {**COMPLETE, **changes}.items() if key not in keys}


def test_a_complete_response_is_accepted_as_it_is() -> None:
    verdict = check(STREET, COMPLETE)
    assert verdict.accepted
    assert verdict.answers == COMPLETE


def test_what_is_required_and_missing_is_named_in_the_order_of_asking() -> None:
    assert problems(STREET, {}) == [
        ("district", "choose_area"),
        ("age", "choose_one"),
        ("safe", "choose_one"),
        ("evenings", "enter_number"),
        ("worries", "choose_some"),
        ("band", "choose_one"),
        ("more", "choose_one"),
    ]


def test_own_words_and_an_order_may_be_left() -> None:
    assert check(STREET, without("words", "first")).accepted


def test_a_question_is_asked_only_when_its_condition_holds() -> None:
    assert problems(STREET, without("lamps")) == [("lamps", "choose_each")]
    assert check(STREET, without("lamps", "first", worries=["cars"])).accepted


def test_an_answer_off_the_route_is_refused_not_dropped() -> None:
    assert problems(STREET, without("first", worries=["cars"])) == [("lamps", "off_route")]


def test_an_answer_to_a_question_that_is_not_there_is_refused() -> None:
    assert problems(STREET, {**COMPLETE, "weight": 7}) == [("weight", "off_route")]


def test_one_chosen_thing_is_not_put_in_order() -> None:
    assert problems(STREET, without("lamps", worries=["cars"], first=["cars"])) == [("first", "off_route")]


def test_a_condition_on_a_question_that_was_not_asked_does_not_hold() -> None:
    street = questionnaire("routes")
    told = {"walks": "no", "where": "park", "dogs": "yes"}
    assert problems(street, told) == [("where", "off_route"), ("dogs", "off_route")]
    assert street.on_route(told) == {"walks": "no"}


def test_a_condition_may_depend_on_a_row_of_a_group_and_on_dont_know() -> None:
    street = questionnaire("routes")
    asked = {question.key for question in street.asked_of({"walks": "dont_know"})}
    assert "why_unsure" in asked
    asked = {q.key for q in street.asked_of({"walks": "no", "times": {"day": "never", "night": "often"}})}
    assert "why_never" in asked


def test_a_changed_answer_takes_what_hung_on_it_off_the_route() -> None:
    kept = STREET.on_route(without(worries=["cars"]))
    assert "lamps" not in kept and "first" not in kept
    assert kept["worries"] == ["cars"]


def test_an_ending_is_reached_and_nothing_is_accepted_with_it() -> None:
    verdict = check(STREET, without(age="under_16"))
    assert verdict.ending == "under_16"
    assert not verdict.accepted


def test_who_lives_outside_is_kept_apart() -> None:
    verdict = check(STREET, without(district="outside"))
    assert verdict.accepted
    assert verdict.apart == "outside"


def test_a_month_without_its_topic_does_not_ask_it() -> None:
    october, november = STREET.in_month(10), STREET.in_month(11)
    assert check(october, COMPLETE).accepted
    assert problems(november, COMPLETE) == [("words", "off_route")]


def test_a_section_whose_topics_rest_this_month_is_not_asked() -> None:
    rotating = questionnaire("rotating")
    assert [section.key for section in rotating.in_month(2).sections] == ["always"]
    assert [section.key for section in rotating.in_month(3).sections] == ["always", "spring"]


def test_the_same_seed_shuffles_alike_and_a_write_in_stays_last() -> None:
    question = questionnaire("shuffled").question("fruit")
    assert question
    orders = {tuple(option.key for option in question.shuffled(seed)) for seed in range(50)}
    assert question.shuffled(7) == question.shuffled(7)
    assert len(orders) > 15
    assert {order[-1] for order in orders} == {"other"}
    assert {frozenset(order) for order in orders} == {frozenset(question.option_keys)}


def test_every_text_that_people_read_is_found_and_mapped() -> None:
    document = load(SURVEYS / "your-street.yaml")
    found = texts(document)
    shouted = mapped(document, lambda context, text: text.upper())
    assert ("", "Very safe") in found and ("", "evenings") in found and ("", "None of these") in found
    assert len(found) == len(set(found))
    assert {text for _, text in texts(shouted)} == {text.upper() for _, text in found}
    assert from_document(shouted).question("safe").option_keys == STREET.question("safe").option_keys  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["your-views", "your-priorities-your-plan"])
def test_our_own_questionnaires_are_faultless_and_ask_of_everyone_what_is_weighted(name: str) -> None:
    definition = from_document(load(Path("app/surveys/definitions") / f"{name}.yaml"))
    for role in ("district", "age_band", "sex", "ethnic_group"):
        assert definition.with_role(role), role
    assert definition.unconfirmed
    assert {"en", "ur"} <= set(definition.languages)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(list("abcdefgh")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)
questions = list(STREET.questions)
names = [name for question in questions for name in (question.key, *question.behaviour.companions(question))]
words = st.sampled_from(
    sorted(
        {key for q in questions for key in q.option_keys} | {"dont_know", "prefer_not_to_say", "none", "main", "side"}
    )
)
likely = (
    words | st.lists(words, max_size=4) | st.dictionaries(words, words | st.sampled_from(["1", "2", "٣"]), max_size=4)
)


@given(st.dictionaries(st.sampled_from(names) | st.text(max_size=6), junk | likely, max_size=12))
def test_whatever_is_sent_the_gate_answers(answers: dict[str, Any]) -> None:
    verdict = check(STREET, answers)
    assert STREET.on_route(answers).keys() <= answers.keys()
    assert set(verdict.answers) <= set(names)


@given(st.fixed_dictionaries({}, optional={name: st.just(COMPLETE.get(name, "x")) | likely for name in names}))
def test_what_the_gate_accepts_it_accepts_again_unchanged(answers: dict[str, Any]) -> None:
    once = check(STREET, answers)
    twice = check(STREET, once.answers)
    # A refused answer may have led to questions that its clean form does not lead to: those are dropped, never added.
    assert twice.answers.items() <= once.answers.items()
    if once.accepted:
        assert twice.accepted and twice.answers == once.answers
