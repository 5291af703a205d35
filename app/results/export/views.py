"""The staff's pages of exports: choose a wave, say what for, take the file; each one is noted."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts.fresh import fresh
from app.accounts.models import current_user
from app.accounts.pages import anchored
from app.accounts.roles import roles
from app.results import services as runs
from app.results.errors import CommentsUnread, MayNot, NoReason, ResultsError
from app.results.export import services
from app.results.export.formats import AS_WRITTEN, KEYS, LISTED, NO_TEXT, SHOWN, TEXTS
from app.results.export.services import Order
from app.results.telling.tables import SAMPLING
from app.surveys import queries

UNMASKERS = ("unmasker",)
exports = Blueprint("exports", __name__, url_prefix="/staff/exports")


@exports.get("")
@roles("analyst")
def index() -> ResponseReturnValue:
    """List the waves that can be exported."""
    begun = [(survey, [wave for wave in survey.waves if wave.digest]) for survey in queries.surveys()]
    return render_template("exports/index.html", surveys=begun, runs=runs.newest())


@exports.get("/<reference>")
@roles("analyst")
@fresh()
def wave(reference: str) -> ResponseReturnValue:
    """Offer a wave's responses in each format."""
    return _wave_page(reference, {})


@exports.post("/<reference>/file")
@roles("analyst")
@fresh(".wave")
def file(reference: str) -> ResponseReturnValue:
    """Make a file of a wave's responses and send it."""
    typed = request.form
    order = Order(
        typed.get("format", "csv"), typed.get("language", "en"), typed.get("values", KEYS), typed.get("text", NO_TEXT)
    )
    found = queries.wave_named(reference)
    try:
        refuse_unmasked(order)
        services.refuse_without_reason(typed.get("reason", ""))
        handle, done = services.to_send(runs.run(found), found, order, typed.get("reason", ""))
    except ResultsError as error:
        fields = {NoReason: "reason", MayNot: "text", CommentsUnread: "text"}
        errors = anchored([str(error)], fields.get(type(error), ""))
        return _wave_page(reference, typed, errors), 422
    sent: Response = send_file(handle, done.format.mime, as_attachment=True, download_name=done.name)
    sent.headers["Digest"] = f"sha-256={done.digest}"
    return sent


def refuse_unmasked(order: Order) -> None:
    """Raise MayNot where somebody wants words as written whose roles do not allow it."""
    if order.text == AS_WRITTEN and not current_user.has_any(UNMASKERS):
        raise MayNot(
            "Your account may not see words as they were written: that takes the role unmasker. Choose another."
        )


@exports.get("/<reference>/table")
@roles("analyst")
@fresh()
def table(reference: str) -> ResponseReturnValue:
    """Offer the questions of a wave to be crossed."""
    return _table_page(reference)


@exports.post("/<reference>/table")
@roles("analyst")
@fresh(".table")
def cross(reference: str) -> ResponseReturnValue:
    """Cross two questions of a wave, and note it."""
    from app.results.export.crossing import crossed

    row, column, reason = (request.form.get(name, "") for name in ("row", "column", "reason"))
    try:
        services.refuse_without_reason(reason)
        made, text = crossed(queries.wave_named(reference), row, column)
    except ResultsError as error:
        anchor = "reason" if isinstance(error, NoReason) else "row"
        return _table_page(reference, request.form, errors=anchored([str(error)], anchor)), 422
    services.note_crossing(reference, row, column, reason)
    return _table_page(reference, request.form, table=made, text=text)


def _table_page(reference: str, typed: Mapping[str, str] | None = None, **shown: Any) -> str:
    return render_template(
        "exports/table.html",
        reference=reference,
        simulated=queries.wave_named(reference).simulated,
        questions=_crossable(reference),
        typed=typed or {},
        sampling=SAMPLING,
        **{"errors": [], **shown},
    )


def _crossable(reference: str) -> list[tuple[str, str]]:
    """List what can be crossed by names that differ: a row of a group by its statement, which stands first."""
    from app.results.export.crossing import choices

    definition = queries.definition_of(queries.wave_named(reference))
    rows = {
        f"{question.key}_{row.key}": f"{row.text} ({_short(question.text, 50)})"
        for question in definition.questions
        for row in question.rows
    }
    return [(key, rows.get(key) or _short(subject.label, 90)) for key, subject in choices(definition).items()]


def _short(text: str, width: int) -> str:
    return shorten(text, width, placeholder="…")


def _wave_page(reference: str, typed: Any, errors: list[dict[str, str]] | None = None) -> str:
    found = queries.wave_named(reference)
    definition = queries.definition_of(found)
    known = i18n.languages()
    return render_template(
        "exports/wave.html",
        wave=found,
        run=runs.latest(found.id),
        simulated=found.simulated,
        formats=LISTED,
        shown=SHOWN,
        texts=[each for each in TEXTS.items() if each[0] != AS_WRITTEN or current_user.has_any(UNMASKERS)],
        languages=[(code, known[code].english if code in known else code) for code in definition.languages],
        typed=typed,
        errors=errors or [],
    )
