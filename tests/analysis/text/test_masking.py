"""Personal data is masked in every script, and what only looks like it stays readable."""

from __future__ import annotations

import re
from re import _constants as constants
from re import _parser as parser
from typing import Any

import pytest

from app.analysis.text import names, patterns, places, settling
from app.analysis.text.masking import Span, mask
from app.analysis.text.measuring import fresh, measured, missed
from app.analysis.text.patterns import nhs_checked

MASKED = {
    "Ring 07700 900123 or write to a.b@example.com": "Ring [phone number] or write to [email]",
    "my neighbour Dave at 14 Acacia Avenue, LS8 2QB": "my neighbour [name] at [address], [postcode]",
    "Mrs O'Hara, NI AB 12 34 56 C, NHS 943 476 5919": "Mrs [name], NI [National Insurance number], NHS [NHS number]",
    "a Golf YJ19 ABC, see @jez_99": "a Golf [number plate], see [social media handle]",
    "۰۷۷۰۰ ۹۰۰۱۲۳ پر فون کریں": "[phone number] پر فون کریں",
    "\u202bاتصل بي ٠٧٧٠٠٩٠٠١٢٣\u202c": "\u202bاتصل بي [phone number]\u202c",
    "<a href='mailto:x@example.org'>Mr Khan</a>": "<a href='mailto:[email]'>Mr [name]</a>",
}


@pytest.mark.parametrize(("written", "shown"), MASKED.items())
def test_each_piece_is_replaced_by_its_kind(written: str, shown: str) -> None:
    assert mask(written).text == shown


def test_spans_stand_where_the_data_stood_though_characters_are_invisible() -> None:
    written = "Call 0\u200b7700\u200f 900\u200d123 now"
    (span,) = mask(written).spans
    assert span == Span("phone number", written.index("0"), written.index("3 now") + 1)


@pytest.mark.parametrize(
    "text",
    [
        "Section 21",
        "Ring 101 or 999",
        "the A647 and M62",
        "Crime reference 13240012345",
        "Otley Road",
        "PC Plod",
        "LS6",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert mask(text).text == text


def test_a_wrong_check_digit_is_no_nhs_number() -> None:
    assert nhs_checked("9434765919")
    assert not nhs_checked("9434765918")
    assert mask("Order 943 476 5918 came late").spans == ()


@pytest.mark.parametrize("text", ["", "   ", "😀👮", "a" * 10_000, "Mr " * 3_000, "\u200b\u200f", "0" * 10_000])
def test_awkward_texts_are_masked_without_failing(text: str) -> None:
    assert isinstance(mask(text).text, str)


def test_masking_finds_98_in_100_of_what_has_a_pattern() -> None:
    figures = measured().masking["everything with a pattern"]
    assert figures.of >= 120
    assert figures.recall is not None and figures.recall >= 0.98
    assert figures.precision is not None and figures.precision >= 0.95


def test_what_a_second_hand_wrote_is_masked_and_nothing_else() -> None:
    marked, traps = fresh()["marked"], fresh()["traps"]
    assert len(marked) >= 80 and len(traps) >= 30
    assert [piece for text in marked for piece in missed(text)] == []
    assert [mask(text).text for text in traps if mask(text).spans] == []


def unbounded(tree: Any) -> bool:
    """Say whether a pattern repeats anything without an upper bound, which is how patterns come to take seconds."""
    for operation, argument in tree:
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            if argument[1] == constants.MAXREPEAT or unbounded(argument[2]):
                return True
        elif (
            isinstance(argument, tuple)
            and any(unbounded(part) for part in argument if isinstance(part, parser.SubPattern))
        ) or (operation is constants.BRANCH and any(unbounded(branch) for branch in argument[1])):
            return True
    return False


def test_no_pattern_repeats_without_a_bound() -> None:
    everything = {**vars(patterns), **vars(places), **vars(names), **vars(settling)}
    compiled = {name: value for name, value in everything.items() if isinstance(value, re.Pattern)}
    for linear in ("WORD", "WORDS"):  # one class of characters, repeated: nothing to go back to
        compiled.pop(linear)
    assert len(compiled) > 30
    assert [name for name, found in compiled.items() if unbounded(parser.parse(found.pattern, found.flags))] == []
    assert unbounded(parser.parse("(?:a|b+)c"))
