"""The batch: reads what people wrote in a wave and keeps what staff may see; only new and changed comments are read.

It computes with no transaction open and keeps a few hundred comments at a time. Before it keeps them it looks
whether the responses still hold these very words: what was withdrawn or changed meanwhile is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import joinedload

from app import clock, encryption
from app.accounts import audit
from app.comments import frames
from app.comments.errors import NoComments
from app.comments.models import Comment, Disclosure, Quote, Suggestion, masked_in, place_of
from app.comments.sources import Written, questions, words_in, written
from app.database import db, one_moment
from app.surveys import queries
from app.surveys.definition import Question

if TYPE_CHECKING:
    from app.analysis.text.pipeline import Reading
    from app.analysis.text.themes import Suggestion as Theme
    from app.analysis.text.themes import ThemeModel
    from app.surveys.models import Wave

Each = TypeVar("Each")
Pair: TypeAlias = "tuple[Written, Reading]"
BATCH = 500
MASKED = (Comment.response_id, Comment.question, Comment.sealed, Comment.language)
Advance = Callable[[str, int, int], None]
"""Told the part of the work, how much of it there is, and how much more is done."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a batch did."""

    comments: int
    read: int
    suggested: int
    notes: tuple[str, ...] = ()


def read_wave(wave: Wave, advance: Advance = lambda part, total, done: None, embeddings: bool | str = False) -> Summary:
    """Bring everything that is made of a wave's comments up to date. Raises NoComments, or the analysis's errors.

    `embeddings` suggests themes by a multilingual model too; a text names its file. `notes` says where it is missing.
    """
    wave_id, reference = wave.id, wave.reference
    if not wave.digest:
        raise NoComments(f"{reference} has not opened yet, so nobody has written anything. Come back when it has.")
    asked = questions(queries.definition_of(wave))
    if not asked:
        raise NoComments(f"{reference} asks for nothing in own words.")
    frame = frames.begin()
    db.session.commit()
    found = everything(wave_id, asked)
    waiting, stale = unread(wave_id, found), _stale(wave_id, frame)
    if not waiting and not stale:
        return Summary(len(found), 0, 0)
    model = model_of(wave_id, waiting, frame, embeddings)
    _read(wave_id, asked, waiting, model, advance)
    suggested = _suggest(_stale(wave_id, frame), model, advance)
    audit.record("comments.read", reference, f"{len(waiting)} read, themes suggested anew for {suggested}")
    db.session.commit()
    return Summary(len(found), len(waiting), suggested, model.notes)


def _read(
    wave_id: int, asked: dict[str, Question], waiting: Sequence[Written], model: ThemeModel, advance: Advance
) -> None:
    from app.analysis.text import pipeline

    advance("Comments are read", len(waiting), 0)
    comments = (pipeline.Comment(place, each.words, each.form_language) for place, each in enumerate(waiting))
    readings = pipeline.read(comments, model=model, chunk=BATCH)
    for some in _batches(zip(waiting, readings, strict=True)):
        _keep(wave_id, asked, some, int(model.frame.version))
        advance("Comments are read", len(waiting), len(some))


def everything(wave_id: int, asked: dict[str, Question]) -> list[Written]:
    """List every comment of a wave, as the responses hold it now."""
    with one_moment() as connection:
        return list(written(asked, queries.worded_rows(connection, wave_id)))


def unread(wave_id: int, found: Sequence[Written]) -> list[Written]:
    """List the comments that are new or changed since they were read in."""
    rows = db.session.execute(
        select(Comment.response_id, Comment.question, Comment.digest).where(Comment.wave_id == wave_id)
    )
    known = {(row.response_id, row.question): row.digest for row in rows}
    db.session.commit()
    return [each for each in found if known.get((each.response_id, each.question)) != each.digest]


def _batches(items: Iterable[Each]) -> Iterator[list[Each]]:
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some


def model_of(
    wave_id: int, waiting: Sequence[Written], frame: frames.CodingFrame, embeddings: bool | str = False
) -> ThemeModel:
    """Learn which words go with the themes from the wave's comments, read ones and new ones, masked."""
    from app.analysis.text.masking import mask
    from app.analysis.text.themes import SAMPLE, fit

    masked = select(*MASKED).where(Comment.wave_id == wave_id).order_by(Comment.id)
    known = [(masked_in(row), row.language) for row in db.session.execute(masked.limit(SAMPLE))]
    db.session.commit()
    known += [(mask(each.words).text, each.form_language) for each in waiting[: SAMPLE - len(known)]]
    texts, languages = [text for text, _ in known], [language for _, language in known]
    return fit(texts, languages, frame.for_engine(), embeddings=embeddings)


def _stale(wave_id: int, frame: frames.CodingFrame) -> list[Any]:
    """List the comments whose themes were suggested from another version of the frame."""
    other = select(Comment.id, *MASKED).where(Comment.wave_id == wave_id, Comment.frame != frame.version)
    found = list(db.session.execute(other.order_by(Comment.id)))
    db.session.commit()
    return found


