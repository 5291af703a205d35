"""Addresses of those who want to hear of results: encrypted, in no telling order, with no path to an answer."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, delete, func, insert, select

from app import clock, encryption
from app.database import db
from app.surveys.models import Contact

CONTACTS = cast(Table, Contact.__table__)
TOGETHER = 20
"""An address is written down together with so many others, taken at random: nothing tells which of them is new."""


class Addressee(NamedTuple):
    """Somebody to write to; the id is random, and serves to end it: see ``forget``."""

    id: uuid.UUID
    email: str
    language: str


def keep(email: str, language: str) -> None:
    """Keep an address for news of results; nothing leads from it to an answer, not even the order of writing."""
    number = uuid.uuid4()
    month = f"{clock.london(clock.now()):%Y-%m}"
    sealed = encryption.seal(email, "contact.email", number)
    _write_anew([{"id": number, "email": sealed, "language": language, "month": month}, *_some_others()])
    db.session.commit()


def shuffle() -> int:
    """Write all addresses down anew in a random order and say how many; the caller commits."""
    everyone = [dict(row) for row in db.session.execute(select(CONTACTS).with_for_update()).mappings()]
    _write_anew(everyone)
    return len(everyone)


def _some_others() -> list[dict[str, Any]]:
    """Draw some that nobody else is writing anew at this moment."""
    drawn = select(CONTACTS).order_by(func.random()).limit(TOGETHER - 1).with_for_update(skip_locked=True)
    return [dict(row) for row in db.session.execute(drawn).mappings()]


def _write_anew(rows: list[dict[str, Any]]) -> None:
    random.SystemRandom().shuffle(rows)
    if rows:
        db.session.execute(delete(CONTACTS).where(CONTACTS.c.id.in_([row["id"] for row in rows])))
        db.session.execute(insert(CONTACTS), rows)


def everybody() -> Iterator[Addressee]:
    """Walk whom to write to, each address once, in the order of random numbers. Raises Unreadable."""
    written: set[str] = set()
    for contact in db.session.scalars(select(Contact).order_by(Contact.id)):
        address = contact.email
        if address.casefold() not in written:
            written.add(address.casefold())
            yield Addressee(contact.id, address, contact.language)


def forget(number: uuid.UUID) -> bool:
    """Forget an address, however often it was given, by the id that a message carried; says whether it was there."""
    found = db.session.get(Contact, number)
    if found is None:
        return False
    address = found.email.casefold()
    same = [each for each in db.session.scalars(select(Contact)) if each.email.casefold() == address]
    for each in same:
        db.session.delete(each)
    db.session.commit()
    return True


def erase_before(month: str) -> int:
    """Erase the addresses that were given before a month, as 2026-11, and say how many; the caller commits."""
    old = delete(CONTACTS).where(CONTACTS.c.month < month).returning(CONTACTS.c.id)
    return len(db.session.execute(old).all())


def given_before(month: str) -> int:
    """Count the addresses that were given before a month."""
    return db.session.scalar(select(func.count()).select_from(CONTACTS).where(CONTACTS.c.month < month)) or 0
