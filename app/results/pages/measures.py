"""The confidence measures: all of a wave on one page, and a page for each with its months, districts and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.results import services
from app.results.drawing import line_charts, maps
from app.results.errors import ResultsError
from app.results.pages.shown import READERS, Shown, of_wave
from app.results.run import bridges, parts
from app.results.run.figures import Results
from app.results.run.lines import WEST_YORKSHIRE, Line, Point
from app.results.telling import line_tables, tables
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

measures = Blueprint("measures", __name__, url_prefix="/staff/results/measures")

BRIDGE_BUILDERS = ("analyst",)


@measures.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """Show the measures of the newest monthly wave that has a run."""
    known = _waves()
    if not known:
        return render_template("results/measures/none.html", waiting=_waiting())
    return _overview(known[0])


@measures.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show the measures of a wave."""
    return _overview(queries.wave_named(reference))


@measures.get("/<reference>/<measure>")
@roles(*READERS)
def measure(reference: str, measure: str) -> ResponseReturnValue:
    """Show one measure: its months, districts, distribution and breaks."""
    return _measure_page(queries.wave_named(reference), measure)


@measures.route("/<reference>/<measure>/bridge", methods=["GET", "POST"])
@roles(*BRIDGE_BUILDERS)
def bridge(reference: str, measure: str) -> ResponseReturnValue:
    """Record a bridge over the break that a measure has at a wave."""
    wave = queries.wave_named(reference)
    line, point = _break(wave, measure)
    if request.method == "GET":
        return render_template("results/measures/bridge.html", wave=wave, line=line, point=point, typed={}, errors=[])
    try:
        bridges.record(wave, measure, request.form, current_user.email)
    except bridges.InvalidBridge as error:
        errors = [{"text": text, "anchor": field} for field, text in error.problems]
        shown = {"wave": wave, "line": line, "point": point, "typed": request.form, "errors": errors}
        return render_template("results/measures/bridge.html", **shown), 422
    return _anew(wave, measure, "The bridge is recorded")


@measures.post("/<reference>/<measure>/bridge/withdraw")
@roles(*BRIDGE_BUILDERS)
def withdraw_bridge(reference: str, measure: str) -> ResponseReturnValue:
    """Withdraw a bridge, so that the line breaks again."""
    wave = queries.wave_named(reference)
    _break(wave, measure)
    try:
        bridges.withdraw(wave, measure, request.form.get("reason", ""), current_user.email)
    except bridges.InvalidBridge as error:
        errors = [{"text": text, "anchor": field} for field, text in error.problems]
        return _measure_page(wave, measure, errors, request.form.get("reason", ""))
    return _anew(wave, measure, "The bridge is withdrawn")


def _anew(wave: Wave, measure: str, said: str) -> ResponseReturnValue:
    """Bring the newest wave's run up to date, and with it all runs since the break."""
    known = [each for each in _waves() if each.simulated == wave.simulated and each.survey_id == wave.survey_id]
    newest = known[0] if known else wave
    try:
        services.run(newest)
    except ResultsError as error:
        said = f"{said}. The figures could not be made anew: {error}"
    return pages.done(f"{said}.", url_for(".measure", reference=newest.reference, measure=measure))


def _waves() -> list[Wave]:
    """List the waves of monthly surveys that have a run, newest first; real ones before simulated ones."""
    runs = services.newest()
    known = [wave for survey in queries.surveys() if survey.monthly for wave in survey.waves if wave.id in runs]
    return sorted(known, key=lambda wave: (not wave.simulated, wave.opens_at), reverse=True)


def _waiting() -> list[Wave]:
    """List the waves of monthly surveys that have begun and have no run."""
    return [wave for survey in queries.surveys() if survey.monthly for wave in survey.waves if wave.digest]


def _overview(wave: Wave) -> ResponseReturnValue:
    shown = of_wave(wave)
    if shown is None or not any(each.headline for each in shown.results.measures):
        return render_template("results/measures/no_run.html", wave=wave, run=shown and shown.run)
    lines = parts.lines(shown.run)
    results = shown.results
    return render_template(
        "results/measures/overview.html",
        **_frame(shown),
        lines=lines,
        others=[each for each in results.measures if not each.headline],
        waves=[each for each in _waves() if each.survey_id == wave.survey_id],
        comparisons=_published(wave),
        charts=line_charts,
    )


def _frame(shown: Shown) -> dict[str, Any]:
    """Gather what every page of a run shows."""
    return {
        "wave": shown.wave,
        "run": shown.run,
        "found": shown.results,
        "simulated": shown.wave.simulated,
        "overtaken": services.overtaken(shown.run),
        "tables": tables,
        "told": line_tables,
    }


def _published(wave: Wave) -> list[Any]:
    """Put what was published of a survey beside the simulated year, where this wave belongs to it."""
    return services.comparisons(wave.survey.slug) if wave.simulated else []


def _measure_page(
    wave: Wave, key: str, errors: list[dict[str, str]] | None = None, typed: str = ""
) -> ResponseReturnValue:
    shown = of_wave(wave)
    if shown is None:
        return render_template("results/measures/no_run.html", wave=wave, run=None)
    line = parts.line(shown.run, key)
    if line is None:
        known = ", ".join(each.key for each in shown.results.measures)
        return pages.problem("No such measure", f"{wave.reference} has no measure {key}. It has: {known}.", 404)
    found = next((each for each in shown.results.measures if each.key == key), None)
    means = line.now.year
    page = render_template(
        "results/measures/measure.html",
        **_frame(shown),
        line=line,
        measure=found,
        areas=[(WEST_YORKSHIRE, tables.WEST_YORKSHIRE), *shown.results.districts.items()],
        within=line_charts.frame(line),
        charts=line_charts,
        maps=maps,
        mapped={each: means.of(each) for each in shown.results.districts},
        distribution=_distribution(shown.results, found.item if found else ""),
        breaks=[point for point in reversed(line.points) if point.changed],
        may_build=current_user.has_any(BRIDGE_BUILDERS),
        errors=errors or [],
        typed=typed,
    )
    return page, 422 if errors else 200


def _distribution(results: Results, item: str) -> Any:
    return next((each for each in results.distributions if each.key == item), None)


def _break(wave: Wave, measure: str) -> tuple[Line, Point]:
    """Find the break that a measure has at a wave, or end in a 404: a bridge needs one."""
    run = services.latest(wave.id)
    line = parts.line(run, measure) if run else None
    if line is None or line.now.wave != wave.reference or not line.now.changed:
        said = f"{measure[:40]} has no break at {wave.reference}, so there is nothing to bridge."
        abort(make_response(pages.problem("There is no break here", said, 404)))
    return line, line.now
