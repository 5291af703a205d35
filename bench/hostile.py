"""Sends hostile inputs to every form and API, signed in and not: ``make bench-hostile`` sends 15,000 over three seeds.

No answer may be a fault of ours (5xx), take 5 seconds, or leave something stored that the gate would not let in; what
honest people write meanwhile is stored byte by byte, and memory does not grow beyond 400 MB.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import random
import re
import secrets
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from flask_security import hash_password
from sqlalchemy import delete, select

from app import create_app
from app.accounts import services
from app.accounts.models import ROLES, Attempt
from app.database import db
from app.routes import Access, accesses
from app.surveys.definition import check
from app.surveys.models import Draft, Response
from app.surveys.queries import definition_of
from bench import nasty
from bench.intruders import PASSWORD, SURVEYS, Actor, actors, matches
from bench.residents import CONTINUE, filled

SLOWEST, LARGEST = 5.0, 400
HONEST = "بتیاں ٹھیک کریں\nਬੱਤੀਆਂ ঠিক 👩‍👩‍👧 =1+1 <b>&amp;</b> 'x' \\n e\u0301 \u200f‏!"
UNANSWERED = {"choose_one", "choose_some", "choose_each", "enter_number", "enter_text", "choose_area", "order_all"}
KNOWN = {
    "language": ("en", "ur"),
    "slug": SURVEYS,
    "reference": ("YV-2026-11", "PP-2026-11"),
    "code": ("ur", "pl"),
    "key": ("age_band", "district", "1"),
}
SPARED = ("accounts.disable", "accounts.change_roles", "accounts.reset_password", "security.logout")
"""What would lock the actors themselves out; these get inputs too, but only about nobody."""


@dataclass
class Tally:
    """What was sent and what came of it."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    honest: int = 0


def platform(folder: Path, **settings: Any) -> Flask:
    """Set up a platform with both surveys open and one member of staff for each role."""
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'hostile.db'}",
            "INSTANCE": folder,
            "SECRET_KEY": secrets.token_hex(),
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cheap,
            "RESPONSES_PER_NETWORK": 100_000,
            **settings,
        }
    )
    with app.app_context():
        upgrade()
        for role in ROLES:
            services.add_staff(f"{role}@example.org", [role]).password = hash_password(PASSWORD)
        db.session.commit()
    for slug in SURVEYS:
        opened = app.test_cli_runner().invoke(args=["survey", "open", f"app/surveys/definitions/{slug}.yaml"])
        assert opened.exit_code == 0, opened.output
    return app


