"""The API for runs: what a token opens, what it says when it opens nothing, and how it is described."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.accounts import services as accounts
from app.accounts.models import AuditEvent
from app.database import db
from app.results.api.models import ApiToken
from tests.support.applications import command
from tests.support.clock import Clock

SignIn = Callable[[str], FlaskClient]
ASKED = {"email": "analyst@example.org", "purpose": "A dashboard in R, every month", "days": "90", "survey": ""}


@pytest.fixture
def tokens(filled_app: Flask, signed_in: SignIn) -> Callable[..., str]:
    """Issue a token on the page, and read it there."""
    signed_in("analyst")
    with filled_app.app_context():
        command(filled_app, "results", "YV-2025-06")
    admin = signed_in("admin")

    def issue(**more: str) -> str:
        answer = admin.post("/staff/tokens", data=ASKED | more)
        assert answer.status_code == 200, answer.text
        return re.search(r'<code id="token">([^<]+)</code>', answer.text)[1]  # type: ignore[index]

    return issue


def asked(app: Flask, path: str, token: str = "") -> Any:
    """Ask the API, as a program does."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return app.test_client().get(f"/api/v1{path}", headers=headers)


def test_a_token_reads_runs_and_their_figures(filled_app: Flask, tokens: Callable[..., str]) -> None:
    token = tokens()
    listed = asked(filled_app, "/runs", token).json["runs"]
    run = next(each for each in listed if each["wave"] == "YV-2025-06")
    found = filled_app.test_client().get(run["url"], headers={"Authorization": f"Bearer {token}"}).json
    assert found["run"] == run["run"] and found["simulated"] is True and "simulated" in found["about"].lower()
    figure = found["results"]["measures"][0]["share"]["figure"]
    assert figure["low"] <= figure["value"] <= figure["high"] and figure["n"] > 0
    hidden = [each for each in shares(found["results"]) if each["reason"]]
    assert hidden and all(each["value"] is None and each["low"] is None for each in hidden)
    of_wave = asked(filled_app, "/waves/YV-2025-06/runs", token).json["runs"]
    assert run in of_wave


def shares(document: Any) -> list[dict[str, Any]]:
    """Find every figure of a document."""
    if isinstance(document, list):
        return [found for each in document for found in shares(each)]
    if not isinstance(document, dict):
        return []
    own = [document] if "effective_n" in document and "reason" in document else []
    return own + [found for each in document.values() for found in shares(each)]


@pytest.mark.parametrize("path", ["/runs", "/runs/1", "/waves/YV-2025-06/runs"])
def test_without_a_token_that_is_known_there_is_a_named_401(filled_app: Flask, path: str) -> None:
    for token, code in (("", "token_missing"), ("yv1_nobody", "token_unknown"), ("é" * 5000, "token_unknown")):
        answer = asked(filled_app, path, token.encode().decode("latin-1"))
        assert answer.status_code == 401 and answer.json["error"]["code"] == code
        assert code in answer.headers["WWW-Authenticate"]


def test_a_revoked_token_and_one_of_somebody_shut_out_open_nothing(
    filled_app: Flask, tokens: Callable[..., str], signed_in: SignIn
) -> None:
    token = tokens()
    with filled_app.app_context():
        key = db.session.scalars(select(ApiToken.id).order_by(ApiToken.id.desc())).first()
    assert signed_in("admin").post(f"/staff/tokens/{key}/revoke").status_code == 303
    answer = asked(filled_app, "/runs", token)
    assert answer.status_code == 401 and answer.json["error"]["code"] == "token_revoked"
    other = tokens()
    with filled_app.app_context():
        accounts.change_roles(accounts.named(ASKED["email"]), ["office"])
    assert asked(filled_app, "/runs", other).json["error"]["code"] == "token_revoked"
    with filled_app.app_context():
        accounts.change_roles(accounts.named(ASKED["email"]), ["analyst"])


def test_an_expired_token_is_told_so(app: Flask, clock: Clock, signed_in: SignIn) -> None:
    signed_in("analyst")
    answer = signed_in("admin").post("/staff/tokens", data=ASKED | {"days": "2"})
    token = re.search(r'<code id="token">([^<]+)</code>', answer.text)[1]  # type: ignore[index]
    assert asked(app, "/runs", token).status_code == 200
    clock.advance(days=2)
    told = asked(app, "/runs", token)
    assert told.status_code == 401 and told.json["error"]["code"] == "token_expired"
    assert "2026-11-12" in told.json["error"]["message"]


def test_a_token_for_one_survey_opens_no_other(filled_app: Flask, tokens: Callable[..., str]) -> None:
    token = tokens(survey="your-priorities-your-plan")
    assert all(each["wave"].startswith("YP-") for each in asked(filled_app, "/runs", token).json["runs"])
    answer = asked(filled_app, "/waves/YV-2025-06/runs", token)
    assert answer.status_code == 403 and answer.json["error"]["code"] == "token_out_of_scope"


def test_the_token_is_kept_as_a_digest_and_shown_once(
    filled_app: Flask, tokens: Callable[..., str], signed_in: SignIn
) -> None:
    token = tokens()
    with filled_app.app_context():
        kept = db.session.scalars(select(ApiToken).order_by(ApiToken.id.desc())).first()
        assert kept and token not in str(vars(kept)) and len(kept.digest) == 64
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "token.issue")).all()[-1]
        assert noted.actor == "admin@example.org" and "analyst@example.org" in noted.subject
        assert token not in noted.subject + noted.reason
    assert token not in signed_in("admin").get("/staff/tokens").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "office@example.org"}, "is no analyst here"),
        ({"days": "0"}, "is no number of days"),
        ({"days": "٣٠٠٠"}, "is no number of days"),
        ({"purpose": "x"}, "what the token is for"),
        ({"survey": "none"}, "There is no survey"),
    ],
)
def test_what_cannot_be_issued_is_told(
    filled_app: Flask, tokens: Callable[..., str], signed_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    answer = signed_in("admin").post("/staff/tokens", data=ASKED | wrong)
    assert answer.status_code == 422 and said in answer.text


def test_only_an_admin_issues_tokens(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("analyst").get("/staff/tokens").status_code == 403
    assert signed_in("office").post("/staff/tokens", data=ASKED).status_code == 403


def test_what_there_is_not_is_a_named_404(filled_app: Flask, tokens: Callable[..., str]) -> None:
    token = tokens()
    for path, code in (("/runs/999999", "run_unknown"), ("/waves/XX-1/runs", "wave_unknown"), ("/x", "not_found")):
        answer = asked(filled_app, path, token)
        assert answer.status_code == 404 and answer.json["error"]["code"] == code


def test_the_description_has_every_address_and_answers_are_as_it_says(
    filled_app: Flask, tokens: Callable[..., str]
) -> None:
    described = asked(filled_app, "/openapi.json").json
    assert described["openapi"] == "3.1.0"
    routes = {
        re.sub(r"<(?:[^:>]*:)?([^>]+)>", r"{\1}", rule.rule).replace("{number}", "{run}")
        for rule in filled_app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.nothing"
    }
    assert set(described["paths"]) == routes
    token = tokens()
    run = asked(filled_app, "/runs", token).json["runs"][0]["run"]
    for path, status, name in (("/runs", 200, "Runs"), (f"/runs/{run}", 200, "Run"), ("/runs", 401, "Error")):
        answer = asked(filled_app, path, token if status == 200 else "")
        assert answer.status_code == status
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        Draft202012Validator(schema).validate(answer.json)
