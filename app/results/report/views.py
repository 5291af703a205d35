"""The quarterly report: one press gives the page or the PDF, from stored runs; nothing is computed here."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import pages
from app.accounts.roles import roles
from app.results.errors import CannotSet
from app.results.pages.shown import READERS
from app.results.report import contents, gathering
from app.surveys import queries

report = Blueprint("report", __name__, url_prefix="/staff/results/report")


@report.get("/<reference>")
@roles(*READERS)
def page(reference: str) -> ResponseReturnValue:
    """Show the report of the three months that end with a wave."""
    found = gathering.report_of(queries.wave_named(reference))
    if found is None:
        return _none(reference)
    return render_template("results/report.html", report=found, reference=reference)


@report.get("/<reference>.pdf")
@roles(*READERS)
def paper(reference: str) -> ResponseReturnValue:
    """Set the report as a PDF."""
    from app.results.report import paper

    found = gathering.report_of(queries.wave_named(reference))
    if found is None:
        return _none(reference)
    made_on = f"{clock.london(clock.now()):%-d %B %Y}"
    try:
        made = paper.pdf(found, made_on)
    except CannotSet as error:
        return pages.problem("The PDF could not be made", str(error), 422)
    name = f"report-{reference}{'-simulated' if found.simulated else ''}.pdf"
    return send_file(io.BytesIO(made), "application/pdf", as_attachment=True, download_name=name)


def _none(reference: str) -> ResponseReturnValue:
    return pages.problem("There is no report yet", contents.NOTHING.format(reference=reference), 404)
