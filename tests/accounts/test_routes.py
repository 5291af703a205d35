"""Every address, every role, every method: what docs/routes.md says is what the code names and what happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter

from app.accounts.models import ROLES
from app.routes import Access, accesses, table
from tests.accounts.house import guest, signed_in, text_of

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "routes.md"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LEAVES = ("security.logout",)
"""What ends the visit of whoever tries it."""


@pytest.fixture
def app(app: Flask) -> Flask:
    """Let forms in without their token: what is asked here is who sends them."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def filled(app: Flask, address: Access) -> str:
    """Fill an address with something that is not there."""
    rule = next(rule for rule in app.url_map.iter_rules(address.endpoint) if rule.rule == address.address)
    whole = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
    values = {name: 1 if name in whole else "en" if name == "language" else "x" for name in rule.arguments}
    built = rule.build(values)
    assert built
    return str(built[1])


def is_another(app: Flask, path: str, method: str) -> bool:
    """Say whether another address is meant by a path and method."""
    with app.app_context():
        return app.url_map.bind("localhost").test(path, method)


def is_page(answer: Any) -> bool:
    """Say whether an answer is a page to be read, and no file to be printed."""
    return answer.mimetype == "text/html" and "attachment" not in answer.headers.get("Content-Disposition", "")


def tried(client: FlaskClient, app: Flask, address: Access, method: str) -> Any:
    return client.open(filled(app, address), method=method, data={} if method == "POST" else None)


def test_the_document_says_what_the_code_names(app: Flask) -> None:
    assert table(app) in DOCUMENT.read_text(encoding="utf-8"), "run: flask routes-table"
    assert [each.address for each in accesses(app) if not each.roles and not each.why] == []


def test_no_staff_page_is_open_but_the_invitation(app: Flask) -> None:
    staff = [each for each in accesses(app) if each.address.startswith("/staff")]
    assert [each.address for each in staff if not each.roles] == ["/staff/invitation/<token>"]
    elsewhere = [each.address for each in accesses(app) if each.roles and not each.address.startswith("/staff")]
    assert elsewhere == ["/confirm-password", "/mf-recovery-codes"]


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_address_opens_to_the_roles_that_it_names_and_to_no_others(
    app: Flask, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = (signed_in(app, role) if role else guest(app)).client
    for address in accesses(app):
        for method in address.methods if address.endpoint not in LEAVES else ():
            answer = tried(client, app, address, method)
            told = f"{role or 'nobody'}: {method} {address.address} {answer.status}"
            assert answer.status_code < 500 or address.endpoint == "health.ready", told
            if not address.roles:
                assert answer.status_code != 403 or answer.is_json, told
            elif not role:
                assert answer.status_code == 303 and answer.headers["Location"].startswith("/login"), told
            elif role in address.roles:
                assert answer.status_code not in (401, 403, 405), told
                assert answer.status_code != 200 or "Sign out" in text_of(answer) or not is_page(answer), told
            else:
                assert answer.status_code == 403 and f"Your account has {role}." in text_of(answer), told
                assert f"Refused {address.endpoint} to account" in caplog.messages[-1], told


def test_methods_that_an_address_does_not_name_are_refused(app: Flask) -> None:
    client = signed_in(app, "admin").client
    named: dict[str, set[str]] = {}
    for address in accesses(app):
        named.setdefault(filled(app, address), {"OPTIONS"}).update(address.methods)
    for path, methods in named.items():
        allowed = methods | ({"HEAD"} if "GET" in methods else set())
        for method in set(METHODS) - allowed:
            if is_another(app, path, method):
                continue
            answer = client.open(path, method=method)
            assert answer.status_code in (404, 405), f"{method} {path} {answer.status}"
            assert answer.status_code != 405 or set(answer.headers["Allow"].split(", ")) >= methods - {"OPTIONS"}, path
