"""Times the office's pages over a large wave: a run from the button to the page, then each page's server time.

``make bench-results [SIZES="100000 1000000"]``, on SQLite. Pages are asked for through the application itself, by a
member of staff who is signed in: everything but the network. Beside the large consultation lies a year of the tracker,
for its pages and the quarterly report. The processor's time stands beside the clock's: where the machine has other
work, only the first says what the platform took.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from bench.database import ROOT, filled
from bench.filling import WAVE

SIZES = (100_000, 1_000_000)
TIMES = 40
PASSWORD = "correct horse battery staple 12"
RESULTS = "/staff/results"
MONTHS = (*((2024, month) for month in range(10, 13)), *((2025, month) for month in range(1, 10)))
MONTH, PEOPLE = "YV-2025-09", 600
LOOKING = 2
"""Seconds for which somebody looks at the page before they press its button."""
PAGES = (
    RESULTS,
    f"{RESULTS}/{WAVE}",
    f"{RESULTS}/answered/{WAVE}",
    f"{RESULTS}/priorities",
    f"{RESULTS}/priorities/{WAVE}/bradford",
    f"{RESULTS}/priorities/{WAVE}/differences",
    f"{RESULTS}/guard",
    f"{RESULTS}/next",
    f"{RESULTS}/measures/{MONTH}",
    f"{RESULTS}/measures/{MONTH}/feel_safe",
    f"{RESULTS}/report/{MONTH}",
    f"/staff/exports/{WAVE}",
)
PDF = f"{RESULTS}/report/{MONTH}.pdf"


def a_year() -> None:
    """Store a simulated year of the tracker."""
    from app.demo.waves import FILES, TRACKER, PastWave, simulated
    from app.surveys import queries, responding, services

    survey = services.import_definition(FILES / f"{TRACKER}.yaml")
    for year, month in MONTHS:
        name, opens = f"{year}-{month:02}", datetime(year, month, 1, tzinfo=UTC)
        wave = services.open_wave(survey, name, opens, opens + timedelta(days=28), simulated=True)
        past = PastWave(TRACKER, name, wave.opens_at, wave.closes_at)
        responding.store_simulated(wave, list(simulated(queries.definition_of(wave), past, PEOPLE, seed=month)))


def timed(work: Callable[[], int]) -> tuple[float, float]:
    """Do something that must answer 200; say how long it took by the clock and by the processor, in seconds."""
    began, worked = time.perf_counter(), time.process_time()
    assert work() == 200
    return time.perf_counter() - began, time.process_time() - worked


def once(n: int) -> None:
    """Make a run by its button and ask for every page, and print what each took."""
    from app import create_app
    from app.accounts import services as accounts

    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        accounts.add_staff("office@example.org", ["office", "analyst"], PASSWORD)
        a_year()
    client = app.test_client()
    client.post("/login", data={"email": "office@example.org", "password": PASSWORD})

    def run() -> int:
        answer = client.post(f"{RESULTS}/{WAVE}", data={"watch": "yes"})
        assert "Done: run" in answer.text, answer.text[-500:]
        return client.get(f"{RESULTS}/{WAVE}").status_code

    client.get(f"{RESULTS}/{WAVE}")
    time.sleep(LOOKING)
    clock, processor = timed(run)
    print(f"{n:>9}  a run, from the button to the page: {clock:.1f} s (processor {processor:.1f} s)", flush=True)
    client.post(f"{RESULTS}/{MONTH}")
    for page in PAGES:
        taken = [timed(lambda page=page: client.get(page).status_code) for _ in range(TIMES)]
        clocks, processors = ([1000 * each for each in kind] for kind in zip(*taken, strict=True))
        p95, worked = (quantiles(each, n=20)[-1] for each in (clocks, processors))
        said = f"median {median(clocks):>6.1f} ms  p95 {p95:>6.1f} ms (processor {worked:>6.1f} ms)"
        print(f"{n:>9}  {page:<44} {said}", flush=True)
    clock, processor = timed(lambda: client.get(PDF).status_code)
    print(f"{n:>9}  {PDF:<44} {clock:.1f} s (processor {processor:.1f} s)", flush=True)


def main() -> None:
    """Fill a database of each size and time it in a process of its own."""
    for n in tuple(int(size) for size in os.environ.get("SIZES", "").split()) or SIZES:
        with filled("sqlite", n) as settings:
            subprocess.run([sys.executable, "-m", "bench.results", str(n)], env=settings, cwd=ROOT, check=True)


if __name__ == "__main__":
    once(int(sys.argv[1])) if len(sys.argv) > 1 else main()
