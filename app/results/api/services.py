"""Issue and revoke tokens, each noted in the audit trail; find the one that a request carries."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts import services as accounts
from app.accounts.models import User, current_user
from app.database import db
from app.results.api.errors import CannotIssue, Refused
from app.results.api.models import ApiToken
from app.surveys import queries

BEGINS = "yv1_"
LONGEST_DAYS = 366
LONGEST_PURPOSE = 300
HOW = "Send it as: Authorization: Bearer TOKEN."


def issue(email: str, purpose: str, days: str, survey: str) -> tuple[ApiToken, str]:
    """Issue a token to an analyst, and return it with its text, which is kept nowhere. Raises CannotIssue."""
    owner, lasts = _analyst(email), _days(days)
    said = " ".join(purpose.split())
    if not 10 <= len(said) <= LONGEST_PURPOSE:
        raise CannotIssue(f"Say in 10 to {LONGEST_PURPOSE} characters what the token is for.", "purpose")
    known = [each.slug for each in queries.surveys()]
    if survey and survey not in known:
        raise CannotIssue(f"There is no survey {survey[:40]!r}. Surveys: {', '.join(known) or 'none'}.", "survey")
    text, now = BEGINS + secrets.token_urlsafe(32), clock.now()
    token = ApiToken(
        digest=digest(text),
        owner=owner,
        purpose=said,
        survey=survey,
        issued_at=now,
        issued_by=current_user.email,
        expires_at=now + timedelta(days=lasts),
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token.issue", f"token {token.id} to {owner.email}, {lasts} days, {survey or 'all surveys'}", said)
    db.session.commit()
    return token, text


def revoke(token: ApiToken, reason: str) -> None:
    """Make a token open nothing from now on."""
    token.revoked_at = token.revoked_at or clock.now()
    audit.record("token.revoke", f"token {token.id} of {token.owner.email}", reason)
    db.session.commit()


def tokens() -> list[ApiToken]:
    """List all tokens, the newest first."""
    return list(db.session.scalars(select(ApiToken).options(joinedload(ApiToken.owner)).order_by(ApiToken.id.desc())))


def carried(header: str) -> ApiToken:
    """Find the token that a request carries. Raises Refused, by name, for one that opens nothing."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise Refused(401, "token_missing", f"This needs a token. {HOW} An administrator issues them.")
    found = db.session.scalar(
        select(ApiToken).where(ApiToken.digest == digest(text.strip())).options(joinedload(ApiToken.owner))
    )
    if found is None:
        raise Refused(401, "token_unknown", f"There is no such token: check that it is whole. {HOW}")
    state = found.state(clock.now())
    if state == "expired":
        raise Refused(401, "token_expired", f"This token expired on {found.expires_at:%Y-%m-%d}: ask for another.")
    if state == "revoked" or not found.owner.active or not found.owner.has_any(("analyst",)):
        raise Refused(401, "token_revoked", "This token no longer opens anything: ask an administrator for another.")
    return found


def digest(text: str) -> str:
    """Digest a token: it is long and random, so one round is enough."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _analyst(email: str) -> User:
    owner = accounts.find(email)
    if owner is None or not owner.active or not owner.has_any(("analyst",)):
        raise CannotIssue(f"{email.strip()[:60]!r} is no analyst here: give that person the role first.", "email")
    return owner


def _days(days: str) -> int:
    if not days.strip().isdecimal() or not 1 <= int(days[:9]) <= LONGEST_DAYS:
        raise CannotIssue(f"{days.strip()[:20]!r} is no number of days: give 1 to {LONGEST_DAYS}.", "days")
    return int(days)
