"""Batches of paper: what is in each, and taking one back as a whole."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, cast, delete, func, or_, select, update

from app import clock, copies
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork.paper.errors import CannotKey
from app.fieldwork.paper.models import ENDED, Keying, PaperBatch, PaperForm
from app.fieldwork.scanning import keeping as pictures
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
        PaperForm.wave_id == batch.wave_id, PaperForm.id.in_(second), PaperForm.state.not_in(ENDED)
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
        PaperForm.state.not_in(ENDED),
    )
    return list(db.session.scalars(asked.order_by(PaperForm.serial)))


def withdraw(batch: PaperBatch, reason: str) -> tuple[int, int]:
    """Erase the answers of a whole batch; only the fact that they came remains. Raises CannotKey without a reason.

    Its forms are returned paper again, and can be keyed anew: their codes are theirs again, so that the slip that a
    resident keeps speaks of what will be stored. What a resident withdrew stays withdrawn. Returns how many responses
    were erased, and how many forms wait to be keyed again.
    """
    db.session.refresh(batch, ["withdrawn_at"], with_for_update=True)
    if batch.withdrawn_at:
        raise CannotKey(f"Batch {batch.id} is withdrawn already.")
    if not reason:
        raise CannotKey("Say why: a batch is withdrawn for good.")
    today = clock.london(clock.now()).date().isoformat()
    again = _give_forms_back(batch)
    erased = (
        update(Response)
        .where(*_standing(batch))
        .values(**dict.fromkeys(ERASED), withdrawn_on=today)
        .returning(Response.id)
    )
    count = len(db.session.execute(erased).all())
    batch.withdrawn_at, batch.withdrawn_by, batch.reason = clock.now(), current_user.email, reason[:500]
    batch.digest = None
    reference = batch.wave.reference
    served = pictures.forget_batch(batch.id)
    told = f"{count} responses, {again} forms to be keyed again: {reason}"
    audit.record("paper.withdraw", f"batch {batch.id} of {reference}", told)
    db.session.commit()
    pictures.erase(served)
    copies.erase(reference)
    return count, again


def _standing(batch: PaperBatch) -> tuple[ColumnElement[bool], ...]:
    return Response.batch_id == batch.id, Response.answers.is_not(None)


def _give_forms_back(batch: PaperBatch) -> int:
    """Make the forms of a batch keyable again, and forget what was keyed of them; returns how many were stored."""
    db.session.execute(select(Response.id).where(*_standing(batch)).with_for_update())
    stored = PaperForm.submission.in_(select(Response.submission).where(*_standing(batch)))
    begun = PaperForm.id.in_(select(Keying.form_id).where(Keying.batch_id == batch.id))
    forget = select(PaperForm.id).where(or_(stored, begun & (PaperForm.state != "keyed")))
    db.session.execute(delete(Keying).where(Keying.form_id.in_(forget)))
    back = update(PaperForm).where(stored).values(state="returned").returning(PaperForm.id)
    again = len(db.session.execute(back, execution_options={"synchronize_session": False}).all())
    number = "withdrawn-" + cast(Response.id, String)
    of_forms = Response.submission.in_(select(PaperForm.submission))
    anew = update(Response).where(*_standing(batch), of_forms).values(submission=number, receipt=number, event_id=None)
    db.session.execute(anew, execution_options={"synchronize_session": False})
    return again
