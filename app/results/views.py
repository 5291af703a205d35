"""The staff's pages of results: they show stored runs and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.operating import jobs
from app.results import loading, services
from app.results.drawing import charts, narrow
from app.results.errors import ResultsError
from app.results.models import AnalysisRun
from app.results.pages import home
from app.results.pages.progress import Steps, Watched, finished
from app.results.pages.shown import MAKERS, READERS
from app.results.run.kept import results_in
from app.results.telling import tables
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

results = Blueprint("results", __name__, url_prefix="/staff/results")


@results.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """Say what the newest runs found, and list the waves that have begun with the newest run of each."""
    begun = [(survey, [wave for wave in survey.waves if wave.digest]) for survey in queries.surveys()]
    return render_template("results/index.html", surveys=begun, runs=services.newest(), **home.content())


@results.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show the newest run of a wave; whoever may ask for another finds what computes it loaded."""
    if not jobs.are_queued() and current_user.has_any(MAKERS):
        loading.begun()
    return _wave_page(reference)


@results.post("/<reference>")
@roles(*MAKERS)
def make(reference: str) -> ResponseReturnValue:
    """Bring a wave's run up to date: by a worker, or here, told step by step to whoever asks to watch."""
    queries.wave_named(reference)
    number = jobs.ask("results.run", reference, current_user.email)
    if jobs.are_queued():
        return redirect(url_for(".making", reference=reference, number=number), 303)
    if "watch" in request.form:
        return _watched(queries.wave_named(reference), number)
    try:
        run = finished(_performed(reference, number))
    except ResultsError as error:
        return _wave_page(reference, [{"text": str(error), "anchor": ""}]), 422
    return pages.done(f"Run {run.id} is up to date.", url_for(".wave", reference=reference))


@results.get("/plan")
@roles(*READERS)
def plan() -> ResponseReturnValue:
    """Show the Plan's figures beside those of the simulated waves."""
    comparisons = services.comparisons()
    return render_template(
        "results/plan.html",
        comparisons=comparisons,
        table=tables.plan_table(comparisons),
        simulated=bool(comparisons),
        sampling=tables.SAMPLING,
    )


@results.get("/<reference>/making/<int:number>")
@roles(*READERS)
def making(reference: str, number: int) -> ResponseReturnValue:
    """Tell how far a worker is with a run; the page asks anew by itself."""
    wave, job = queries.wave_named(reference), jobs.found(number)
    if job is None or job.subject != reference:
        abort(404)
    return render_template("results/waiting.html", wave=wave, job=job, simulated=wave.simulated)


def _watched(wave: Wave, number: int) -> ResponseReturnValue:
    content = {"reference": wave.reference, "title": wave.survey.title, "simulated": wave.simulated}
    page = stream_template("results/making.html", **content, watched=Watched(_performed(wave.reference, number)))
    return page, {"X-Accel-Buffering": "no"}  # a proxy that collects the whole page first would show no progress


def _performed(reference: str, number: int) -> Steps[AnalysisRun]:
    """Do a job here; where somebody else has just done it, what it made is there already."""
    made: AnalysisRun | None = yield from jobs.perform(number)
    return made or (yield from _steps(reference))


jobs.READY.append(loading.load)


@jobs.work("results.run", ResultsError)
def _steps(reference: str) -> Steps[AnalysisRun]:
    """Find the wave anew: what the request had read is let go of before its page is written."""
    return (yield from services.steps(queries.wave_named(reference)))


def _wave_page(reference: str, errors: list[dict[str, str]] | None = None) -> str:
    wave = queries.wave_named(reference)
    run = services.latest(wave.id)
    found = results_in(run) if run else None
    return render_template(
        "results/wave.html",
        wave=wave,
        run=run,
        found=found,
        errors=errors or [],
        overtaken=run is not None and services.overtaken(run),
        simulated=wave.simulated,
        may_make=current_user.has_any(MAKERS),
        chart=charts.ranking_chart,
        narrow=narrow.ranking_chart,
        tables=tables,
    )


from app.results.pages import theme_pages  # noqa: E402, F401  (its page belongs to this blueprint)
