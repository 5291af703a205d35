"""Where one network floods: each response more costs work or patience, nobody is turned away, and all is flagged."""

from __future__ import annotations

import json
from typing import Any

import altcha
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys.models import Draft, Response, Turn
from app.surveys.traffic import OPEN_DRAFTS
from tests.support import residents
from tests.support.clock import Clock
from tests.support.person import Person

pytestmark = pytest.mark.usefixtures("both_surveys")
LIMIT = 2
FLOOD = ("surge", "hurried")


@pytest.fixture
def app(make_app: Any) -> Flask:
    return make_app(RESPONSES_PER_NETWORK=LIMIT)


def comes_from(app: Flask, address: str, language: str = "en") -> Person:
    """Answer everything, and stand before the last button."""
    person = Person(app)
    person.environment = {"REMOTE_ADDR": address}
    residents.begin(person, "your-views", language)
    residents.answer(person)
    for onwards in person.page.document.xpath("//main//a[@role='button']/@href"):
        person.visit(onwards)
    if "/q/" in person.path:
        residents.answer(person, {"equality": "no", "equality_questions": "no", "more_questions": "no"}, until="send")
    return person


def responds(app: Flask, address: str) -> Person:
    person = comes_from(app, address)
    person.submit(form="page")
    assert person.path.endswith("/receipt")
    return person


def begins(app: Flask, address: str, language: str = "en", status: int = 200) -> Person:
    person = Person(app, REMOTE_ADDR=address)
    person.visit(f"/{language}/your-views")
    person.submit(form="page", status=status)
    return person


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response).order_by(Response.id)))


def work_of(person: Person) -> altcha.ChallengeV1:
    said = json.loads(person.page.form("page").get("data-work"))
    return altcha.ChallengeV1(said["algorithm"], said["challenge"], said["maxNumber"], said["salt"], said["signature"])


def solved(work: altcha.ChallengeV1) -> str:
    solution = altcha.solve_challenge_v1(work.challenge, work.salt, work.algorithm, work.max_number)
    assert solution
    return altcha.PayloadV1(work.algorithm, work.challenge, solution.number, work.salt, work.signature).to_base64()


@pytest.mark.both_databases
def test_beyond_the_threshold_people_without_script_wait_their_turn_and_are_let_on(
    app: Flask, make_app: Any, clock: Clock
) -> None:
    for _ in range(LIMIT):
        responds(app, "192.0.2.7")
    other_server = make_app(RESPONSES_PER_NETWORK=LIMIT)
    first, second = comes_from(app, "192.0.2.7"), comes_from(other_server, "192.0.2.7", "ur")
    page = first.submit(form="page", status=429)
    assert "0:30" in page.text and page.headers["Retry-After"] == "30"
    assert "0:40" in second.submit(form="page", status=429).text, "the turns of one network are shared by all servers"
    clock.advance(seconds=12)
    assert "0:18" in first.submit(form="page", status=429).text, "who presses too early keeps the turn"
    clock.advance(seconds=19)
    first.submit(form="page")
    assert first.path.endswith("/receipt") and len(stored(app)) == LIMIT + 1
    responds(app, "192.0.2.8")
    clock.advance(seconds=10)
    second.submit(form="page")
    assert second.path.endswith("/receipt")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Turn)) == 0
    clock.advance(minutes=20)
    responds(app, "192.0.2.7")


@pytest.mark.both_databases
def test_work_lets_on_at_once_for_its_own_submission_only(app: Flask) -> None:
    for _ in range(LIMIT):
        responds(app, "2001:db8:1:2::a")
    one, other = comes_from(app, "2001:db8:1:2::b"), comes_from(app, "2001:db8:1:2:9:8:7:6")
    for person in (one, other):
        person.submit(form="page", status=429)
    proof = solved(work_of(one))
    assert not other.submit(form="page", altcha=proof, status=429).form("page").get("data-work"), "no script in circles"
    one.submit(form="page", altcha=proof)
    assert one.path.endswith("/receipt")
    assert len(stored(app)) == LIMIT + 1


@pytest.mark.parametrize("proof", ["x", "bnVsbA==", "e30=", "eyJzYWx0IjogMX0=", "a" * 100_000, "W10="])
def test_work_that_is_none_is_no_error(app: Flask, proof: str) -> None:
    for _ in range(LIMIT):
        responds(app, "192.0.2.7")
    person = comes_from(app, "192.0.2.7")
    person.submit(form="page", status=429)
    person.submit(form="page", altcha=proof, status=429)


