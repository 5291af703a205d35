"""Typing the password again before what must not be done at a desk left open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Blueprint, Flask, request
from sqlalchemy import select

from app.accounts import limits
from app.accounts.fresh import fresh
from app.accounts.models import AuditEvent
from app.accounts.roles import roles
from app.database import db
from tests.accounts.house import PASSWORD, Visitor, address, guest, signed_in, text_of
from tests.support.markup import faults


@pytest.fixture
def app(app: Flask) -> Flask:
    """Add a room with one form that only a fresh sign-in may send."""
    room = Blueprint("vault", __name__, url_prefix="/staff/vault")

    @room.get("/<box>")
    @roles("analyst")
    @fresh()
    def box(box: str) -> str:
        return f"Box {box}: {request.args.get('shelf', 'no shelf')}"

    @room.post("/<box>/open")
    @roles("analyst")
    @fresh(".box")
    def unlock(box: str) -> str:
        return f"Box {box} is open."

    app.register_blueprint(room)
    return app


def left_open(app: Flask, minutes: float, role: str = "analyst") -> Visitor:
    """Come back to a desk at which somebody signed in some minutes ago."""
    person = signed_in(app, role)
    with person.client.session_transaction() as session:
        session["fs_paa"] -= minutes * 60
    return person


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(event.actor, event.action) for event in events]


def test_somebody_who_has_just_signed_in_is_not_asked_again(app: Flask) -> None:
    assert left_open(app, 14.5).open("/staff/vault/7").text == "Box 7: no shelf"


def test_after_a_quarter_of_an_hour_the_password_is_asked_for_and_leads_back(app: Flask) -> None:
    person = left_open(app, 15.5)
    asked = person.open("/staff/vault/7?shelf=top")
    assert asked.status_code == 303
    there = asked.headers["Location"]
    page = person.open(there)
    assert "Confirm your password" in text_of(page) and "the last 15 minutes" in text_of(page)
    assert "has not been done" not in text_of(page)
    answer = person.send(there, password=PASSWORD, next="/staff/vault/7?shelf=top")
    assert person.follow(answer).text == "Box 7: top"
    assert deeds(app)[-1] == (address("analyst"), "confirm")


def test_a_clock_that_was_set_back_keeps_no_password_fresh(app: Flask) -> None:
    for minutes, grace in ((-16, 0), (15.5, 3600)):
        person = left_open(app, minutes)
        with person.client.session_transaction() as session:
            session["fs_gexp"] = session["fs_paa"] + (minutes * 60) + grace
        assert person.open("/staff/vault/7").status_code == 303


def test_using_fresh_pages_does_not_keep_them_open(app: Flask) -> None:
    person = left_open(app, 14.9)
    assert person.open("/staff/vault/7").status_code == 200
    with person.client.session_transaction() as session:
        session["fs_paa"] -= 30
    assert person.open("/staff/vault/7").status_code == 303


def test_a_form_that_comes_too_late_is_not_sent_again_and_the_pages_say_so(app: Flask) -> None:
    person = left_open(app, 15.5)
    asked = person.send("/staff/vault/7/open", page="/staff")
    there = asked.headers["Location"]
    assert there == "/confirm-password?next=/staff/vault/7&again=yes"
    assert "What you sent has not been done. You will come back to the page" in text_of(person.open(there))
    answer = person.send(there, password=PASSWORD, next="/staff/vault/7")
    assert answer.headers["Location"] == "/staff/vault/7"
    told = "Important Your password is confirmed. Nothing has been done yet: press the button again."
    assert told in text_of(person.open("/staff"))
    assert person.send("/staff/vault/7/open", page="/staff").text == "Box 7 is open."


def test_a_wrong_password_and_none_are_told_and_only_the_wrong_one_is_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_ACCOUNT", limits.Limit(1, timedelta(minutes=15)))
    person = left_open(app, 15.5)
    assert "Enter your password" in text_of(person.send("/confirm-password", password=""))
    wrong = person.send("/confirm-password", password="wrong password")
    assert "The password is wrong: check it and try again" in text_of(wrong)
    assert 'href="#password"' in wrong.text and "wrong password" not in wrong.text.replace("a wrong password", "")
    assert deeds(app)[-1] == (address("analyst"), "confirm.failed")
    answer = person.send("/confirm-password", page="/staff", password=PASSWORD)
    assert answer.status_code == 429 and "Wait 15 minutes, then try again" in text_of(answer)
    assert person.open("/staff/vault/7").status_code == 303


def test_wrong_passwords_here_and_at_sign_in_are_counted_together(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BY_ACCOUNT", limits.Limit(2, timedelta(minutes=15)))
    person = left_open(app, 15.5)
    person.send("/confirm-password", password="wrong password")
    guest(app).send("/login", email=address("analyst"), password="wrong password")
    assert guest(app).send("/login", email=address("analyst"), password=PASSWORD).status_code == 429


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.com/", "//example.com", "/\\example.com", "/en", "/nothing", "/staff/vault/7/open", "staff"],
)
def test_it_leads_back_to_staff_pages_only(app: Flask, elsewhere: str) -> None:
    person = left_open(app, 15.5)
    answer = person.send("/confirm-password", password=PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/confirm-password"
    assert person.open("/staff/vault/7").status_code == 303


def test_without_a_page_to_go_back_to_it_leads_to_the_first_one(app: Flask) -> None:
    answer = left_open(app, 15.5).send("/confirm-password", password=PASSWORD)
    assert answer.status_code == 303 and answer.headers["Location"] == "/staff"


def test_who_is_not_signed_in_or_lacks_the_role_is_not_asked_for_a_password_again(app: Flask) -> None:
    assert guest(app).open("/staff/vault/7").headers["Location"].startswith("/login?next=")
    assert guest(app).open("/confirm-password").headers["Location"].startswith("/login?next=")
    assert left_open(app, 15.5, "officer").open("/staff/vault/7").status_code == 403


def test_the_page_has_no_fault_and_programs_are_not_served(app: Flask) -> None:
    from lxml import html

    person = left_open(app, 15.5)
    page = person.open("/confirm-password")
    assert list(faults(html.document_fromstring(page.text), "/confirm-password")) == []
    assert page.headers["Cache-Control"] == "no-store"
    assert person.client.post("/confirm-password", data={"password": PASSWORD}).status_code == 400
    assert person.client.post("/confirm-password", json={"password": PASSWORD}).status_code in (400, 415)


@pytest.mark.parametrize("hostile", ["\x00", "a" * 100_000, "‮", "\ud800"])
def test_hostile_input_is_a_wrong_password_and_nothing_worse(app: Flask, hostile: str) -> None:
    typed = hostile.encode("utf-8", "surrogatepass")
    assert left_open(app, 15.5).send("/confirm-password", password=typed).status_code == 200


def test_fresh_above_roles_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="put @roles above @fresh"):
        fresh()(roles("analyst")(lambda: ""))
