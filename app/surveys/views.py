"""What a resident can open: the way in, and the pages about the survey. Answering itself is in ``answering``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app import clock, i18n
from app.i18n import gettext as _
from app.i18n import language_switch
from app.surveys import codes, drawn, journey, queries, responding, services, visit
from app.surveys.errors import DraftGone, WaveClosed
from app.surveys.queries import FrozenWave

Page = str | Response | Redirect | tuple[str, int]

resident = Blueprint("resident", __name__)

TESTED_ON = datetime(2026, 11, 28, 12, tzinfo=UTC)
"""When every page was last tested as the accessibility statement says: whoever runs ``make audit`` dates it anew."""


@resident.url_value_preprocessor
def drop_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the language out of the address: ``i18n.spoken`` reads it there, for error pages too."""
    if values:
        values.pop("language", None)


@resident.app_url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Stay in the language of the page at hand."""
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = i18n.spoken().code


@resident.app_context_processor
def frame() -> dict[str, Any]:
    """Give every page its frame: languages, home, help, and how long it may lie open."""
    if request.path.startswith("/staff"):
        return {}
    links = (("help", _("Help and support")), ("privacy", _("Privacy")), ("accessibility", _("Accessibility")))
    return {
        "language_switch": language_switch(i18n.languages()),
        "home_url": url_for("resident.home"),
        "footer_links": [{"text": text, "url": url_for(f"resident.{name}")} for name, text in links],
    }


@resident.get("/")
def root() -> Page:
    """Lead to the language that the browser asks for."""
    response = redirect(url_for("resident.home", language=i18n.best(request.accept_languages)))
    response.vary.add("Accept-Language")
    return response


@resident.get("/<lang:language>")
def home() -> Page:
    """Show which surveys ask now."""
    waves = [wave for survey in queries.surveys() if (wave := services.wave_open_now(survey))]
    shown = [(wave, queries.definition_of(wave, i18n.spoken().code)) for wave in waves]
    return render_template("resident/home.html", surveys=shown)


def wave_asking(slug: str) -> FrozenWave | None:
    """Find the wave of a survey that takes answers now; the first visitor of a month brings it into being."""
    wave = queries.open_wave(slug, clock.now())
    if wave is None and services.wave_open_now(queries.survey_named(slug)):
        return queries.open_wave(slug, clock.now())
    return wave


@resident.get("/<lang:language>/<slug>")
def start(slug: str) -> Page:
    """Tell what the survey is, how long it takes, why, and who sees the answers."""
    wave = wave_asking(slug)
    if wave is None:
        return not_open(slug)
    definition = queries.definition_of(wave, i18n.spoken().code)
    if i18n.spoken().code not in definition.languages:
        return redirect(url_for("resident.start", slug=slug, language=i18n.SOURCE))
    held = held_draft(wave)

    def context() -> dict[str, Any]:
        return {"definition": definition, "held": held, "language_switch": language_switch(definition.languages)}

    return drawn.once("resident/start.html", (wave.digest, held), context)


def held_draft(wave: FrozenWave) -> bool:
    """Say whether this browser already holds a draft of the wave."""
    try:
        return bool(visit.resume_code(wave.slug)) and visit.draft(wave.slug).wave.id == wave.id
    except (DraftGone, WaveClosed, visit.TimedOut):
        return False


@resident.post("/<lang:language>/<slug>")
def begin(slug: str) -> Page:
    """Begin a response."""
    wave = wave_asking(slug)
    if wave is None:
        return not_open(slug)
    first = journey.pages(queries.definition_of(wave), {})[0]
    visit.begin(slug, responding.start_draft(wave, i18n.spoken().code, event_id=visit.event_id()))
    return redirect(url_for("resident.question", slug=slug, key=first.key), 303)


def not_open(slug: str) -> Page:
    """Say that a survey does not ask now, and when it will."""
    survey, now = queries.survey_named(slug), clock.now()
    coming = [wave.opens_at for wave in survey.waves if not wave.simulated and wave.state(now) == "scheduled"]
    opens = min(coming, default=None)
    return render_template("resident/not_open.html", survey=survey, opens=opens), 404 if not survey.waves else 200


@resident.route("/<lang:language>/resume", methods=["GET", "POST"])
def resume() -> Page:
    """Go on with a draft, by its code."""
    typed = request.form.get("code", "")
    error = ""
    if request.method == "POST" and "_switch" not in request.form:
        code = codes.read(typed)
        try:
            draft = queries.draft_with(code, clock.now())
        except DraftGone:
            error = (
                _("We can't find saved answers with this code. Check it. Answers that were sent are no longer here")
                if code
                else _("Enter the code that you got when you stopped.")
            )
        else:
            visit.begin(draft.wave.slug, code)
            return redirect(place_of(draft), 303)
    return code_page("resident/resume.html", typed, error)


def code_page(template: str, typed: str, error: str, **more: Any) -> Page:
    """Ask for a code; what was typed stays, and an error says what to do."""
    page = render_template(template, typed=typed[:200], error=error, switch_form="page" if typed else None, **more)
    return page, 422 if error else 200


def place_of(draft: queries.HeldDraft) -> str:
    """Find the page where a draft goes on, in the language of this page if the wave has it."""
    definition = queries.definition_of(draft.wave)
    route = journey.pages(definition, draft.answers)
    known = {page.key for page in route}
    slug = draft.wave.slug
    spoken = i18n.spoken().code
    language = spoken if spoken in definition.languages else i18n.SOURCE
    if draft.page in ("check", "send"):
        return url_for(f"resident.{draft.page}", slug=slug, language=language)
    key = draft.page if draft.page in known else route[0].key
    return url_for("resident.question", slug=slug, key=key, language=language)


@resident.get("/<lang:language>/timed-out")
def timed_out() -> Page:
    """Say that the page was closed for privacy, and how to go on."""
    visit.leave()
    return render_template("resident/timed_out.html")


@resident.post("/<lang:language>/stay")
def stay() -> Page:
    """Note that somebody is still there."""
    if visit.holds_drafts() and visit.silent_too_long():
        return "", 410
    visit.stay()
    return "", 204


@resident.get("/<lang:language>/help")
def help() -> Page:
    """Show where to turn to."""
    return render_template("resident/help.html", lines=queries.support_lines())


@resident.get("/<lang:language>/privacy")
def privacy() -> Page:
    """Say what happens to the answers."""
    return render_template("resident/privacy.html", days=current_app.config["DRAFT_DAYS"])


@resident.get("/<lang:language>/accessibility")
def accessibility() -> Page:
    """Say how accessible these pages are, and how that was tested."""
    return render_template("resident/accessibility.html", tested_on=TESTED_ON)


from app.surveys import afterwards, answering, sending  # noqa: E402, F401  (their pages belong to this blueprint)
