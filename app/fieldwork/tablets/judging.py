"""Judges one opened item: its event, its wave, its receipt, and its answers at the one gate."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import london
from app.database import db
from app.fieldwork.models import Event
from app.fieldwork.tablets import clocks
from app.fieldwork.tablets.clocks import Counted, Told
from app.fieldwork.tablets.devices import Sender
from app.fieldwork.tablets.errors import Rejected
from app.fieldwork.tablets.inside import Inside
from app.fieldwork.tablets.reading import moment_of
from app.surveys import codes, queries, services
from app.surveys.definition import Definition, Problem, check
from app.surveys.models import EarlyWithdrawal, Response, Wave
from app.surveys.queries import definition_of
from app.surveys.responding import row

WITHDRAWN = "Its resident withdrew it before it arrived. Nothing of it is kept here; the tablet erases it."
RECEIPT_TAKEN = "Its receipt code belongs to another response."
LONGEST_ANSWERING = timedelta(days=1)
MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that passed: the columns of its response, when it was given, and what its record says."""

    content: str
    event_id: int
    mode: str
    receipt: str
    counted: Counted
    values: dict[str, Any]
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A wave as an item needs it: it outlives the transaction in which it was found."""

    id: int
    reference: str
    digest: str
    slug: str
    survey_id: int
    opens_at: datetime
    drafts_until: datetime

    @property
    def period(self) -> clocks.Period:
        """Say from when until when a response could be given."""
        return self.opens_at, self.drafts_until

    def was_open(self, moment: datetime) -> bool:
        """Say whether a response could be given at a moment."""
        return self.opens_at <= moment < self.drafts_until


def judge(
    sender: Sender, outside: Mapping[str, Any], given: Inside, offset: timedelta, received: datetime, by: str = ""
) -> Judged:
    """Judge an item. Raises Rejected; ``by`` is the digest of another definition by which a person wants it judged."""
    event_id = given.event or sender.event_id
    event = db.session.get(Event, event_id) if event_id in sender.served else None
    if event is None:
        raise Rejected("event", f"{sender.name} was never set up for event {event_id}. Set it up for it; send again.")
    word = clocks.told(moment_of(outside["given_at"]), offset, sender.added_at, received, event.held_on)
    wave, counted = _wave_and_time(outside, given, word, by)
    definition = definition_of(_frozen(wave))
    if given.language not in definition.languages:
        raise Rejected("inside", f"{wave.reference} is not asked in the language that it names.")
    checked = check(definition, given.answers)
    if checked.ending:
        raise Rejected("ends", "The questionnaire does not ask this person. Nothing of it is kept.", keep=False)
    if checked.problems:
        raise Rejected("gate", _said(definition, checked.problems))
    receipt = codes.hashed(given.receipt)
    values = row(_frozen(wave), definition, checked, uuid.UUID(outside["id"]), given.language, "tablet", counted.at)
    values |= {
        "receipt": receipt,
        "assisted": given.assisted,
        "interpreted": given.mode == "interpreter",
        "event_id": event_id,
        "seed": given.seed,
        "started_at": _begun(word, given.started, counted),
    }
    _refuse_taken(values["submission"], receipt)
    return Judged(given.content, event_id, given.mode, receipt, counted, values, _withdrawn_on(receipt))


def _frozen(wave: Asked) -> queries.FrozenWave:
    return queries.FrozenWave(wave.id, wave.reference, wave.digest, wave.slug)


def _wave_and_time(outside: Mapping[str, Any], given: Inside, word: Told, by: str) -> tuple[Asked, Counted]:
    wave = _wave(outside["wave"], given.survey, word)
    if outside["digest"] != wave.digest and by != wave.digest:
        raise Rejected(
            "definition",
            f"It answers another definition of {wave.reference} than the one that is asked. Connect the tablet, so "
            "that it fetches the new one. Staff can judge these answers by it.",
        )
    counted = clocks.counted(word, wave.period)
    if wave.was_open(counted.at):
        return wave, counted
    other = _asking(wave.survey_id, counted.at)
    if other is not None and other.digest == wave.digest:
        return other, counted
    moved = clocks.held(word, wave.period)
    if (counted.clock == "bounded" or counted.at < wave.opens_at) and wave.was_open(moved.at):
        return wave, moved
    raise Rejected(
        "not_open",
        f"It was given on {_day(counted.at)}, when {wave.reference} was not open, and no other wave asked the same. "
        "Staff can have it judged again where the wave's dates are wrong.",
    )


def _wave(reference: str, survey: str, word: Told) -> Asked:
    found = db.session.scalar(select(Wave).where(Wave.reference == reference, Wave.simulated.is_(False)))
    if found is None:
        found = _foreseen(reference, survey, word)
    if found is None or not found.digest or found.survey.slug != survey:
        raise Rejected("wave_unknown", "It answers a wave that there is not, or of another survey.")
    return _asked(found)


def _foreseen(reference: str, survey: str, word: Told) -> Wave | None:
    """Bring a month's wave into being that a tablet knew before, and nobody has visited yet."""
    known = next((each for each in queries.surveys() if each.slug == survey), None)
    if known is None:
        return None
    for moment in (clocks.counted(word, (word.since, word.until)).at, word.until):
        wave = services.wave_open_at(queries.survey_named(survey), moment)
        if wave is not None and wave.reference == reference:
            return wave
    return None


def _asking(survey_id: int, moment: datetime) -> Asked | None:
    survey = next(each for each in queries.surveys() if each.id == survey_id)
    wave = services.wave_open_at(survey, moment)
    return _asked(wave) if wave is not None and wave.digest else None


def _asked(wave: Wave) -> Asked:
    names = (wave.id, wave.reference, wave.digest or "", wave.survey.slug, wave.survey_id)
    return Asked(*names, wave.opens_at, wave.drafts_until)


def _said(definition: Definition, problems: Iterable[Problem]) -> str:
    """Name what the gate refused: questions and codes, never an answer, nor a key that may be one."""
    known = {name for q in definition.questions for name in (q.key, *q.behaviour.companions(q))}
    said = [f"{each.question if each.question in known else 'an unknown question'} ({each.code})" for each in problems]
    unique = list(dict.fromkeys(said))
    more = f" and {len(unique) - MOST_PROBLEMS} more" if len(unique) > MOST_PROBLEMS else ""
    return f"The gate refuses: {', '.join(unique[:MOST_PROBLEMS])}{more}."


def _begun(word: Told, started: datetime | None, counted: Counted) -> datetime | None:
    """Say when it was begun: as long before it was given as the device's clock says, where that can be."""
    if started is None or word.given is None:
        return None
    begun = clocks.shifted(word, started).given
    took = word.given - begun if begun else None
    return counted.at - took if took is not None and timedelta() <= took <= LONGEST_ANSWERING else None


def _refuse_taken(submission: str, receipt: str) -> None:
    taken = select(Response.id).where(Response.receipt == receipt, Response.submission != submission)
    if db.session.scalar(taken):
        raise Rejected("receipt", RECEIPT_TAKEN)


def _withdrawn_on(receipt: str) -> str | None:
    return db.session.scalar(select(EarlyWithdrawal.withdrawn_on).where(EarlyWithdrawal.receipt == receipt))


def _day(moment: datetime) -> str:
    return f"{london(moment):%-d %B %Y}"
