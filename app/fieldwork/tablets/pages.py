"""The staff's pages of tablets: an event's devices, the import of a queue's file, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.database import db
from app.fieldwork import queries
from app.fieldwork.models import Event
from app.fieldwork.tablets import deciding, devices, importing
from app.fieldwork.tablets.deciding import CHOICES, CannotDecide, UnknownItem
from app.fieldwork.tablets.errors import Refused, Rejected
from app.fieldwork.tablets.models import Device, TabletItem
from app.fieldwork.tablets.queries import age, devices_of
from app.fieldwork.tablets.reconciling import open_items, short
from app.security import csrf

tablets = Blueprint("tablets", __name__)
tablets.add_app_template_filter(short, "short_id")
tablets.add_app_template_filter(age, "age")

WORKERS = ("officer", "analyst", "admin")
OPENERS = ("analyst", "admin")
"""Who may open what a resident said: not the officers who met them."""
SHORTEST_REASON, LONGEST_REASON = 10, 300


@tablets.errorhandler(UnknownItem)
def unknown(error: UnknownItem) -> ResponseReturnValue:
    """Say that there is no such item."""
    return pages.problem("Page not found", str(error), 404)


@tablets.get("/staff/events/<int:identity>/tablets")
@roles(*WORKERS)
def overview(identity: int) -> ResponseReturnValue:
    """List an event's tablets, and what arrived from them and waits for a person."""
    return _overview(queries.event_numbered(identity))


def _overview(event: Event, errors: list[dict[str, str]] | None = None, typed: Any = None) -> str:
    return render_template(
        "fieldwork/tablets.html",
        event=event,
        devices=devices_of(event),
        items=open_items(event),
        errors=errors or [],
        typed=typed or {},
        may_set_up=current_user.has_any(("officer", "admin")),
    )


@tablets.post("/staff/events/<int:identity>/tablets/<int:number>/revoke")
@roles("officer", "admin")
def revoke(identity: int, number: int) -> ResponseReturnValue:
    """Let a device send no more; the reason is kept."""
    return _permitted(identity, number, devices.revoke, "can no longer send")


@tablets.post("/staff/events/<int:identity>/tablets/<int:number>/allow")
@roles("officer", "admin")
def allow(identity: int, number: int) -> ResponseReturnValue:
    """Let a revoked device send again; the reason is kept."""
    return _permitted(identity, number, devices.allow, "can send again")


def _permitted(identity: int, number: int, permit: Callable[[Device, str], None], told: str) -> ResponseReturnValue:
    event = queries.event_numbered(identity)
    device = next((each.device for each in devices_of(event) if each.device.id == number), None)
    if device is None:
        return pages.problem("Page not found", f"Event {identity} has no tablet {number}.", 404)
    reason, errors = _reason(f"reason_{number}")
    if errors:
        return _overview(event, errors, request.form), 422
    name = device.name
    permit(device, reason)
    return pages.done(f"{name} {told}.", url_for(".overview", identity=identity))


@tablets.route("/staff/events/<int:identity>/tablets/import", methods=["GET", "POST"])
@roles("officer", "admin")
def import_file(identity: int) -> ResponseReturnValue:
    """Import the file of a queue, which is larger than any form; so its token is checked here, not before."""
    request.max_content_length = importing.MOST_BYTES
    csrf.protect()
    event = queries.event_numbered(identity)
    if request.method == "GET":
        return render_template("fieldwork/import_queue.html", event=event, errors=[], found=None)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(400, "file", "No file was chosen.", "Choose the file that the tablet exported.", "file")
        with closing(file):
            found = importing.import_queue(file.read())
    except Refused as refused:
        errors = pages.anchored([f"{refused.message} {refused.remedy}"], "file")
        event = queries.event_numbered(identity)
        return render_template("fieldwork/import_queue.html", event=event, errors=errors, found=None), 422
    event = queries.event_numbered(identity)
    return render_template("fieldwork/import_queue.html", event=event, errors=[], found=found)


csrf.exempt(import_file)


@tablets.get("/staff/tablets/items/<int:number>")
@roles(*WORKERS)
def item(number: int) -> ResponseReturnValue:
    """Show what is known of an item without opening it."""
    return _item_page(deciding.item_numbered(number))


def _item_page(item: TabletItem, shown: Any = None, errors: Any = None) -> str:
    about = {"item": item, "shown": shown, "errors": errors or [], "typed": request.form, "choices": CHOICES}
    return render_template("fieldwork/item.html", **about, may_open=current_user.has_any(OPENERS))


@tablets.post("/staff/tablets/items/<int:number>/open")
@roles(*OPENERS)
def open_item(number: int) -> ResponseReturnValue:
    """Open an item for a reason that is kept; what it holds is on this page only."""
    found = deciding.item_numbered(number)
    reason, errors = _reason("reason")
    if errors:
        return _item_page(found, errors=errors), 422
    try:
        shown = deciding.look(found, reason)
    except Rejected as why:
        return _item_page(found, errors=pages.anchored([why.reason], "reason")), 422
    return _item_page(deciding.item_numbered(number), shown)


@tablets.post("/staff/tablets/items/<int:number>/decide")
@roles(*OPENERS)
def decide(number: int) -> ResponseReturnValue:
    """Keep a decision about a conflict."""
    found = deciding.item_numbered(number)
    event_id = found.event_id
    reason, errors = _reason("why")
    if not errors:
        try:
            deciding.decide(found, request.form.get("choice", ""), reason)
        except CannotDecide as why:
            db.session.rollback()
            errors = pages.anchored([str(why)], "choice")
    if errors:
        return _item_page(deciding.item_numbered(number), errors=errors), 422
    return pages.done("Your decision is kept.", url_for(".overview", identity=event_id))


@tablets.post("/staff/tablets/items/<int:number>/judge")
@roles(*WORKERS)
def judge(number: int) -> ResponseReturnValue:
    """Have a rejected item judged again, after something was mended."""
    found = deciding.item_numbered(number)
    event_id = found.event_id
    reason, errors = _reason("because")
    if not errors:
        try:
            told = deciding.judge_again(found, "present" in request.form, reason)
        except CannotDecide as why:
            errors = pages.anchored([str(why)], "because")
    if errors:
        return _item_page(deciding.item_numbered(number), errors=errors), 422
    return pages.done(told, url_for(".overview", identity=event_id))


def _reason(field: str) -> tuple[str, list[dict[str, str]]]:
    """Read a reason that is kept in the audit trail."""
    said = " ".join(request.form.get(field, "").split())
    if SHORTEST_REASON <= len(said) <= LONGEST_REASON and said.isprintable():
        return said, []
    text = f"Say why in {SHORTEST_REASON} to {LONGEST_REASON} characters, without a name or an answer"
    return said, pages.anchored([text], field)
