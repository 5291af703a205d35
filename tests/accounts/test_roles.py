"""Who may open what: every page of the house names its roles, or says why it needs none."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from app.accounts.models import ROLES
from app.accounts.roles import roles, roles_of
from tests.accounts.house import guest, signed_in, text_of

OPEN_ROOMS = ("resident", "security", "public_results", "api", "tablet_api", "tablet_pages", "health", "metrics")
OPEN_PAGES = ("fieldwork.at_event",)
"""Pages of residents in a room of staff: the address on an event's poster."""


class Door(NamedTuple):
    """A way into the staff pages."""

    rule: str
    method: str
    path: str
    view: object


def is_open(endpoint: str) -> bool:
    """Say whether a page is a resident's, or a program's."""
    return endpoint.split(".")[0] in OPEN_ROOMS or endpoint in OPEN_PAGES


def doors(app: Flask) -> list[Door]:
    """List the addresses that are no resident's page."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or is_open(rule.endpoint):
            continue
        whole = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in whole else "en" if name == "language" else "x" for name in rule.arguments}
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        path = adapter.build(rule.endpoint, values, method)
        found.append(Door(rule.rule, method, path, app.view_functions[rule.endpoint]))
    return found


def test_every_staff_route_names_its_roles_or_says_why_it_is_open(app: Flask) -> None:
    unguarded = [door for door in doors(app) if not roles_of(door.view)]
    assert [door.rule for door in unguarded] == ["/staff/invitation/<token>"]
    assert all(getattr(door.view, "open_because", "") for door in unguarded)


def test_no_residents_page_lies_under_staff_addresses_and_no_staff_page_elsewhere(app: Flask) -> None:
    assert all(door.rule.startswith("/staff") for door in doors(app))
    others = [rule for rule in app.url_map.iter_rules() if is_open(rule.endpoint)]
    assert not [rule.rule for rule in others if rule.rule.startswith("/staff")]


def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    person = guest(app)
    for door in doors(app):
        if roles_of(door.view) and door.method == "GET":
            answer = person.open(door.path)
            assert answer.status_code == 303 and answer.headers["Location"].startswith("/login"), door
        elif roles_of(door.view):
            answer = person.send(door.path, page="/login")
            assert answer.headers["Location"] == "/login", door


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_names_it_and_nothing_else(app: Flask, role: str) -> None:
    person = signed_in(app, role)
    for door in doors(app):
        if roles_of(door.view) and role not in roles_of(door.view):
            answer = person.open(door.path) if door.method == "GET" else person.send(door.path, page="/staff")
            assert answer.status_code == 403, door
            assert "You cannot open this page" in text_of(answer)
            assert f"Your account has {role}." in text_of(answer)


@pytest.mark.parametrize("role", ROLES)
def test_the_navigation_offers_exactly_what_opens(app: Flask, role: str) -> None:
    person = signed_in(app, role)
    page = person.open("/staff").text
    offered = {door.path for door in doors(app) if f'navigation__link" href="{door.path}"' in page}
    assert {"/staff", "/staff/languages", "/staff/account"} <= offered
    assert all(person.open(path).status_code == 200 for path in offered)
    assert ("/staff/people" in offered) == (role == "admin")


def test_a_view_cannot_name_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="name one or more of officer"):
        roles("officers")
    with pytest.raises(ValueError, match="name one or more of officer"):
        roles()
