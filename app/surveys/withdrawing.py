"""Use cases of taking answers back, also before they have come. Each commits once, before it is acknowledged."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from app import clock, copies
from app.accounts import audit
from app.database import db
from app.surveys import codes
from app.surveys.definition import ROLES
from app.surveys.models import Draft, EarlyWithdrawal, Response

ERASED = dict.fromkeys(
    (
        "channel",
        "assisted",
        "interpreted",
        "language",
        "network",
        "flags",
        "apart",
        "decile",
        "seed",
        "answers",
        "words",
        "coded",
        "started_at",
        "submitted_at",
        "submitted_on",
        *ROLES,
    )
)


def withdraw(response: Response) -> None:
    """Erase a response and every draft that would change it; only the fact and its day remain."""
    if response.answers is None:
        return
    db.session.execute(delete(Draft).where(Draft.amends_id == response.id))
    for name, value in ERASED.items():
        setattr(response, name, value)
    response.withdrawn_on = clock.london(clock.now()).date().isoformat()
    reference = response.wave.reference
    audit.record("response.withdraw", reference)
    db.session.commit()
    copies.erase(reference)


def withdraw_early(receipt: str) -> None:
    """Withdraw by a code whose answers have not come yet: when they come, they are not kept.

    What arrives in the same moment either finds the withdrawal, or is found here: each is committed before it looks.
    """
    today = clock.london(clock.now()).date().isoformat()
    if db.session.get(EarlyWithdrawal, codes.hashed(receipt)) is None:
        db.session.add(EarlyWithdrawal(receipt=codes.hashed(receipt), withdrawn_on=today))
        audit.record("response.withdraw_early")
        db.session.commit()
    stored = db.session.scalar(select(Response).where(Response.receipt == codes.hashed(receipt)))
    if stored is not None:
        withdraw(stored)


def withdraw_what_came_late(receipts: Iterable[str]) -> None:
    """Withdraw what was stored in the moment in which its resident withdrew it; receipts are hashes."""
    known = select(EarlyWithdrawal.receipt).where(EarlyWithdrawal.receipt.in_(list(receipts)))
    for response in list(db.session.scalars(select(Response).where(Response.receipt.in_(known)))):
        withdraw(response)
