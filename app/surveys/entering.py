"""Entering a response for somebody: staff choose survey, language and channel; the residents' own pages do the rest."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.surveys import journey, queries, responding, services, staff_forms, visit
from app.surveys.models import Wave

Channels = tuple[tuple[str, str, str], ...]
"""Key, name and hint of each."""


def page(channels: Channels, event_id: int | None = None, place: str = "") -> ResponseReturnValue:
    """Show the choice, or begin the response that was chosen; ``place`` names the event where it is given."""
    choices = open_choices()
    about = {"choices": choices, "channels": channels, "place": place}
    if request.method == "GET":
        return render_template("staff/enter.html", **about, typed={}, errors=[])
    known = {key: name for key, name, _ in channels}
    form = staff_forms.Entering(request.form, {wave.survey.slug: wave for wave in choices}, known)
    if form.errors or form.wave is None:
        return render_template("staff/enter.html", **about, typed=request.form, errors=form.errors), 422
    code = responding.start_draft(form.wave, form.language, form.channel, assisted=True, event_id=event_id)
    visit.begin(form.wave.survey.slug, code)
    return redirect(_first_page(form.wave, form.language), 303)


def open_choices() -> dict[Wave, list[i18n.Language]]:
    """List the waves that can be answered now, each with its languages."""
    known = i18n.languages()
    waves = [wave for survey in queries.surveys() if (wave := services.wave_open_now(survey))]
    return {wave: [known[code] for code in queries.definition_of(wave).languages if code in known] for wave in waves}


def _first_page(wave: Wave, language: str) -> str:
    first = journey.pages(queries.definition_of(wave), {})[0]
    return url_for("resident.question", language=language, slug=wave.survey.slug, key=first.key)
