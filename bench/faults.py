"""Causes every fault there is while residents answer, and counts what was lost: nothing acknowledged may be.

``make bench-faults`` runs it whole; ``CYCLES=3`` is a quick look, ``ONLY=clocks`` one kind of fault.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.interposed import Stretch
from bench.ordering import ordering
from bench.site import ROOT, Nursery, PostgreSQL, Site, running
from bench.steadfast import ONE_NETWORK, Crowd, verdict

SLUG = "reference"
RESIDENTS = 4
RECOVERY = 60
"""Seconds after which a fault that still lasts counts as one that needs a person."""
LOCKED = 12
NOTHING = {
    "acknowledged lost": 0,
    "stored twice": 0,
    "drafts lost": 0,
    "forgotten": 0,
    "unseen": 0,
    "answered 5xx": 0,
    "stranded": 0,
}
ENGINES = ("sqlite", "postgresql")


@dataclass
class Stage:
    """A database with a survey that is open, and what serves it."""

    kind: str
    folder: Path
    url: str
    store: PostgreSQL | None

    def site(self, before: tuple[str, ...] = (), nursery: Nursery | None = None, **more: str) -> Site:
        """Prepare a server on this database."""
        return Site(self.environment | more, before, nursery)

    @property
    def environment(self) -> dict[str, str]:
        """Set what every process of the platform needs here."""
        own = {"DATABASE_URL": self.url, "INSTANCE": str(self.folder), "SECRET_KEY": "bench"}
        return {**os.environ, **own, **ONE_NETWORK, "OPENBLAS_NUM_THREADS": "1"}

    def flask(self, *words: str) -> None:
        """Run a command of the platform."""
        command = [sys.executable, "-m", "flask", *words]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def staged(kind: str, folder: Path | None = None) -> Iterator[Stage]:
    """Offer a fresh database with the survey open."""
    with tempfile.TemporaryDirectory() as name:
        place = folder or Path(name)
        store = PostgreSQL(place / "pg") if kind == "postgresql" else None
        try:
            stage = Stage(kind, place, store.url if store else f"sqlite:///{place / 'platform.db'}", store)
            stage.flask("db", "upgrade")
            stage.flask("survey", "open", "bench/reference-survey.yaml")
            yield stage
        finally:
            if store:
                store.end()


def told(name: str, stage: Stage, crowd: Crowd, excused: str = "", **more: Any) -> bool:
    """Print what became of everything that residents were told; say whether nothing is missing."""
    found = verdict(stage.environment, SLUG, crowd.journeys) | crowd.seen()
    good = all(found[each] == nothing for each, nothing in NOTHING.items() if each != excused)
    said = ", ".join(f"{value} {key}" for key, value in (more | found).items())
    print(f"{'ok  ' if good else 'LOST'} {name} on {stage.kind}: {said}", flush=True)
    for problem in [*crowd.stranded, *(line for each in crowd.people for line in each.broken)][:3]:
        print(f"     {problem}")
    return good


def cycles(stage: Stage, name: str, count: int, deed: Callable[[Stage, Site], None]) -> bool:
    """Do the same to the site again and again; each time residents must be answered again without anybody's help."""
    slowest = 0.0
    with (
        Nursery() as nursery,
        running(site := stage.site(nursery=nursery)),
        Crowd([site.port], f"/en/{SLUG}", RESIDENTS) as crowd,
    ):
        for _ in range(count):
            crowd.wait_for(20, RECOVERY)
            time.sleep(random.uniform(0, 0.2))
            deed(stage, site)
            slowest = max(slowest, crowd.wait_for(RESIDENTS + 1, RECOVERY))
    return told(name, stage, crowd, times=count, **{"s until answered again": round(slowest, 1)})


def kill_database(stage: Stage, site: Site) -> None:
    """End PostgreSQL as when the power goes."""
    assert stage.store
    stage.store.kill()


def locked(kind: str) -> bool:
    """Keep the write lock longer than a page waits for it."""
    with staged(kind) as stage, running(site := stage.site()):
        with Crowd([site.port], f"/en/{SLUG}", RESIDENTS) as crowd:
            crowd.wait_for(20, RECOVERY)
            with writing(stage):
                time.sleep(LOCKED)
            crowd.wait_for(40, RECOVERY)
        return told(f"locked for {LOCKED} s", stage, crowd)


