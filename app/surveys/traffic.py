"""Many responses from one network: each then costs a moment's work or patience. Nothing that was saved is dropped.

A browser with script does the work by itself (ALTCHA's proof of work); one without waits its turn. Both are asked only
beyond what a library or a hall sends, and what they sent meanwhile stays as it was saved. Of responses that are begun
and neither sent nor left so many may lie about that only a machine reaches it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from typing import Any

from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution
from flask import current_app
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app import clock
from app.database import db
from app.surveys import codes
from app.surveys.errors import Crowded, TooManyBegun
from app.surveys.models import Turn
from app.surveys.queries import DRAFTS, RESPONSES

WINDOW = timedelta(minutes=15)
LEAST, GAP, LONGEST = timedelta(seconds=30), timedelta(seconds=10), timedelta(minutes=10)
"""How long the first waits, by how much longer each next one, and how long anybody at most."""
HARDEST = 50_000
"""The work: half as many hashes on average, about a second on a phone."""
WORKABLE = timedelta(minutes=10)
TRAP = "website"
"""A field that people never see; machines that fill in whatever they find fill it in."""

_sent = (
    select(RESPONSES.c.id)
    .where(RESPONSES.c.network == bindparam("network"), RESPONSES.c.submitted_at > bindparam("since"))
    .limit(bindparam("enough"))
)
SENT_LATELY = select(func.count()).select_from(_sent.subquery()).scalar_subquery()
"""How many responses came from a network lately, and no more than matters: part of a statement that is asked anyway."""
_begun = (
    select(DRAFTS.c.id)
    .where(DRAFTS.c.network == bindparam("network"), DRAFTS.c.started_at > bindparam("since"))
    .limit(bindparam("enough"))
)
BEGUN_LATELY = select(func.count()).select_from(_begun.subquery()).scalar_subquery()
"""How many drafts that a network began lately are still on their way; what was sent or ended is no draft any more."""
OPEN_DRAFTS = 10
"""For each response that a network may send, so many drafts of it may be on their way."""


def asked_of(network: str | None) -> dict[str, Any]:
    """Fill in what SENT_LATELY asks."""
    return {"network": network, "since": clock.now() - WINDOW, "enough": limit()}


def begun_of(network: str | None) -> dict[str, Any]:
    """Fill in what BEGUN_LATELY asks."""
    return asked_of(network) | {"enough": OPEN_DRAFTS * limit()}


def refuse_flood(begun: int) -> None:
    """Refuse one draft more where as many are on their way as only machines begin. Raises TooManyBegun."""
    if begun >= OPEN_DRAFTS * limit():
        db.session.rollback()
        raise TooManyBegun(f"One network has begun {begun} drafts within {WINDOW.seconds // 60} minutes.")


def limit() -> int:
    """Say how many responses one network may send in a quarter of an hour before more is asked."""
    return int(current_app.config["RESPONSES_PER_NETWORK"])


def let_on(submission: uuid.UUID, network: str, proof: str) -> None:
    """Let a submission on that has done the work or waited its turn; raises Crowded with the time of its turn."""
    own = Turn.submission == codes.hashed(submission)
    turn = db.session.scalar(select(Turn.due_at).where(own))
    if not is_solved(submission, proof) and (turn is None or turn > clock.now()):
        db.session.rollback()
        raise Crowded(turn or _turn_for(submission, network))
    db.session.execute(delete(Turn).where(own))


def _turn_for(submission: uuid.UUID, network: str) -> Any:
    """Give a submission its place behind those that wait in the same network."""
    now = clock.now()
    last = db.session.scalar(select(func.max(Turn.due_at)).where(Turn.network == network))
    due = max(now + LEAST, min(last + GAP, now + LONGEST)) if last else now + LEAST
    insertion = (postgres_insert if db.engine.dialect.name == "postgresql" else sqlite_insert)(Turn)
    values = {"submission": codes.hashed(submission), "network": network, "due_at": due}
    db.session.execute(delete(Turn).where(Turn.due_at < now - timedelta(days=1)))
    db.session.execute(insertion.values(values).on_conflict_do_nothing(index_elements=["submission"]))
    db.session.commit()
    return due


def work_for(submission: uuid.UUID) -> dict[str, Any]:
    """Set the work: it counts for this submission alone, and a submission is stored once."""
    options = ChallengeOptions(
        hmac_key=_key(),
        max_number=HARDEST,
        expires=clock.now() + WORKABLE,
        params={"submission": codes.hashed(submission)},
    )
    return create_challenge(options).to_dict()


def is_solved(submission: uuid.UUID, proof: str) -> bool:
    """Say whether the work that was set for a submission is done."""
    try:
        payload = Payload.from_base64(proof[:2000])
        solved, _ = verify_solution(payload, _key(), check_expires=False)
        _, expires, params = payload.parse_salt()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    own = params.get("submission") == [codes.hashed(submission)]
    return bool(solved and own and expires and expires > clock.now().timestamp())


def as_json(work: dict[str, Any]) -> str:
    """Write the work down for the page."""
    return json.dumps(work)


def _key() -> str:
    own = str(current_app.config["PROOF_SECRET"] or current_app.config["SECRET_KEY"])
    return hmac.new(own.encode(), b"proof of work", hashlib.sha256).hexdigest()
