"""From a domain error to a page: which status, in which words, and what to do next. One table."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError
from werkzeug.wrappers import Response

from app import i18n, mistyped
from app.database import db, passing
from app.encryption import Unreadable
from app.fieldwork.queries import UnknownEvent
from app.i18n import lazy as _l
from app.surveys import errors as survey
from app.surveys.visit import TimedOut

log = logging.getLogger(__name__)


class Told(NamedTuple):
    """How an error is told."""

    status: int
    title: Any
    text: Any


class Again(NamedTuple):
    """What a page of our own holds of a request that failed, so that nobody types it twice."""

    address: str
    fields: list[tuple[str, str]]
    sends: bool


ERRORS: dict[type[Exception], Told] = {
    survey.UnknownSurvey: Told(
        404, _l("There is no survey here"), _l("Check the address, or choose a survey from the first page.")
    ),
    survey.UnknownWave: Told(
        404, _l("There is no wave here"), _l("Check the address, or choose a wave from the first page.")
    ),
    UnknownEvent: Told(404, _l("Page not found"), _l("Check the address, or start from the first page.")),
    survey.WaveClosed: Told(
        410,
        _l("This survey is closed"),
        _l("It takes no more answers. The first page shows which surveys are open now."),
    ),
    survey.DraftGone: Told(
        410,
        _l("We have no saved answers here"),
        _l(
            "They were sent, or were erased because nobody came back to them in time. "
            "If you have a code, enter it to go on. Otherwise you can start again."
        ),
    ),
    survey.Frozen: Told(
        409,
        _l("These answers can no longer be changed"),
        _l("The results have been worked out. You can still withdraw your answers with your receipt code."),
    ),
    CSRFError: Told(
        400,
        _l("We could not tell that this came from you"),
        _l(
            "Cookies may be switched off, or this page was open for too long. Go back, open the page again and send it "
            "once more. If you have a code, enter it to go on."
        ),
    ),
}
STATUSES: dict[int, Told] = {
    403: Told(
        403, _l("You may not open this page"), _l("Your role does not include it. Ask an administrator if it should.")
    ),
    404: Told(404, _l("Page not found"), _l("Check the address, or start from the first page.")),
    405: Told(
        405, _l("This page cannot be used like that"), _l("Go back and try again, or start from the first page.")
    ),
    413: Told(413, _l("That was too long"), _l("Go back, shorten your text and send it again.")),
    429: Told(429, _l("Too many attempts"), _l("Wait a few minutes, then try again.")),
}
BAD = Told(400, _l("We could not read that"), _l("Go back, check what you entered and send it again."))
BUSY = Told(
    503,
    _l("The service is busy"),
    _l("Your saved answers are safe. What you just entered was not saved: go back, wait a minute and send it again."),
)
KEPT = BUSY._replace(
    text=_l(
        "Your saved answers are safe. What you just entered is not saved yet, but this page keeps it: wait a minute, "
        "then press the button."
    )
)
CROWD = (
    _l(
        "Many answers are coming from the network that you use, as happens in a library or a hall. So we take them one "
        "after the other."
    ),
    STATUSES[429].text,
)
"""Where a network floods with responses that are begun: why to wait, and what to do."""
WAIT = 30
"""Seconds after which programs may ask again."""
CROWDED_WAIT = 5 * 60
"""The same where a network floods: what it began counts for a quarter of an hour."""
BROKEN = Told(
    500,
    _l("Something went wrong on our side"),
    _l("Your saved answers are safe. Go back and try again, or come back later with your code."),
)


def init_app(app: Flask) -> None:
    """Tell every error as a page."""
    for error, told in ERRORS.items():
        app.register_error_handler(error, _teller(told))
    app.register_error_handler(TimedOut, lambda error: redirect(url_for("resident.timed_out"), 303))
    app.register_error_handler(survey.TooManyBegun, _crowd)
    app.register_error_handler(survey.UnknownReceipt, lambda error: redirect(url_for("resident.your_answers"), 303))
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Unreadable, _unforeseen)
    app.register_error_handler(SecurityError, _elsewhere)
    app.register_error_handler(BadHost, _elsewhere)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:
        app.register_error_handler(Exception, _unforeseen)


def page(told: Told, detail: str = "", again: Again | None = None) -> tuple[str | Response, int]:
    """Draw an error's page, in the language of its address or else of the browser; staff see the detail.

    ``again`` is what the page offers to send once more.
    """
    if request.path.startswith("/api/"):
        return _for_programs(told)
    staff = request.path.startswith(("/staff", "/login", "/logout", "/confirm-password"))
    if not staff:
        i18n.speak_as_asked()
    template = "staff/error.html" if staff else "resident/error.html"
    content = {"title": told.title, "text": told.text, "detail": detail if staff else "", "again": again}
    return render_template(template, **content), told.status


def _for_programs(told: Told) -> tuple[Response, int]:
    """Tell a program, in the form that all refusals of the API have."""
    code = "not_found" if told.status == 404 else f"http_{told.status}"
    return jsonify(error={"code": code, "message": f"{told.title}. {told.text}"}), told.status


def _teller(told: Told) -> Any:
    return lambda error: page(told, str(error))


def _crowd(error: Exception) -> Response:
    """Ask somebody to begin a little later, with one button back; the log has it for whoever watches floods."""
    log.warning("%s", error)
    told = Told(429, BUSY.title, " ".join(map(str, CROWD)))
    answer = make_response(page(told, again=_again()))
    answer.headers["Retry-After"] = str(CROWDED_WAIT)
    return answer


def _elsewhere(error: Exception) -> Response:
    """Answer who asked for another host than ours: in plain words, since no page of ours has an address there."""
    return Response("This address is not served here.\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400 or isinstance(error.response, Response):
        return error
    if code == 404 and request.method == "GET" and (meant := mistyped.meant(request.path)):
        return redirect(meant)
    told = STATUSES.get(code) or (BAD._replace(status=code) if code < 500 else BROKEN._replace(status=code))
    answer = make_response(page(told))
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))  # as RFC 9110 asks of a 405
    return answer


def noted(error: Exception) -> Told:
    """Undo what a failed request had begun, note the error for whoever runs the service, and choose how to tell it."""
    _undo()
    if passing(error):
        log.error("The database or the disk did not answer: %s", type(getattr(error, "orig", None) or error).__name__)
        return BUSY
    if isinstance(error, Unreadable):
        log.error("%s", error.message)
        return BUSY
    # The traceback without the exception's own text: that may repeat what somebody typed.
    log.error("Unexpected %s in %s", type(error).__name__, request.endpoint, exc_info=_without_text(error))
    return BROKEN


def _undo() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:  # the connection is gone, and with it whatever had begun
        db.session.remove()


def _database(error: Exception) -> tuple[str | Response, int] | Response:
    if current_app.testing and not passing(error):
        raise error
    return _unforeseen(error)


def _unforeseen(error: Exception) -> tuple[str | Response, int] | Response:
    told = noted(error)
    return _busy() if told is BUSY else page(told)


def _busy() -> Response:
    """Ask to try again in a while; what was typed stays on the page, to be sent by one button."""
    again = _again()
    answer = make_response(page(KEPT if again.fields else BUSY, again=again))
    answer.headers["Retry-After"] = str(WAIT)
    return answer


def _again() -> Again:
    """Hold a request, to be made again: as a form where it brought something, or where its address only takes forms."""
    fields = list(_typed())
    adapter = current_app.create_url_adapter(request)
    opens = adapter is None or "GET" in adapter.allowed_methods()
    return Again(request.full_path.rstrip("?"), fields, bool(fields) or not opens)


def _typed() -> Iterator[tuple[str, str]]:
    """List what a form brought; never a password, and no form with files, which no page can hold."""
    if request.files or any("password" in name for name in request.form):
        return
    for name, values in request.form.lists():
        if name != "csrf_token":
            yield from ((name, value) for value in values)


def _without_text(error: Exception) -> Any:
    bare = type("Redacted", (Exception,), {})(type(error).__name__)
    return (type(bare), bare, error.__traceback__)