@contextmanager
def writing(stage: Stage) -> Iterator[None]:
    """Hold whatever lock keeps everybody else from saving."""
    if stage.kind == "sqlite":
        with closing(sqlite3.connect(stage.folder / "platform.db", isolation_level=None, timeout=60)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
        return
    import psycopg

    with psycopg.connect(stage.url) as other:
        other.execute("LOCK TABLE draft, response IN ACCESS EXCLUSIVE MODE")
        yield


def full(kind: str) -> bool:
    """Fill the disk on which the database lies, and make room again."""
    with small_disk() as folder, staged(kind, folder) as stage, running(site := stage.site()):
        with Crowd([site.port], f"/en/{SLUG}", RESIDENTS) as crowd:
            crowd.wait_for(20, RECOVERY)
            filler = folder / "filler"
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(64 * 1024))
            until = time.monotonic() + 5
            while time.monotonic() < until or not (sum(each.busy for each in crowd.people)):
                if time.monotonic() > until + RECOVERY:
                    raise SystemExit("bench-faults: the full disk was not noticed.")
                time.sleep(0.05)
            filler.unlink()
            if stage.store:
                stage.store.server.ensure_postgres_running()
            crowd.wait_for(40, RECOVERY)
        return told("disk full", stage, crowd)


@contextmanager
def small_disk() -> Iterator[Path]:
    """Offer a disk of 500 MB; only root can."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m,mode=755", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def far_away(kind: str) -> bool:
    """Make the way to the database slow, then cut it again and again."""
    if kind == "sqlite":
        return True
    with staged(kind) as stage:
        assert stage.store
        stretch = Stretch(stage.store.socket)
        address = f"postgresql://postgres@127.0.0.1:{stretch.port}/postgres"
        with running(site := stage.site(DATABASE_URL=address)):
            with Crowd([site.port], f"/en/{SLUG}", RESIDENTS) as crowd:
                stretch.delay = 0.1
                crowd.wait_for(40, RECOVERY)
                stretch.delay = 0.0
                for _ in range(20):
                    crowd.wait_for(10, RECOVERY)
                    stretch.cut()
                crowd.wait_for(40, RECOVERY)
            return told("connections slow by 0.1 s, then cut 20 times", stage, crowd)


def clocks(kind: str) -> bool:
    """Let the server's clock jump, forwards and back, by minutes, hours and a day."""
    with staged(kind) as stage:
        offset = stage.folder / "clock"
        offset.write_text("7200")  # the survey has been open for a while
        site = stage.site(CLOCK_OFFSET=str(offset))
        site.application = "bench.clocked:app"
        with running(site), Crowd([site.port], f"/en/{SLUG}", RESIDENTS) as crowd:
            jumps = ("7800", "6600", "14400", "3600", "93600", "7200")
            for jump in jumps:
                crowd.wait_for(60, RECOVERY)
                offset.write_text(jump)
            crowd.wait_for(60, RECOVERY)
        # A receipt can time out between the sending and its page, as when somebody looks at it an hour later.
        return told(f"clock jumps, seconds off: {' '.join(jumps)}", stage, crowd, excused="unseen")


def two_servers(kind: str) -> bool:
    """Serve from two servers at once: each resident goes to and fro between them, and one is killed now and then."""
    with staged(kind) as stage, running(first := stage.site(), second := stage.site()):
        with Crowd([first.port, second.port], f"/en/{SLUG}", RESIDENTS) as crowd:
            for _ in range(3):
                crowd.wait_for(60, RECOVERY)
                second.kill()
            crowd.wait_for(60, RECOVERY)
        return told("two servers at once, one killed 3 times", stage, crowd)


def power(kind: str) -> bool:
    """Watch the calls to the kernel: what is acknowledged was written through to the disk before."""
    if not shutil.which("strace"):
        print("not  power-loss ordering: strace is not installed")
        return True
    with staged(kind) as stage:
        return ordering(stage)


CYCLES: dict[str, tuple[int, Callable[[Stage, Site], None]]] = {
    "kill -9 of the group": (100, lambda stage, site: site.kill()),
    "kill -9 of a worker": (100, lambda stage, site: site.kill_worker()),
    "SIGTERM and start": (50, lambda stage, site: site.restart()),
    "kill -9 of PostgreSQL": (50, kill_database),
}
SINGLE: dict[str, Callable[[str], bool]] = {
    "locked": locked,
    "full": full,
    "connections": far_away,
    "clocks": clocks,
    "servers": two_servers,
    "power": power,
}


def main() -> None:
    """Cause the faults, print a line for each, and end with 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, help="instead of 100 and 50")
    parser.add_argument("--only", action="append", help=f"kill, {', '.join(SINGLE)}")
    parser.add_argument("--database", choices=ENGINES, action="append")
    options = parser.parse_args()
    random.seed(1)
    begun, good = time.monotonic(), True
    engines = options.database or ENGINES
    for name, (count, deed) in CYCLES.items() if "kill" in (options.only or ["kill"]) else ():
        where = [kind for kind in engines if deed is not kill_database or kind == "postgresql"]
        for kind in where:
            times = options.cycles if options.cycles is not None else count // len(where)
            with staged(kind) as stage:
                good = cycles(stage, name, times, deed) and good
    for name, fault in SINGLE.items():
        for kind in engines if name in (options.only or SINGLE) else ():
            good = fault(kind) and good
    print(f"{'Nothing acknowledged was lost' if good else 'SOMETHING WAS LOST'}, in {time.monotonic() - begun:.0f} s.")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
