"""Who may open which staff page: every view names its roles, and no role includes another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import sessions
from app.accounts.models import ROLES, current_user

View = Callable[..., ResponseReturnValue]
log = logging.getLogger(__name__)

EVERYBODY = tuple(ROLES)


def roles(*names: str) -> Callable[[View], View]:
    """Let in only those who are signed in and hold one of some roles; an admin is not let in unless named."""
    unknown = set(names) - set(ROLES)
    if unknown or not names:
        raise ValueError(f"roles({', '.join(names)}): name one or more of {', '.join(ROLES)}.")

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not is_signed_in():
                return to_sign_in()
            if not current_user.has_any(names):
                return refuse(names)
            return view(*args, **kwargs)

        guarded.roles = names  # type: ignore[attr-defined]
        return guarded

    return mark


def anybody(why: str) -> Callable[[View], View]:
    """Say that a staff view is open to people who are not signed in, and why it must be."""

    def mark(view: View) -> View:
        view.open_because = why  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(view: object) -> tuple[str, ...]:
    """List the roles that a view names; none for a view that is not guarded."""
    found: tuple[str, ...] = getattr(view, "roles", ())
    return found


def is_signed_in() -> bool:
    """Say whether a member of staff is signed in, in a session that still counts; one that does not is cleared away."""
    if current_user.is_authenticated and sessions.alive(current_user):
        return True
    if current_user.is_authenticated:
        session.clear()
    return False


def to_sign_in() -> ResponseReturnValue:
    """Send somebody to sign in and then back to the page that was asked for."""
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=asked), 303)


def refuse(names: tuple[str, ...]) -> ResponseReturnValue:
    """Say in plain words that somebody lacks the role for a page, and note it."""
    log.warning("Refused %s to account %s: needs %s", request.endpoint, current_user.id, " or ".join(names))
    return render_template("staff/forbidden.html", needed=names, held=current_user.role_names), 403
