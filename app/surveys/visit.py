"""One resident's visit: which draft this browser holds, and for how long without a sign of life.

The session cookie holds codes and a time, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, session

from app import clock
from app.surveys import queries
from app.surveys.errors import DraftGone, WaveClosed
from app.surveys.models import Response
from app.surveys.queries import HeldDraft

COARSELY = 30
Found = TypeVar("Found")


class TimedOut(Exception):
    """Nobody was there for a while: the page closes, the draft waits for its resume code."""


def begin(slug: str, resume: str) -> None:
    """Hold a draft of a survey from now on, beside those of other surveys."""
    session["drafts"] = {**session.get("drafts", {}), slug: resume}
    session.pop("receipt", None)
    stay()


def come_from(event_id: int) -> None:
    """Note that somebody came by the address of an event: what they begin now counts for it."""
    session["event"] = event_id


def event_id() -> int | None:
    """Tell the event whose address led here, if any."""
    found = session.get("event")
    return found if isinstance(found, int) else None


def stay() -> None:
    """Note a sign of life, to the half minute: a cookie that has not changed is not sent again."""
    now = int(clock.now().timestamp())
    if abs(now - session.get("seen", 0)) >= COARSELY:  # the clock may have been set back
        session["seen"] = now


def holds_drafts() -> bool:
    """Say whether this browser holds a draft of any survey."""
    return bool(session.get("drafts"))


def resume_code(slug: str) -> str:
    """Tell the code that opens the draft of a survey again."""
    return str(session.get("drafts", {}).get(slug, ""))


def draft(slug: str) -> HeldDraft:
    """Find the draft of a survey that this browser holds.

    Raises DraftGone, WaveClosed where it can no longer be sent, or TimedOut after too long a silence.
    """
    if not resume_code(slug):
        raise DraftGone(f"This browser holds no draft of {slug}.")
    now = clock.now()
    found = queries.draft_with(resume_code(slug), now)
    if silent_too_long():
        raise TimedOut
    if now >= found.sendable_until:
        raise WaveClosed(f"{found.wave.reference} is closed.")
    stay()
    return found


def silent_too_long() -> bool:
    """Say whether the last sign of life is longer ago than a visit may be silent."""
    silence = clock.now().timestamp() - session.get("seen", 0)
    return bool(silence > current_app.config["IDLE_MINUTES"] * 60 + COARSELY)


def let_go(slug: str) -> None:
    """Hold no draft of a survey any more."""
    session["drafts"] = {name: code for name, code in session.get("drafts", {}).items() if name != slug}


def hold_receipt(receipt: str) -> None:
    """Hold a receipt code, so that its pages can be seen until the visit ends."""
    session["receipt"] = receipt
    stay()


def receipt() -> str:
    """Tell the receipt code that this browser holds, if any."""
    return str(session.get("receipt", ""))


def response() -> Response:
    """Find the response whose receipt this browser holds."""
    return _behind_receipt(queries.response_with)


def sent() -> queries.Sent:
    """Find what the receipt that this browser holds says of its response."""
    return _behind_receipt(queries.sent_with)


def _behind_receipt(find: Callable[[str], Found]) -> Found:
    if silent_too_long():
        session.pop("receipt", None)
    found = find(receipt())
    stay()
    return found


def leave() -> None:
    """Forget everything that this browser held of answering; a member of staff stays signed in."""
    for name in ("drafts", "receipt", "seen", "event"):
        session.pop(name, None)
