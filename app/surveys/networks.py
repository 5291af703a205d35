"""From which network a response came, as a hash that nobody can turn back: its salt is random and lives for one day."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import cast

from flask import current_app, has_request_context, request
from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app import clock
from app.database import db, keep, look
from app.security import network_of
from app.surveys.models import DailySalt

KEPT = "daily_salt"
SALTS = cast(Table, DailySalt.__table__)


def network_at_hand() -> str | None:
    """Hash the network that the request at hand comes from; the address itself is kept nowhere.

    Two responses of one day from one network have one hash. When the day is over its salt is thrown away: from then on
    nobody can find out which network a hash stands for, nor follow it to another day.
    """
    if not has_request_context() or not request.remote_addr:
        return None
    key = str(current_app.config["SECRET_KEY"]).encode() + _salt().encode()
    return hmac.new(key, network_of(request.remote_addr).encode(), hashlib.sha256).hexdigest()[:32]


def _salt() -> str:
    today = clock.london(clock.now()).date().isoformat()
    kept: tuple[str, str] = current_app.extensions.get(KEPT, ("", ""))
    if kept[0] != today:
        kept = current_app.extensions[KEPT] = (today, _of_today(today))
    return kept[1]


def _of_today(today: str) -> str:
    """Find today's salt; the first who needs it draws it, and throws those before it away."""
    insertion = (postgres_insert if db.engine.dialect.name == "postgresql" else sqlite_insert)(SALTS)
    drawn = insertion.values(day=today, salt=secrets.token_hex()).on_conflict_do_nothing(index_elements=["day"])
    keep(drawn, {})
    keep(delete(SALTS).where(SALTS.c.day < today), {})
    [(salt,)] = look(select(SALTS.c.salt).where(SALTS.c.day == today), {})
    return str(salt)
