"""Signing in and out, as a member of staff and as somebody who is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts import limits, services
from app.database import db
from tests.accounts.house import PASSWORD, address, guest, signed_in, text_of
from tests.support.clock import Clock


def test_somebody_who_is_not_signed_in_is_asked_to_and_led_back(app: Flask) -> None:
    person = guest(app)
    asked = person.open("/staff/audit?action=sign_in")
    assert asked.headers["Location"] == "/login?next=/staff/audit?action%3Dsign_in"
    answer = person.send("/login", email=address("admin"), password=PASSWORD, next="/staff/audit?action=sign_in")
    assert "Audit log" in text_of(person.follow(answer))


def test_capitals_in_the_address_do_not_matter(app: Flask) -> None:
    assert guest(app).send("/login", email="Officer@Example.ORG", password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"), [(address("officer"), "wrong password"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_are_told_alike(app: Flask, email: str, password: str) -> None:
    answer = guest(app).send("/login", email=email, password=password)
    assert answer.text.count("The e-mail address or the password is wrong: check both and try again") == 2
    assert 'href="#email"' in answer.text
    assert f'value="{email}"' in answer.text and password not in answer.text


def test_a_disabled_account_is_told_as_a_wrong_password_is(app: Flask) -> None:
    with app.app_context():
        services.disable(services.named(address("officer")))
    answer = guest(app).send("/login", email=address("officer"), password=PASSWORD)
    assert "The e-mail address or the password is wrong" in text_of(answer)


def test_empty_fields_are_named_each_with_a_link(app: Flask) -> None:
    answer = guest(app).send("/login", email="", password="")
    assert "Enter your e-mail address" in text_of(answer) and "Enter your password" in text_of(answer)
    assert 'href="#email"' in answer.text and 'href="#password"' in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_nobody_can_make_an_account_or_reset_a_password_from_outside(app: Flask) -> None:
    for path in ("/register", "/reset", "/verify", "/us-signin", "/tf-rescue", "/tf-select"):
        assert guest(app).open(path).status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "http://localhost/staff",
        "staff",
    ],
)
def test_signing_in_never_leads_away(app: Flask, elsewhere: str) -> None:
    person = guest(app)
    answer = person.send("/login", email=address("admin"), password=PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/login"
    assert person.client.get("/login", query_string={"next": elsewhere}).headers["Location"] == "/login"


def test_signing_out_shuts_the_pages(app: Flask) -> None:
    person = signed_in(app, "officer")
    assert person.open("/staff").status_code == 200
    assert person.open("/logout").status_code == 405
    assert person.send("/logout", page="/staff").headers["Location"] == "/login"
    assert person.open("/staff").headers["Location"].startswith("/login")


def test_a_form_from_elsewhere_does_nothing(app: Flask) -> None:
    person = signed_in(app, "officer")
    assert person.client.post("/logout").status_code == 400
    assert person.open("/staff").status_code == 200


def test_a_desk_left_open_is_signed_out_after_an_hour(app: Flask, clock: Clock) -> None:
    person = signed_in(app, "officer")
    clock.advance(minutes=59)
    assert person.open("/staff").status_code == 200
    clock.advance(minutes=59)
    assert person.open("/staff").status_code == 200
    clock.advance(minutes=61)
    assert person.open("/staff").headers["Location"].startswith("/login")


def test_somebody_who_never_pauses_is_signed_out_after_half_a_day(app: Flask, clock: Clock) -> None:
    person = signed_in(app, "officer")
    for _ in range(24):
        assert person.open("/staff").status_code == 200
        clock.advance(minutes=30)
    clock.advance(minutes=1)
    assert person.open("/staff").headers["Location"].startswith("/login")


def test_a_clock_that_is_set_back_prolongs_no_session_by_more_than_it_may_be_silent(app: Flask, clock: Clock) -> None:
    person, left = signed_in(app, "officer"), signed_in(app, "admin")
    clock.advance(minutes=-59)
    assert person.open("/staff").status_code == 200
    clock.advance(minutes=61)
    assert person.open("/staff").headers["Location"].startswith("/login"), "the sign of life was noted by the new clock"
    clock.advance(minutes=-70)
    assert left.open("/staff").headers["Location"].startswith("/login"), "a jump of more ends it"


@pytest.mark.both_databases
def test_a_cookie_copied_before_signing_out_opens_nothing_afterwards(app: Flask) -> None:
    person = signed_in(app, "officer")
    cookie = person.client.get_cookie("session")
    assert cookie
    person.send("/logout", page="/staff")
    thief = guest(app)
    thief.client.set_cookie("session", cookie.value)
    assert thief.open("/staff").headers["Location"].startswith("/login")


def test_each_sign_in_is_a_session_of_its_own(app: Flask) -> None:
    first, second = signed_in(app, "officer"), signed_in(app, "officer")
    first.send("/logout", page="/staff")
    assert second.open("/staff").status_code == 200


def test_other_roles_and_another_password_end_sessions(app: Flask) -> None:
    officer, elsewhere = signed_in(app, "officer"), signed_in(app, "officer")
    officer.send("/staff/account", current=PASSWORD, password="another three words")
    assert officer.open("/staff").status_code == 200
    assert elsewhere.open("/staff").status_code == 303
    with app.app_context():
        services.change_roles(services.named(address("officer")), ["analyst"])
    assert officer.open("/staff").status_code == 303


def test_somebody_who_is_disabled_is_out_at_once(app: Flask) -> None:
    person = signed_in(app, "officer")
    with app.app_context():
        services.disable(services.named(address("officer")))
    assert person.open("/staff").headers["Location"].startswith("/login")


def test_no_browser_keeps_a_staff_page(app: Flask) -> None:
    person = signed_in(app, "admin")
    for path in ("/staff", "/staff/account", "/staff/people", "/staff/audit"):
        assert person.open(path).headers["Cache-Control"] == "no-store"
    assert guest(app).open("/login").headers["Cache-Control"] == "no-store"


def test_too_many_wrong_passwords_shut_the_account_for_a_while_and_say_how_long(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_ACCOUNT", limits.Limit(3, timedelta(minutes=15)))
    person = guest(app)
    for _ in range(3):
        assert person.send("/login", email=address("office"), password="wrong password").status_code == 200
    answer = person.send("/login", email=address("office"), password=PASSWORD)
    assert answer.status_code == 429
    assert "Wait 15 minutes, then try again" in text_of(answer)
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert person.send("/login", email=address("analyst"), password=PASSWORD).status_code == 303


def test_too_many_wrong_passwords_from_one_address_shut_it_for_every_account(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_ADDRESS", limits.Limit(3, timedelta(minutes=15)))
    for name in ("a", "b", "c"):
        guest(app).send("/login", email=f"{name}@example.org", password="wrong password")
    assert guest(app).send("/login", email=address("admin"), password=PASSWORD).status_code == 429


def test_signing_in_forgives_earlier_slips(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BY_ACCOUNT", limits.Limit(3, timedelta(minutes=15)))
    for _ in range(2):
        for _ in range(2):
            guest(app).send("/login", email=address("office"), password="wrong password")
        signed_in(app, "office")


def test_the_counters_hold_neither_addresses_nor_accounts(app: Flask) -> None:
    guest(app).send("/login", email=address("office"), password="wrong password")
    with app.app_context():
        kept = str(db.session.execute(text("SELECT * FROM attempt")).all())
    assert len(kept) > 100 and "office" not in kept and "127.0.0.1" not in kept


def test_attempts_are_counted_for_all_servers_together(app: Flask, make_app: Any, clock: Clock) -> None:
    servers = [app, make_app()]
    for number in range(10):
        guest(servers[number % 2]).send("/login", email=address("office"), password="wrong password")
    for server in servers:
        assert guest(server).send("/login", email=address("office"), password=PASSWORD).status_code == 429
    clock.advance(minutes=15, seconds=1)
    assert guest(app).send("/login", email=address("office"), password=PASSWORD).status_code == 303


@pytest.mark.parametrize("hostile", ["\x00", "' OR 1=1 --", "a" * 100_000, "‮@example.org", "\ud800"])
def test_hostile_input_is_a_wrong_password_and_nothing_worse(app: Flask, hostile: str) -> None:
    typed = hostile.encode("utf-8", "surrogatepass")
    for fields in ({"email": typed, "password": "x"}, {"email": address("admin"), "password": typed}):
        assert guest(app).send("/login", **fields).status_code == 200


def test_programs_are_not_served(app: Flask) -> None:
    token = guest(app)
    assert token.client.post("/login", json=[1]).status_code in (400, 415)
    assert token.client.get("/login", headers={"Accept": "application/json"}).content_type.startswith("text/html")
    assert "staff" not in token.client.get("/login?auth_token=x").text.split("<body")[0].lower().split("title")[0]


def test_residents_pages_carry_nothing_of_the_staffs(app: Flask) -> None:
    assert "Audit log" not in signed_in(app, "admin").client.get("/en").text
