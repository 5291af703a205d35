"""Times the server's side of sync: sealed responses of a tablet over loopback, in batches, on SQLite and PostgreSQL.

``make bench-tablets`` runs it; everything is sent a second time too, and must be found stored.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.web import OWN, database, flask, serving

BATCH = 100
AT_MOST = 20.0
"""Seconds in which 500 queued responses have to be stored."""


def set_up(environment: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Plan an event, set a tablet up for it as an officer does, and take its bundle."""
    from app import create_app
    from app.accounts import services as accounts
    from app.fieldwork import services
    from app.fieldwork.tablets import bundle, devices

    settings = {"SQLALCHEMY_DATABASE_URI": environment["DATABASE_URL"], "SECRET_KEY": environment["SECRET_KEY"]}
    app = create_app(settings)
    with app.test_request_context():
        from flask_login import login_user

        login_user(accounts.add_staff("officer@example.org", ["officer"]))
        today = datetime.now(UTC).date()
        about = {"held_on": today, "place": "A hall", "district": "leeds", "venue": "library", "officers": []}
        event = services.plan({**about, "devices": ["Tablet A"], "target_groups": "", "notes": ""})
        device, token, _ = devices.set_up(event.id, "Tablet A")
        return token, bundle.bundle_for(device)


def sealed(found: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Fill in and seal as many responses as asked for."""
    from app.fieldwork.tablets import sealing
    from app.surveys import codes
    from app.surveys.document import from_document
    from tests.fieldwork.tablet import answered

    survey = next(each for each in found["surveys"] if each["slug"] == OWN)
    answers = answered(from_document(survey["definition"]), {})
    items = []
    for number in range(count):
        given = datetime.now(UTC) - timedelta(seconds=count - number)
        beside = {"id": str(uuid.uuid4()), "given_at": given.isoformat(), "wave": survey["wave"]}
        beside["digest"] = survey["digest"]
        inside = {
            **beside,
            "survey": OWN,
            "language": "en",
            "event": found["event"]["id"],
            "channel": "tablet",
            "mode": "hand_over",
            "assisted": False,
            "receipt": codes.new_resume_code(),
            "started_at": (given - timedelta(minutes=5)).isoformat(),
            "seed": number,
            "answers": answers,
        }
        box = sealing.seal(found["keys"][0]["spki"], json.dumps(inside).encode(), sealing.bound_to(beside))
        items.append({**beside, "sealed": box})
    return items


def sync(port: int, token: str, items: list[dict[str, Any]]) -> tuple[float, dict[str, int]]:
    """Send all items in batches, one after the other as a tablet does; return the seconds and the outcomes."""
    outcomes: dict[str, int] = {}
    begun = time.perf_counter()
    for first in range(0, len(items), BATCH):
        body = {"sent_at": datetime.now(UTC).isoformat(), "waiting": len(items) - first, "items": items[first:][:BATCH]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/tablet/api/v1/responses",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            for each in json.load(answer)["items"]:
                outcomes[each["outcome"]] = outcomes.get(each["outcome"], 0) + 1
    return time.perf_counter() - begun, outcomes


def measure(kind: str, count: int) -> None:
    """Time one database."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as (url, _):
        environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "bench" * 8, "INSTANCE": folder}
        flask(environment, "db", "upgrade")
        flask(environment, "survey", "open", f"app/surveys/definitions/{OWN}.yaml")
        token, found = set_up(environment)
        items = sealed(found, count)
        with serving(environment, "wsgi:app", f"/en/{OWN}") as (port, _, _):
            for name, expected in (("first", "stored"), ("again", "duplicate")):
                seconds, outcomes = sync(port, token, items)
                print(f"{kind}, {name}: {count} in {seconds:.2f} s, {1000 * seconds / count:.1f} ms each; {outcomes}")
                if outcomes != {expected: count}:
                    raise SystemExit(f"bench-tablets: {outcomes} instead of {count} {expected}")
                if seconds * 500 / count > AT_MOST:
                    raise SystemExit(f"bench-tablets: 500 would take longer than {AT_MOST:.0f} s")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--responses", type=int, default=500)
    words.add_argument("--database", choices=("sqlite", "postgresql"), nargs="*", default=["sqlite", "postgresql"])
    asked = words.parse_args()
    for each in asked.database:
        measure(each, asked.responses)
