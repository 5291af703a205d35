"""Long work: asked for once, done by a worker, told on a page, and done again where the worker was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from app.database import db
from app.operating import jobs
from app.operating.jobs import Job
from app.results.models import AnalysisRun
from tests.results import waves

ROOT = Path(__file__).resolve().parents[2]
MARCH = "/staff/results/YV-2025-03"
MakeApp = Callable[..., Flask]
SignIn = Callable[[str], FlaskClient]
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def march(app: Flask, folder: Path) -> None:
    """Fill a simulated month."""
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", folder), "2025-03")
        waves.answered(wave, waves.crowd(wave, 300))


def asked(client: FlaskClient) -> str:
    """Press the button that makes a run; tell where it leads."""
    (form,) = html.fromstring(client.get(MARCH).text).xpath(f"//form[@action='{MARCH}']")
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    answer = client.post(MARCH, data=fields)
    assert answer.status_code == 303, answer.text[:500]
    return str(answer.headers["Location"])


def ended(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        return [(job.state, job.attempts) for job in db.session.scalars(select(Job).order_by(Job.id))]


def runs(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(AnalysisRun)) or 0


@pytest.fixture
def queued(app: Flask) -> Flask:
    """Let workers do the jobs."""
    app.config["JOBS"] = "worker"
    return app


@on_postgresql
def test_a_worker_makes_the_run_and_the_page_tells_how_far_it_is(
    queued: Flask, tmp_path: Path, signed_in: SignIn
) -> None:
    march(queued, tmp_path)
    office = signed_in("office")
    page = asked(office)
    assert asked(office) == page, "the same waits already"
    waiting = office.get(page).text
    assert "Waiting for a worker" in waiting and 'http-equiv="refresh" content="2"' in waiting
    queued.test_cli_runner().invoke(args=["jobs", "work", "--once"], catch_exceptions=False)
    done = office.get(page).text
    assert "is up to date" in done and f"url={MARCH}" in done
    assert ended(queued) == [("done", 1)] and runs(queued) == 1
    assert "Run 1." in office.get(MARCH).text


@on_postgresql
def test_a_refusal_is_told_to_whoever_asked(queued: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    with queued.app_context():
        waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    office = signed_in("office")
    page = asked(office)
    queued.test_cli_runner().invoke(args=["jobs", "work", "--once"], catch_exceptions=False)
    assert "Not enough responses to say" in office.get(page).text and ended(queued) == [("failed", 1)]


@contextmanager
def worker(app: Flask, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let a worker work in a process of its own."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    own = {"DATABASE_URL": url, "SECRET_KEY": "tests", "INSTANCE": str(folder), "JOBS": "worker"}
    command = [sys.executable, "-m", "flask", "jobs", "work", "--patience", "2"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(app: Flask, state: str, folder: Path) -> None:
    """Wait for the only job to be in a state."""
    end = time.monotonic() + 90
    while [each for each, _ in ended(app)] != [state]:
        assert time.monotonic() < end, (ended(app), (folder / "worker.log").read_text()[-2000:])
        time.sleep(0.02)


@on_postgresql
def test_what_a_killed_worker_had_begun_is_done_by_another_and_once(queued: Flask, tmp_path: Path) -> None:
    march(queued, tmp_path)
    with queued.app_context():
        jobs.ask("results.run", "YV-2025-03", "test")
    with worker(queued, tmp_path):
        until(queued, "running", tmp_path)
    assert runs(queued) == 0
    with worker(queued, tmp_path):
        until(queued, "done", tmp_path)
    assert ended(queued) == [("done", 2)] and runs(queued) == 1


def test_on_one_machine_whoever_asks_does_the_work_and_what_was_left_is_done_by_command(
    app: Flask, tmp_path: Path, signed_in: SignIn
) -> None:
    march(app, tmp_path)
    run = app.test_cli_runner().invoke(args=["jobs", "ask", "results.run", "YV-2025-03"])
    assert "Job 1" in run.output and ended(app) == [("waiting", 0)]
    assert "1 jobs done" in app.test_cli_runner().invoke(args=["jobs", "work"]).output
    assert ended(app) == [("done", 1)] and runs(app) == 1
    unknown = app.test_cli_runner().invoke(args=["jobs", "ask", "tea", "YV-2025-03"])
    assert unknown.exit_code == 2 and "There is no work 'tea'. There are: comments.read, results.run." in unknown.output
