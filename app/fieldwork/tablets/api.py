"""The tablets' own addresses, under /tablet/api/v1: JSON in, JSON out, and each refusal has a name."""

from __future__ import annotations

from flask import Blueprint, Response, json, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app import clock
from app import errors as pages
from app.accounts.models import current_user
from app.accounts.roles import anybody, is_signed_in
from app.fieldwork.tablets import batches, bundle, devices, receiving
from app.fieldwork.tablets.bundle import MOST_BYTES
from app.fieldwork.tablets.errors import Refused
from app.fieldwork.tablets.reading import body_of
from app.security import csrf

tablet_api = Blueprint("tablet_api", __name__, url_prefix="/tablet/api/v1")
csrf.exempt(tablet_api)
SETS_UP = ("officer", "admin")
TOKEN = anybody("a tablet signs in by its token in the header, which each view asks for itself")


@tablet_api.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    """Say by name why a request is not answered."""
    answer = jsonify(error.problem)
    answer.mimetype = "application/problem+json"
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = f'Bearer error="{error.code}"'
    if error.status == 503:
        answer.headers["Retry-After"] = "30"
    return answer, error.status


@tablet_api.errorhandler(CSRFError)
def no_token_of_a_form(error: CSRFError) -> ResponseReturnValue:
    """Ask for the page's token."""
    said = "The X-CSRFToken header is missing or old."
    return refused(Refused(400, "csrf", said, "Open the tablet's page again and repeat.", "X-CSRFToken"))


@tablet_api.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    """Name what HTTP names by a number."""
    if isinstance(error, RequestEntityTooLarge):
        said = f"The request is larger than {MOST_BYTES} bytes."
        remedy = f"Send at most {bundle.MOST_ITEMS} items and {MOST_BYTES} bytes at a time."
        return refused(Refused(413, "too_large", said, remedy, "body", str(request.content_length)))
    status = error.code or 400
    remedy = "docs/tablets-api.md lists what there is."
    code = {404: "not_found", 405: "method_not_allowed", 411: "length_required"}.get(status, "bad_request")
    return refused(Refused(status, code, f"{request.method} {request.path}: {error.name}.", remedy, "request"))


@tablet_api.errorhandler(OperationalError)
def busy(error: OperationalError) -> ResponseReturnValue:
    """Ask to come back later; nothing of the queue is lost."""
    pages.noted(error)
    said = "The database did not answer in time."
    return refused(Refused(503, "busy", said, "Keep the queue and send it again in half a minute.", "server"))


@tablet_api.post("/devices")
@anybody("it asks for the officer's session itself, and says in JSON when there is none")
def set_up() -> ResponseReturnValue:
    """Set the tablet at hand up for an event."""
    _refuse_others()
    csrf.protect()
    asked = body_of(request)
    device, token, key = devices.set_up(asked.get("event"), asked.get("name"), asked.get("device"))
    answer = {
        "device": device.id,
        "name": device.name,
        "token": token,
        "event": bundle.event_of(device.event),
        "keys": [bundle.key_of(key)],
        "app": bundle.app_version(),
    }
    return jsonify(answer), 201


def _refuse_others() -> None:
    if not is_signed_in():
        said = "Nobody is signed in here, or the sign-in has ended."
        remedy = "Sign in and set the tablet up then. What it holds stays, and is sent without a sign-in."
        raise Refused(401, "signed_out", said, remedy, "session")
    if not current_user.has_any(SETS_UP):
        said = f"Setting up a tablet needs one of the roles {', '.join(SETS_UP)}."
        raise Refused(403, "role", said, "Ask an administrator.", "role", ", ".join(current_user.role_names))


@tablet_api.get("/bundle")
@TOKEN
def everything() -> ResponseReturnValue:
    """Give a tablet what it needs to ask without signal."""
    device = devices.carried(request.headers.get("Authorization", ""))
    found = bundle.bundle_for(device)
    # Scripts of eight languages are half as long in UTF-8 as in escapes.
    answer = Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")
    answer.set_etag(bundle.digest_of(found))
    return answer.make_conditional(request)


@tablet_api.post("/responses")
@TOKEN
def responses() -> ResponseReturnValue:
    """Receive a batch of sealed responses."""
    sender = devices.sender(devices.carried(request.headers.get("Authorization", "")))
    answers = receiving.receive(sender, batches.batch_of(body_of(request)))
    return jsonify(received_at=clock.now().isoformat(), items=[answer.document for answer in answers])


@tablet_api.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@anybody("nothing is there, and programs are told so in JSON")
def nothing(rest: str) -> ResponseReturnValue:
    """Say in JSON that there is nothing here."""
    raise Refused(404, "not_found", f"There is nothing at {request.path}.", "See docs/tablets-api.md.", "address", rest)
