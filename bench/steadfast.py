"""Residents who try again whatever happens and remember what was acknowledged, and whether the database does too."""

from __future__ import annotations

import html
import http.client
import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bench.residents import Resident, filled

ONE_NETWORK = {"RESPONSES_PER_NETWORK": "10000000"}
"""A setting: all of these residents come from one network, and none of them is to wait for that."""
PAUSE = 0.03
PATIENCE = 20
"""Seconds for which a resident waits for one reply."""


class Stopped(Exception):
    """The residents are told to stop where they are."""


class Unseen(Exception):
    """The answers were sent, but the visit was silent for too long before the receipt was looked at."""


@dataclass
class Journey:
    """What one resident knows of one response: the codes, the answers that were acknowledged, and whether it was sent.

    A receipt can stay unseen: the visit may time out between the sending and its page.
    """

    resume: str = ""
    submission: str = ""
    answered: set[str] = field(default_factory=set)
    sent: bool = False
    receipt: str = ""


class Steadfast(Resident):
    """A resident whose browser sends a form again when no reply came, as people do."""

    def __init__(self, ports: Sequence[int], path: str, stop: threading.Event) -> None:
        super().__init__(ports[0], path)
        self.ports, self.several, self.stop = itertools.cycle(ports), len(ports) > 1, stop
        self.slug = path.rpartition("/")[2]
        self.journeys: list[Journey] = []
        self.busy = self.forgotten = self.cut_off = self.unseen = 0
        self.broken: list[str] = []
        self.acknowledged = 0

    def respond(self) -> None:
        """Give one response, and hold on to its receipt."""
        self.journeys.append(Journey())
        try:
            super().respond()
        except Unseen:
            self.unseen += 1
        else:
            self.journeys[-1].receipt = self.tally.receipts[-1]

    def open(self, method: str, address: str, body: str | None = None) -> tuple[str, str]:
        """Open a page; where the visit was silent for too long, come back with the code."""
        address, page = super().open(method, address, body)
        if address.endswith("/your-answers") and self.journeys[-1].sent:
            raise Unseen
        if not address.endswith("/timed-out"):
            return address, page
        _, page = super().open("GET", "/en/resume")
        typed = dict(filled(page)) | {"code": self.journeys[-1].resume}
        return super().open("POST", "/en/resume", urlencode(typed))

    def ask(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        """Ask until a reply comes that is one; note what it acknowledges."""
        if body and "submission=" in body:
            self.journeys[-1].submission = dict(parse_qsl(body))["submission"]
        while True:
            if self.stop.is_set():
                raise Stopped
            reply = self._asked(method, address, body)
            if reply and reply[0] < 500 and reply[0] != 429:
                break
            time.sleep(PAUSE)
        self.acknowledged += 1
        if body is not None and reply[0] == 303:
            self._note(address, body, reply[1])
        return reply

    def _asked(self, method: str, address: str, body: str | None) -> tuple[int, str, str] | None:
        self.connection.port = next(self.ports)
        self.connection.timeout = PATIENCE
        try:
            status, location, page = super().ask(method, address, body)
        except (OSError, http.client.HTTPException):
            self.cut_off += 1
            self.connection.close()
            return None
        if status == 503:
            self.busy += 1
            self.forgotten += not all(
                _holds(page, *typed) for typed in parse_qsl(body or "") if typed[0] != "csrf_token"
            )
        elif status >= 500:
            self.broken.append(f"{method} {address} answered {status}")
        if self.several:
            self.connection.close()
        return status, location, page

    def _note(self, address: str, body: str, onwards: str) -> None:
        journey = self.journeys[-1]
        journey.sent = onwards.endswith("/receipt")
        journey.resume = _session(self.cookie).get("drafts", {}).get(self.slug) or journey.resume
        if "/q/" in address:
            journey.answered |= {name.split(".")[0] for name, _ in parse_qsl(body)}


def _holds(page: str, name: str, value: str) -> bool:
    return f'name="{html.escape(name)}" value="{html.escape(value).replace("&#x27;", "&#39;")}"' in page


def _session(cookie: str) -> dict[str, Any]:
    from itsdangerous import URLSafeTimedSerializer

    found: Any = URLSafeTimedSerializer("", salt="cookie-session").loads_unsafe(cookie.partition("=")[2])[1]
    return found or {}


class Crowd:
    """Some residents who answer all the time, each in a thread."""

    def __init__(self, ports: Sequence[int], path: str, residents: int) -> None:
        self.stop = threading.Event()
        self.people = [Steadfast(ports, path, self.stop) for _ in range(residents)]
        self.stranded: list[str] = []
        self.threads = [threading.Thread(target=self._live, args=(each,), daemon=True) for each in self.people]

    def __enter__(self) -> Crowd:
        """Begin to answer."""
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, wherever each of them is."""
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=PATIENCE + 5)
        for each in self.people:
            each.connection.close()

    def _live(self, person: Steadfast) -> None:
        while not self.stop.is_set():
            try:
                person.respond()
            except Stopped:
                return
            except Exception as error:
                self.stranded.append(repr(error)[:200])
                time.sleep(PAUSE)

    def wait_for(self, more: int, seconds: float) -> float:
        """Wait until so many more requests were answered; tell how long it took."""
        begun, goal = time.perf_counter(), self.acknowledged + more
        while self.acknowledged < goal:
            if time.perf_counter() - begun > seconds:
                raise SystemExit(f"bench-faults: no recovery within {seconds} s. {self.stranded[:3]}")
            time.sleep(0.005)
        return time.perf_counter() - begun

    @property
    def acknowledged(self) -> int:
        """Count the requests that were answered."""
        return sum(each.acknowledged for each in self.people)

    def seen(self) -> dict[str, Any]:
        """Count what they met."""
        names = ("cut_off", "busy", "forgotten", "unseen")
        counts = {name: sum(getattr(each, name) for each in self.people) for name in names}
        return counts | {"answered 5xx": sum(len(each.broken) for each in self.people), "stranded": len(self.stranded)}

    @property
    def journeys(self) -> list[Journey]:
        """List everything that was begun."""
        return [journey for each in self.people for journey in each.journeys]


def verdict(environment: dict[str, str], slug: str, journeys: Sequence[Journey]) -> dict[str, int]:
    """Hold the database to what residents were told: nothing acknowledged is lost, and nothing is there twice."""
    from sqlalchemy import select

    from app import clock, create_app
    from app.database import db
    from app.surveys import codes, queries
    from app.surveys.models import Response
    from config import from_environment

    app = create_app(from_environment(environment) | {"TESTING": True})
    with app.app_context():
        [wave] = [each for each in queries.open_waves(clock.now()) if each.survey.slug == slug]
        asked = {question.key for question in queries.definition_of(wave).questions}
        stored = Stored(asked, db.session.execute(select(Response.receipt, Response.submission)).all())
        found = [stored.keeps(each) for each in journeys]
        db.session.remove()
        db.engine.dispose()
    ours = {codes.hashed(each.submission) for each in journeys if each.submission}
    return {
        "responses begun": len(journeys),
        "acknowledged": sum(each.sent for each in journeys),
        "acknowledged lost": found.count("response lost"),
        "stored twice": sum(submission not in ours for submission in stored.submissions),
        "drafts": found.count("draft"),
        "drafts lost": found.count("draft lost"),
    }


class Stored:
    """What a database holds, looked at when no server runs any more."""

    def __init__(self, asked: set[str], rows: Sequence[Any]) -> None:
        self.asked = asked
        self.receipts, self.submissions = {receipt for receipt, _ in rows}, [submission for _, submission in rows]

    def keeps(self, journey: Journey) -> str:
        """Say what is kept of a journey, or what was lost of it."""
        from app.surveys.codes import hashed

        if journey.receipt:
            return "response" if hashed(journey.receipt) in self.receipts else "response lost"
        if journey.submission and hashed(journey.submission) in self.submissions:
            return "response"
        if journey.sent:
            return "response lost"
        if not journey.resume:
            return "nothing yet"
        return "draft" if journey.answered & self.asked <= self.draft_keys(journey.resume) else "draft lost"

    def draft_keys(self, resume: str) -> set[str]:
        """List the questions that a draft has answers to; a draft that is gone has none, nor the mark of one."""
        from app import clock
        from app.surveys import queries
        from app.surveys.errors import DraftGone

        try:
            return set(queries.draft_with(resume, clock.now()).answers)
        except DraftGone:
            return set()
