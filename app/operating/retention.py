"""Erases what has had its time: each kind of personal data has a period, and each run says what it did.

Answers are kept ``ANSWERS_MONTHS`` from their wave's freeze, or as long as was said of that wave; before they go a last
analysis run is stored. What was released stays: it is rounded, and holds nobody. Simulated answers are nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, delete, func, select, update

from app import clock, copies
from app.accounts import audit, chain, sessions
from app.accounts.models import AuditEvent
from app.database import db
from app.fieldwork.paper.models import Keying, PaperForm
from app.fieldwork.scanning import keeping as pictures
from app.fieldwork.scanning.models import ScannedSide
from app.fieldwork.tablets.models import TabletItem
from app.results import services as results
from app.results.errors import ResultsError
from app.surveys import contacts, queries, responding
from app.surveys.models import Draft, Response, Wave
from app.surveys.queries import DRAFTS, RESPONSES

BATCH = 5_000
ITEMS = cast(Table, TabletItem.__table__)


@dataclass(frozen=True)
class Erased:
    """What a run erased, or would erase, of one kind: how many, of what, and for how long that is kept."""

    count: int
    what: str
    period: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.count:,} {self.what} ({self.period}){self.note}"


def run(pretend: bool = False) -> Iterator[Erased]:
    """Erase what has had its time, each kind committed and audited for itself; only count it to ``pretend``."""
    for step in (_drafts, _sessions, _contacts, _scans, _keyings, _audit):
        yield from _noted(step(pretend), pretend)
    for wave in due(clock.now()):
        yield from _noted(iter([_answers(wave, pretend)]), pretend)


def _noted(found: Iterator[Erased], pretend: bool) -> Iterator[Erased]:
    for each in found:
        if each.count and not pretend and not each.note:
            audit.record("retention", each.what, f"{each.count} erased, {each.period}")
        db.session.commit()
        yield each


def _drafts(pretend: bool) -> Iterator[Erased]:
    gone = _count(select(Draft.id).where(Draft.expires_at <= clock.now())) if pretend else responding.erase_expired()
    yield Erased(gone, "drafts that nobody came back to", f"after {current_app.config['DRAFT_DAYS']} days")


def _sessions(pretend: bool) -> Iterator[Erased]:
    yield Erased(
        sessions.count_ended() if pretend else sessions.erase_ended(), "sessions of staff", "once they are over"
    )


def _contacts(pretend: bool) -> Iterator[Erased]:
    months = current_app.config["CONTACT_MONTHS"]
    before = f"{months_ago(clock.now(), months):%Y-%m}"
    gone = contacts.given_before(before) if pretend else contacts.erase_before(before)
    if not pretend:
        contacts.shuffle()
    yield Erased(gone, "addresses for news of results", f"after {months} months")


def _scans(pretend: bool) -> Iterator[Erased]:
    days = current_app.config["SCANS_DAYS"]
    old = _count(select(ScannedSide.id).where(ScannedSide.at < clock.now() - timedelta(days=days)))
    if not pretend:
        served = pictures.forget_old()
        db.session.commit()
        pictures.erase(served)
    yield Erased(old, "scanned sides that nobody confirmed", f"after {days} days")


def _keyings(pretend: bool) -> Iterator[Erased]:
    waves = [wave.id for wave in _past(clock.now())]
    kept = Keying.form_id.in_(select(PaperForm.id).where(PaperForm.wave_id.in_(waves))) & Keying.sealed.is_not(None)
    old = _count(select(Keying.id).where(kept))
    if not pretend:
        db.session.execute(update(Keying).where(kept).values(sealed=None).execution_options(synchronize_session=False))
    yield Erased(old, "keyings of forms that nobody settled", "with the answers of their wave")


def _audit(pretend: bool) -> Iterator[Erased]:
    years = current_app.config["AUDIT_YEARS"]
    old = _count(select(AuditEvent.id).where(AuditEvent.at < months_ago(clock.now(), 12 * years)))
    note = ": run `flask audit trim` as the owner of the database, nobody else can" if old else ""
    yield Erased(old, "entries of the audit trail", f"after {years} years", note)


def months_of(wave: Wave) -> int:
    """Say how many months after its freeze a wave's answers are erased."""
    return wave.answers_months or int(current_app.config["ANSWERS_MONTHS"])


def due(now: datetime) -> list[Wave]:
    """List the waves whose answers have had their time, and that hold any."""
    return [wave for wave in _past(now) if _count(select(Response.id).where(Response.wave_id == wave.id))]


def _past(now: datetime) -> list[Wave]:
    waves = (wave for survey in queries.surveys() for wave in survey.waves if not wave.simulated)
    return [wave for wave in waves if wave.freezes_at <= months_ago(now, months_of(wave))]


def months_ago(now: datetime, months: int) -> datetime:
    """Go some months back from a moment; of a day that a month does not have, to its last."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return now.replace(year=year, month=month + 1, day=min(now.day, (following - timedelta(days=1)).day))


def _answers(wave: Wave, pretend: bool) -> Erased:
    reference, number, months = wave.reference, wave.id, months_of(wave)
    if pretend:
        count = _count(select(Response.id).where(Response.wave_id == number))
        return Erased(count, f"responses of {reference}", f"{months} months after its freeze")
    if not wave.answers_erased_on:
        _last_run(wave)
        wave.answers_erased_on = clock.london(clock.now()).date().isoformat()
        db.session.commit()
    count = 0
    while erased := _some_erased(number):
        count += erased
        db.session.commit()
    copies.erase(reference)
    return Erased(count, f"responses of {reference}", f"{months} months after its freeze")


def _last_run(wave: Wave) -> None:
    """Store what the answers say before they go; a wave of too few says nothing."""
    number = wave.id
    try:
        results.run(wave)
    except ResultsError:
        db.session.rollback()
    db.session.refresh(db.session.get_one(Wave, number))


def _some_erased(wave_id: int) -> int:
    """Erase some responses, and with them what was made of them; the caller commits."""
    some = list(db.session.scalars(select(Response.id).where(Response.wave_id == wave_id).limit(BATCH)))
    if some:
        db.session.execute(delete(DRAFTS).where(DRAFTS.c.amends_id.in_(some)))
        db.session.execute(
            update(ITEMS).where(ITEMS.c.response_id.in_(some)).values(response_id=None, sealed=None, receipt=None)
        )
        db.session.execute(delete(RESPONSES).where(RESPONSES.c.id.in_(some)))
    return len(some)


def keep_for(wave: Wave, months: int, reason: str) -> None:
    """Say of one wave how long its answers are kept."""
    audit.record("retention.set", wave.reference, f"{months} months after its freeze. {reason}")
    wave.answers_months = months
    db.session.commit()


def head() -> str:
    """Tell the digest of the audit trail's last entry, to be kept by whoever keeps the log."""
    return chain.head_of(db.session.connection())


def _count(rows: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
