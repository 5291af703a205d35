"""Questions to the database about staff and what they did; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.accounts.models import AuditEvent, User
from app.database import db

EVENTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some events of the audit log, the newest first."""

    events: list[AuditEvent]
    number: int
    pages: int
    total: int
    action: str

    @property
    def first(self) -> int:
        """Count from which entry on the page shows."""
        return (self.number - 1) * EVENTS_A_PAGE + 1

    @property
    def last(self) -> int:
        """Count up to which entry it shows."""
        return self.first + len(self.events) - 1


def staff() -> list[User]:
    """List everybody with an account by address, those who are shut out last."""
    everybody = select(User).options(selectinload(User.roles)).order_by(User.active.desc(), User.email)
    return list(db.session.scalars(everybody))


def person_with(key: int) -> User | None:
    """Find an account by its number."""
    return db.session.get(User, key)


def actions() -> list[str]:
    """List the kinds of deeds that the audit log knows."""
    return list(db.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def audit_page(action: str = "", number: int = 1) -> AuditPage:
    """Read one page of the audit log; a page beyond the end is the last one."""
    wanted = [AuditEvent.action == action] if action.isprintable() and action else []
    total = db.session.scalar(select(func.count()).select_from(AuditEvent).where(*wanted)) or 0
    pages = max(1, -(-total // EVENTS_A_PAGE))
    number = min(max(1, number), pages)
    newest = select(AuditEvent).where(*wanted).order_by(AuditEvent.id.desc())
    events = list(db.session.scalars(newest.limit(EVENTS_A_PAGE).offset((number - 1) * EVENTS_A_PAGE)))
    return AuditPage(events, number, pages, total, action)
