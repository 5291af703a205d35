"""The staff's pages of paper: print runs and batches. Keying is in ``keying_pages``."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, abort, json, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.database import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import Event
from app.fieldwork.paper import batches, keying, quality, runs, sheets
from app.fieldwork.paper.contents import FORMATS
from app.fieldwork.paper.errors import CannotPrint, PaperError
from app.fieldwork.paper.forms import Form
from app.fieldwork.paper.models import HOW_OFTEN, STATES, PaperBatch, PrintRun
from app.printing import CannotSet
from app.surveys import entering, queries
from app.surveys.kinds import Invalid
from app.surveys.kinds.base import whole_number

paper = Blueprint("paper", __name__, url_prefix="/staff/paper")

KEYERS = ("officer", "admin")
READERS = (*KEYERS, "analyst", "office")


def typed_number(name: str) -> int:
    """Read a number from the form at hand, in any script's digits; what is none, or too large for one, counts as 0."""
    typed = request.form.get(name, "").strip()
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def required_number(name: str) -> int:
    """Read a whole number, in any script's digits, from the form at hand. Raises CannotPrint with what was typed."""
    typed = request.form.get(name, "").strip()
    try:
        return whole_number(typed)
    except Invalid:
        wrong = f"“{typed[:20]}” is no whole number" if typed else "No number is written here"
        raise CannotPrint(f"{wrong}: write one in digits, for example 12.") from None


def event_chosen() -> Event | None:
    """Find the event that was chosen, if one was. Raises UnknownEvent."""
    return fieldwork.event_named(request.form.get("event", ""))


def wave_chosen() -> Any:
    """Find the wave that was chosen."""
    return queries.wave_named(request.form.get("wave", ""))


def run_numbered(identity: int) -> PrintRun:
    """Find a print run by its number."""
    run = db.session.get(PrintRun, identity) if identity < 2**31 else None
    return run or abort(404)


def batch_numbered(identity: int) -> PaperBatch:
    """Find a batch by its number."""
    return batches.numbered(identity) or abort(404)


@paper.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """List print runs and batches, and offer to begin either."""
    return _index()


def _index(errors: list[dict[str, str]] | None = None) -> str:
    choices = entering.open_choices()
    return render_template(
        "paper/index.html",
        choices=choices,
        formats=FORMATS,
        events=fieldwork.events(),
        runs=list(runs.all_runs()),
        batches=[(batch, *batches.stored(batch)) for batch in batches.every()],
        states=STATES,
        often=HOW_OFTEN,
        rate=quality.error_rate(),
        languages=i18n.languages(),
        may_work=current_user.has_any(KEYERS),
        typed=request.form,
        errors=errors or [],
    )


@paper.post("/runs")
@roles(*KEYERS)
def print_run() -> ResponseReturnValue:
    """Print a run."""
    wave = wave_chosen()
    language, style = request.form.get("language", ""), request.form.get("style", "")
    if language not in queries.definition_of(wave).languages or style not in FORMATS:
        return _index(pages.anchored(["Choose a language of the survey and a format"], "style")), 422
    try:
        run = runs.print_run(wave, language, style, required_number("count"), event_chosen())
    except fieldwork.UnknownEvent as error:
        return _index(pages.anchored([str(error)], "event")), 422
    except (PaperError, CannotSet) as error:
        return _index(pages.anchored([str(error)], "count")), 422
    return pages.done(f"{wave.reference} {run.serials} is recorded: fetch its PDF.", url_for(".run", identity=run.id))


@paper.get("/runs/<int:identity>")
@roles(*READERS)
def run(identity: int) -> ResponseReturnValue:
    """Show a print run and where its forms are."""
    return _run(run_numbered(identity))


def _run(found: PrintRun, errors: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "paper/run.html",
        run=found,
        counts=runs.states(found),
        forms=runs.forms_of(found),
        states=STATES,
        settable=runs.SETTABLE,
        formats=FORMATS,
        languages=i18n.languages(),
        may_work=current_user.has_any(KEYERS),
        typed=request.form,
        errors=errors or [],
    )


@paper.post("/runs/<int:identity>/place")
@roles(*KEYERS)
def place(identity: int) -> ResponseReturnValue:
    """Say where some forms of a run are."""
    found = run_numbered(identity)
    try:
        first = required_number("first")
        last = required_number("last") if request.form.get("last", "").strip() else first
        count = runs.place(found, first, last, request.form.get("state", ""))
    except PaperError as error:
        return _run(found, pages.anchored([str(error)], "first")), 422
    return pages.done(f"{count} forms changed.", url_for(".run", identity=identity))


