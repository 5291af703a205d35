"""Bridges: what an analyst states of a measure that was asked otherwise from some wave on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.database import db
from app.results.errors import ResultsError
from app.results.models import Bridge
from app.results.run.lines import Bridged
from app.surveys.models import Wave

LONGEST_REASON = 500
WIDEST = 100.0


class InvalidBridge(ResultsError):
    """What was entered is no bridge; each problem names its field."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(text for _, text in problems))
        self.problems = problems


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


def record(wave: Wave, measure: str, typed: Mapping[str, str], by: str) -> Bridge:
    """Record a bridge over the break that a measure has at a wave. Raises InvalidBridge."""
    shift, error, reason = _read(wave, measure, typed)
    made = Bridge(
        wave_id=wave.id,
        measure=measure,
        shift=shift,
        error=error,
        reason=reason,
        made_at=clock.now(),
        made_by=by,
    )
    db.session.add(made)
    audit.record("results.bridge", f"{wave.reference}/{measure}", f"{100 * shift:+g} points: {reason}")
    db.session.commit()
    return made


def withdraw(wave: Wave, measure: str, reason: str, by: str) -> None:
    """Withdraw the bridge that a measure has at a wave; the line breaks again. Raises InvalidBridge."""
    problems = _reason_faults(reason)
    found = standing(wave.id).get(measure)
    if not found:
        problems = [
            ("reason", f"There is no bridge at {wave.reference} to withdraw: it may have been withdrawn already")
        ]
    if problems or not found:
        raise InvalidBridge(problems)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_because = clock.now(), by, reason.strip()
    audit.record("results.bridge.withdraw", f"{wave.reference}/{measure}", reason)
    db.session.commit()


def _read(wave: Wave, measure: str, typed: Mapping[str, str]) -> tuple[float, float, str]:
    reason, kind = typed.get("reason", "").strip(), typed.get("kind", "")
    shift = error = 0.0
    problems = _reason_faults(reason)
    if kind not in ("none", "shift"):
        problems.append(("kind", "Choose whether earlier months are shifted"))
    if kind == "shift":
        shift, wrong = _points("shift", "The shift", typed.get("shift", ""), -WIDEST)
        error, too = _points("error", "The standard error", typed.get("error", ""), 0.0)
        problems += wrong + too
        if not too and not error:
            problems.append(("error", "Give the shift’s standard error, above 0: no shift is known exactly"))
    if measure in standing(wave.id):
        problems.append(("kind", f"There is a bridge at {wave.reference} already: withdraw it first"))
    if problems:
        raise InvalidBridge(problems)
    return shift, error, reason


def _reason_faults(reason: str) -> list[tuple[str, str]]:
    if not reason.strip():
        return [("reason", "Say why, for whoever reads the figures later")]
    if len(reason.strip()) > LONGEST_REASON:
        return [("reason", f"The reason has {len(reason.strip())} characters: shorten it to {LONGEST_REASON}")]
    return []


def _points(field: str, name: str, text: str, lowest: float) -> tuple[float, list[tuple[str, str]]]:
    """Read percentage points as a share."""
    typed = text.strip().replace("−", "-").removesuffix("%")
    try:
        value = float(typed)
    except ValueError:
        return 0.0, [(field, f"{name} is “{text.strip()}”: enter percentage points, as 1.5")]
    if not lowest <= value <= WIDEST:
        return 0.0, [(field, f"{name} is {text.strip()}: enter a number from {lowest:g} to {WIDEST:g}")]
    return value / 100, []
