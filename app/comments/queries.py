"""Questions to the database about comments; nothing here writes. Whatever safeguarding holds is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.comments import frames
from app.comments.errors import UnknownComment
from app.comments.models import (
    AGREED,
    FIRST,
    SECOND,
    CodedTheme,
    Coding,
    Comment,
    Frame,
    Suggestion,
    masked_in,
)
from app.database import db
from app.surveys.models import Response, Wave

A_PAGE = 20
SENTIMENTS = {"positive": "Positive", "neutral": "Neutral", "negative": "Negative", "unscored": "Not scored"}
UNSURE = "unsure"
STATES = {"uncoded": "Not coded yet", "coded": "Coded by a person"}
SECOND_CODED = 5
"""One comment in so many is coded a second time."""
NEUTRAL = 0.05
"""The analysis calls a score neutral that is no farther from 0."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; everything empty finds every comment of the wave."""

    wave: str = ""
    words: str = ""
    theme: str = ""
    district: str = ""
    language: str = ""
    sentiment: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of comments, and how many there are."""

    comments: list[Comment]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, -(-self.total // A_PAGE))

    @property
    def first(self) -> int:
        """Count from which comment on the page shows."""
        return (self.number - 1) * A_PAGE + 1


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """The comments of a wave that staff can read, and how far they are coded."""

    comments: int = 0
    coded: int = 0
    twice: int = 0


def search(wanted: Filter, number: int = 1) -> Found:
    """Find comments in the masked words and by what is known of them, in the order in which they were read."""
    conditions = [*_conditions(wanted)]
    if wanted.words:
        return _search_in_words(wanted.words.casefold().split(), conditions, number)
    total = db.session.scalar(select(func.count(Comment.id)).join(Response).join(Wave).where(*conditions)) or 0
    number = _within(number, total)
    found = select(Comment).join(Response).join(Wave).where(*conditions).order_by(Comment.wave_id, Comment.id)
    page = _with_everything(found).limit(A_PAGE).offset((number - 1) * A_PAGE)
    return Found(list(db.session.scalars(page)), total, number)


def _search_in_words(words: list[str], conditions: list[ColumnElement[bool]], number: int) -> Found:
    """Open every comment that may be meant: the database cannot read them."""
    columns = (Comment.id, Comment.response_id, Comment.question, Comment.sealed)
    rows = select(*columns).join(Response).join(Wave).where(*conditions).order_by(Comment.wave_id, Comment.id)
    with db.session.execute(rows.execution_options(yield_per=2000)) as sealed:
        opened = ((row.id, masked_in(row).casefold()) for row in sealed)
        numbers = [each for each, text in opened if all(word in text for word in words)]
    number = _within(number, len(numbers))
    shown = numbers[(number - 1) * A_PAGE : number * A_PAGE]
    found = {
        each.id: each for each in db.session.scalars(_with_everything(select(Comment).where(Comment.id.in_(shown))))
    }
    return Found([found[each] for each in shown if each in found], len(numbers), number)


def _within(number: int, total: int) -> int:
    return min(max(1, number), max(1, -(-total // A_PAGE)))


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    yield Comment.held.is_(False)
    if wanted.wave:
        yield Wave.reference == wanted.wave
    if wanted.district:
        yield Response.district == wanted.district
    if wanted.language:
        yield Comment.language.is_(None) if wanted.language == UNSURE else Comment.language == wanted.language
    if wanted.sentiment:
        yield _feeling(wanted.sentiment)
    if wanted.state:
        yield _coded(FIRST) if wanted.state == "coded" else ~_coded(FIRST)
    if wanted.theme:
        yield or_(_given(wanted.theme), and_(~_coded(FIRST), _suggested(wanted.theme)))


def _feeling(called: str) -> ColumnElement[bool]:
    bounds = {
        "positive": Comment.sentiment > NEUTRAL,
        "negative": Comment.sentiment < -NEUTRAL,
        "neutral": Comment.sentiment.between(-NEUTRAL, NEUTRAL),
    }
    return bounds.get(called, Comment.sentiment.is_(None))


def called(score: float) -> str:
    """Name a score, as the filter does."""
    return "neutral" if abs(score) <= NEUTRAL else "positive" if score > 0 else "negative"


def _coded(round_: str) -> ColumnElement[bool]:
    coding = aliased(Coding)  # the query around it may ask about codings too
    return exists().where(coding.comment_id == Comment.id, coding.round == round_)


def _suggested(theme: str) -> ColumnElement[bool]:
    return exists().where(Suggestion.comment_id == Comment.id, Suggestion.theme == theme)


def _given(theme: str) -> ColumnElement[bool]:
    """Ask whether the coding that counts has a theme: what was agreed on, else the first."""
    counts = or_(Coding.round == AGREED, and_(Coding.round == FIRST, ~_coded(AGREED)))
    return exists().where(
        Coding.comment_id == Comment.id, CodedTheme.coding_id == Coding.id, CodedTheme.theme == theme, counts
    )


def _with_everything(comments: Select[Comment]) -> Select[Comment]:
    codings = selectinload(Comment.codings)
    return comments.options(
        joinedload(Comment.wave).joinedload(Wave.survey),
        joinedload(Comment.response).load_only(Response.district, Response.apart, Response.submitted_at),
        selectinload(Comment.suggestions),
        selectinload(Comment.quotes),
        codings.selectinload(Coding.themes),
        codings.joinedload(Coding.coder),
    )


def comment(number: int) -> Comment:
    """Find one comment that staff may read; a held one is as unknown as one that never was."""
    found = db.session.scalar(_with_everything(select(Comment).where(Comment.id == number, Comment.held.is_(False))))
    if found is None:
        raise UnknownComment("There is no such comment: it may have been changed or withdrawn.")
    return found


def counts() -> dict[int, WaveCounts]:
    """Count the comments that can be read, and those coded once and twice, by wave."""
    first, second = (
        func.count(Coding.id).filter(Coding.round == FIRST),
        func.count(Coding.id).filter(Coding.round == SECOND),
    )
    rows = db.session.execute(
        select(Comment.wave_id, func.count(Comment.id.distinct()), first, second)
        .outerjoin(Coding)
        .where(Comment.held.is_(False))
        .group_by(Comment.wave_id)
    )
    return {wave_id: WaveCounts(*numbers) for wave_id, *numbers in rows}


def languages_found() -> list[str | None]:
    """List the languages that comments are in."""
    return list(db.session.scalars(select(Comment.language).where(Comment.held.is_(False)).distinct()))


def next_to_code(wave_id: int, after: int = 0) -> Comment | None:
    """Find the next comment of a wave that nobody has coded, from one on; skipped ones come again at the end."""
    waiting = select(Comment).where(Comment.wave_id == wave_id, Comment.held.is_(False), ~_coded(FIRST))
    return _following(waiting, after)


def next_to_code_again(wave_id: int, coder_id: int, after: int = 0) -> Comment | None:
    """Find the next comment of the sample that somebody else has coded, and nobody a second time."""
    by_another = exists().where(Coding.comment_id == Comment.id, Coding.round == FIRST, Coding.coder_id != coder_id)
    waiting = select(Comment).where(
        Comment.wave_id == wave_id, Comment.held.is_(False), in_sample(), by_another, ~_coded(SECOND)
    )
    return _following(waiting, after)


def _following(waiting: Select[Comment], after: int) -> Comment | None:
    """Find the first one after another; after the last, begin again with what was skipped."""
    following = _with_everything(waiting).order_by(Comment.id).limit(1)
    return db.session.scalar(following.where(Comment.id > after)) or db.session.scalar(following)


def in_sample() -> ColumnElement[bool]:
    """Ask whether a comment is coded twice: every fifth, so that no coder can choose."""
    return Comment.id % SECOND_CODED == 0


def coded_twice(wave_id: int) -> list[Comment]:
    """List the comments of a wave that two people have coded."""
    twice = select(Comment).where(Comment.wave_id == wave_id, Comment.held.is_(False), _coded(SECOND))
    return list(db.session.scalars(_with_everything(twice).order_by(Comment.id)))


def coded_comments(wave_id: int) -> list[Any]:
    """List, for figures: response, sentiment, the themes suggested, whether a person coded it, and the themes given."""
    comments = db.session.execute(
        select(Comment.id, Comment.response_id, Comment.sentiment, Comment.frame).where(
            Comment.wave_id == wave_id, Comment.held.is_(False)
        )
    )
    suggested = _sets(select(Suggestion.comment_id, Suggestion.theme).join(Comment), wave_id)
    rounds = _sets(select(Coding.comment_id, Coding.round).join(Comment), wave_id)
    given = _sets(
        select(Coding.comment_id, CodedTheme.theme)
        .join(Comment)
        .join(CodedTheme)
        .where(or_(Coding.round == AGREED, and_(Coding.round == FIRST, ~_coded(AGREED)))),
        wave_id,
    )
    return [
        CodedComment(
            row.response_id,
            row.sentiment,
            suggested.get(row.id, frozenset()),
            row.id in rounds,
            given.get(row.id, frozenset()),
        )
        for row in comments
    ]


@dataclass(frozen=True, slots=True)
class CodedComment:
    """What a comment says in themes: those of the machine, and those of a person where one has coded it."""

    response_id: int
    sentiment: float | None
    suggested: frozenset[str]
    coded: bool
    confirmed: frozenset[str]


def _sets(pairs: Select[int, str], wave_id: int) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for number, word in db.session.execute(pairs.where(Comment.wave_id == wave_id, Comment.held.is_(False))):
        found.setdefault(number, set()).add(word)
    return {number: frozenset(words) for number, words in found.items()}


def theme_titles() -> dict[str, str]:
    """Name every theme that there ever was, in its newest words."""
    return frames.every_title()


def state_of(wave_id: int) -> dict[str, Any]:
    """Sum up what theme figures of a wave are made from, in numbers that change whenever it does."""
    numbers = select(func.count(Comment.id), func.max(Comment.id), func.max(Comment.read_at), func.max(Comment.frame))
    count, last, read_at, frame = db.session.execute(
        numbers.where(Comment.wave_id == wave_id, Comment.held.is_(False))
    ).one()
    codings = select(func.count(Coding.id), func.max(Coding.coded_at)).join(Comment)
    coded, coded_at = db.session.execute(codings.where(Comment.wave_id == wave_id, Comment.held.is_(False))).one()
    moments = [each.isoformat() if each else "" for each in (read_at, coded_at)]
    version = db.session.scalar(select(func.max(Frame.version)))
    return {"comments": count, "last": last, "times": moments, "frame": frame, "coded": coded, "newest_frame": version}
