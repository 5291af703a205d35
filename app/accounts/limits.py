"""How often somebody may try: counted by account and by network in the database, for all servers together.

What is counted is kept only as hashes whose key changes daily, and for a day.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from flask import current_app, request
from sqlalchemy import Table, delete, func, insert, select

from app import clock
from app.accounts.models import Attempt
from app.database import db, keep
from app.security import network_of


class Limit(NamedTuple):
    """How many attempts count as too many, within how long."""

    most: int
    within: timedelta


BY_ACCOUNT = Limit(10, timedelta(minutes=15))
BY_ADDRESS = Limit(50, timedelta(minutes=15))
WITHDRAWALS = Limit(20, timedelta(minutes=15))
"""Withdrawals of what has not arrived, from one address: a whole hall may share one, and nobody needs more."""
NEWS = Limit(100, timedelta(hours=1))
"""Addresses that want news, from one network."""
FORGOTTEN = timedelta(days=1)
ATTEMPTS = cast(Table, Attempt.__table__)


def seconds_to_wait(email: str) -> int:
    """Say how long the person at hand must wait before the next attempt; 0 where it may be made now."""
    return max(_wait(limit, key) for limit, key in _counted(email))


def count_failure(email: str) -> None:
    """Count a failed attempt against its account and its address."""
    for _, key in _counted(email):
        _count(key)


def forgive(email: str) -> None:
    """Forget the failures of an account whose owner has signed in; those of the address stay."""
    (_, account), _ = _counted(email)
    keep(delete(ATTEMPTS).where(ATTEMPTS.c.key == account), {})


def withdraws_too_often() -> bool:
    """Count a withdrawal of what has not arrived against the network at hand; says whether it is one too many."""
    return _one_too_many(WITHDRAWALS, "withdrawal")


def asks_for_news_too_often() -> bool:
    """Count an address that wants news against the network at hand; says whether it is one too many."""
    return _one_too_many(NEWS, "news")


def _one_too_many(limit: Limit, kind: str) -> bool:
    key = _keyed(kind, network_of(request.remote_addr or ""))
    if _wait(limit, key):
        return True
    _count(key)
    return False


def _wait(limit: Limit, key: str) -> int:
    now = clock.now()
    lately = select(Attempt.at).where(Attempt.key == key, Attempt.at > now - limit.within)
    newest = lately.order_by(Attempt.at.desc()).limit(limit.most).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(newest.c.at)).select_from(newest)).one()
    until: datetime = now if count < limit.most else oldest + limit.within
    return math.ceil((until - now).total_seconds())


def _count(key: str) -> None:
    keep(insert(ATTEMPTS), {"key": key, "at": clock.now()})
    keep(delete(ATTEMPTS).where(ATTEMPTS.c.at <= clock.now() - FORGOTTEN), {})


def _counted(email: str) -> list[tuple[Limit, str]]:
    return [
        (BY_ACCOUNT, _keyed("account", email.strip().lower())),
        (BY_ADDRESS, _keyed("address", network_of(request.remote_addr or ""))),
    ]


def _keyed(kind: str, value: str) -> str:
    """Hash what is counted, with a key that is another one every day: nobody can turn it back, or follow it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    today = hmac.digest(secret, f"sign-in limit {clock.now():%Y-%m-%d}".encode(), "sha256")
    return hmac.new(today, f"{kind}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
