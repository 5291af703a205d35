"""What people wrote in a wave, for files: masked or as written, and never what safeguarding holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.comments import reading, sources
from app.comments.models import Comment, masked_in
from app.database import db
from app.surveys.definition import Definition

Texts = Mapping[str, Mapping[int, str]]
"""By question, then by response."""


@dataclass(frozen=True, slots=True)
class Told:
    """The comments that may be read, and how many are not read in yet, so that nobody knows what to mask or hold."""

    texts: Texts
    unread: int


def told(wave_id: int, definition: Definition, masked: bool = True) -> Told:
    """List the comments of a wave by question; as they were written unless ``masked``."""
    asked = sources.questions(definition)
    found = reading.everything(wave_id, asked)
    unread = len(reading.unread(wave_id, found))
    own = {(each.response_id, each.question): each.words for each in found}
    texts: dict[str, dict[int, str]] = {key: {} for key in asked}
    readable = select(Comment).where(Comment.wave_id == wave_id, Comment.held.is_(False))
    columns = (Comment.response_id, Comment.question, Comment.sealed)
    for row in db.session.execute(readable.with_only_columns(*columns)):
        words = own.get((row.response_id, row.question))
        if words is not None:
            texts[row.question][row.response_id] = masked_in(row) if masked else words
    return Told(texts, unread)
