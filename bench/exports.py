"""Times exports in each format: a wave with its run and extract is made first, as a staff page leaves them.

``make bench-exports [SIZES="100000 1000000"]``; each line is a process of its own. Memory is what the export adds to a
process that has everything loaded and has done nothing yet.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import ROOT, filled
from bench.filling import WAVE

SIZES = (100_000,)
FORMATS = ("csv", "parquet", "sav", "dta")
LARGEST = 250_000


def once(task: str) -> dict[str, float]:
    """Do one task: make the run, or write one format."""
    import pandas as pd  # noqa: F401
    import pyreadstat  # noqa: F401

    from app import create_app
    from app.results import services
    from app.results.export import delimited, microdata, parquet, spss, stata
    from app.surveys import queries

    writers = {"csv": delimited.write, "parquet": parquet.write, "sav": spss.write, "dta": stata.write}
    with create_app().app_context(), TemporaryDirectory() as folder:
        wave = queries.wave_named(WAVE)
        if task == "run":
            services.run(wave)
            return {}
        run = services.latest(wave.id)
        assert run is not None
        idle, clock = peak(), time.perf_counter()
        writers[task](microdata.microdata(run, wave), Path(folder) / "out", "keys")
        return {"seconds": time.perf_counter() - clock, "above": peak() - idle}


def peak() -> float:
    """Say how many MB this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(task: str, settings: dict[str, str]) -> dict[str, float]:
    """Do one task in a process of its own."""
    words = [sys.executable, "-m", "bench.exports", task]
    done = subprocess.run(words, env=settings, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(sizes: tuple[int, ...]) -> None:
    """Print one line for each size and format."""
    print(f"{'n':>9}  {'format':<8} {'seconds':>8} {'MB above idle':>14}", flush=True)
    for n in sizes:
        with filled("sqlite", n) as settings:
            measured("run", settings)
            for task in FORMATS:
                if n <= LARGEST or task in ("csv", "parquet"):
                    took = measured(task, settings)
                    print(f"{n:>9}  {task:<8} {took['seconds']:>8.2f} {took['above']:>14.0f}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(once(sys.argv[1])))
    else:
        report(tuple(int(size) for size in os.environ.get("SIZES", "").split()) or SIZES)
