"""Use cases of staff accounts: add, change, disable, invite, choose a password. Each commits once and is audited."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_security import verify_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit, chain, sessions
from app.accounts.errors import (
    EmailTaken,
    InvalidEmail,
    InvitationGone,
    LastAdmin,
    NoReason,
    UnknownPerson,
    UnknownRole,
    WeakPassword,
)
from app.accounts.models import LONGEST_EMAIL, ROLES, Role, User
from app.accounts.passwords import hashed, normal, refuse_weak
from app.database import db
from app.mail import outbox
from app.mail.carriers import Letter

INVITATION_DAYS = 3
ADDRESSES: dict[str, Any] = {"check_deliverability": False, "test_environment": True}


def add_staff(email: str, roles: Iterable[str], password: str | None = None) -> User:
    """Create an account; without a password its owner chooses one through an invitation."""
    address = clean_email(email)
    names = clean_roles(roles)
    if password is not None:
        refuse_weak(password, address)
    if find(address):
        raise EmailTaken(f"{address} has an account already: change its roles instead.", "email")
    person = User(
        email=address,
        password=hashed(password) if password is not None else None,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        added_at=clock.now(),
        roles=_roles(names),
    )
    db.session.add(person)
    audit.record("staff.add", address, ", ".join(names))
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise EmailTaken(f"{address} has an account already: change its roles instead.", "email") from error
    return person


def change_roles(person: User, roles: Iterable[str], reason: str = "") -> None:
    """Give a member of staff these roles and no others."""
    names = clean_roles(roles)
    if "admin" not in names:
        _refuse_without_admin(person, "take the role admin from")
    before = ", ".join(person.role_names) or "none"
    person.roles = _roles(names)
    sessions.end_all(person)
    audit.record("staff.roles", person.email, _with(f"{before} -> {', '.join(names)}", reason))
    db.session.commit()


def stated(reason: str) -> str:
    """Return a reason; raise NoReason where nobody stated one."""
    if not reason.strip():
        raise NoReason("Say why the roles change: the audit log keeps it.", "reason")
    return reason


def disable(person: User, reason: str = "") -> None:
    """Shut somebody out at once, in every browser; their deeds stay in the audit log under their name."""
    _refuse_without_admin(person, "disable")
    person.active = False
    person.fs_uniquifier = uuid.uuid4().hex
    sessions.end_all(person)
    audit.record("staff.disable", person.email, reason)
    db.session.commit()


def enable(person: User, reason: str = "") -> None:
    """Let somebody in again who was shut out."""
    person.active = True
    audit.record("staff.enable", person.email, reason)
    db.session.commit()


def reset(person: User, reason: str = "") -> None:
    """Forget somebody's password and second factor, and sign them out everywhere; they begin anew by invitation."""
    person.password = None
    person.fs_uniquifier = uuid.uuid4().hex
    person.tf_primary_method = person.tf_totp_secret = person.mf_recovery_codes = person.last_code = None
    sessions.end_all(person)
    audit.record("staff.password_reset", person.email, reason)
    db.session.commit()


def choose_password(person: User, password: str) -> None:
    """Set the password that an invited person chose."""
    refuse_weak(password, person.email)
    person.password = hashed(password)
    person.fs_uniquifier = uuid.uuid4().hex
    audit.record("staff.password_chosen", person.email)
    db.session.commit()


def change_password(person: User, current: str, new: str) -> None:
    """Change one's own password, knowing the current one."""
    if not person.password or not verify_password(normal(current), person.password):
        raise WeakPassword("The current password is wrong: type it again.", "current")
    refuse_weak(new, person.email)
    person.password = hashed(new)
    sessions.end_others(person)
    audit.record("staff.password_changed", person.email)
    db.session.commit()


def signed_in(person: User) -> None:
    """Note that somebody has signed in."""
    person.signed_in_at = clock.now()
    sessions.begin(person)
    audit.record("sign_in", person.email)
    db.session.commit()


def signed_out(person: User) -> None:
    """End somebody's session in this browser, and note it."""
    sessions.end()
    audit.record("sign_out", person.email)
    db.session.commit()


def sign_in_failed(email: str) -> None:
    """Note a failed attempt; what was typed is kept only where it names an account, since it may be a password."""
    person = find(email)
    audit.record("sign_in.failed", person.email if person else "no such account")
    db.session.commit()


def password_confirmed(person: User) -> None:
    """Note that somebody who is signed in has typed the password again."""
    audit.record("confirm", person.email)
    db.session.commit()


def confirmation_failed(person: User) -> None:
    """Note that somebody who is signed in typed a wrong password."""
    audit.record("confirm.failed", person.email)
    db.session.commit()


