"""Reads what a tablet sent as JSON: bounded in size and depth, and every fault has a name."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Request

from app.fieldwork.tablets.bundle import MOST_BYTES
from app.fieldwork.tablets.errors import Refused

DEEPEST = 16


class TooDeep(ValueError):
    """JSON that is nested deeper than anything here needs."""


class WrongMoment(ValueError):
    """Something that is no time."""


def body_of(request: Request, most: int = MOST_BYTES) -> dict[str, Any]:
    """Read the body of a request as a JSON object. Raises Refused, or RequestEntityTooLarge."""
    request.max_content_length = most
    try:
        found = parsed(request.get_data(cache=False))
    except TooDeep:
        said = f"The JSON is nested deeper than {DEEPEST} levels."
        raise Refused(400, "too_deep", said, "Send the body as documented.", "body") from None
    except ValueError:
        raise Refused(400, "not_json", "The body is no JSON in UTF-8.", "Send a JSON object.", "body") from None
    if not isinstance(found, dict):
        raise Refused(400, "not_an_object", "The body is no JSON object.", "Send a JSON object.", "body", found)
    return found


def parsed(content: bytes) -> Any:
    """Read JSON; what no database holds, what is no number and what is too deep is refused. Raises ValueError."""
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise TooDeep from None
    if depth(found) > DEEPEST:
        raise TooDeep
    return found


def depth(value: Any) -> int:
    """Measure how deep lists and objects are nested, level by level: deep nesting never grows the stack."""
    level, measured = [value], 0
    while level := [each for each in level if isinstance(each, dict | list) and each]:
        measured += 1
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
        if measured > DEEPEST:
            break
    return measured


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def moment_of(told: Any) -> datetime:
    """Read a time with its offset. Raises WrongMoment."""
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) and len(told) <= 40 else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise WrongMoment
    return found