def address(access: Access, rng: random.Random) -> str:
    """Fill an address: with what there is, what there is not, or anything."""

    def put(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if "int" in kind:
            return rng.choice(("1", "2", "0", "99", "2147483647", "2147483648", "9" * 30))
        chance = rng.random()
        if chance < 0.6:
            return rng.choice(KNOWN.get(name, ("x", "1")))
        return nasty.escaped(nasty.string(rng)[:300]) or "x"

    path = re.sub(r"<([^>]+)>", put, access.address)
    if rng.random() < 0.25:
        names = ("page", "next", "return", "area", "q", "by", "x", "action", "again")
        path += f"?{rng.choice(names)}={nasty.escaped(nasty.string(rng)[:1500])}"
    return path


def send(app: Flask, actor: Actor, access: Access, rng: random.Random, tally: Tally) -> None:
    """Send one hostile input and look at what comes back."""
    own = [each for each in actor.forms if matches(access, each[0])]
    method = rng.choice(access.methods) if rng.random() < 0.9 else rng.choice(("PUT", "HEAD", "OPTIONS", "DELETE"))
    path, pairs = rng.choice(own) if own and method == "POST" and rng.random() < 0.8 else (address(access, rng), [])
    if access.endpoint in SPARED:
        path = re.sub(r"/people/[^/]+/", "/people/99/", address(access, rng)).replace("/logout", "/logout/x")
    content, kind = nasty.body([*pairs, (b"csrf_token", actor.token)], rng) if method != "GET" else (b"", "")
    asked = nasty.headers(rng)
    if access.endpoint.startswith(("api", "tablet", "metrics")) and rng.random() < 0.7:
        asked.append(("Authorization", actor.bearer or "Bearer x"))
    if kind and not kind.startswith("application/x-www") and rng.random() < 0.8:
        asked.append(("X-CSRFToken", actor.token.decode()))
    environment = {"REMOTE_ADDR": f"198.51.100.{rng.randint(1, 250)}"}
    kept = dict(actor.client._cookies)  # type: ignore[attr-defined]
    begun = time.perf_counter()
    try:
        answer = actor.client.open(
            path,
            method=method,
            data=content or None,
            content_type=kind or None,
            headers=[(name, value) for name, value in asked if "\n" not in value],
            environ_overrides=environment,
        )
        status = answer.status_code
        answer.close()
    except ValueError:  # the client refuses to put such an address on the wire
        status = 0
    took = time.perf_counter() - begun
    tally.sent += 1
    tally.statuses[status] += 1
    tally.slowest = max(tally.slowest, took)
    if status >= 500 and access.endpoint != "health.ready":
        tally.faults.append(f"{status} {actor.name}: {method} {path[:200]} {kind} {content[:200]!r} {asked}"[:900])
    if took > SLOWEST:
        tally.faults.append(f"{took:.1f} s {actor.name}: {method} {path[:200]} {kind} {content[:200]!r}")
    if actor.name != "nobody":
        actor.client._cookies = kept  # type: ignore[attr-defined]  # nobody is signed out or led away by what they sent


def honest(app: Flask, slug: str = "your-priorities-your-plan") -> str:
    """Answer a survey as an honest person does; returns what is wrong with what was stored, or nothing."""
    client, path = app.test_client(), f"/en/{slug}"
    page = client.get(path)
    while not path.endswith("/receipt"):
        onwards = CONTINUE.search(page.text) if path.endswith("/check") else None
        if onwards:
            path = html.unescape(onwards[1])
        else:
            fields = dict(filled(page.text))
            said = {name: HONEST if value.startswith("A few words") else value for name, value in fields.items()}
            path = client.post(path, data=said).headers["Location"]
        page = client.get(path)
    with app.app_context():
        stored = db.session.scalars(select(Response).order_by(Response.id.desc()).limit(1)).one()
        texts = [value for value in (stored.said or {}).values() if isinstance(value, str) and "بتیاں" in value]
    return "" if texts and set(texts) == {HONEST} else f"An honest text was stored as {texts!r}."


def invalid(app: Flask) -> list[str]:
    """Name what is stored and would not pass the gate."""
    found = []
    with app.app_context():
        for kept in (*db.session.scalars(select(Draft)), *db.session.scalars(select(Response))):
            problems = check(definition_of(kept.wave), kept.said or {}).problems
            wrong = [each.code for each in problems if isinstance(kept, Response) or each.code not in UNANSWERED]
            found += [f"{kept.__tablename__} {kept.id}: {wrong}"] if wrong and kept.answers is not None else []
        db.session.rollback()
    return found


def memory() -> int:
    """Tell the memory that this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


def forgiven(app: Flask) -> None:
    """Let what was tried in vain be forgotten, as it is after a quarter of an hour."""
    with app.app_context():
        db.session.execute(delete(Attempt))
        db.session.commit()


def attack(seed: int, inputs: int, folder: Path, tally: Tally, **settings: Any) -> None:
    """Send so many inputs of one seed to a platform of its own."""
    app, rng = platform(folder, **settings), random.Random(seed)
    everywhere = list(accesses(app))
    senders = actors(app)
    for number in range(inputs):
        if number % max(1, inputs // 5) == 0:
            tally.faults += [wrong] if (wrong := honest(app)) else []
            tally.honest += 1
        access = everywhere[number % len(everywhere)]
        allowed = [each for each in senders if each.name in access.roles and rng.random() < 0.8]
        send(app, rng.choice(allowed or senders), access, rng, tally)
        if number % 2000 == 1999:
            forgiven(app)
            senders = actors(app)
    tally.faults += invalid(app)
    with app.app_context():
        db.engine.dispose()


def main() -> None:
    """Print what came of it; exit code 1 names every fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=15_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    tally, each = Tally(), -(-options.inputs // len(options.seeds))
    held = []
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            attack(seed, each, Path(folder), tally)
        held.append(memory())
    grown = held[-1] - held[0]
    figures = {
        **{"inputs": tally.sent, "seeds": options.seeds, "answers": dict(sorted(tally.statuses.items()))},
        **{"slowest, s": round(tally.slowest, 2), "honest texts, byte-equal": tally.honest, "memory, MB": held},
        **{"memory growth, MB": grown, "faults": len(tally.faults)},
    }
    print(json.dumps(figures, indent=1))
    print("\n".join(tally.faults[:40]))
    raise SystemExit(bool(tally.faults) or grown > LARGEST)


if __name__ == "__main__":
    main()
