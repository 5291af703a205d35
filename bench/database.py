"""Times figures from stored responses: whole runs from the database and from the extract, and counts by each engine.

``make bench-database [SIZES="10000 1000000"]``; each line is a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.filling import WAVE, fill
from bench.web import database

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000)
ENGINES = ("sqlite", "postgresql")
PRIORITIES, MEASURES = 16, 4
FIGURES = ("figures from the database", "figures from the extract")


@contextmanager
def filled(kind: str, n: int) -> Iterator[dict[str, str]]:
    """Offer the settings of a platform that holds one wave of n responses."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as (url, _):
        address = url.replace("postgresql://", "postgresql+psycopg://")
        fill(address, folder, n)
        threads = {"OPENBLAS_NUM_THREADS": "1"}  # as wsgi.py does
        yield {**os.environ, **threads, "DATABASE_URL": address, "INSTANCE": folder, "SECRET_KEY": "bench"}


def measured(task: str, settings: dict[str, str]) -> dict[str, float]:
    """Do one task in a process of its own."""
    words = [sys.executable, "-m", "bench.database", task]
    done = subprocess.run(words, env=settings, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def once(task: str) -> dict[str, float]:
    """Do one task and say what it took: seconds on the clock, seconds of processor, peak memory in MB."""
    from app import create_app

    with create_app().app_context():
        run = TASKS[task]()
        clock, processor = time.perf_counter(), time.process_time()
        run()
        taken = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - processor}
    return taken | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def prepared() -> Any:
    """Import everything first, and find the wave: only the work itself is timed."""
    from app.database import db
    from app.results.commands import exports  # noqa: F401
    from app.results.computing import grouping, months, tabulation  # noqa: F401
    from app.results.reading import extract
    from app.results.reading.schemes import scheme_for
    from app.surveys import queries

    wave = queries.wave_named(WAVE)
    definition, source = queries.definition_of(wave), extract.source(wave)
    scheme = scheme_for(definition)
    db.session.commit()
    return definition, source, scheme


def whole_run(extracted: bool) -> Callable[[], None]:
    """Read everybody, weigh, and estimate all that a run holds: every question, ranking and measure, by district."""
    from app import clock
    from app.results.inputs import wordings
    from app.results.pages.progress import finished
    from app.results.reading import extract
    from app.results.services import computing

    definition, source, scheme = prepared()
    if not extracted:
        source.path.unlink(missing_ok=True)

    def run() -> None:
        found, _ = extract.responses(source, definition, clock.now())
        finished(computing(WAVE, definition, scheme, found, {"wordings": wordings(definition)}))

    return run


def figures(extracted: bool) -> Callable[[], None]:
    """Read everybody, weigh, and estimate 16 shares with ranks and four measures, for the county and five districts."""
    from app import clock
    from app.analysis.estimation import estimate_overall_and_by
    from app.analysis.ranking import rank, rank_by
    from app.results.computing import tabulation
    from app.results.reading import extract
    from app.results.reading.measures import followed
    from app.results.reading.subjects import found_in, subjects

    definition, source, scheme = prepared()
    if not extracted:
        source.path.unlink(missing_ok=True)
    known = subjects(definition)
    [ranked] = [each for each in known if each.shape == "ticks" and len(each.options) == PRIORITIES]
    measured = [each for each in followed(definition.survey) if found_in(known, each.item, each.options)][:MEASURES]

    def run() -> None:
        found, _ = extract.responses(source, definition, clock.now())
        table = tabulation.weighed(definition, found.weighted, scheme)
        base = tabulation.given(table, ranked)
        priorities = [tabulation.item(table, ranked, key, [key], base) for key in ranked.option_keys]
        rank(table.weighted, priorities)
        rank_by(table.weighted, priorities, "district")
        asked = [(each.key, *found) for each in measured if (found := found_in(known, each.item, each.options))]
        items = [tabulation.item(table, s, key, options, tabulation.given(table, s)) for key, s, options in asked]
        estimate_overall_and_by(table.weighted, items, "district")

    return run


def reading() -> Callable[[], None]:
    """Read the columns of everybody from the database, and no more."""
    from app import clock
    from app.database import one_moment
    from app.results.reading import columns
    from app.surveys import queries

    definition, source, _ = prepared()

    def run() -> None:
        with one_moment() as connection:
            columns.read(definition, queries.answer_texts(connection, source.wave_id, clock.now()))

    return run


def extracting() -> Callable[[], None]:
    """Leave an extract."""
    from app import clock
    from app.results.reading import extract

    definition, source, _ = prepared()
    source.path.unlink(missing_ok=True)
    return lambda: extract.responses(source, definition, clock.now(), keep=True) and None


def counting(engine: str) -> Callable[[], None]:
    """Let an engine count what weights, 16 shares and ranks and the measures need, and weigh from the counts."""
    from app.results.computing import grouping

    definition, source, scheme = prepared()
    asked = grouping.counted(definition)

    def run() -> None:
        if engine == "duckdb":
            counts = grouping.from_extract(source.path, definition, scheme.variables, asked)
        else:
            counts = grouping.from_database(source.wave_id, definition, scheme.variables, asked)
        grouping.weighed(counts, definition, scheme)

    return run


TASKS: dict[str, Callable[[], Callable[[], None]]] = {
    "figures from the database": lambda: figures(extracted=False),
    "figures from the extract": lambda: figures(extracted=True),
    "columns from the database": reading,
    "whole run from the database": lambda: whole_run(extracted=False),
    "columns, and their extract": extracting,
    "whole run from the extract": lambda: whole_run(extracted=True),
    "counts by the database": lambda: counting("database"),
    "counts by DuckDB": lambda: counting("duckdb"),
}


def report(sizes: Sequence[int], engines: Sequence[str] = ENGINES, tasks: Iterable[str] = TASKS) -> None:
    """Print one line for each size, database and task."""
    print(f"{'n':>9}  {'database':<10}  {'task':<28} {'seconds':>8} {'cpu':>8} {'peak MB':>8}", flush=True)
    for n in sizes:
        for engine in engines:
            with filled(engine, n) as settings:
                for task in tasks:
                    took = measured(task, settings)
                    figures = f"{took['seconds']:>8.2f} {took['cpu']:>8.2f} {took['peak']:>8.0f}"
                    print(f"{n:>9}  {engine:<10}  {task:<28} {figures}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(once(sys.argv[1])))
    else:
        report(tuple(int(size) for size in os.environ.get("SIZES", "").split()) or SIZES)
