"""The staff's pages of files: the template of a survey, and importing a file while the page tells how far it is."""

from __future__ import annotations

import io
from collections.abc import Iterator

from flask import Blueprint, abort, render_template, request, send_file, stream_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app import errors
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.fieldwork import queries as fieldwork
from app.fieldwork.paper import templates
from app.fieldwork.paper.errors import CannotImport
from app.fieldwork.paper.importing import Import
from app.fieldwork.paper.tables import MOST_BYTES
from app.security import csrf
from app.surveys import entering, queries

paper_files = Blueprint("paper_files", __name__, url_prefix="/staff/paper/files")
KEYERS = ("officer", "admin")
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
BROKEN = "Something went wrong on our side and nothing was stored. Try again, or tell an administrator."


class Watched:
    """An import's steps, for a page that writes each as it begins; afterwards its batch, or what stood in the way."""

    def __init__(self, work: Import) -> None:
        self._work = work
        self.batch = 0
        self.problems: list[str] = []
        self.total = 0

    def __iter__(self) -> Iterator[str]:
        """Do the steps, one at a time."""
        try:
            self.batch = yield from self._work.steps()
        except CannotImport as error:
            self.problems, self.total = error.problems, error.total
        except Exception as error:
            errors.noted(error)
            self.problems, self.total = [BROKEN], 1


@paper_files.get("")
@roles(*KEYERS)
def upload() -> ResponseReturnValue:
    """Offer the template files, and to import one that was filled in."""
    return _upload()


def _upload(problems: list[dict[str, str]] | None = None) -> str:
    waves = list(entering.open_choices())
    return render_template("paper/upload.html", waves=waves, events=fieldwork.events(), errors=problems or [])


@paper_files.post("")
@roles(*KEYERS)
def bring_in() -> ResponseReturnValue:
    """Import a file, larger than any form, so its token is checked here: all of its rows, or none."""
    request.max_content_length = MOST_BYTES + 64 * 1024
    try:
        csrf.protect()
        file = request.files.get("file")
        content = file.read() if file else b""
    except RequestEntityTooLarge:
        return _upload(
            pages.anchored([f"The file is too large: split it into files of at most {MOST_BYTES:,} bytes"], "file")
        ), 413
    if file is None or not file.filename:
        return _upload(pages.anchored(["Choose a file: CSV or XLSX"], "file")), 422
    wave = queries.wave_named(request.form.get("wave", ""))
    try:
        event = fieldwork.event_named(request.form.get("event", ""))
        work = Import(wave, file.filename, content, current_user.email, event.id if event else None)
    except fieldwork.UnknownEvent as error:
        return _upload(pages.anchored([str(error)], "event")), 422
    except CannotImport as error:
        return _upload(pages.anchored(error.problems, "file")), 422
    page = stream_template("paper/importing.html", wave=wave, name=work.name, watched=Watched(work))
    return page, {"X-Accel-Buffering": "no"}


csrf.exempt(bring_in)


@paper_files.get("/<reference>/template.<ending>")
@roles(*KEYERS)
def template(reference: str, ending: str) -> ResponseReturnValue:
    """Give the template file of a wave's survey."""
    wave = queries.wave_named(reference)
    if ending not in TYPES:
        abort(404)
    made = templates.as_csv if ending == "csv" else templates.as_xlsx
    content = made(queries.definition_of(wave), wave.reference)
    return send_file(io.BytesIO(content), TYPES[ending], as_attachment=True, download_name=f"{reference}.{ending}")
