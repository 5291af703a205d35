"""The table of ASVS 5.0: every item of levels 1 and 2 has its line, and what a line names is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
# How many items of levels 1 and 2 each section has; those of level 3 stand at the end of their sections.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4},
    **{"3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3},
    **{"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5},
    **{"7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3},
    **{"11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5},
    **{"14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3},
    "16.5": 3,
}
ANSWERS = ("Met", "Partly", "Not met", "Does not apply", "As 12.3.3")


def lines() -> list[list[str]]:
    rows = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_every_item_of_levels_one_and_two_has_one_line() -> None:
    expected = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert len(expected) == 217
    assert Counter(line[0] for line in lines()) == Counter(expected)
    assert {line[1] for line in lines()} == {"1", "2"}


def test_every_line_answers_and_shows_or_reasons() -> None:
    for item, _, asked, answer, shown in lines():
        assert asked and answer.startswith(ANSWERS), item
        assert shown != "–" or answer.startswith(("Does not apply", "Not met")), f"{item}: nothing shows it"
        assert len(answer) > 12 or shown != "–", f"{item}: no reason"


def test_the_tests_that_are_named_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert len(named) > 120 and missing == []


def test_the_sum_at_the_top_is_right() -> None:
    said = Counter(answer.split()[0].rstrip(".,") for _, _, _, answer, _ in lines())
    assert f"{said['Met']} met, {said['Partly'] + said['As']} in part, {said['Not']} not met" in TEXT
    assert f"{said['Does']} do not apply" in TEXT
