"""Reads what was sealed: every part has its type and its bounds, and none is believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.fieldwork.tablets import sealing
from app.fieldwork.tablets.batches import OUTSIDE
from app.fieldwork.tablets.errors import Rejected
from app.fieldwork.tablets.reading import TooDeep, WrongMoment, moment_of, parsed
from app.surveys import codes

MODES = ("hand_over", "interpreter")
SEEDS = range(2**31)
NUMBERS = range(1, 2**31)


@dataclass(frozen=True, slots=True)
class Inside:
    """One response as a tablet sealed it; ``content`` digests all of it, to tell the same again from another."""

    content: str
    survey: str
    language: str
    event: int | None
    mode: str
    assisted: bool
    receipt: str
    started: datetime | None
    seed: int
    answers: dict[str, Any]


def opened(private: ec.EllipticCurvePrivateKey, outside: Mapping[str, Any]) -> dict[str, Any]:
    """Open an item's seal and read the object inside. Raises Rejected."""
    try:
        plain = sealing.opened(private, outside["sealed"], sealing.bound_to(outside))
    except sealing.Broken as error:
        raise Rejected("seal", f"The seal does not open: {error}.") from None
    try:
        found = parsed(plain)
    except TooDeep:
        raise Rejected("inside", "What was sealed is nested too deep.") from None
    except ValueError:
        raise Rejected("inside", "What was sealed is no JSON.") from None
    if not isinstance(found, dict):
        raise Rejected("inside", "What was sealed is no object.")
    return found


def digest_of(content: Mapping[str, Any]) -> str:
    """Digest an object so that the order of its parts does not matter."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read(found: Mapping[str, Any], outside: Mapping[str, Any], content: str) -> Inside:
    """Read every part of what was sealed. Raises Rejected, and names the part, never what it held."""
    for name in OUTSIDE:
        if found.get(name) != outside[name]:
            raise Rejected("mismatch", f"Its {name} inside is not the one outside.")
    receipt = found.get("receipt")
    if not isinstance(receipt, str) or codes.read(receipt) != receipt or len(receipt) != codes.WRITTEN:
        raise Rejected("receipt", "Its receipt is no code as XXXX-XXXX-XXXX.")
    return Inside(
        content=content,
        survey=_text(found, "survey"),
        language=_text(found, "language"),
        event=_number(found, "event", NUMBERS) if found.get("event") is not None else None,
        mode=_one_of(found, "mode", MODES),
        assisted=_yes_or_no(found, "assisted") or found["mode"] == "interpreter",
        receipt=receipt,
        started=_moment(found, "started_at"),
        seed=_number(found, "seed", SEEDS),
        answers=_answers(found),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable():
        raise wrong(name)
    return value


def _one_of(found: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    if found.get("channel") != "tablet":
        raise wrong("channel")
    value = _text(found, name)
    if value not in known:
        raise wrong(name)
    return value


def _number(found: Mapping[str, Any], name: str, known: range) -> int:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value not in known:
        raise wrong(name)
    return value


def _yes_or_no(found: Mapping[str, Any], name: str) -> bool:
    value = found.get(name)
    if not isinstance(value, bool):
        raise wrong(name)
    return value


def _moment(found: Mapping[str, Any], name: str) -> datetime | None:
    if found.get(name) is None:
        return None
    try:
        return moment_of(found[name])
    except WrongMoment:
        raise wrong(name) from None


def _answers(found: Mapping[str, Any]) -> dict[str, Any]:
    value = found.get("answers")
    if not isinstance(value, dict):
        raise wrong("answers")
    return value


def wrong(name: str) -> Rejected:
    """Say which part is wrong; what it held may be an answer, and is not repeated."""
    return Rejected("inside", f"Its {name} inside the seal is missing or wrong.")
