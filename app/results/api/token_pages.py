"""The admin's pages of tokens: issue one, shown once, and revoke it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import pages
from app.accounts.fresh import fresh
from app.accounts.roles import roles
from app.database import db
from app.results.api import services
from app.results.api.errors import CannotIssue
from app.results.api.models import ApiToken
from app.surveys import queries

api_tokens = Blueprint("api_tokens", __name__, url_prefix="/staff/tokens")


@api_tokens.get("")
@roles("admin")
@fresh()
def index() -> ResponseReturnValue:
    """List the tokens and offer to issue one."""
    return _page({})


@api_tokens.post("")
@roles("admin")
@fresh()
def issue() -> ResponseReturnValue:
    """Issue a token and show it, this once."""
    typed = request.form
    try:
        token, text = services.issue(
            typed.get("email", ""), typed.get("purpose", ""), typed.get("days", ""), typed.get("survey", "")
        )
    except CannotIssue as error:
        return _page(typed, pages.anchored([str(error)], error.field)), 422
    return render_template("api/issued.html", token=token, text=text)


@api_tokens.post("/<int(max=2147483647):key>/revoke")
@roles("admin")
def revoke(key: int) -> ResponseReturnValue:
    """Revoke a token."""
    token = db.session.get(ApiToken, key) or abort(404)
    services.revoke(token, request.form.get("reason", ""))
    return pages.done(f"Token {token.id} of {token.owner.email} opens nothing any more.", url_for(".index"))


def _page(typed: Any, errors: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "api/tokens.html",
        tokens=services.tokens(),
        now=clock.now(),
        surveys=[("", "All surveys"), *((each.slug, each.title) for each in queries.surveys())],
        typed=typed,
        errors=errors or [],
    )
