"""Asks for the password again before what must not be done at a desk that somebody else has left open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import VerifyForm
from flask_security.utils import check_and_update_authn_fresh
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts import limits, pages, services
from app.accounts.models import User
from app.accounts.roles import View, roles_of

LASTS = timedelta(minutes=15)
NO_GRACE = timedelta(0)
WRONG = "The password is wrong: check it and try again"
NOT_DONE = "Your password is confirmed. Nothing has been done yet: press the button again."


def fresh(page: str = "") -> Callable[[View], View]:
    """Let in only those who typed their password in the last 15 minutes; lead the others to do so, and back.

    Stands below ``@roles``. A form that comes too late is never sent again by itself: it leads back to ``page``, the
    endpoint of the page that shows the form, or to the form's own address where ``page`` is empty.
    """

    def mark(view: View) -> View:
        if roles_of(view):
            raise ValueError(f"fresh(): put @roles above @fresh at {view.__name__}.")

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            session.pop("fs_gexp", None)  # no grace, not even where the clock was set back before its end
            if check_and_update_authn_fresh(LASTS, NO_GRACE):
                return view(*args, **kwargs)
            return to_confirm(page)

        guarded.fresh = True  # type: ignore[attr-defined]
        return guarded

    return mark


def to_confirm(page: str = "") -> ResponseReturnValue:
    """Send somebody to type the password again, and then back to the page asked for or to the one with the form."""
    if request.method == "GET":
        return redirect(url_for("security.verify", next=request.full_path.rstrip("?")), 303)
    back = _address_of(page) if page else request.path
    return redirect(url_for("security.verify", next=back, again="yes"), 303)


def _address_of(page: str) -> str:
    """Build the address of a page from those parts of the form's address that it has too."""
    endpoint = f"{request.blueprint}{page}" if page.startswith(".") else page
    takes = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    return url_for(endpoint, **{name: value for name, value in (request.view_args or {}).items() if name in takes})


def is_staff_page(path: str) -> bool:
    """Say whether a path leads to a page that names its roles and can be opened."""
    adapter = current_app.url_map.bind("")
    try:
        endpoint, _ = adapter.match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return bool(roles_of(current_app.view_functions[endpoint]))


class ConfirmForm(VerifyForm):
    """The password of whoever is signed in; attempts that failed are counted as those to sign in are."""

    user: User

    def validate(self, **kwargs: Any) -> bool:
        """Check the password, count and audit the attempt."""
        email = self.user.email
        if super().validate(**kwargs):
            limits.forgive(email)
            services.password_confirmed(self.user)
            return True
        if self.password.data:
            self.password.errors = [WRONG]
            limits.count_failure(email)
            services.confirmation_failed(self.user)
        return False


def said_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """Tell whoever comes back to a form that nothing was done yet."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        answer = view(*args, **kwargs)
        if request.args.get("again") and getattr(answer, "status_code", 200) in (302, 303):
            return pages.notice(NOT_DONE, answer.headers["Location"])
        return answer

    return checked
