"""Looking after staff: on the pages and on the command line."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from flask import Flask

from app.accounts import services
from tests.accounts.house import PASSWORD, address, guest, signed_in, text_of


def key_of(app: Flask, email: str) -> int:
    with app.app_context():
        return services.named(email).id


def test_an_admin_adds_somebody_who_chooses_a_password_and_signs_in(app: Flask) -> None:
    admin = signed_in(app, "admin")
    page = admin.follow(admin.send("/staff/people/add", email="New.Person@example.org", roles=["officer", "analyst"]))
    assert "new.person@example.org has an account now" in text_of(page)
    link = re.search(r"http://localhost(/staff/invitation/[^\"]+)", page.text)
    assert link
    newcomer = guest(app)
    assert "new.person@example.org" in text_of(newcomer.open(link[1]))
    assert "use at least 12" in text_of(newcomer.send(link[1], password="short"))
    done = newcomer.follow(newcomer.send(link[1], password="pêche, tram, pantry"))
    assert "Your password is set. Sign in with it now." in text_of(done)
    assert newcomer.send("/login", email="new.person@example.org", password="pêche, tram, pantry").status_code == 303
    assert "(analyst, officer)" in text_of(newcomer.open("/staff"))
    used = newcomer.open(link[1])
    assert used.status_code == 410 and "This link no longer works" in text_of(used)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "nobody", "roles": ["officer"]}, "'nobody' is no e-mail address"),
        ({"email": "a@example.org", "roles": []}, "Choose at least one role"),
        ({"email": "a@example.org", "roles": ["king"]}, "There is no role 'king'"),
        ({"email": "OFFICER@example.org", "roles": ["officer"]}, "officer@example.org has an account already"),
        ({"email": "a\x00@example.org", "roles": ["officer"]}, "is no e-mail address"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_said_and_what_was_typed_stays(app: Flask, fields: dict, told: str) -> None:
    answer = signed_in(app, "admin").send("/staff/people/add", **fields)
    assert answer.status_code == 422
    assert text_of(answer).count(told) == 2
    assert "There is a problem" in text_of(answer)


def test_an_admin_changes_roles_and_the_trail_says_from_what_to_what(app: Flask) -> None:
    admin = signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('officer'))}"
    answer = admin.send(f"{page}/roles", page=page, roles=["analyst"], reason="New job")
    assert "officer@example.org has these roles now: analyst." in text_of(admin.follow(answer))
    assert "officer -> analyst. New job" in text_of(admin.open("/staff/audit?action=staff.roles"))


def test_roles_change_with_a_reason_by_somebody_at_the_desk_and_end_sessions(app: Flask) -> None:
    officer, admin = signed_in(app, "officer"), signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('officer'))}"
    unsaid = admin.send(f"{page}/roles", page=page, roles=["analyst"], reason=" ")
    assert unsaid.status_code == 422 and "Say why the roles change" in text_of(unsaid)
    with admin.client.session_transaction() as session:
        session["fs_paa"] -= 16 * 60
    for deed in ("roles", "disable", "reset-password"):
        asked = admin.send(f"{page}/{deed}", page="/staff", roles=["analyst"], reason="New job")
        assert asked.headers["Location"] == f"/confirm-password?next={page}&again=yes"
    assert officer.open("/staff").status_code == 200, "nothing was done yet"
    admin.send(asked.headers["Location"], password=PASSWORD, next=page)
    admin.send(f"{page}/roles", page=page, roles=["analyst"], reason="New job")
    assert officer.open("/staff").headers["Location"].startswith("/login")


def test_the_last_admin_can_be_neither_disabled_nor_made_something_else(app: Flask) -> None:
    admin = signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('admin'))}"
    shut = admin.send(f"{page}/disable", page=page)
    assert shut.status_code == 409 and "the last admin: make somebody else an admin first" in text_of(shut)
    changed = admin.send(f"{page}/roles", page=page, roles=["officer"], reason="Leaves us")
    assert changed.status_code == 422 and "the last admin" in text_of(changed)
    assert admin.open("/staff/people").status_code == 200


def test_one_of_two_admins_can_go(app: Flask) -> None:
    with app.app_context():
        services.change_roles(services.named(address("office")), ["office", "admin"])
    admin = signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('admin'))}"
    assert admin.send(f"{page}/disable", page=page).status_code == 303
    assert "(admin, office)" in text_of(signed_in(app, "office").open("/staff/people"))


def test_somebody_who_was_shut_out_is_let_in_again(app: Flask) -> None:
    admin = signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('officer'))}"
    admin.send(f"{page}/disable", page=page, reason="Lost the phone")
    assert "This account is disabled" in text_of(admin.open(page))
    admin.send(f"{page}/enable", page=page)
    assert signed_in(app, "officer").open("/staff").status_code == 200


def test_a_forgotten_password_is_replaced_through_a_fresh_link(app: Flask) -> None:
    officer, admin = signed_in(app, "officer"), signed_in(app, "admin")
    page = f"/staff/people/{key_of(app, address('officer'))}"
    shown = admin.follow(admin.send(f"{page}/reset-password", page=page))
    assert officer.open("/staff").status_code == 303
    assert guest(app).send("/login", email=address("officer"), password=PASSWORD).status_code == 200
    assert "/staff/invitation/" in shown.text


def test_a_made_up_link_to_choose_a_password_is_refused(app: Flask) -> None:
    assert guest(app).open("/staff/invitation/eyJ4Ijox.aaaa.bbbb").status_code == 410


def test_somebody_changes_their_own_password(app: Flask) -> None:
    person = signed_in(app, "office")
    wrong = person.send("/staff/account", current="not it at all", password="three other words")
    assert wrong.status_code == 422 and 'href="#current"' in wrong.text
    weak = person.send("/staff/account", current=PASSWORD, password="aaaaaaaaaaaaaaa")
    assert "easy to guess" in text_of(weak)
    done = person.send("/staff/account", current=PASSWORD, password="three other words")
    assert "Your password has been changed." in text_of(person.follow(done))
    assert guest(app).send("/login", email=address("office"), password="three other words").status_code == 303


@pytest.mark.parametrize("key", ["0", "999", "99999999999999999999", "x", "-1"])
def test_an_account_that_is_not_there_is_not_found(app: Flask, key: str) -> None:
    assert signed_in(app, "admin").open(f"/staff/people/{key}").status_code == 404


def test_the_command_line_adds_lists_and_disables(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    added = run(
        args=["staff", "add", "Ann@example.org", "--role", "officer", "--password-stdin"], input=f"{PASSWORD}\n"
    )
    assert added.exit_code == 0 and "ann@example.org has an account now: officer." in added.output
    assert guest(app).send("/login", email="ann@example.org", password=PASSWORD).status_code == 303
    assert re.search(r"^ann@example.org +officer$", run(args=["staff", "list"]).output, re.MULTILINE)
    assert run(args=["staff", "disable", "ann@example.org"]).exit_code == 0
    assert re.search(r"^ann@example.org +officer  \(disabled\)$", run(args=["staff", "list"]).output, re.MULTILINE)


def test_without_a_password_the_command_line_prints_a_link_that_works(app: Flask) -> None:
    output = app.test_cli_runner().invoke(args=["staff", "add", "ann@example.org", "--role", "officer"]).output
    link = re.search(r"http://127.0.0.1:5000(/staff/invitation/\S+)", output)
    assert link and guest(app).open(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "ann@example.org"], "Choose at least one role"),
        (["add", "ann@example.org", "--role", "king"], "There is no role 'king'. Roles: officer, analyst"),
        (["add", "ann", "--role", "officer"], "'ann' is no e-mail address"),
        (["add", "admin@example.org", "--role", "officer"], "admin@example.org has an account already"),
        (["disable", "ann@example.org"], "Nobody has an account 'ann@example.org'"),
        (["disable", "admin@example.org"], "the last admin"),
    ],
)
def test_the_command_line_names_what_is_wrong(app: Flask, arguments: list[str], told: str) -> None:
    result = app.test_cli_runner().invoke(args=["staff", *arguments])
    assert result.exit_code == 2 and told in result.stderr and not result.stdout


def test_signing_in_loads_no_analysis_library() -> None:
    code = (
        "import sys, app.accounts.sign_in, app.accounts.views; print({'pandas', 'scipy', 'numpy'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "westyorkshire1",
        "Wakefield2026!",
        "office@example.org",
        "a" * 200,
    ],
)
def test_a_password_that_many_have_is_refused(app: Flask, password: str) -> None:
    person = signed_in(app, "office")
    answer = person.send("/staff/account", current=PASSWORD, password=password)
    assert answer.status_code == 422 and "The password is easy to guess" in text_of(answer)
