"""The second factor: set up at sign-in where it is required, codes that count once, recovery codes, beginning anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select, text

from app.accounts import limits, services
from app.accounts.models import AuditEvent
from app.database import db
from tests.accounts.house import PASSWORD, Visitor, address, close, guest, hire, text_of

MakeApp = Callable[..., Flask]
OFFICER = address("officer")


@pytest.fixture
def app(make_app: MakeApp) -> Iterator[Flask]:
    """Open the house as in production: nobody gets in by a password alone."""
    app = make_app(SECOND_FACTOR="required")
    hire(app)
    yield app
    close(app)


def with_password(app: Flask) -> Visitor:
    """Come as far as a password leads."""
    person = guest(app)
    answer = person.send("/login", email=OFFICER, password=PASSWORD)
    assert answer.status_code == 303 and "/staff" not in answer.headers["Location"]
    return person


def set_up(person: Visitor) -> TOTP:
    """Set up the app, and come in with its first code."""
    page = person.send("/tf-setup", setup="authenticator")
    key = re.search(r"<code>([^<]+)</code>", page.text)
    assert key and "data:image/svg+xml" in page.text
    phone = TOTP(key=key[1].replace("-", ""), format="base32")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    done = person.client.post("/tf-validate", data={"code": phone.generate().token, "csrf_token": token[1]})
    assert done.status_code == 303, text_of(done)
    return phone


def later(phone: TOTP, steps: int) -> str:
    """Read the code that the phone shows some half minutes from now."""
    return str(phone.generate(phone.generate().start_time + 30 * steps).token)


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_nobody_gets_in_by_a_password_alone(app: Flask) -> None:
    person = with_password(app)
    assert person.open("/staff").headers["Location"].startswith("/login")
    assert "sign_in" not in deeds(app)


@pytest.mark.both_databases
def test_the_app_is_set_up_once_and_its_next_code_lets_in(app: Flask) -> None:
    first = with_password(app)
    phone = set_up(first)
    assert first.open("/staff").status_code == 200
    again = with_password(app)
    assert "Enter the code from your app" in text_of(again.open("/tf-validate"))
    assert again.send("/tf-validate", code=later(phone, 1)).status_code == 303
    assert again.open("/staff").status_code == 200


def test_a_code_counts_once(app: Flask) -> None:
    phone = set_up(with_password(app))
    code = later(phone, 1)
    assert with_password(app).send("/tf-validate", code=code).status_code == 303
    seen = with_password(app).send("/tf-validate", code=code)
    assert "The code is wrong or was used already" in text_of(seen)
    assert deeds(app)[-1] == "second_factor.failed"


def test_too_many_wrong_codes_are_refused_for_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(with_password(app))
    monkeypatch.setattr(limits, "BY_ACCOUNT", limits.Limit(3, timedelta(minutes=15)))
    person = with_password(app)
    answers = [person.send("/tf-validate", code="000000").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_a_recovery_code_lets_in_once_and_is_noted(app: Flask) -> None:
    person = with_password(app)
    set_up(person)
    page = person.send("/mf-recovery-codes")
    codes = re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page.text)
    assert len(codes) == 8
    lost = with_password(app)
    assert lost.send("/mf-recovery", code=f" {codes[0].upper()} ").status_code == 303
    assert lost.open("/staff").status_code == 200
    assert "second_factor.recovery_code" in deeds(app)
    assert "wrong or was used already" in text_of(with_password(app).send("/mf-recovery", code=codes[0]))


def test_secrets_lie_encrypted(app: Flask) -> None:
    person = with_password(app)
    phone = set_up(person)
    codes = re.findall(r"<code>([0-9a-f-]{14})</code>", person.send("/mf-recovery-codes").text)
    with app.app_context():
        row = str(db.session.execute(text("SELECT tf_totp_secret, mf_recovery_codes FROM staff")).all())
    assert phone.base32_key not in row and not [code for code in codes if code in row]


def test_who_lost_everything_begins_anew(app: Flask) -> None:
    set_up(with_password(app))
    said = app.test_cli_runner().invoke(args=["staff", "reset", OFFICER, "--reason", "Lost the phone"])
    assert said.exit_code == 0 and "/staff/invitation/" in said.output
    link = said.output.split()[-1].split("5000")[-1]
    person = guest(app)
    person.send(link, password="another three words")
    answer = person.send("/login", email=OFFICER, password="another three words")
    assert answer.headers["Location"].startswith("/tf-setup")


def test_the_pages_of_the_second_factor_lead_nowhere_without_a_password(app: Flask) -> None:
    for path in ("/tf-setup", "/tf-validate", "/mf-recovery"):
        assert "/login" in guest(app).open(path).headers["Location"]
    assert guest(app).open("/mf-recovery-codes").headers["Location"].startswith("/login")


def test_on_a_desk_it_is_offered_and_can_be_set_up_from_the_account(app: Flask, make_app: MakeApp) -> None:
    person = guest(make_app(SECOND_FACTOR="offered"))
    assert person.send("/login", email=OFFICER, password=PASSWORD).headers["Location"] == "/staff"
    assert "Set up an app for codes" in person.open("/staff/account").text
    page = person.send("/tf-setup", setup="authenticator")
    action = re.search(r'action="(/tf-setup/[^"]+)"', page.text)
    key = re.search(r"<code>([^<]+)</code>", page.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert action and key and token
    code = TOTP(key=key[1].replace("-", ""), format="base32").generate().token
    done = person.client.post(action[1], data={"code": code, "csrf_token": token[1]})
    assert done.headers["Location"] == "/staff/account" and deeds(app)[-1] == "second_factor.set"
    assert "Make recovery codes now" in person.open("/staff/account").text


def test_an_invitation_is_renewed_or_refused_by_name(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    first = run(args=["staff", "invite", "new@example.org", "--role", "officer"])
    again = run(args=["staff", "invite", "new@example.org"])
    assert first.exit_code == again.exit_code == 0 and "/staff/invitation/" in again.output
    chosen = run(args=["staff", "invite", OFFICER])
    assert chosen.exit_code == 2 and f"flask staff reset {OFFICER}" in chosen.output
    assert services.INVITATION_DAYS == 3 and "within 3 days" in first.output
