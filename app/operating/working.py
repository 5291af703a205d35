"""The workers: ``flask jobs work`` takes jobs from procrastinate's queue on PostgreSQL, on SQLite does what waits."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.database import db
from app.operating import jobs
from app.operating.jobs import ACTIVE, WORK, Job

if TYPE_CHECKING:
    import procrastinate

TASK = "perform"
FORGOTTEN = """
SELECT id FROM job WHERE state IN ('waiting', 'running') AND asked_at < now() - make_interval(secs => %(seconds)s)
AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS queued
                WHERE (queued.args->>'number')::bigint = job.id AND queued.status IN ('todo', 'doing'))
"""
jobs_cli = AppGroup("jobs", help="Long work: ask for it, do it, see how far it is.")


def hand_over(number: int) -> None:
    """Put a job into the queue; a worker that listens begins at once."""
    import procrastinate

    connector = procrastinate.SyncPsycopgConnector(conninfo=_address(), min_size=1, max_size=1)
    with procrastinate.App(connector=connector).open() as queue:
        queue.configure_task(TASK).defer(number=number)


@jobs_cli.command("work")
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
@click.option("--patience", default=30.0, help="Seconds without a sign of life after which a worker counts as dead.")
def work_command(once: bool, patience: float) -> None:
    """Do jobs until told to stop; those of a worker that died are done again."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if db.engine.name == "postgresql":
        for prepare in jobs.READY:
            prepare()
        asyncio.run(_work(app, once, patience))
        return
    waiting = list(db.session.scalars(select(Job.id).where(Job.state.in_(ACTIVE)).order_by(Job.id)))
    db.session.remove()
    for number in waiting:
        jobs.finish(app, number)
    click.echo(f"{len(waiting)} jobs done. On SQLite whoever asks for work does it: no worker is needed.")


@jobs_cli.command("ask")
@click.argument("kind")
@click.argument("subject")
def ask_command(kind: str, subject: str) -> None:
    """Ask for work of a KIND on a SUBJECT, such as results.run YV-2026-11."""
    if kind not in WORK:
        raise click.UsageError(f"There is no work {kind!r}. There are: {', '.join(sorted(WORK))}.")
    number = jobs.ask(kind, subject, "command line")
    click.echo(f"Job {number}: {kind} of {subject}. `flask jobs list` tells how far it is.")


@jobs_cli.command("list")
def list_command() -> None:
    """List the newest jobs."""
    for job in db.session.scalars(select(Job).order_by(Job.id.desc()).limit(20)):
        click.echo(f"{job.id:>5}  {job.state:<8} {job.kind} of {job.subject}  {job.step}".rstrip())


async def _work(app: Flask, once: bool, patience: float) -> None:
    """Run procrastinate's worker, and beside it what looks for jobs that somebody left."""
    queue = _queue(app)
    async with queue.open_async():
        looking = asyncio.create_task(_keep_looking(queue, patience))
        if once:
            await _look(queue, patience)
        try:
            await queue.run_worker_async(
                wait=not once,
                concurrency=1,
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=patience / 4,
                stalled_worker_timeout=patience,
            )
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking


def _queue(app: Flask) -> procrastinate.App:
    import procrastinate

    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_address(), min_size=1, max_size=3))

    @queue.task(name=TASK, retry=procrastinate.RetryStrategy(max_attempts=jobs.MOST_ATTEMPTS, exponential_wait=3))
    def perform(number: int) -> None:
        jobs.finish(app, number)

    return queue


async def _keep_looking(queue: procrastinate.App, patience: float) -> None:
    while True:
        await _look(queue, patience)
        await asyncio.sleep(patience / 2)


async def _look(queue: procrastinate.App, patience: float) -> None:
    """Hand jobs on whose worker died, and those that nobody put into the queue, as after a restored backup."""
    for stalled in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=patience):
        await queue.job_manager.retry_job(stalled)
    rows: list[dict[str, Any]] = await queue.connector.execute_query_all_async(FORGOTTEN, seconds=patience)
    for row in rows:
        await queue.configure_task(TASK).defer_async(number=row["id"])


def _address() -> str:
    url = db.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
