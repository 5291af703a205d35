"""Who answered: how like the Census, when, how and in which language, where people stopped, and what weighting cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts.roles import roles
from app.results import services
from app.results.pages import dropping
from app.results.pages.shown import READERS
from app.results.run import parts
from app.results.telling import answered_tables, tables
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

answered = Blueprint("answered", __name__, url_prefix="/staff/results/answered")


@answered.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """List the waves that have begun, each with the way to who answered it."""
    begun = [(survey, [wave for wave in survey.waves if wave.digest]) for survey in queries.surveys()]
    return render_template("results/answered/index.html", surveys=begun, runs=services.newest())


@answered.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show who answered a wave."""
    return _page(queries.wave_named(reference))


def _page(wave: Wave) -> str:
    run = services.latest(wave.id)
    return render_template(
        "results/answered/wave.html",
        wave=wave,
        run=run,
        found=parts.answered(run) if run else None,
        overtaken=run is not None and services.overtaken(run),
        simulated=wave.simulated,
        stopped=dropping.stopped(wave) if wave.digest else None,
        languages={code: language.english for code, language in i18n.languages().items()},
        tables=tables,
        told=answered_tables,
    )
