"""Questions to the database about asking; nothing here writes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Table, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload

from app import encryption, i18n
from app.database import db, look
from app.surveys import codes, own_words
from app.surveys.definition import Definition
from app.surveys.document import from_document, mapped
from app.surveys.errors import DraftGone, UnknownReceipt, UnknownSurvey, UnknownWave
from app.surveys.models import Draft, Response, SupportLine, Survey, Wave

JOIN = "\x04"
AMOUNT = re.compile(r"\{(year|week)\}")
ISOLATED = "\u2066{\\1}\u2069"
"""An amount of money keeps its own direction inside a text that runs from right to left."""


@dataclass(frozen=True, slots=True)
class FrozenWave:
    """What the pages of a response need of their wave; its questionnaire is read by its digest."""

    id: int
    reference: str
    digest: str
    slug: str


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft as its resident's pages hold it: what one look at the database found."""

    id: int
    submission: uuid.UUID
    amends_id: int | None
    language: str
    channel: str
    assisted: bool
    event_id: int | None
    seed: int
    page: str | None
    answers: dict[str, Any]
    started_at: datetime
    saved_at: datetime
    expires_at: datetime
    sendable_until: datetime
    wave: FrozenWave


class Worded(NamedTuple):
    """What one response holds in own words; of one from before there was encryption, all its answers."""

    id: int
    language: str | None
    answers: dict[str, Any]


class Sent(NamedTuple):
    """What a receipt says of a response: whether staff entered it, and from when on it can't be changed."""

    assisted: bool | None
    freezes_at: datetime


# Every page of a response asks this: it is put together once, on the tables themselves.
DRAFTS, RESPONSES, WAVES, SURVEYS = (cast(Table, model.__table__) for model in (Draft, Response, Wave, Survey))
OF_WAVE = (WAVES.c.id, WAVES.c.reference, WAVES.c.digest, SURVEYS.c.slug)
DRAFT_ANSWERS = "draft.answers"
OF_DRAFT = tuple(each.name for each in fields(HeldDraft))[:-1]
UNTIL = case((DRAFTS.c.amends_id.is_(None), WAVES.c.drafts_until), else_=WAVES.c.freezes_at)
DRAFT = (
    select(
        *(DRAFTS.c.get(name, UNTIL) for name in OF_DRAFT),
        *OF_WAVE,
    )
    .join_from(DRAFTS, WAVES)
    .join(SURVEYS)
    .where(DRAFTS.c.resume == bindparam("held"), DRAFTS.c.expires_at > bindparam("now"))
)

# What is read for own words needs the answers only where the words are still among them.
WORDED = select(
    *(RESPONSES.c[name] for name in ("id", "language", "submission", "words")),
    case((RESPONSES.c.words.is_(None), RESPONSES.c.answers)).label("answers"),
).where(RESPONSES.c.answers.is_not(None))

TEXTS = select(WAVES.c.document, WAVES.c.texts).where(WAVES.c.id == bindparam("wave"))

# Every visit to a start page asks this.
OPEN = (
    select(*OF_WAVE)
    .join_from(WAVES, SURVEYS)
    .where(WAVES.c.simulated.is_(False), WAVES.c.digest.is_not(None))
    .where(WAVES.c.opens_at <= bindparam("now"), WAVES.c.closes_at > bindparam("now"))
)
OPEN_OF_SURVEY = OPEN.where(SURVEYS.c.slug == bindparam("slug"))
OPEN_STILL = OPEN.where(WAVES.c.id == bindparam("wave"))

# Every receipt asks this.
SENT = (
    select(RESPONSES.c.assisted, WAVES.c.freezes_at)
    .join_from(RESPONSES, WAVES)
    .where(RESPONSES.c.receipt == bindparam("held"))
)


def surveys() -> list[Survey]:
    """List all surveys by name."""
    return list(db.session.scalars(select(Survey).order_by(Survey.slug)))


def survey_named(slug: str) -> Survey:
    """Find a survey by its slug."""
    survey = db.session.scalar(select(Survey).where(Survey.slug == slug))
    if survey is None:
        known = ", ".join(survey.slug for survey in surveys()) or "none yet: import one"
        raise UnknownSurvey(f"There is no survey {slug!r}. Surveys: {known}.")
    return survey


