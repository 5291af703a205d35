"""The staff's pages about surveys: what came in, opening and closing, responses entered for others, languages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import EVERYBODY, roles
from app.surveys import counts, entering, queries, readiness, services, staff_forms
from app.surveys.errors import CannotOpen
from app.surveys.models import Survey

staff_surveys = Blueprint("staff_surveys", __name__, url_prefix="/staff")

READERS = ("analyst", "office", "approver", "admin")
COUNTERS = ("officer", "analyst", "admin")
"""They run the fieldwork, or hold every response anyway; the others read live counts as they read results."""
CHANNELS = (("phone", "On the phone", ""), ("desk", "At the desk", ""))
DAYS_AT_HOME = 14


@staff_surveys.url_value_preprocessor
def refuse_hidden_characters(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Find nothing under names that no survey, wave or line can have; a database may not even take the question."""
    if any(isinstance(value, str) and not value.isprintable() for value in (values or {}).values()):
        abort(404)


@staff_surveys.app_template_filter("live_count")
def live_count(number: int) -> str:
    """Write a live count, exactly only for those who need it so."""
    return pages.count_of(number) if current_user.has_any(COUNTERS) else counts.coarse(number)


@staff_surveys.get("")
@roles(*EVERYBODY)
def home() -> ResponseReturnValue:
    """List every survey with its waves, and the live counts of those that are open."""
    now = clock.now()
    surveys = queries.surveys()
    open_now = [wave for survey in surveys for wave in survey.waves if wave.state(now) == "open"]
    asking = {wave.survey_id for wave in open_now if not wave.simulated}
    return render_template(
        "staff/home.html",
        surveys=surveys,
        now=now,
        tallies=counts.totals(),
        none_stored=counts.Tally(),
        asks_monthly=services.asks_monthly,
        asking=asking | {survey.id for survey in surveys if services.asks_monthly(survey, now)},
        live=[(wave, counts.breakdowns(wave)) for wave in open_now],
        days=DAYS_AT_HOME,
        **_may(),
    )


@staff_surveys.get("/waves/<reference>")
@roles(*EVERYBODY)
def wave(reference: str) -> ResponseReturnValue:
    """Show one wave with all its counts."""
    wave = queries.wave_named(reference)
    return render_template(
        "staff/wave.html",
        wave=wave,
        now=clock.now(),
        tally=counts.totals().get(wave.id, counts.Tally()),
        breakdowns=counts.breakdowns(wave),
        simulated=wave.simulated,
        **_may(),
    )


@staff_surveys.route("/surveys/<slug>/open", methods=["GET", "POST"])
@roles("admin")
def open_survey(slug: str) -> ResponseReturnValue:
    """Open a survey, now or later, after a look at what is unconfirmed or incomplete."""
    survey = queries.survey_named(slug)
    if request.method == "GET":
        return _opening_page(survey, [])
    form = staff_forms.Opening(request.form, clock.now(), monthly=survey.monthly)
    if form.errors:
        return _opening_page(survey, form.errors), 422
    try:
        wave = (
            services.open_monthly(survey, form.reason) if survey.monthly else services.open_wave(survey, **form.dates)
        )
    except CannotOpen as error:
        return _opening_page(survey, [{"text": reason, "anchor": ""} for reason in error.reasons]), 422
    deed = f"opens on {pages.moment(wave.opens_at)}" if wave.state(clock.now()) == "scheduled" else "is open"
    return pages.done(f"{wave.reference} {deed}.", url_for(".wave", reference=wave.reference))


def _opening_page(survey: Survey, errors: list[dict[str, str]]) -> str:
    return render_template(
        "staff/open.html", survey=survey, readiness=readiness.readiness_of(survey), typed=request.form, errors=errors
    )


@staff_surveys.route("/waves/<reference>/close", methods=["GET", "POST"])
@roles("admin")
def close_wave(reference: str) -> ResponseReturnValue:
    """Close one wave at once."""
    wave = queries.wave_named(reference)
    if wave.state(clock.now()) == "closed":
        return pages.done(f"{wave.reference} is closed already.", url_for(".wave", reference=reference))
    form = staff_forms.Closing(request.form) if request.method == "POST" else None
    if form is None or form.errors:
        page = render_template("staff/close_wave.html", wave=wave, **_typed(form), simulated=wave.simulated)
        return page, 422 if form else 200
    services.close_wave(wave, form.reason)
    return pages.done(f"{wave.reference} is closed.", url_for(".wave", reference=reference))


@staff_surveys.route("/surveys/<slug>/close", methods=["GET", "POST"])
@roles("admin")
def close_survey(slug: str) -> ResponseReturnValue:
    """Close what is open or scheduled of a survey, and ask no more months."""
    survey = queries.survey_named(slug)
    form = staff_forms.Closing(request.form) if request.method == "POST" else None
    if form is None or form.errors:
        return render_template("staff/close_survey.html", survey=survey, **_typed(form)), 422 if form else 200
    closed = services.close_survey(survey, form.reason)
    names = ", ".join(wave.reference for wave in closed)
    return pages.done(f"Closed: {names}." if closed else f"{survey.title} asks no more.", url_for(".home"))


@staff_surveys.route("/enter", methods=["GET", "POST"])
@roles("officer", "admin")
def enter() -> ResponseReturnValue:
    """Begin a response for somebody on the phone or at the desk."""
    return entering.page(CHANNELS)


def _may() -> dict[str, Any]:
    """Say what the person at hand may do; a page of results is linked once there is one."""
    has_results = "results.wave" in current_app.view_functions
    return {
        "may_manage": current_user.has_any(("admin",)),
        "may_read": has_results and current_user.has_any(READERS),
        "exact": current_user.has_any(COUNTERS),
    }


def _typed(form: staff_forms.Closing | None) -> dict[str, Any]:
    return {"typed": request.form, "errors": form.errors if form else []}


from app.surveys import staff_languages, staff_support  # noqa: E402, F401  (their pages belong to this blueprint)
