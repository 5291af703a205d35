"""Tells a headline that denies something: what it means turns on one small word, so it is not judged."""

from __future__ import annotations

import re
from collections.abc import Iterable

DENIES = re.compile(
    r"(?<![\w’'-])(?:not|no(?!\.?\s*\d)|never|neither|nor|none|nobody|nothing|nowhere|without|cannot)(?!\w)"
    r"|n(?:[’'‘`ʼ]| ?\u0301)t(?!\w)"
    r"|\b(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|could|should)nt\b"
    r"|\b(?:hardly|scarcely|barely|far\s+from|fail(?:s|ed|ing)?\s+to)\b"
)
NOBODY = re.compile(r"^\s*(?:nobody|no[ -]one)(?!\w)")
"""How a sentence begins that claims a share of 0%."""
NOT_JUDGED = (
    "A sentence with not, no, never, n’t, no longer, neither, nobody or without is not judged: one small word turns "
    "the answer round. Put it positively, as “Burglary is the top priority”, or pick two figures below."
)


def denied(text: str, subjects: Iterable[str], answers: Iterable[str]) -> str:
    """Say why a sentence, in small letters, is not judged, or nothing where it denies nothing.

    A word in the name of one of the ``subjects`` denies nothing; one in ``answers``, the survey's own words, names no
    figure that is stored.
    """
    text = _without(text, subjects)
    if not DENIES.search(text):
        return ""
    own = [answer for answer in answers if " " in answer and _without(text, [answer]) != text]
    if not own or DENIES.search(_without(text, own)):
        return NOT_JUDGED
    longest = max(own, key=len)
    return f"“{longest[:80]}” is in the survey, but it is no measure and no priority. Name one of those, or pick below."


def _without(text: str, names: Iterable[str]) -> str:
    """Leave out those of the names that hold a denying word."""
    for name in sorted({each.casefold() for each in names}, key=len, reverse=True):
        if DENIES.search(name):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text)
    return text