def wave_named(reference: str) -> Wave:
    """Find a wave by its reference, as YV-2026-11."""
    wave = db.session.scalar(select(Wave).where(Wave.reference == reference).options(joinedload(Wave.survey)))
    if wave is None:
        known = ", ".join(db.session.scalars(select(Wave.reference).order_by(Wave.reference))) or "none yet"
        raise UnknownWave(f"There is no wave {reference!r}. Waves: {known}.")
    return wave


def open_wave(slug: str, now: datetime) -> FrozenWave | None:
    """Find the real wave of a survey that takes answers now, if it has begun."""
    return next((FrozenWave(*found) for found in look(OPEN_OF_SURVEY, {"slug": slug, "now": now})), None)


def open_waves(now: datetime) -> list[Wave]:
    """List the real waves that take answers now."""
    asked = select(Wave).where(Wave.opens_at <= now, Wave.closes_at > now, Wave.simulated.is_(False))
    return list(db.session.scalars(asked.options(joinedload(Wave.survey)).order_by(Wave.opens_at)))


def definition_of(wave: Wave | FrozenWave, language: str = "en") -> Definition:
    """Read a wave's frozen definition in one of its languages (in English where it has no texts in this one)."""
    return _frozen(wave.id, wave.digest or "", language)


@lru_cache(maxsize=256)
def _frozen(wave_id: int, digest: str, language: str) -> Definition:
    [(document, texts)] = look(TEXTS, {"wave": wave_id})
    own = texts_in(texts, language)
    return from_document(mapped(document, lambda context, text: own.get(f"{context}{JOIN}{text}", text)))


def texts_in(texts: dict[str, dict[str, str]] | None, language: str) -> dict[str, str]:
    """Read a wave's texts in a language, by context and English text; amounts keep their own direction."""
    own = (texts or {}).get(language, {})
    if language not in i18n.languages() or i18n.languages()[language].direction != "rtl":
        return own
    return {key: AMOUNT.sub(ISOLATED, text) for key, text in own.items()}


def draft_with(resume: str, now: datetime) -> HeldDraft:
    """Find the draft that a resume code opens. A change of a stored response can be sent until its wave's freeze."""
    found = look(DRAFT, {"held": codes.hashed(resume), "now": now})
    if not found:
        raise DraftGone("No draft has this code: it was sent, or erased because nobody came back to it in time.")
    of_draft, of_wave = found[0][: len(OF_DRAFT)], found[0][len(OF_DRAFT) :]
    values = dict(zip(OF_DRAFT, of_draft, strict=True))
    values["answers"] = encryption.opened_document(values["answers"], DRAFT_ANSWERS, values["submission"])
    return HeldDraft(**values, wave=FrozenWave(*of_wave))


def response_with(receipt: str) -> Response:
    """Find the response that a receipt code stands for; a withdrawn one is found too, without its answers."""
    found = select(Response).where(Response.receipt == codes.hashed(receipt))
    response = db.session.scalar(found.options(joinedload(Response.wave).joinedload(Wave.survey)))
    if response is None:
        raise UnknownReceipt("No response has this code.")
    return response


def sent_with(receipt: str) -> Sent:
    """Find what a receipt says of the response that it stands for."""
    found = look(SENT, {"held": codes.hashed(receipt)})
    if not found:
        raise UnknownReceipt("No response has this code.")
    return Sent(*found[0])


def response_rows(wave_id: int, until: datetime | None = None) -> Iterator[Any]:
    """Walk the stored responses of a wave as plain columns and the answers, with marks where own words stood.

    Withdrawn ones are left out.
    """
    columns = select(
        Response.id,
        Response.channel,
        Response.assisted,
        Response.language,
        Response.apart,
        Response.district,
        Response.age_band,
        Response.sex,
        Response.ethnic_group,
        Response.decile,
        Response.submitted_at,
        Response.answers,
    ).where(Response.wave_id == wave_id, Response.answers.is_not(None))
    if until is not None:
        columns = columns.where(Response.submitted_at <= until)
    return iter(db.session.execute(columns.order_by(Response.id).execution_options(yield_per=5000)))


