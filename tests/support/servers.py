"""A real server in processes of its own, on a free port of this machine: for browsers, restarts and many at once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from flask import Flask

from tests.support.clock import Clock

START = 30


def application(settings_file: str) -> Flask:
    """Make the application inside a server's process, with the settings that a test wrote down."""
    from app import create_app

    settings = json.loads(Path(settings_file).read_text())
    if settings.get("CLOCK"):
        settings["CLOCK"] = Clock(datetime.fromisoformat(settings["CLOCK"]))
    app = create_app(settings)
    app.add_url_rule("/<lang:language>/breaks", view_func=breaks)
    return app


def breaks(language: str) -> str:
    """Fail as no page should, to show what a resident then sees."""
    raise RuntimeError(language)


class Server:
    """One gunicorn with its workers."""

    def __init__(self, settings: dict[str, Any], folder: Path, workers: int = 1, threads: int = 4) -> None:
        self.file = folder / f"settings-{time.monotonic_ns()}.json"
        self.file.write_text(json.dumps(settings, default=_plain))
        self.log = self.file.with_suffix(".log")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.workers, self.threads = workers, threads
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Give the server's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start serving, and wait for the first answer."""
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--log-level", "warning"]
        command += ["--workers", str(self.workers), "--threads", str(self.threads)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, f"tests.support.servers:application({str(self.file)!r})"],
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.getcwd()},
            )
        until = time.monotonic() + START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urlopen(f"{self.address}/en/help", timeout=5).close()
                return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"The server did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self, hard: bool = False) -> None:
        """End it: politely, or as when the power goes."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL if hard else signal.SIGTERM)
            self.process.wait(timeout=30)

    def restart(self, hard: bool = False) -> None:
        """Stop and start again, at the same address."""
        self.stop(hard)
        self.start()


def _plain(value: Any) -> str:
    if isinstance(value, Clock):
        value.moment = value.moment if value.moment.tzinfo else value.moment.replace(tzinfo=UTC)
        return value.moment.isoformat()
    return str(value)


@pytest.fixture
def serve(database_url: str, app_settings: dict[str, Any], tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers on the test's database; they stop when the test ends."""
    started: list[Server] = []

    def start(workers: int = 1, threads: int = 4, **settings: Any) -> Server:
        server = Server({**app_settings, "TESTING": False, **settings}, tmp_path, workers, threads)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def live_server(serve: Callable[..., Server]) -> Server:
    """Start one server on the test's database."""
    return serve()
