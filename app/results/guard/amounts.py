"""Reads the shares and the ranks that a headline claims, in figures or in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
WORDS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "nobody": 0.0,
    "no one": 0.0,
    "no-one": 0.0,
    "everybody": 1.0,
    "everyone": 1.0,
}
NUMBER = rf"\d+|{'|'.join(COUNTS)}"
PERCENT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(?:%|per ?cent\b|percent\b)")
IN_WORDS = re.compile(
    rf"\b(?P<part>{NUMBER})\s+(?:in|out of)\s+(?:every\s+)?(?P<whole>{NUMBER})\b"
    rf"|\b(?:(?P<times>{NUMBER}|a|an)[\s-]+)?(?P<word>half|thirds?|quarters?|fifths)\b"
    r"|\b(?P<all>nobody|no[ -]one|everybody|everyone)\b"
)
MOST = re.compile(r"\b(?:most|the majority of|a majority of|the majority) (?:people|residents|of|in|feel|say|think)\b")
ABOVE = re.compile(r"\b(?:more than|over|above|at least|upwards of)\s*$")
BELOW = re.compile(r"\b(?:less than|fewer than|under|below|at most|up to)\s*$")
TOP_OF = re.compile(rf"\b(?:top|first)[\s-]+(?P<count>{NUMBER})\b")
RANK = re.compile(
    rf"\b(?:number|rank|ranked|place)\s+(?P<number>{NUMBER})\b"
    rf"|\b(?P<ordinal>{'|'.join(ORDINALS[1:])}|\d+(?:st|nd|rd|th))\b(?=[\w\s-]{{0,20}}\b(?:priority|place|rank|most)\b)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A claimed share, whether it is a bound ("above", "below", or neither), and where it stands in the sentence."""

    share: float
    bound: str
    start: int
    end: int


def shares(text: str) -> tuple[list[Amount], str]:
    """Find the shares that a sentence claims, in the order named, and what is wrong with one."""
    found = []
    for match in PERCENT.finditer(text):
        value = float(match[1].replace(",", "."))
        if not 0 <= value <= 100:
            return [], f"{match[1]}% is out of range: a share lies between 0% and 100%."
        found.append(_amount(text, value / 100, match))
    for match in IN_WORDS.finditer(text):
        share = _in_words(match)
        if share is not None and 0 <= share <= 1:
            found.append(_amount(text, share, match))
    if not found and (most := MOST.search(text)):
        found.append(Amount(0.5, "above", most.start(), most.end()))
    return sorted(found, key=lambda each: each.start), ""


def _in_words(match: re.Match[str]) -> float | None:
    if match["part"]:
        whole = _count(match["whole"])
        return _count(match["part"]) / whole if whole else None
    if match["all"]:
        return WORDS[match["all"]]
    return (_count(match["times"]) if match["times"] not in (None, "a", "an") else 1) * WORDS[match["word"].rstrip("s")]


def _count(text: str) -> int:
    return COUNTS.get(text) or int(text)


def _amount(text: str, share: float, match: re.Match[str]) -> Amount:
    before = text[: match.start()]
    for pattern, bound in ((ABOVE, "above"), (BELOW, "below")):
        if words := pattern.search(before):
            return Amount(share, bound, words.start(), match.end())
    return Amount(share, "", match.start(), match.end())


def later_and_earlier(text: str, amounts: list[Amount]) -> list[float]:
    """Put two shares in time: "80%, down from 81%" names the later first, "from 81% to 80%" the earlier."""
    one, other = amounts
    earlier_first = re.search(r"\bfrom\s*$", text[: one.start]) and re.search(r"\bto\s*$", text[one.end : other.start])
    return [other.share, one.share] if earlier_first else [one.share, other.share]


def ranks(text: str, top: bool) -> tuple[int, int] | None:
    """Read the places that a priority is said to hold: from the first of them to the last."""
    if match := TOP_OF.search(text):
        return 1, _count(match["count"])
    if match := RANK.search(text):
        place = _count(match["number"]) if match["number"] else _ordinal(match["ordinal"])
        return place, place
    return (1, 1) if top else None


def _ordinal(text: str) -> int:
    return ORDINALS.index(text) + 1 if text in ORDINALS else int(text[:-2])
