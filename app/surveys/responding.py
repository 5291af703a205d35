"""Use cases of answering: begin, save a page, send. Each commits once, before it is acknowledged."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import ReturningInsert

from app import clock, copies, encryption
from app.accounts import audit
from app.database import db, keep, look
from app.surveys import codes, own_words, traffic
from app.surveys.definition import ROLES, Checked, Definition, check
from app.surveys.errors import DraftGone, NotAccepted, Overtaken, WaveClosed
from app.surveys.models import Draft, Response, Wave
from app.surveys.networks import network_at_hand
from app.surveys.queries import DRAFT_ANSWERS, DRAFTS, OPEN_STILL, RESPONSES, FrozenWave, HeldDraft, definition_of
from app.surveys.withdrawing import withdraw

# Every page of a response does this: it is put together once, on the table itself.
SAVE = (
    update(DRAFTS)
    .where(DRAFTS.c.id == bindparam("held"), DRAFTS.c.saved_at == bindparam("seen"))
    .values({name: bindparam(name) for name in ("answers", "page", "language", "saved_at", "expires_at")})
)
SENT = (
    delete(DRAFTS)
    .where(DRAFTS.c.id == bindparam("held"), DRAFTS.c.saved_at == bindparam("seen"))
    .returning(traffic.SENT_LATELY)
)
MAY_BEGIN = OPEN_STILL.with_only_columns(traffic.BEGUN_LATELY)
STORED = select(RESPONSES.c.id).where(RESPONSES.c.submission == bindparam("submission"))
EXPIRED = delete(DRAFTS).where(DRAFTS.c.expires_at <= bindparam("now"))


def start_draft(
    wave: Wave | FrozenWave,
    language: str,
    channel: str = "online",
    assisted: bool = False,
    event_id: int | None = None,
) -> str:
    """Begin a response, perhaps at an event; returns the code that opens it again.

    Drafts that nobody came back to in time are erased on the way, so that no scheduler is needed for it. Raises
    WaveClosed, or TooManyBegun where a network floods.
    """
    now = clock.now()
    network = network_at_hand() if channel == "online" and not assisted else None
    begun = db.session.scalar(MAY_BEGIN, {"wave": wave.id, "now": now, **traffic.begun_of(network)})
    if begun is None:
        raise WaveClosed(f"{wave.reference} takes no answers now.")
    traffic.refuse_flood(begun)
    db.session.execute(EXPIRED, {"now": now})
    given = {"language": language, "channel": channel, "assisted": assisted, "event_id": event_id, "network": network}
    code = store_draft(wave, now, **given)
    if assisted:
        audit.record("response.assist", wave.reference)
    db.session.commit()
    return code


def erase_expired() -> int:
    """Erase drafts that nobody came back to in time and say how many; the caller commits."""
    expired = EXPIRED.returning(DRAFTS.c.id)
    return len(db.session.execute(expired, {"now": clock.now()}).all())


def store_draft(wave: Wave | FrozenWave, now: datetime, **values: Any) -> str:
    """Add a draft to the transaction of whoever calls; returns its code."""
    code = codes.new_resume_code()
    begun = {
        "wave_id": wave.id,
        "resume": codes.hashed(code),
        "submission": uuid.uuid4(),
        "seed": secrets.randbelow(2**31),
        "answers": {},
        "started_at": now,
        "saved_at": now,
        "expires_at": now + timedelta(days=current_app.config["DRAFT_DAYS"]),
    }
    values = begun | values
    if values["answers"]:
        values["answers"] = encryption.seal_document(values["answers"], DRAFT_ANSWERS, values["submission"])
    db.session.execute(insert(DRAFTS), values)
    return code


def save_page(draft: HeldDraft, answers: Mapping[str, Any], page: str, language: str) -> None:
    """Keep a draft's answers and where it goes on; raises Overtaken where it is no longer what was read."""
    now = clock.now()
    values = {
        "held": draft.id,
        "seen": draft.saved_at,
        "answers": encryption.seal_document(answers, DRAFT_ANSWERS, draft.submission),
        "page": page,
        "language": language,
        "saved_at": max(now, draft.saved_at + timedelta(microseconds=1)),  # it names the version: each has its own
        "expires_at": now + timedelta(days=current_app.config["DRAFT_DAYS"]),
    }
    if not keep(SAVE, values):
        raise Overtaken("This draft was saved, sent or erased meanwhile.")


def erase(draft: HeldDraft) -> None:
    """Forget a draft with all its answers, and the stored response that it would have changed."""
    response = db.session.get(Response, draft.amends_id) if draft.amends_id else None
    if response:
        withdraw(response)
        return
    db.session.execute(delete(Draft).where(Draft.id == draft.id))
    db.session.commit()


