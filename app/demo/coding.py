"""Codes some of the simulated comments as two people would, and picks quotes, so that pages show something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np
from sqlalchemy import exists, insert, select
from sqlalchemy.orm import selectinload

from app import clock
from app.accounts import services as accounts
from app.accounts.models import User
from app.comments import frames, services
from app.comments.errors import NotKept
from app.comments.models import AGREED, FIRST, SECOND, CodedTheme, Coding, Comment
from app.comments.queries import SECOND_CODED
from app.database import db
from app.surveys.models import Wave

CODED = 400
"""How many comments of each wave are coded at most."""
LEFT = 4
"""One comment in so many is left, to be coded by whoever looks at the demonstration."""
AGREEING = 0.85
"""How often the second coder gives a comment what the first one gave."""
SETTLED = 0.5
"""How many of the differences are settled."""
QUOTES = ("approved", "approved", "approved", "refused", "picked")

Given = dict[tuple[int, str], frozenset[str]]
"""The themes of each comment and round."""


def code(wave: Wave, seed: int) -> None:
    """Code comments of a simulated wave, every fifth by two people, where nobody has coded any yet."""
    if not wave.simulated or db.session.scalar(
        select(exists().where(Coding.comment_id == Comment.id, Comment.wave_id == wave.id))
    ):
        return
    waiting = (
        select(Comment).where(Comment.wave_id == wave.id, Comment.held.is_(False)).order_by(Comment.id).limit(CODED)
    )
    comments = db.session.scalars(waiting.options(selectinload(Comment.suggestions))).all()
    if comments:
        frame = frames.begin()
        _keep(_given(comments, list(frame.by_key), np.random.default_rng([seed, wave.id])), frame.version)
        _quote(comments)


def _given(comments: Sequence[Comment], themes: list[str], rng: np.random.Generator) -> Given:
    """Let people mostly follow what is suggested, and sometimes differ."""
    given: Given = {}
    for comment in comments:
        suggested = [each.theme for each in comment.suggestions]
        first = given[comment.id, FIRST] = frozenset(suggested[: 1 + int(rng.random() < 0.4)])
        if comment.id % SECOND_CODED:
            continue
        second = given[comment.id, SECOND] = first if rng.random() < AGREEING else first ^ {str(rng.choice(themes))}
        if second != first and rng.random() < SETTLED:
            given[comment.id, AGREED] = first
    return given


def _keep(given: Given, version: int) -> None:
    """Insert codings and their themes in two statements; commits."""
    coders = {FIRST: _account("analyst").id, SECOND: _account("office").id, AGREED: _account("analyst").id}
    rows = [
        {"comment_id": number, "round": round_, "coder_id": coders[round_], "frame": version, "coded_at": clock.now()}
        for number, round_ in given
    ]
    numbers = db.session.scalars(insert(Coding).returning(Coding.id, sort_by_parameter_order=True), rows)
    coded = [
        {"coding_id": number, "theme": theme}
        for number, keys in zip(numbers, given.values(), strict=True)
        for theme in keys
    ]
    if coded:
        db.session.execute(insert(CodedTheme), coded)
    db.session.commit()


def _quote(comments: Sequence[Comment]) -> None:
    """Let one account pick quotes and another one review most of them."""
    for comment, state in zip(_quotable(comments), QUOTES, strict=False):
        with suppress(NotKept):
            picked = services.pick(comment, _account("office"), comment.masked)
            if state != "picked":
                reason = "" if state == "approved" else "It says too much about one street."
                services.review(picked, _account("approver"), state == "approved", reason)


def _quotable(comments: Sequence[Comment]) -> Iterator[Comment]:
    """Choose comments that hold nothing masked, no two of which say the same."""
    said: set[str] = set()
    for comment in comments:
        if not comment.kinds and comment.masked not in said:
            said.add(comment.masked)
            yield comment


def _account(role: str) -> User:
    found = accounts.find(f"{role}@example.org")
    assert found is not None, "the demonstration has an account for each role"
    return found
