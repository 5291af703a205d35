"""Simulated answers: every one passes the gate, nobody chooses too many, and the same seed says the same."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from app.demo.choosing import fixed_numbers
from app.demo.model import opinions
from app.demo.population import west_yorkshire
from app.demo.trial import questionnaire
from app.demo.waves import CONSULTATION, TRACKER, past_waves, simulated
from app.demo.words import comments
from app.surveys.definition import check

NOVEMBER = datetime(2026, 11, 10, 10, tzinfo=UTC)
PAST = list(past_waves(NOVEMBER, 12))


def responses_of(past, responses=400, seed=5):
    definition = questionnaire(past.survey)
    definition = definition.in_month(past.month) if past.month else definition
    return definition, list(simulated(definition, past, responses, seed))


def test_the_waves_are_last_autumns_consultation_and_twelve_months_before_this_one():
    assert [(past.survey, past.period) for past in PAST[:2]] == [(CONSULTATION, "2025"), (TRACKER, "2025-11")]
    assert PAST[-1].period == "2026-10"
    assert len(PAST) == 13


def test_what_month_it_is_follows_from_london():
    half_past_midnight_in_summer_time = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    *_, last = past_waves(half_past_midnight_in_summer_time, 1)
    assert last.period == "2026-08"


@pytest.mark.parametrize("past", PAST, ids=lambda past: past.period)
def test_the_gate_takes_every_answer_as_it_is(past):
    definition, responses = responses_of(past)
    for response in responses:
        checked = check(definition, response["answers"])
        assert checked.accepted, checked.problems
        assert checked.answers == response["answers"]


@pytest.mark.parametrize("past", PAST[:2], ids=lambda past: past.period)
def test_answers_arrive_while_the_wave_asks(past):
    _, responses = responses_of(past)
    assert all(past.opens_at <= response["submitted_at"] < past.closes_at for response in responses)


def test_people_differ_in_language_channel_and_words():
    _, responses = responses_of(PAST[0], 2000)
    assert {response["language"] for response in responses} >= {"en", "ur", "pl", "ar", "pa"}
    assert {response["channel"] for response in responses} >= {"online", "tablet", "paper", "phone"}
    words = {response["answers"]["anything_else"] for response in responses if "anything_else" in response["answers"]}
    assert any("پولیس" in text for text in words) and any("police" in text for text in words)
    assert any("07700 900" in text for text in words)
    assert any(sentence in text for text in words for sentence in comments()["harm"]["en"])


def test_a_few_live_outside_or_answer_for_an_organisation():
    definition, responses = responses_of(PAST[0], 2000)
    apart = [check(definition, response["answers"]).apart for response in responses]
    assert 5 < apart.count("outside") < 60
    assert 5 < apart.count("organisation") < 60


def test_a_few_do_not_know_and_a_few_do_not_say():
    _, responses = responses_of(PAST[1], 2000)
    answers = [response["answers"]["safe_place"] for response in responses]
    assert 0.015 < answers.count("dont_know") / len(answers) < 0.05
    assert 0.002 < answers.count("prefer_not_to_say") / len(answers) < 0.03


def test_the_same_seed_and_month_give_the_same_people_in_any_year():
    (_, one), (_, other) = responses_of(PAST[1]), responses_of(list(past_waves(NOVEMBER.replace(year=2027), 12))[1])
    assert [response["answers"] for response in one] == [response["answers"] for response in other]
    assert one[0]["submitted_at"] != other[0]["submitted_at"]


def test_another_seed_gives_other_people():
    (_, one), (_, other) = responses_of(PAST[1]), responses_of(PAST[1], seed=6)
    assert [response["answers"] for response in one] != [response["answers"] for response in other]


def test_fixed_numbers_are_kept_and_every_option_is_chosen_by_its_chance():
    rng = np.random.default_rng(1)
    numbers = rng.integers(0, 6, 40_000)
    shares = np.array([0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.1, 0.5])
    chances = shares / shares.sum() * numbers[:, None]
    chosen = fixed_numbers(rng, chances, numbers)
    assert (chosen.sum(axis=1) == numbers).all()
    assert chosen.mean(axis=0) == pytest.approx(chances.mean(axis=0), abs=0.01)


def test_a_simulated_crowd_chooses_priorities_by_the_shares_of_those_who_answer():
    _, responses = responses_of(PAST[0], 4000)
    residents = [r["answers"] for r in responses if r["answers"]["respondent"] == "resident"]
    chosen = np.mean(["burglary" in answers["priorities"] for answers in residents])
    choice = opinions(CONSULTATION).choices["priorities"]
    population = west_yorkshire()
    among_all = population.mean(choice.probabilities(population, opinions(CONSULTATION).age_counts)[:, 0])
    assert among_all == pytest.approx(0.50)
    assert chosen > among_all + 0.015, "older people answer more, and they choose burglary more"


def test_an_order_holds_what_was_chosen_and_most_people_give_one():
    _, responses = responses_of(PAST[0], 1000)
    several = [r["answers"] for r in responses if len(r["answers"]["priorities"]) > 1]
    ordered = [answers for answers in several if "priorities_order" in answers]
    assert 0.7 < len(ordered) / len(several) < 0.95
    assert all(set(answers["priorities_order"]) == set(answers["priorities"]) for answers in ordered)
