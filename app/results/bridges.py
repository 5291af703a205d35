"""Bridges: what an analyst states of a measure that was asked otherwise from some wave on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from app.database import db
from app.results.lines import Bridged
from app.results.models import Bridge


def standing(wave_id: int) -> dict[str, Bridge]:
    """Find the bridges that lead up to a wave and were not withdrawn, by measure."""
    kept = select(Bridge).where(Bridge.wave_id == wave_id, Bridge.withdrawn_at.is_(None)).order_by(Bridge.measure)
    return {each.measure: each for each in db.session.scalars(kept)}


def stated(wave_id: int) -> dict[str, dict[str, Any]]:
    """Say what they state, as a run's inputs keep it."""
    return {
        key: asdict(Bridged(each.shift, each.error, each.reason, each.made_by, each.made_at.isoformat()))
        for key, each in standing(wave_id).items()
    }
