"""Stores what a form or a row says as the one response of its submission, through the one gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from app import clock
from app.database import db
from app.surveys import messages, own_words
from app.surveys.definition import Checked, Definition, Problem, Question, check
from app.surveys.models import EarlyWithdrawal, Wave
from app.surveys.queries import RESPONSES
from app.surveys.responding import insert_received, standing
from app.surveys.withdrawing import ERASED

PAPER = "paper"
TOGETHER = 500
"""So many rows are written with one statement."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The hashes by which a response and its receipt are known."""

    submission: str
    receipt: str


def judged(definition: Definition, answers: Mapping[str, Any], coded: Mapping[str, str]) -> Checked:
    """Judge what came on paper at the gate that judges every channel."""
    return check(definition, answers, coded)


@dataclass(frozen=True, slots=True)
class Asked:
    """A wave as far as storing needs it: it outlives the transaction in which it was found."""

    id: int
    reference: str
    freezes_at: datetime
    digest: str

    @classmethod
    def of(cls, wave: Wave) -> Asked:
        """Take from a wave what storing needs."""
        return cls(wave.id, wave.reference, wave.freezes_at, wave.digest or "")


def values_of(
    wave: Asked, definition: Definition, checked: Checked, coded: Mapping[str, str], identity: Identity
) -> dict[str, Any]:
    """Lay out one accepted response as the columns of its row; it counts as given now, at the latest at the freeze."""
    at = min(clock.now(), wave.freezes_at)
    return {
        "wave_id": wave.id,
        "submission": identity.submission,
        "receipt": identity.receipt,
        "channel": PAPER,
        "assisted": False,
        "decile": None,
        **own_words.kept(definition, checked.answers, identity.submission),
        "coded": dict(coded) or None,
        "submitted_at": at,
        "submitted_on": clock.london(at).date().isoformat(),
        "started_at": None,
        "seed": None,
        **standing(definition, checked),
    }


def store(values: Mapping[str, Any]) -> bool:
    """Add a response to the transaction at hand, emptied if its resident withdrew it before; says whether it is new."""
    early = db.session.get(EarlyWithdrawal, values["receipt"])
    if early is not None:
        values = {**values, **dict.fromkeys(ERASED), "withdrawn_on": early.withdrawn_on}
    return insert_received(values) is not None


def store_all(waiting: Sequence[Mapping[str, Any]]) -> int:
    """Add responses to the transaction at hand, emptied where their residents withdrew them before.

    Returns how many of them are stored already; then none is added.
    """
    for first in range(0, len(waiting), TOGETHER):
        some = waiting[first : first + TOGETHER]
        known = select(func.count()).where(RESPONSES.c.submission.in_([each["submission"] for each in some]))
        if already := db.session.scalar(known):
            return int(already)
        asked = select(EarlyWithdrawal.receipt, EarlyWithdrawal.withdrawn_on)
        early = dict(
            db.session.execute(asked.where(EarlyWithdrawal.receipt.in_([each["receipt"] for each in some]))).all()
        )
        rows = [_emptied(each, early.get(each["receipt"])) for each in some]
        db.session.execute(insert(RESPONSES), rows)
    return 0


def _emptied(values: Mapping[str, Any], withdrawn_on: str | None) -> dict[str, Any]:
    return {**values, "withdrawn_on": withdrawn_on} | (dict.fromkeys(ERASED) if withdrawn_on else {})


def told(definition: Definition, problem: Problem) -> str:
    """Say what the gate found wrong, naming the question as the paper does."""
    question = definition.question(problem.question)
    row = _part(question, problem.part) or (question.text if question else "")
    values = {"row": row, **dict(problem.values)}
    try:
        return messages.message(problem.code, values, row)
    except KeyError:
        return f"{problem.code} ({values})"


def _part(question: Question | None, part: str) -> str:
    if question is None or not part:
        return ""
    rows = {row.key: row.text for row in question.rows} | {option.key: option.text for option in question.options}
    return rows.get(part, part)
