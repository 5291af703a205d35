"""Signing in and out: Flask-Security, bound so that it shows only our pages, audits, limits and keeps no address."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import LoginForm, Security, tf_profile_changed, user_authenticated

from app.accounts import fresh, limits, navigation, pages, passwords, second_factor, services
from app.accounts.models import Role, User, current_user
from app.accounts.roles import EVERYBODY, roles
from app.database import db

WRONG = "The e-mail address or the password is wrong: check both and try again"
SETTINGS: dict[str, Any] = {
    "SECURITY_REGISTERABLE": False,
    "SECURITY_TRACKABLE": False,  # it would store network addresses
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST_PASSWORD,
    "SECURITY_EMAIL_VALIDATOR_ARGS": services.ADDRESSES,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FRESHNESS": fresh.LASTS,
    "SECURITY_FRESHNESS_GRACE_PERIOD": fresh.NO_GRACE,
    "SECURITY_VERIFY_URL": "/confirm-password",
    "SECURITY_VERIFY_TEMPLATE": "security/confirm.html",
    "SECURITY_POST_VERIFY_VIEW": "staff_surveys.home",
    "SECURITY_CLI_USERS_NAME": None,  # `flask staff` does the same, and audits it
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_POST_LOGIN_VIEW": "staff_surveys.home",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_LOGIN_USER_TEMPLATE": "security/login.html",
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": ("Enter your e-mail address", "error"),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": ("Enter your e-mail address as name@example.org", "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": ("Enter your password", "error"),
}
View = Callable[..., Any]


class SignInForm(LoginForm):
    """Address and password; one message for whatever is wrong with them, so that it never says who has an account."""

    remember = None  # desks are shared

    def validate(self, **kwargs: Any) -> bool:
        """Check address and password; count and audit an attempt that failed."""
        if super().validate(**kwargs):
            limits.forgive(self.email.data)
            return True
        if self.ifield is not None:
            self.email.errors, self.password.errors = [WRONG], []
            limits.count_failure(self.email.data)
            services.sign_in_failed(self.email.data)
        return False


FORMS: dict[str, Any] = {
    "login_form": SignInForm,
    "verify_form": fresh.ConfirmForm,
    "two_factor_setup_form": second_factor.SetUpForm,
    "two_factor_rescue_form": second_factor.RescueForm,
    "two_factor_verify_code_form": second_factor.CodeForm,
    "mf_recovery_form": second_factor.RecoveryForm,
}


def init_app(app: Flask) -> None:
    """Bind sign-in to the application."""
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    for name, value in second_factor.settings(app).items():
        app.config.setdefault(name, value)
    people = second_factor.People(db, User, Role)
    security = Security(app, people, totp_cls=second_factor.SingleUseTotp, **FORMS)
    security.want_json(lambda request: False)
    # Nothing here asks Flask-Principal; left in, it would look for every resident among the staff.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]  # no tokens: sessions only
    security.verify_context_processor(lambda: {"minutes": fresh.LASTS.seconds // 60})
    views = app.view_functions
    views["security.login"] = pages_only(inside_only(limited(see_other(views["security.login"]))))
    confirm = fresh.said_again(views["security.verify"])
    views["security.verify"] = roles(*EVERYBODY)(pages_only(staff_pages_only(limited(see_other(confirm)))))
    views["security.logout"] = pages_only(inside_only(see_other(views["security.logout"])))
    for name in ("two_factor_setup", "two_factor_setup_validate", "two_factor_token_validation", "mf_recovery"):
        views[f"security.{name}"] = pages_only(inside_only(limited(see_other(views[f"security.{name}"]))))
    codes = fresh.fresh()(pages_only(views["security.mf_recovery_codes"]))
    views["security.mf_recovery_codes"] = roles(*EVERYBODY)(codes)
    for name in ("two_factor_rescue", "tf_select"):  # rescue would send e-mail; there is one method to choose from
        views[f"security.{name}"] = lambda **values: abort(404)
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    tf_profile_changed.connect(_second_factor_set, app)
    app.context_processor(navigation.for_staff)
    pages.init_app(app)


def pages_only(view: View) -> View:
    """Refuse JSON: what is meant for programs in Flask-Security is not offered here."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        return abort(415) if request.is_json else view(*args, **kwargs)

    return checked


def inside_only(view: View) -> View:
    """Forget an address to go on to that is not a path of this site."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if all(is_own_path(path) for path in request.values.getlist("next")):
            return view(*args, **kwargs)
        return redirect(url_for("security.login"), 303)

    return checked


def staff_pages_only(view: View) -> View:
    """Forget an address to go back to that is not a staff page."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if all(is_own_path(path) and fresh.is_staff_page(path) for path in request.values.getlist("next") if path):
            return view(*args, **kwargs)
        return redirect(url_for("security.verify"), 303)

    return checked


def is_own_path(path: str) -> bool:
    """Say whether something is a path of this site, and can be read as nothing else."""
    if not path:
        return True
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return plain and not urlsplit(path).netloc


def limited(view: View) -> View:
    """Refuse attempts after too many failed ones, and say how long to wait."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        typed = request.form.get("email", "") or second_factor.at_the_door()
        email = current_user.email if current_user.is_authenticated else typed
        wait = limits.seconds_to_wait(email) if request.method == "POST" else 0
        return too_many(wait) if wait else view(*args, **kwargs)

    return checked


def see_other(view: View) -> View:
    """Lead on from a form with 303, as every other form here does."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        answer = make_response(view(*args, **kwargs))
        if answer.status_code == 302:
            answer.status_code = 303
        return answer

    return checked


def too_many(wait: int) -> ResponseReturnValue:
    """Show for how many minutes no attempt will be looked at."""
    page = render_template("security/too_many.html", minutes=math.ceil(wait / 60))
    return Response(page, 429, {"Retry-After": str(wait)})


def _signed_in(app: Flask, user: User, **extra: Any) -> None:
    services.signed_in(user)


def _second_factor_set(app: Flask, user: User, **extra: Any) -> None:
    services.second_factor_set(user)


def _signed_out(app: Flask, user: User, **extra: Any) -> None:
    services.signed_out(user)
    session.clear()
