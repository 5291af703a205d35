"""Times the office's pages over a large wave: a run from the button to the page, then each page's server time.

``make bench-results [SIZES="100000 1000000"]``, on SQLite. Pages are asked for through the application itself, by a
member of staff who is signed in: everything but the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median, quantiles

from bench.database import ROOT, filled
from bench.filling import WAVE

SIZES = (100_000, 1_000_000)
TIMES = 40
PASSWORD = "correct horse battery staple 12"
RESULTS = "/staff/results"
PAGES = (
    RESULTS,
    f"{RESULTS}/{WAVE}",
    f"{RESULTS}/priorities",
    f"{RESULTS}/priorities/{WAVE}/bradford",
    f"{RESULTS}/priorities/{WAVE}/differences",
    f"{RESULTS}/guard",
    f"{RESULTS}/next",
)


def once(n: int) -> None:
    """Make a run by its button and ask for every page, and print what each took."""
    from app import create_app
    from app.accounts import services as accounts

    app = create_app({"WTF_CSRF_ENABLED": False})
    with app.app_context():
        accounts.add_staff("office@example.org", ["office"], PASSWORD)
    client = app.test_client()
    client.post("/login", data={"email": "office@example.org", "password": PASSWORD})
    started = time.perf_counter()
    answer = client.post(f"{RESULTS}/{WAVE}", data={"watch": "yes"})
    assert "Done: run" in answer.text, answer.text[-500:]
    assert client.get(f"{RESULTS}/{WAVE}").status_code == 200
    print(f"{n:>9}  a run, from the button to the page: {time.perf_counter() - started:.1f} s", flush=True)
    for page in PAGES:
        taken = []
        for _ in range(TIMES):
            started = time.perf_counter()
            assert client.get(page).status_code == 200, page
            taken.append(1000 * (time.perf_counter() - started))
        p95 = quantiles(taken, n=20)[-1]
        print(f"{n:>9}  {page:<44} median {median(taken):>6.1f} ms  p95 {p95:>6.1f} ms", flush=True)


def main() -> None:
    """Fill a database of each size and time it in a process of its own."""
    for n in tuple(int(size) for size in os.environ.get("SIZES", "").split()) or SIZES:
        with filled("sqlite", n) as settings:
            subprocess.run([sys.executable, "-m", "bench.results", str(n)], env=settings, cwd=ROOT, check=True)


if __name__ == "__main__":
    once(int(sys.argv[1])) if len(sys.argv) > 1 else main()
