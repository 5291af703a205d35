"""The cases that the server's gate and the tablet's share, run through the server's; a browser runs the tablet's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.surveys import journey
from app.surveys.definition import check
from app.surveys.document import from_document
from app.surveys.kinds import KINDS, AmountByBand

FILE = Path(__file__).resolve().parents[2] / "app" / "surveys" / "data" / "gate-cases.json"
SHARED = json.loads(FILE.read_text(encoding="utf-8"))
DEFINITION = from_document(SHARED["definition"])


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_the_gate_judges_as_the_cases_say(case: dict[str, Any]) -> None:
    found = check(DEFINITION, case["answers"])
    problems = [[problem.question, problem.code, problem.part] for problem in found.problems]
    assert {
        "answers": found.answers,
        "problems": problems,
        "ending": found.ending,
        "apart": found.apart,
    } == case["expected"]
    assert [page.key for page in journey.pages(DEFINITION, case["answers"])] == case["pages"]


def test_the_cases_meet_every_kind_and_nearly_every_code() -> None:
    met = {code for case in SHARED["cases"] for _, code, _ in case["expected"]["problems"]}
    assert {question.kind for question in DEFINITION.questions} == set(KINDS)
    assert met >= {"choose_one", "choose_some", "choose_each", "choose_area", "enter_number", "enter_text", "one_only"}
    assert met >= {"unknown_option", "exclusive", "at_most", "at_least", "order_all", "order_twice", "not_a_number"}
    assert met >= {"out_of_range", "too_long", "control_character", "off_route", "companion_alone"}


def test_orders_and_amounts_are_as_the_cases_say() -> None:
    for case in SHARED["orders"]:
        question = DEFINITION.question(case["question"])
        assert question is not None
        assert [option.key for option in question.shuffled(case["seed"])] == case["keys"]
    amount, behaviour = DEFINITION.question("more"), KINDS["amount_by_band"]
    assert amount is not None
    assert isinstance(behaviour, AmountByBand)
    for case in SHARED["amounts"]:
        assert [behaviour.for_band(option, case["band"]).text for option in amount.options] == case["texts"]
