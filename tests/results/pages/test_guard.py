"""The headline guard: what the data supports of a headline or of two figures, and what it refuses to guess."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

SignIn = Callable[[str], FlaskClient]
GUARD = "/staff/results/guard"


def asked(client: FlaskClient, text: str) -> str:
    """Type a headline and take the words of the page, without those of the form."""
    answer = client.post(GUARD, data={"sentence": text})
    assert answer.status_code in (200, 422)
    return " ".join(unescape(html.fromstring(answer.text).xpath("string(//main)")).split()).split("Check the headline")[
        0
    ]


@pytest.mark.parametrize(
    ("headline", "verdicts"),
    [
        ("Burglary is the top priority", ["Supported: Burglary, West Yorkshire, YP-2025"]),
        ("Sexual abuse is the top priority", ["Not supported: Sexual abuse", "Clearly above it: Burglary"]),
        ("Burglary comes before road safety", ["Supported. Clearly higher: Burglary"]),
        ("Road safety comes before burglary", ["Contradicted: it is the other way round"]),
        ("People feel safe: fell to 12%", ["The claimed 12.0% lies outside its 95% interval"]),
        ("Bradford feels less safe than Leeds", ["People feel safe, Bradford, June 2025", "could have been seen"]),
        ("Feeling safety rose in Leeds since April 2025", ["Leeds, June 2025", "Leeds, April 2025"]),
        ("Bradford feels safer than West Yorkshire", ["one is higher", "People feel safe, West Yorkshire, June 2025"]),
        (
            "Is Bradford worse than Leeds?",
            [
                "no measure is named",
                "Good or excellent job, Leeds, mean of 3 months",
                "98.75% interval",
                "of them together",
            ],
        ),
        (
            "Fewer people feel safe than in April",
            ["it fell", "West Yorkshire, June 2025", "West Yorkshire, April 2025"],
        ),
        ("Leeds feels less safe than it did in April", ["it fell", "Leeds, June 2025", "Leeds, April 2025"]),
        ("Leeds feels safer than May 2025", ["it rose", "Leeds, June 2025", "Leeds, May 2025"]),
        (
            "1% feel safe, down from 99% in April",
            ["People feel safe, West Yorkshire, April 2025", "The claimed 1.0% lies outside", "The claimed 99.0% lies"],
        ),
        ("Nobody feels safe", ["Not supported: People feel safe", "The claimed 0.0% lies outside", "mean of 3 months"]),
        ("More than one in ten feel safe in Leeds", ["the share more than 10%", "Supported: People feel safe, Leeds"]),
        ("Fewer than 10% feel safe", ["Less than 10.0% holds for none of its 95% interval"]),
        ("Sexual abuse is in the top two priorities", ["it is among the first 2", "Not supported: Sexual abuse"]),
        ("Burglary is among the top five priorities", ["Supported: Burglary", "All of these are among those claimed"]),
        ("Burglary is the sixteenth priority, number 16", ["it holds place 16", "Not supported: Burglary"]),
    ],
)
def test_a_headline_gets_what_the_data_supports(office: FlaskClient, headline: str, verdicts: list[str]) -> None:
    said = asked(office, headline)
    assert "What was understood" in said
    for verdict in verdicts:
        assert verdict in said


@pytest.mark.parametrize(
    ("headline", "named"),
    [
        ("", "Type a sentence, or pick two figures below."),
        ("Confidence rose to 81%", "“Confidence” can mean any of these: People feel safe, Good or excellent job"),
        ("People in Sheffield feel less safe than Leeds", "“Sheffield” is no district that is stored."),
        ("People feel safe fell in March 2019", "No month that is stored is called “March 2019”."),
        ("People feel safe is 181%", "181% is out of range"),
        ("People feel safe is -5%", "-5% is out of range"),
        ("People feel safe is 40% or 50%", "It names 2 percentages."),
        ("Drug misuse matters more in Leeds than in Bradford", "Did you mean the priority “Drug and alcohol misuse”?"),
        ("The weather is worse in Leeds than in Bradford", "It names no measure and no priority that is stored."),
        ("The weather is fine", "It names no measure and no priority that is stored."),
        ("Good job is the top priority", "is a measure, not a priority"),
        ("Burglary rose", "so it has no change"),
        ("Bradfrod feels less safe than Leeds", "“Bradfrod” is not known. Did you mean Bradford?"),
        ("Burgulary is the top priority", "“Burgulary” is not known. Did you mean Burglary?"),
        ("Women feel less safe than men", "Groups of people, as women or young people, are not compared here"),
        ("Hate crime is a lower priority than piracy", "“piracy” is no priority, measure or district"),
        ("Fear of crime rose in Leeds", "Write it in English with a measure (People feel safe,"),
        ("Bradford feels safer than it did in June", "June 2025 is the newest month"),
        ("Burglary", "It says nothing that figures could bear out"),
        ("x" * 10_000, "The sentence has 10,000 characters. Keep it to 300"),
        ("\u202eهل تشعر بالأمان في ليدز؟", "It names no measure and no priority that is stored."),
    ],
)
def test_what_cannot_be_matched_is_named_and_never_guessed(office: FlaskClient, headline: str, named: str) -> None:
    answer = office.post(GUARD, data={"sentence": headline})
    assert answer.status_code == 422
    assert named in unescape(answer.text)
    assert html.fromstring(answer.text).xpath("string(//textarea)").strip() == headline  # what was typed is kept


@pytest.mark.parametrize(
    "headline",
    [
        "Burglary is NOT the top priority",
        "Burglary is no longer the top priority",
        "Burglary isn’t the top priority",
        "Burglary isnt the top priority",
        "Burglary was never first",
        "Bradford does not feel less safe than Leeds",
        "Leeds no less safe than Bradford",
        "Neither Leeds nor Bradford feels safe",
        "Nobody feels less safe than Leeds",
        "No more than 10% feel safe",
    ],
)
def test_a_headline_that_denies_something_is_not_judged(office: FlaskClient, headline: str) -> None:
    answer = office.post(GUARD, data={"sentence": headline})
    assert answer.status_code == 422 and "is not judged" in answer.text and "Put it positively" in answer.text
    assert "What was understood" not in answer.text


@pytest.mark.parametrize("answer", ["Not at all informed", "None of these"])
def test_an_answer_that_holds_such_a_word_denies_nothing(office: FlaskClient, answer: str) -> None:
    said = unescape(office.post(GUARD, data={"sentence": f"20% in Leeds said {answer.lower()}"}).text)
    assert f"“{answer}” is in the survey, but it is no measure" in said and "is not judged" not in said


def test_a_sentence_stays_out_of_the_log(office: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asked(office, "Burglary is the top priority")
    assert "Burglary" not in caplog.text


def picked(client: FlaskClient, **fields: str) -> tuple[int, str]:
    """Pick two figures: People feel safe in West Yorkshire, unless a field says otherwise."""
    usual = {"subject": "feel_safe", "area": "west-yorkshire", "period": ""}
    data = {f"{side}_{name}": value for side in ("first", "second") for name, value in usual.items()} | fields
    answer = client.post(GUARD, data=data)
    return answer.status_code, " ".join(unescape(html.fromstring(answer.text).xpath("string(//main)")).split())


def test_two_figures_that_were_picked_are_compared(office: FlaskClient) -> None:
    code, said = picked(office, second_period="YV-2025-05")
    assert code == 200 and "People feel safe, West Yorkshire, May 2025" in said
    assert "The difference is" in said and "95% interval" in said and "could have been seen" in said


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "both are the same figure"),
        ({"second_period": "mean"}, "a month and a mean that holds it overlap"),
        ({"second_subject": "good_job"}, "two different questions have no difference"),
        ({"second_subject": "burglary"}, "two different questions have no difference"),
        ({"second_area": "leeds", "second_period": "YV-2025-04"}, "they differ in where and in when"),
    ],
)
def test_two_figures_without_a_difference_say_so(office: FlaskClient, fields: dict[str, str], named: str) -> None:
    code, said = picked(office, **fields)
    assert code == 200 and "Cannot be said" in said and named in said


@pytest.mark.parametrize("field", ["first_subject", "second_area", "second_period"])
def test_a_figure_that_is_not_offered_is_refused(office: FlaskClient, field: str) -> None:
    code, said = picked(office, **{field: "atlantis"})
    assert code == 422 and "Pick a" in said


def test_without_any_run_it_says_what_is_missing(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    assert "No run is stored yet" in client.get(GUARD).text
    answer = client.post(GUARD, data={"sentence": "Burglary is the top priority"})
    assert answer.status_code == 422 and "No run is stored yet" in answer.text
