"""Batches of paper: what is in each, and taking one back as a whole."""

from __future__ import annotations

from sqlalchemy import func, select, update

from app import clock, copies
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork.paper.errors import CannotKey
from app.fieldwork.paper.models import Keying, PaperBatch, PaperForm
from app.surveys.models import Response
from app.surveys.withdrawing import ERASED


def numbered(identity: int) -> PaperBatch | None:
    """Find a batch by its number."""
    return db.session.get(PaperBatch, identity) if identity < 2**31 else None


def every() -> list[PaperBatch]:
    """List all batches, the newest first."""
    return list(db.session.scalars(select(PaperBatch).order_by(PaperBatch.id.desc())))


def stored(batch: PaperBatch) -> tuple[int, int]:
    """Count a batch's responses, and those of them that were withdrawn."""
    counted = select(func.count(), func.count(Response.withdrawn_on)).where(Response.batch_id == batch.id)
    total, withdrawn = db.session.execute(counted).one()
    return int(total), int(withdrawn)


def keyings(batch: PaperBatch) -> list[Keying]:
    """List what was keyed in a batch, form by form."""
    asked = select(Keying).join(PaperForm).where(Keying.batch_id == batch.id)
    return list(db.session.scalars(asked.order_by(PaperForm.serial, Keying.number)))


def to_settle(batch: PaperBatch) -> list[PaperForm]:
    """List the forms of a wave that two people keyed differently."""
    second = select(Keying.form_id).where(Keying.number == 2, Keying.done_at.is_not(None))
    asked = select(PaperForm).where(
        PaperForm.wave_id == batch.wave_id, PaperForm.id.in_(second), PaperForm.state.not_in(("keyed", "spoiled"))
    )
    return list(db.session.scalars(asked.order_by(PaperForm.serial)))


def to_key_again(batch: PaperBatch) -> list[PaperForm]:
    """List the forms of a batch's wave that wait for their second, blind keying."""
    second = select(Keying.form_id).where(Keying.number == 2)
    first = select(Keying.form_id).where(Keying.number == 1, Keying.done_at.is_not(None))
    asked = select(PaperForm).where(
        PaperForm.wave_id == batch.wave_id,
        PaperForm.id.in_(first),
        PaperForm.id.not_in(second),
        PaperForm.state.not_in(("keyed", "spoiled")),
    )
    return list(db.session.scalars(asked.order_by(PaperForm.serial)))


def withdraw(batch: PaperBatch, reason: str) -> int:
    """Erase the answers of a whole batch; only the fact that they came remains. Raises CannotKey without a reason.

    What it had keyed is returned paper again: its forms count as keyed, since their responses are known.
    """
    if batch.withdrawn_at:
        raise CannotKey(f"Batch {batch.id} is withdrawn already.")
    if not reason:
        raise CannotKey("Say why: a batch is withdrawn for good.")
    today = clock.london(clock.now()).date().isoformat()
    erased = (
        update(Response)
        .where(Response.batch_id == batch.id, Response.answers.is_not(None))
        .values(**dict.fromkeys(ERASED), withdrawn_on=today)
        .returning(Response.id)
    )
    count = len(db.session.execute(erased).all())
    db.session.execute(update(Keying).where(Keying.batch_id == batch.id).values(entries=None))
    batch.withdrawn_at, batch.withdrawn_by, batch.reason = clock.now(), current_user.email, reason[:500]
    batch.digest = None
    reference = batch.wave.reference
    audit.record("paper.withdraw", f"batch {batch.id} of {reference}", f"{count} responses: {reason}")
    db.session.commit()
    copies.erase(reference)
    return count