def _keep(wave_id: int, asked: dict[str, Question], some: Sequence[Pair], frame: int) -> None:
    """Keep what was read in some comments, unless the words went or changed meanwhile; commits."""
    answers = queries.answers_kept({each.response_id for each, _ in some})
    still = [
        (each, reading)
        for each, reading in some
        if words_in(answers.get(each.response_id, {}), each.question, asked[each.question]) == each.words
    ]
    known = _known({each.response_id for each, _ in still})
    fresh = [pair for pair in still if (pair[0].response_id, pair[0].question) not in known]
    numbers = _insert(wave_id, fresh, frame) if fresh else []
    suggested = dict(zip(numbers, (reading.themes for _, reading in fresh), strict=True))
    for each, reading in still:
        if comment := known.get((each.response_id, each.question)):
            _update(comment, each, reading, frame)
            suggested[comment.id] = reading.themes
    db.session.flush()
    _suggested(suggested)
    db.session.commit()


def _known(responses: set[int]) -> dict[tuple[int, str], Comment]:
    found = db.session.scalars(
        select(Comment).where(Comment.response_id.in_(responses)).options(joinedload(Comment.disclosure))
    )
    return {(each.response_id, each.question): each for each in found}


def _columns(each: Written, reading: Reading, frame: int) -> dict[str, Any]:
    return {
        "digest": each.digest,
        "language": reading.language,
        "sealed": encryption.seal(reading.masked.text, *place_of(each.response_id, each.question)),
        "kinds": list(reading.masked.kinds),
        "sentiment": reading.sentiment,
        "note": " ".join(reading.notes),
        "frame": frame,
        "read_at": clock.now(),
    }


def _insert(wave_id: int, fresh: Sequence[Pair], frame: int) -> list[int]:
    rows = [
        {
            "response_id": each.response_id,
            "wave_id": wave_id,
            "question": each.question,
            "held": bool(reading.harm),
            **_columns(each, reading, frame),
        }
        for each, reading in fresh
    ]
    numbers = list(db.session.scalars(insert(Comment).returning(Comment.id, sort_by_parameter_order=True), rows))
    told = [
        {"comment_id": number, "kinds": why(reading), "found_by": audit.SYSTEM, "found_at": clock.now()}
        for number, (_, reading) in zip(numbers, fresh, strict=True)
        if reading.harm
    ]
    if told:
        db.session.execute(insert(Disclosure), told)
    return numbers


def why(reading: Reading) -> list[str]:
    """Say what was found, by which list and how near to it; never in the comment's own words."""
    return [f"{found.title} ({found.found_by})" for found in reading.harm]


def _update(comment: Comment, each: Written, reading: Reading, frame: int) -> None:
    """Renew what was derived; a quote of words that are masked otherwise now must be picked anew."""
    if comment.masked != reading.masked.text:
        db.session.execute(delete(Quote).where(Quote.comment_id == comment.id))
    for name, value in _columns(each, reading, frame).items():
        setattr(comment, name, value)
    _suspect(comment, why(reading))


def _suspect(comment: Comment, kinds: Sequence[str]) -> None:
    """Put a comment into the queue; one that was released comes back only for something that was not seen before."""
    queued = comment.disclosure
    if queued is None and kinds:
        comment.disclosure = Disclosure(kinds=list(kinds), found_by=audit.SYSTEM, found_at=clock.now())
        comment.held = True
    elif queued is not None and set(kinds) - set(queued.kinds):
        queued.kinds, queued.found_at = list(dict.fromkeys([*queued.kinds, *kinds])), clock.now()
        comment.held = True


def _suggest(stale: Sequence[Any], model: ThemeModel, advance: Advance) -> int:
    """Suggest themes anew for comments that were read under another version of the frame; commits as it goes."""
    advance("Themes are suggested", len(stale), 0)
    version = int(model.frame.version)
    for some in _batches(stale):
        found = model.suggest([masked_in(row) for row in some], [row.language for row in some])
        there = _still_there([row.id for row in some])
        _suggested({row.id: themes for row, themes in zip(some, found, strict=True) if row.id in there})
        db.session.execute(update(Comment).where(Comment.id.in_(there)).values(frame=version))
        db.session.commit()
        advance("Themes are suggested", len(stale), len(some))
    return len(stale)


def _still_there(numbers: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(Comment.id).where(Comment.id.in_(numbers)).with_for_update()))


def _suggested(found: Mapping[int, Sequence[Theme]]) -> None:
    """Put suggestions in the place of those that there were."""
    db.session.execute(delete(Suggestion).where(Suggestion.comment_id.in_(found)))
    rows = [
        {"comment_id": number, "theme": each.theme, "place": place}
        for number, themes in found.items()
        for place, each in enumerate(themes, start=1)
    ]
    if rows:
        db.session.execute(insert(Suggestion), rows)
