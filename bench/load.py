"""Many residents at once, each with some seconds of thought a page, for some minutes: errors and how long pages take.

``make bench-load`` runs 200 for five minutes on PostgreSQL; the site is gunicorn with two workers, as deployed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.processes import children, cpu
from bench.residents import Resident
from bench.steadfast import ONE_NETWORK
from bench.web import OWN, database, flask, serving, stored

THOUGHT = (2.0, 5.0)
SLOWEST = 1.0


class Thinking(Resident):
    """A resident who reads each page before answering it."""

    def __init__(self, port: int, path: str, until: float) -> None:
        super().__init__(port, path)
        self.until = until
        self.failures: list[str] = []

    def open(self, method: str, address: str, body: str | None = None) -> tuple[str, str]:
        """Think, then go on."""
        time.sleep(random.uniform(*THOUGHT))
        if time.monotonic() > self.until:
            raise TimeoutError
        return super().open(method, address, body)

    def live(self) -> None:
        """Give one response after the other until the time is over."""
        while time.monotonic() < self.until:
            try:
                self.respond()
            except TimeoutError:
                return
            except Exception as error:
                self.failures.append(repr(error))


def load(port: int, residents: int, seconds: float) -> dict[str, Any]:
    """Let residents answer; report what they met."""
    until = time.monotonic() + seconds
    people = [Thinking(port, f"/en/{OWN}", until) for _ in range(residents)]
    threads = [threading.Thread(target=person.live) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(second for person in people for second in person.tally.pages)
    failures = [failure for person in people for failure in person.failures]
    receipts = [receipt for person in people for receipt in person.tally.receipts]
    shares = {f"p{share:g} ms": round(1000 * times[int(len(times) * share / 100)], 1) for share in (50, 95, 99, 99.9)}
    found = {"requests": len(times), "requests/s": round(len(times) / seconds, 1), "responses": len(receipts)}
    return found | shares | {"errors": len(failures), "first": failures[:1], "receipts": receipts}


def main() -> None:
    """Print what happened; end with 1 where anybody met an error or the 99th percentile is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as (url, store):
        own = {"DATABASE_URL": url, "INSTANCE": name, "BENCH_URL": url, "SECRET_KEY": "bench"}
        environment = {**os.environ, **own, **ONE_NETWORK}
        flask(environment, "db", "upgrade")
        flask(environment, "survey", "open", f"app/surveys/definitions/{OWN}.yaml")
        with serving(environment, "wsgi:app", f"/en/{OWN}") as (port, server, _):
            before, stored_before = cpu(children(server)), cpu(children(store))
            found = load(port, options.residents, options.seconds)
            found["server CPU share"] = round((cpu(children(server)) - before) / options.seconds, 2)
            found["database CPU share"] = round((cpu(children(store)) - stored_before) / options.seconds, 2)
        found["stored"] = stored(environment, found.pop("receipts"))
    print(f"{options.residents} residents for {options.seconds:.0f} s on {options.database}: {found}")
    sys.exit(found["errors"] > 0 or found["p99 ms"] > 1000 * SLOWEST)


if __name__ == "__main__":
    main()
