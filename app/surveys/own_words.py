"""Own words in a response: taken out of its answers and encrypted together; a mark stays where they stood.

The mark tells that something was written, and changes when the words change, but says nothing of them: it is made with
a salt that lies encrypted beside them. So questions to the database about answers need no key, and what is made of a
comment goes when its words do. A response without own words has an empty text, one from before encryption has None.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from app import encryption
from app.surveys.definition import Definition

COLUMN = "response.words"
SALT = ""
"""No question is called so."""


def kept(
    definition: Definition, answers: Mapping[str, Any], submission: str, before: str | None = None
) -> dict[str, Any]:
    """Lay out answers as the columns of a response: marks for own words, and the words, encrypted.

    ``submission`` is the hash that the words are bound to, ``before`` the words that they take the place of.
    """
    own = {name: answers[name] for name in names(definition, answers)}
    if not own:
        return {"answers": dict(answers), "words": ""}
    salt = _opened(before, submission)[SALT] if before else secrets.token_urlsafe(12)
    marks = {name: _mark(salt, name, text) for name, text in own.items()}
    return {"answers": {**answers, **marks}, "words": _sealed({SALT: salt, **own}, submission)}


def opened(answers: Mapping[str, Any] | None, words: str | None, submission: str) -> dict[str, Any] | None:
    """Put own words back where they stood. Raises Unreadable."""
    if answers is None:
        return None
    return {**answers, **written(words, submission)}


def written(words: str | None, submission: str) -> dict[str, str]:
    """Open own words alone, by the name of the answer. Raises Unreadable."""
    found = _opened(words, submission) if words else {}
    found.pop(SALT, None)
    return found


def moved(columns: Mapping[str, Any], submission: str) -> dict[str, Any]:
    """Bind the own words among a response's columns to another submission."""
    words = columns["words"] and _sealed(_opened(columns["words"], columns["submission"]), submission)
    return {**columns, "submission": submission, "words": words}


def names(definition: Definition, answers: Mapping[str, Any]) -> list[str]:
    """List which answers are own words; "don't know" is none."""
    return [
        name
        for question in definition.questions
        for name in question.worded
        if isinstance(answers.get(name), str) and answers[name] not in question.behaviour.off_scale(question)
    ]


def _mark(salt: str, name: str, text: str) -> str:
    content = f"{salt}:{name}:{text}".encode("utf-8", "surrogatepass")
    return f"~{hashlib.sha256(content).hexdigest()[:16]}"


def _sealed(content: Mapping[str, str], submission: str) -> str:
    return encryption.seal_document(content, COLUMN, submission)


def _opened(words: str, submission: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(encryption.opened(words, COLUMN, submission))
    return found
