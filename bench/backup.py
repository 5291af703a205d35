"""Times a backup while residents answer, and its restore, and holds the two databases to each other.

``make bench-backup [RESPONSES=1000000]``: on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from bench.database import filled
from bench.filling import WAVE
from bench.site import Site, running
from bench.steadfast import ONE_NETWORK, Crowd
from bench.web import flask

ENGINES = ("sqlite", "postgresql")
LONGEST = {"backup": 120, "restore": 300}
COLUMNS = "id, submission, receipt, channel, language, district, age_band, answers, submitted_at"


def contents(url: str) -> tuple[int, str]:
    """Count and digest the responses of the great wave (SHA-256 over all their columns, in order)."""
    digest, n = hashlib.sha256(), 0
    engine = create_engine(url)
    with engine.connect().execution_options(yield_per=20_000) as connection:
        answers = (
            f"SELECT {COLUMNS} FROM response WHERE wave_id = (SELECT id FROM wave WHERE reference = :w) ORDER BY id"
        )
        for row in connection.execute(text(answers), {"w": WAVE}):
            digest.update(repr(tuple(row)).encode())
            n += 1
    engine.dispose()
    return n, digest.hexdigest()


def timed(settings: dict[str, str], *words: str) -> float:
    """Run a command of the platform; tell its seconds."""
    begun = time.perf_counter()
    flask(settings, *words)
    return time.perf_counter() - begun


def empty(kind: str, url: str, folder: Path) -> str:
    """Make an empty database beside the one at an address."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'restored.db'}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE restored"))
    engine.dispose()
    return make_url(url).set(database="restored").render_as_string(hide_password=False)


def measure(kind: str, n: int) -> bool:
    """Back one database up and restore it; print a line, and say whether all is well."""
    with filled(kind, n) as settings, tempfile.TemporaryDirectory() as name:
        flask(settings, "survey", "open", "bench/reference-survey.yaml")
        folder, url = Path(name), settings["DATABASE_URL"]
        with running(site := Site(settings | ONE_NETWORK)), Crowd([site.port], "/en/reference", 2) as crowd:
            crowd.wait_for(20, 60)
            answered, took = crowd.acknowledged, {"backup": timed(settings, "backup", str(folder / "backup"))}
            answered = crowd.acknowledged - answered
        seen = crowd.seen()
        second = settings | {"DATABASE_URL": empty(kind, url, folder)}
        flask(second, "db", "upgrade")
        took["restore"] = timed(second, "restore", str(folder / "backup"))
        here, there = contents(url), contents(second["DATABASE_URL"])
        size = os.path.getsize(folder / "backup") / 1024**2
    good = here == there and all(took[each] <= LONGEST[each] for each in took) and not seen["answered 5xx"]
    took_both = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())
    alike = "equal" if here == there else "DIFFERENT"
    print(f"{'ok  ' if good else 'FAIL'} {kind}: {here[0]:,} responses, {took_both}, a file of {size:.0f} MB;", end=" ")
    print(f"{there[0]:,} back, checksums {alike}; residents met {answered:,} answers meanwhile, {seen}", flush=True)
    return good


def main() -> None:
    """Measure each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--database", choices=ENGINES, action="append")
    options = parser.parse_args()
    try:
        done = [measure(kind, options.responses) for kind in options.database or ENGINES]
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error}\n{error.stderr.decode()[-2000:]}") from error
    sys.exit(not all(done))


if __name__ == "__main__":
    main()