@paper.get("/runs/<int:identity>/forms.pdf")
@roles(*KEYERS)
def run_pdf(identity: int) -> ResponseReturnValue:
    """Set the whole run for the printer: receipt codes are on it."""
    found = run_numbered(identity)
    return _pdf(found, None)


@paper.get("/runs/<int:identity>/forms/<int:serial>.pdf")
@roles(*KEYERS)
def form_pdf(identity: int, serial: int) -> ResponseReturnValue:
    """Set one form as a tagged PDF, for somebody who fills it in on a screen or has it read aloud."""
    found = run_numbered(identity)
    if not found.first <= serial <= found.last:
        abort(404)
    return _pdf(found, serial)


def _pdf(found: PrintRun, serial: int | None) -> ResponseReturnValue:
    form = Form(found.wave, found.language, found.style)
    try:
        if serial is None:
            made, name = form.run(found.layout, runs.printed(found)), f"{found.wave.reference}-{found.serials}.pdf"
        else:
            [one] = runs.printed(found, range(serial, serial + 1))
            made, name = form.pdf(one), f"{found.wave.reference}-{serial:04d}.pdf"
    except (PaperError, CannotSet) as error:
        return pages.problem("The PDF could not be made", str(error), 422)
    return send_file(io.BytesIO(made), "application/pdf", as_attachment=True, download_name=name)


@paper.get("/runs/<int:identity>/layout.json")
@roles(*READERS)
def layout(identity: int) -> ResponseReturnValue:
    """Give the layout of a run's forms as data: where each box stands, in millimetres."""
    return Response(json.dumps(run_numbered(identity).layout), mimetype="application/json")


@paper.post("/batches")
@roles(*KEYERS)
def open_batch() -> ResponseReturnValue:
    """Begin a batch to be keyed."""
    wave, twice = wave_chosen(), typed_number("twice")
    try:
        event = event_chosen()
    except fieldwork.UnknownEvent as error:
        return _index(pages.anchored([str(error)], "event-batch")), 422
    batch = keying.open_batch(wave, event.id if event else None, twice if twice in HOW_OFTEN else 1)
    return pages.done(f"Batch {batch.id} is open: key its forms.", url_for(".batch", identity=batch.id))


@paper.get("/batches/<int:identity>")
@roles(*READERS)
def batch(identity: int) -> ResponseReturnValue:
    """Show a batch: what is keyed, what waits for a second person, what has to be settled."""
    return _batch(batch_numbered(identity))


def _batch(found: PaperBatch, errors: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "paper/batch.html",
        batch=found,
        stored=batches.stored(found),
        keyings=batches.keyings(found),
        again=batches.to_key_again(found),
        settle=batches.to_settle(found),
        rate=quality.error_rate(found.wave_id),
        states=STATES,
        often=HOW_OFTEN,
        may_work=current_user.has_any(KEYERS),
        may_withdraw=current_user.has_any(("admin",)),
        errors=errors or [],
        typed=request.form,
    )


@paper.post("/batches/<int:identity>/withdraw")
@roles("admin")
def withdraw(identity: int) -> ResponseReturnValue:
    """Erase the answers of a whole batch."""
    found = batch_numbered(identity)
    try:
        count, again = batches.withdraw(found, " ".join(request.form.get("reason", "").split()))
    except PaperError as error:
        return _batch(found, pages.anchored([str(error)], "reason")), 422
    told = f"Batch {identity} is withdrawn: {count} responses are erased, {again} forms wait to be keyed again."
    return pages.done(told, url_for(".index"))


@paper.post("/batches/<int:identity>/claim")
@roles(*KEYERS)
def claim(identity: int) -> ResponseReturnValue:
    """Begin to key a form, or go on with it."""
    found = batch_numbered(identity)
    said = request.form.get("serial", "")
    wave, serial = sheets.typed(said)
    if not serial:
        told = f"“{said[:30]}” is no serial: type the number at the head of the sheet, as 0001, or read its code"
        return _batch(found, pages.anchored([told], "serial")), 422
    try:
        mine = keying.claim(found, serial, wave)
    except PaperError as error:
        return _batch(found, pages.anchored([str(error)], "serial")), 409
    first = next(iter(keying.sides_of(mine.form)))
    return redirect(url_for(".side", identity=mine.id, side=first), 303)


from app.fieldwork.paper import keying_pages  # noqa: E402, F401  (its pages belong to this blueprint)
