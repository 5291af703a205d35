"""The staff's pages of scans: upload a pile, see what came of it, confirm form by form by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from app import errors
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.database import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.paper import entries, keying
from app.fieldwork.paper.errors import PaperError
from app.fieldwork.paper.keying_pages import filled_in, named
from app.fieldwork.paper.models import HOW_OFTEN, Keying, PaperBatch
from app.fieldwork.paper.quality import error_rate
from app.fieldwork.paper.views import KEYERS, READERS, batch_numbered, event_chosen, typed_number, wave_chosen
from app.fieldwork.scanning import confirming, keeping, process
from app.fieldwork.scanning.errors import CannotScan
from app.fieldwork.scanning.limits import MOST_BYTES, MOST_FILES, MOST_PAGES
from app.fieldwork.scanning.models import ScannedSide
from app.fieldwork.scanning.taking import File, Pile, Taken, Taking
from app.security import csrf
from app.surveys import entering, journey

scans = Blueprint("scans", __name__, url_prefix="/staff/paper/scans")
BROKEN = "Something went wrong on our side and nothing was taken. Try again, or tell an administrator."


class Watched:
    """An upload's steps, for a page that writes each as it is done; afterwards what came of it, or what was wrong."""

    def __init__(self, work: Taking) -> None:
        self._work = work
        self.taken = Taken()
        self.problems: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Do the steps, one at a time."""
        try:
            self.taken = yield from self._work.steps()
        except CannotScan as error:
            self.problems = error.problems
        except Exception as error:
            errors.noted(error)
            self.problems = [BROKEN]


@scans.get("")
@roles(*KEYERS)
def upload() -> ResponseReturnValue:
    """Offer to upload scans, into a new batch or one that there is; without the extra say what to install."""
    return _upload(request.args.get("batch", ""))


def _upload(number: str = "", problems: list[str] | None = None, field: str = "files") -> str:
    return render_template(
        "paper/scans/upload.html",
        batch=batch_numbered(int(number)) if number.isascii() and number.isdigit() else None,
        missing=process.missing(),
        waves=list(entering.open_choices()),
        events=fieldwork.events(),
        often=HOW_OFTEN,
        most_pages=MOST_PAGES,
        days=current_app.config["SCANS_DAYS"],
        errors=pages.anchored(problems or [], field),
    )


@scans.post("")
@roles(*KEYERS)
def take() -> ResponseReturnValue:
    """Take scans in, larger than any form, so the token is checked here; the page tells each page as it is read."""
    request.max_content_length = MOST_BYTES + 64 * 1024
    try:
        csrf.protect()
        files = [_received(each) for each in request.files.getlist("files") if each.filename]
    except RequestEntityTooLarge:
        return _upload("", [f"The files are too large: upload at most {MOST_BYTES // 1024**2} MB at once"]), 413
    if process.missing():
        return _upload(), 503
    number = request.form.get("batch", "")
    if not files or len(files) > MOST_FILES:
        return _upload(number, [f"Choose a PDF, or up to {MOST_FILES} pictures"]), 422
    try:
        work = _taking(files)
    except fieldwork.UnknownEvent as error:
        return _upload(number, [str(error)], "event"), 422
    except CannotScan as error:
        return _upload(number, error.problems), 422
    page = stream_template("paper/scans/taking.html", work=work, watched=Watched(work))
    return page, {"X-Accel-Buffering": "no"}


csrf.exempt(take)


def _received(file: FileStorage) -> File:
    """Take an uploaded file, and close it: nothing of it stays on the disk."""
    with closing(file):
        return File.of(file.filename, file.read())


def _taking(files: list[File]) -> Taking:
    number = typed_number("batch")
    if number:
        batch = batch_numbered(number)
        if batch.withdrawn_at or not batch.scanned:
            raise CannotScan([f"Batch {batch.id} takes no scans: begin another one."])
        return Taking(batch.wave, files, current_user.email, Pile(batch_id=batch.id))
    event, twice = event_chosen(), typed_number("twice")
    pile = Pile(event_id=event.id if event else None, twice=twice if twice in HOW_OFTEN else 10)
    return Taking(wave_chosen(), files, current_user.email, pile)


@scans.get("/batches/<int:identity>")
@roles(*READERS)
def batch(identity: int) -> ResponseReturnValue:
    """Show the scanned forms of a batch that wait to be confirmed."""
    return _batch(batch_numbered(identity))


def _batch(found: PaperBatch, problems: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "paper/scans/batch.html",
        batch=found,
        waiting=confirming.waiting(found),
        me=current_user.email,
        needs_second=keying.needs_second,
        often=HOW_OFTEN,
        rate=error_rate(scanned=True),
        days=current_app.config["SCANS_DAYS"],
        may_work=current_user.has_any(KEYERS) and not found.withdrawn_at,
        errors=problems or [],
    )


@scans.post("/batches/<int:identity>/claim")
@roles(*KEYERS)
def claim(identity: int) -> ResponseReturnValue:
    """Begin to confirm a form, or go on with it."""
    found = batch_numbered(identity)
    try:
        mine = keying.claim(found, typed_number("serial"))
    except PaperError as error:
        return _batch(found, pages.anchored([str(error)], "forms")), 409
    first = next(iter(keying.sides_of(mine.form)))
    return redirect(url_for(".confirm", identity=mine.id, side=first), 303)


@scans.route("/keyings/<int:identity>/side/<int:side>", methods=["GET", "POST"])
@roles(*KEYERS)
def confirm(identity: int, side: int) -> ResponseReturnValue:
    """Confirm one side of a form: what is unsure comes first, and is keyed; the rest is looked at."""
    return filled_in(identity, side, "confirmed", _confirm, confirming.refuse_unread)


def _confirm(mine: Keying, side: int, typed: Any, problems: list[tuple[str, str]] | None = None) -> str:
    definition = keying.definition_of(mine.form)
    known, numbers = keying.fields(definition), journey.numbers(definition)
    found = confirming.shown(mine.form)
    blind = mine.number != keying.FIRST
    kept = mine.entries or {}
    rows = []
    for name in keying.sides_of(mine.form)[side]:
        question, field = known[name]
        suggestion = found[name].suggestion
        read = suggestion.entry if suggestion and suggestion.sure and not blind else ""
        value = typed.get(name, "") if typed is not None else kept.get(name, read)
        rows.append((numbers[question.key], question, field, list(named(question, field)), found[name], value))
    rows.sort(key=lambda row: row[4].sure or blind)
    return render_template(
        "paper/scans/confirm.html",
        keying=mine,
        side=side,
        sides=list(keying.sides_of(mine.form)),
        scanned={scan.side: scan for scan in confirming.sides_scanned(mine.form)},
        rows=rows,
        blind=blind,
        told=entries.named,
        keys=entries.KEYS,
        errors=[{"text": text, "anchor": name} for name, text in problems or []],
    )


@scans.get("/sides/<int:identity>.jpg")
@roles(*KEYERS)
def picture(identity: int) -> ResponseReturnValue:
    """Give the picture of a side, to be looked at; no cache keeps it."""
    found = db.session.get(ScannedSide, identity) if identity < 2**31 else None
    content = keeping.opened(found.picture) if found else None
    if content is None:
        abort(404)
    return Response(content, mimetype="image/jpeg")