def test_work_that_is_too_old_counts_no_more(app: Flask, clock: Clock) -> None:
    for _ in range(LIMIT):
        responds(app, "192.0.2.7")
    first, person = comes_from(app, "192.0.2.7"), comes_from(app, "192.0.2.7")
    for each in (first, person):
        each.submit(form="page", status=429)
    proof = solved(work_of(person))
    with app.app_context():
        from app.surveys import traffic

        clock.advance(minutes=10, seconds=1)
        submission = person.page.document.xpath("//input[@name='submission']/@value")[0]
        assert not traffic.is_solved(submission, proof)


@pytest.mark.both_databases
def test_a_flood_of_drafts_ends_and_says_what_to_do_in_the_residents_language(
    app: Flask, make_app: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    servers = app, make_app(RESPONSES_PER_NETWORK=LIMIT)
    flood = [begins(servers[number % 2], f"2001:db8:1:2::{number}") for number in range(OPEN_DRAFTS * LIMIT)]
    late = begins(app, "2001:db8:1:2:9:8:7:6", "ur", status=429)
    assert "لائبریری" in late.page.text and late.page.headers["Retry-After"] == "300"
    assert "One network has begun" in caplog.text and "2001" not in caplog.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == len(flood)
    begins(app, "2001:db8:1:3::a")
    residents.answer(flood[0])
    residents.send(flood[0])
    [again] = late.page.document.xpath("//main//a[@role='button']/@href")
    late.visit(again)
    late.submit(form="page")
    assert "/q/" in late.path, "what was sent is no draft any more, and makes room"
    begins(app, "2001:db8:1:2::c", status=429)
    clock.advance(minutes=15, seconds=1)
    begins(app, "2001:db8:1:2::c")


@pytest.mark.both_databases
def test_who_has_sent_changes_their_answers_whatever_floods_and_once_at_a_time(app: Flask) -> None:
    code = residents.receipt(responds(app, "2001:db8:1:2::1"))
    for number in range(OPEN_DRAFTS * LIMIT):
        begins(app, f"2001:db8:1:2::{number}")
    begins(app, "2001:db8:1:2::c", status=429)
    seen = []
    for age in ("25_34", "55_64"):
        device = Person(app, REMOTE_ADDR="2001:db8:1:2::c")
        device.visit("/en/your-answers")
        device.submit(code=code)
        device.press("Change your answers")
        seen.append("25 to 34" in device.page.text)
        device.visit(next(address for address in device.page.links.values() if "/q/age_band" in address))
        device.submit(form="page", age_band=age)
    with app.app_context():
        [draft] = db.session.scalars(select(Draft).where(Draft.amends_id.is_not(None)))
        assert draft.said["age_band"] == "55_64" and draft.network is None
    assert seen == [False, True], "the second device goes on with what the first one saved"


def test_below_the_threshold_no_statement_is_added(app: Flask) -> None:
    from sqlalchemy import event

    seen: list[str] = []
    person = comes_from(app, "192.0.2.7")
    responds(app, "192.0.2.9")
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    person.browser.post(person.path, data=dict(person.page.filled({}, person.page.form("page"))), environ_overrides={})
    asked = [statement for statement in seen if not statement.startswith(("BEGIN", "COMMIT"))]
    assert len(asked) == 2, asked


@pytest.mark.both_databases
def test_floods_are_flagged_when_a_run_is_made_and_nothing_is_dropped(make_app: Any, clock: Clock) -> None:
    app = make_app(RESPONSES_PER_NETWORK=1000)
    for number in range(10):
        person = comes_from(app, f"198.51.100.{number}")
        clock.advance(seconds=9)
        person.submit(form="page", **({"website": "https://example.org"} if number == 3 else {}))
        assert person.path.endswith("/receipt")
    with app.app_context():
        from app.results.errors import NotEnough
        from app.results.services import run
        from app.surveys import queries

        with pytest.raises(NotEnough):
            run(queries.wave_named("YV-2026-11"))
    found = stored(app)
    assert len(found) == 10
    assert [set(FLOOD) - set((each.flags or "").split()) for each in found] == [set()] * 10, found[0].answers
    assert ["trap" in (each.flags or "") for each in found].count(True) == 1