def submit(draft: HeldDraft, proof: str = "", trapped: bool = False) -> str:
    """Store a draft as the one response of its submission, and return the receipt code.

    One insert and one commit. Whoever sends the same submission again, at the same time or later, gets the same
    receipt, and what was stored first stands. A change of a stored response has no new receipt (""). Raises WaveClosed,
    Overtaken where a repeat or another page was faster, NotAccepted with the problems that the gate found, or Crowded
    where many come from one network and the submission brings no ``proof`` of work. ``trapped`` marks a machine.
    """
    now = clock.now()
    wave = draft.wave
    if now >= draft.sendable_until:
        raise WaveClosed(f"{wave.reference} is closed.")
    definition = definition_of(wave)
    checked = check(definition, definition.on_route(draft.answers))
    if not checked.accepted:
        raise NotAccepted(checked.problems)
    own = draft.channel == "online" and not draft.assisted and draft.amends_id is None
    network = network_at_hand() if own else None
    asked = {"held": draft.id, "seen": draft.saved_at, **traffic.asked_of(network)}
    lately = db.session.scalar(SENT, asked)
    if lately is None:
        db.session.rollback()
        raise Overtaken("This draft was saved, sent or erased meanwhile.")
    if network and lately >= traffic.limit():
        traffic.let_on(draft.submission, network, proof)
    if draft.amends_id is not None:
        receipt = ""
        _revise(draft, definition, checked)
    else:
        receipt = codes.receipt_of(draft.submission)
        values = row(wave, definition, checked, draft.submission, draft.language, draft.channel, now)
        values |= {name: getattr(draft, name) for name in ("assisted", "event_id", "seed", "started_at")}
        values |= {"network": network, "flags": "trap" if trapped else None}
        _insert_once(values)
    reference, changed = wave.reference, draft.amends_id is not None
    db.session.commit()
    if changed:
        copies.erase(reference)
    return receipt


def already_stored(submission: str) -> str | None:
    """Return the receipt of a submission that has been stored already, for a repeat of it."""
    try:
        identity = uuid.UUID(submission)
    except ValueError:
        return None
    stored = look(STORED, {"submission": codes.hashed(identity)})
    return codes.receipt_of(identity) if stored else None


def row(
    wave: Wave | FrozenWave,
    definition: Definition,
    checked: Checked,
    submission: uuid.UUID,
    language: str,
    channel: str,
    at: datetime,
) -> dict[str, Any]:
    """Lay out one accepted response as the columns of its row."""
    district = definition.with_role("district")
    hashed = codes.hashed(submission)
    return {
        "wave_id": wave.id,
        "submission": hashed,
        "receipt": codes.hashed(codes.receipt_of(submission)),
        "channel": channel,
        "assisted": False,
        "language": language,
        "decile": checked.answers.get(f"{district.key}_decile") if district else None,
        **own_words.kept(definition, checked.answers, hashed),
        "submitted_at": at,
        "submitted_on": clock.london(at).date().isoformat(),
        **standing(definition, checked),
    }


def insert_received(values: Mapping[str, Any]) -> int | None:
    """Add a response that came by another way than the residents' pages to the transaction of whoever calls.

    Returns its number, or None where its submission is stored already.
    """
    stored: int | None = db.session.scalar(_insertion(db.engine.dialect.name), values)
    return stored


def standing(definition: Definition, checked: Checked) -> dict[str, Any]:
    """Pick out what a response is counted by: the weighting columns, and whether it stands apart."""
    questions = {role: definition.with_role(role) for role in ROLES}
    columns = {role: checked.answers.get(question.key) if question else None for role, question in questions.items()}
    return {**columns, "apart": checked.apart or None}


def _insert_once(values: Mapping[str, Any]) -> bool:
    """Insert a response unless its submission is stored already; says whether it was stored now."""
    return db.session.execute(_insertion(db.engine.dialect.name), values).first() is not None


@lru_cache
def _insertion(dialect: str) -> ReturningInsert[Any]:
    insertion = (postgres_insert if dialect == "postgresql" else sqlite_insert)(RESPONSES)
    return insertion.on_conflict_do_nothing(index_elements=["submission"]).returning(RESPONSES.c.id)


def _revise(draft: HeldDraft, definition: Definition, checked: Checked) -> None:
    response = db.session.get(Response, draft.amends_id, with_for_update=True)
    if response is None or response.answers is None:
        raise DraftGone("This response was withdrawn: there is nothing left to change.")
    said = own_words.kept(definition, checked.answers, response.submission, response.words)
    for name, value in {**said, **standing(definition, checked)}.items():
        setattr(response, name, value)
    district = definition.with_role("district")
    response.decile = checked.answers.get(f"{district.key}_decile") if district else None
    response.revision += 1


def store_simulated(wave: Wave, responses: Iterable[Mapping[str, Any]], batch: int = 1000) -> int:
    """Store simulated responses in a simulated wave, each judged at the gate; one commit for all of them.

    Each response has answers, language, channel, submitted_at and seed. Raises NotAccepted at the first one that the
    gate refuses.
    """
    if not wave.simulated:
        raise WaveClosed(f"{wave.reference} is a real wave; a wave is simulated or real, never both.")
    definition = definition_of(wave)
    waiting: list[dict[str, Any]] = []
    stored = 0
    for response in responses:
        checked = check(definition, response["answers"])
        if not checked.accepted:
            raise NotAccepted(checked.problems or checked.ending)
        at = response["submitted_at"]
        identity = uuid.uuid5(uuid.UUID(int=wave.id), f"{wave.reference}:{stored}")
        values = row(wave, definition, checked, identity, response["language"], response["channel"], at)
        waiting.append(values | {"seed": response["seed"], "started_at": at, "assisted": False})
        stored += 1
        if len(waiting) >= batch:
            db.session.execute(insert(Response), waiting)
            waiting = []
    if waiting:
        db.session.execute(insert(Response), waiting)
    db.session.commit()
    return stored
