"""Long work that a page does not wait for: asked for once, done by a worker, told step by step.

On PostgreSQL procrastinate hands jobs to the workers of ``flask jobs work``; on SQLite whoever asks does the work. Both
keep the same row, which pages read. What a job does must be the same done twice: a killed worker's job is done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Index, String, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.accounts import audit
from app.database import Model, UtcDateTime, db, passing

log = logging.getLogger(__name__)
ACTIVE = ("waiting", "running")
MOST_ATTEMPTS = 5
LOCK = 0x6A6F62
BROKEN = "Something went wrong on our side. Ask for it again, or tell an administrator."
Steps = Generator[str, None, Any]
WORK: dict[str, tuple[Callable[[str], Steps], tuple[type[Exception], ...]]] = {}
"""For each kind of job: what does it, told step by step, and the refusals whose words are for whoever asked."""
READY: list[Callable[[], None]] = []
"""What a worker does before its first job, such as loading what jobs need."""


class Job(Model):
    """One piece of work on one subject; as long as it waits or runs, nobody can ask for the same again."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_active",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    step: Mapped[str] = mapped_column(String(300), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state not in ACTIVE


def work(kind: str, *refusals: type[Exception]) -> Callable[[Callable[[str], Steps]], Callable[[str], Steps]]:
    """Name what does a kind of job."""

    def name(steps: Callable[[str], Steps]) -> Callable[[str], Steps]:
        WORK[kind] = (steps, refusals)
        return steps

    return name


def are_queued() -> bool:
    """Say whether workers do the jobs, or whoever asks."""
    return bool(current_app.config["JOBS"] == "worker")


def ask(kind: str, subject: str, by: str) -> int:
    """Ask for a job, and return its number; where the same waits or runs already, that one's."""
    job = Job(kind=kind, subject=subject, asked_by=by, asked_at=clock.now())
    db.session.add(job)
    if are_queued():
        audit.record("job.ask", f"{kind} {subject}")
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        same = select(Job.id).where(Job.kind == kind, Job.subject == subject, Job.state.in_(ACTIVE))
        number = db.session.scalar(same)
        db.session.commit()
        return number if number is not None else ask(kind, subject, by)
    number = job.id
    db.session.commit()
    if are_queued():
        from app.operating import working

        working.hand_over(number)
    return number


def found(number: int) -> Job | None:
    """Find a job by its number."""
    return db.session.get(Job, number)


def perform(number: int) -> Steps:
    """Do a job, telling each step on its row too; returns what came of it, or raises what went wrong."""
    begun = _begun(number)
    if begun is None:
        return None
    steps, refusals = WORK[begun[0]]
    try:
        outcome = yield from _noting(number, steps(begun[1]))
        db.session.commit()  # lets go of what was only looked at
    except refusals as refused:
        db.session.rollback()
        _change(number, state="failed", step=str(refused)[:300], ended_at=clock.now())
        raise
    except Exception as error:
        db.session.rollback()
        if not passing(error):  # else it is tried again
            _change(number, state="failed", step=BROKEN, ended_at=clock.now())
        raise
    _change(number, state="done", step="", ended_at=clock.now())
    return outcome


def _noting(number: int, steps: Steps) -> Steps:
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        _change(number, step=step[:300])
        yield step


def finish(app: Flask, number: int) -> None:
    """Do a job as a worker does, once at a time whoever else has it; a refusal is told to whoever asked."""
    with app.app_context(), _alone(number) as alone:
        kind = db.session.scalar(select(Job.kind).where(Job.id == number))
        db.session.remove()
        if not alone or kind is None:
            return
        try:
            for _ in perform(number):
                pass
        except WORK[kind][1]:
            log.info("Job %s was refused", number)
        except Exception as error:
            log.error("Job %s failed: %s", number, type(error).__name__)
            if passing(error):
                raise
        finally:
            db.session.remove()


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """Hold a job's lock on PostgreSQL, which lets go of it when the worker dies; says whether it was free."""
    if db.engine.name != "postgresql":
        yield True
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = {"space": LOCK, "number": number}
        free = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:space, :number)"), held))
        try:
            yield free
        finally:
            if free and not connection.closed:
                connection.execute(text("SELECT pg_advisory_unlock(:space, :number)"), held)


def _begun(number: int) -> tuple[str, str] | None:
    """Take a job that is not over; one that was begun too often is given up."""
    active = update(Job).where(Job.id == number, Job.state.in_(ACTIVE))
    given_up = active.where(Job.attempts >= MOST_ATTEMPTS)
    with _apart() as connection:
        connection.execute(given_up.values(state="failed", step=BROKEN, ended_at=clock.now()))
        taken = active.values(state="running", attempts=Job.attempts + 1).returning(Job.kind, Job.subject)
        found = connection.execute(taken).first()
    return (found[0], found[1]) if found else None


def _change(number: int, **values: Any) -> None:
    with _apart() as connection:
        connection.execute(update(Job).where(Job.id == number).values(values))


@contextmanager
def _apart() -> Iterator[Connection]:
    """Offer a transaction beside that of the page or of the work."""
    with db.engine.begin() as connection:
        yield connection
