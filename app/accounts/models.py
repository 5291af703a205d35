"""Who works here and what they did: staff, their roles, and the audit trail that only grows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Document, Model, UtcDateTime

LONGEST_EMAIL = 254

ROLES = {
    "officer": "Enters responses for people on the phone or at the desk",
    "analyst": "Reads results and runs analyses",
    "office": "The Commissioner's office: reads results",
    "approver": "Reads results and approves what is published",
    "safeguarding": "Looks after support lines and disclosures",
    "unmasker": "Reads masked comments, and sees what is masked where there is a reason",
    "admin": "Opens and closes waves, looks after staff, reads the audit log",
}

staff_role = Table(
    "staff_role",
    Model.metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Model, RoleMixin):
    """What a member of staff may do."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class User(Model, UserMixin):
    """A member of staff. Residents have no account.

    There is no password until its owner has chosen one. ``last_code`` is the interval of the last code from the app.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(Document)
    last_code: Mapped[int | None] = mapped_column(BigInteger)

    roles: Mapped[list[Role]] = relationship(secondary=staff_role, order_by=Role.name)  # type: ignore[assignment]

    @property
    def role_names(self) -> tuple[str, ...]:
        """List the roles by name."""
        return tuple(role.name for role in self.roles)

    def has_any(self, names: tuple[str, ...]) -> bool:
        """Say whether one of some roles is held."""
        return not set(names).isdisjoint(self.role_names)


class StaffSession(Model):
    """One browser in which a member of staff is signed in; its key is kept as a hash."""

    __tablename__ = "staff_session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attempt(Model):
    """One attempt that is counted: under a keyed hash of an account or a network, never under its name."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEvent(Model):
    """One deed of a member of staff or of the system, chained by hash to the deed before it.

    Triggers in the database refuse to change or delete it.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_action_id", "action", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))


if TYPE_CHECKING:
    # Flask-Login's stand-in for the member of staff at hand.
    current_user: User
else:
    from flask_login import current_user

__all__ = ["ROLES", "Attempt", "AuditEvent", "Role", "StaffSession", "User", "current_user", "staff_role"]