def code_failed(person: User) -> None:
    """Note that somebody gave the right password and then a wrong code."""
    audit.record("second_factor.failed", person.email)
    db.session.commit()


def second_factor_set(person: User) -> None:
    """Note that somebody has set up an app for codes, or changed it."""
    audit.record("second_factor.set", person.email)
    db.session.commit()


def recovered(person: User) -> None:
    """Note that somebody used up a recovery code."""
    audit.record("second_factor.recovery_code", person.email)


def trim_audit(before: datetime, reason: str) -> int:
    """Remove the entries of the audit trail from before a moment; the trail says so itself. Returns how many."""
    count, digest = chain.trim(before)
    if count:
        audit.record(chain.TRIM, digest, f"{count} entries from before {before:%Y-%m-%d}. {reason}")
    db.session.commit()
    return count


def invitation(person: User) -> str:
    """Sign a token that lets a person without a password choose one, once."""
    return _signer().dumps(person.fs_uniquifier)


def mail_invitation(person: User, link: str) -> None:
    """Queue a mail with the link through which somebody chooses a password, at most one an hour."""
    text = (
        f"You are invited to the survey platform of West Yorkshire's Police and Crime Commissioner, as "
        f"{', '.join(person.role_names)}.\n\nChoose a password within {INVITATION_DAYS} days. The address works once:"
        f"\n\n{link}\n\nIf you did not expect this, do nothing: without a password nobody can sign in.\n"
    )
    about = f"{person.fs_uniquifier} {clock.now():%Y-%m-%dT%H}"
    outbox.queue("invitation", about, Letter(person.email, "Choose a password for the survey platform", text))
    audit.record("staff.mail_invitation", person.email)
    db.session.commit()


def invited(token: str) -> User:
    """Find who a token invites; raise InvitationGone where it is used, replaced, too old or no token at all."""
    try:
        uniquifier = _signer().loads(token, max_age=INVITATION_DAYS * 24 * 60 * 60)
    except BadSignature as error:
        raise InvitationGone(_gone()) from error
    person = with_key(str(uniquifier))
    if person is None or person.password or not person.active:
        raise InvitationGone(_gone())
    return person


def find(email: str) -> User | None:
    """Find an account by its address; capitals do not matter."""
    address = email.strip().lower()
    if not address.isprintable() or len(address) > LONGEST_EMAIL:
        return None
    return db.session.scalar(select(User).where(User.email == address))


def with_key(key: str) -> User | None:
    """Find an account by the random key under which sign-in knows it."""
    return db.session.scalar(select(User).where(User.fs_uniquifier == key)) if key else None


def named(email: str) -> User:
    """Find an account by its address, or raise UnknownPerson."""
    person = find(email)
    if person is None:
        raise UnknownPerson(f"Nobody has an account {email!r}: `flask staff list` shows who has.")
    return person


def clean_email(typed: str) -> str:
    """Bring an address into its stored form: small letters, no spaces around it."""
    try:
        return validate_email(typed.strip(), **ADDRESSES).normalized.lower()
    except EmailNotValidError as error:
        message = f"{typed.strip()[:60]!r} is no e-mail address: write it as name@example.org."
        raise InvalidEmail(message, "email") from error


def clean_roles(given: Iterable[str]) -> list[str]:
    """Check that some roles exist; one at least is needed. They come back in the order of ``ROLES``."""
    names = set(given)
    unknown = sorted(names - set(ROLES))
    if unknown:
        raise UnknownRole(f"There is no role {unknown[0][:40]!r}. Roles: {', '.join(ROLES)}.", "roles")
    if not names:
        raise UnknownRole(f"Choose at least one role. Roles: {', '.join(ROLES)}.", "roles")
    return [name for name in ROLES if name in names]


def _roles(names: list[str]) -> list[Role]:
    known = {role.name: role for role in db.session.scalars(select(Role).where(Role.name.in_(names)))}
    return [known.get(name) or Role(name=name, description=ROLES[name]) for name in names]


def _refuse_without_admin(person: User, deed: str) -> None:
    # The rows are locked: of two admins who disable each other at the same moment, one must find herself the last.
    admins = select(User.id).join(User.roles).where(Role.name == "admin", User.active).with_for_update()
    if list(db.session.scalars(admins)) == [person.id]:
        message = f"You cannot {deed} {person.email}, the last admin: make somebody else an admin first."
        raise LastAdmin(message, "roles")


def _with(text: str, reason: str) -> str:
    return f"{text}. {reason}" if reason else text


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="staff-invitation")


def _gone() -> str:
    return f"Links work once and for {INVITATION_DAYS} days. Ask whoever looks after staff accounts for a new one."