def answer_texts(connection: Connection, wave_id: int, until: datetime, apart: bool = False) -> Iterator[Any]:
    """Walk the answers of a wave as JSON texts, and how each came, in no order; withdrawn ones are left out.

    Marks stand where own words stood. With ``apart`` only of those who stand apart.
    """
    how = (Response.apart, Response.channel, Response.language, Response.assisted, Response.interpreted)
    where = (Response.event_id, Response.flags)
    texts = (sa.cast(Response.answers, sa.Text).label("answers"), sa.cast(Response.coded, sa.Text).label("coded"))
    rows = select(Response.id, *how, *where, *texts).where(
        Response.wave_id == wave_id, Response.answers.is_not(None), Response.submitted_at <= until
    )
    if apart:
        rows = rows.where(Response.apart.is_not(None))
    return chain.from_iterable(connection.execute(rows.execution_options(yield_per=2000)).partitions())


def worded_rows(connection: Connection, wave_id: int) -> Iterator[Worded]:
    """Walk what was written in a wave in own words, with the response and its language; withdrawn ones are left out."""
    rows = WORDED.where(RESPONSES.c.wave_id == wave_id, or_(RESPONSES.c.words.is_(None), RESPONSES.c.words != ""))
    with connection.execute(rows.order_by(RESPONSES.c.id).execution_options(yield_per=500)) as found:
        yield from (Worded(row.id, row.language, _words_of(row)) for row in found)


def _words_of(row: Any) -> dict[str, Any]:
    return own_words.written(row.words, row.submission) if row.words is not None else row.answers


def answers_kept(identities: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Read what some responses hold in own words as they are now, and keep them so until the transaction ends."""
    rows = WORDED.where(RESPONSES.c.id.in_(identities))
    return {row.id: _words_of(row) for row in db.session.execute(rows.with_for_update(read=True))}


def response_state(wave_id: int, connection: Connection | None = None) -> dict[str, int]:
    """Sum up what a wave has stored in numbers that change with every response, change of one, and withdrawal."""
    stored = select(
        func.count(Response.id),
        func.coalesce(func.max(Response.id), 0),
        func.coalesce(func.sum(Response.revision), 0),
        func.count(Response.withdrawn_on),
    ).where(Response.wave_id == wave_id)
    counted = (connection or db.session).execute(stored).one()
    return dict(zip(("stored", "last", "revisions", "withdrawn"), map(int, counted), strict=True))


def changed_since(wave_id: int, state: dict[str, int]) -> bool:
    """Say whether a wave is no longer in a state, in a time that does not grow with what it has stored.

    Looks only at what is new, was changed or withdrawn. On PostgreSQL a response that was being stored while the state
    was taken can stay unseen until the next one comes: what must be exact compares with `response_state`.
    """
    as_it_came = sa.and_(Response.wave_id == wave_id, Response.revision == 0)
    newer = select(Response.id).where(as_it_came, Response.withdrawn_on.is_(None), Response.id > state["last"])
    if db.session.execute(newer.limit(1)).first():
        return True
    again = select(func.coalesce(func.sum(Response.revision), 0), func.count(Response.withdrawn_on))
    revisions, gone = db.session.execute(again.where(Response.wave_id == wave_id, Response.revision > 0)).one()
    withdrawn = db.session.scalar(select(func.count()).where(as_it_came, Response.withdrawn_on > ""))
    return (int(revisions), int(gone) + int(withdrawn or 0)) != (state["revisions"], state["withdrawn"])


def answers_erased(wave_id: int) -> bool:
    """Say whether the answers of a wave have had their time and were erased."""
    return db.session.scalar(select(Wave.answers_erased_on).where(Wave.id == wave_id)) is not None


def support_lines() -> list[SupportLine]:
    """List where residents can turn to, in order."""
    return list(db.session.scalars(select(SupportLine).order_by(SupportLine.position)))
