"""The staff's pages of events, and the address on an event's poster."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, i18n
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.fieldwork import forms, queries, reconciling, services
from app.fieldwork.models import DISTRICTS, VENUES, Event
from app.surveys import entering, visit
from app.surveys import queries as surveys

fieldwork = Blueprint("fieldwork", __name__)

FIELDWORKERS = ("officer", "admin")
READERS = (*FIELDWORKERS, "analyst", "office")
CHANNELS = (
    ("tablet", "On a tablet, here", "The person fills it in, or you do with them."),
    ("paper", "On paper", "You key in a sheet that was filled in here."),
    ("desk", "In conversation", "You ask, and enter what they say."),
)


@fieldwork.get("/staff/events")
@roles(*READERS)
def events() -> ResponseReturnValue:
    """List all events with how far each one's day is."""
    found = queries.events()
    days = {event.id: reconciling.reconciliation(event) for event in found}
    return render_template("fieldwork/events.html", events=found, days=days, **_words())


@fieldwork.route("/staff/events/plan", methods=["GET", "POST"])
@roles(*FIELDWORKERS)
def plan() -> ResponseReturnValue:
    """Plan an event."""
    if request.method == "GET":
        typed = {"held_on": clock.london(clock.now()).date().isoformat(), "officers": current_user.email}
        return _event_form(typed)
    form = forms.EventForm(request.form)
    if form.errors:
        return _event_form(request.form, form.errors), 422
    event = services.plan(form.values)
    return pages.done(f"{event.place} is planned.", url_for(".event", identity=event.id))


@fieldwork.route("/staff/events/<int:identity>/change", methods=["GET", "POST"])
@roles(*FIELDWORKERS)
def change(identity: int) -> ResponseReturnValue:
    """Change what is known of an event."""
    event = queries.event_numbered(identity)
    if request.method == "GET":
        return _event_form(forms.typed_of(event), event=event)
    form = forms.EventForm(request.form)
    if form.errors:
        return _event_form(request.form, form.errors, event), 422
    told = "is changed" if services.change(event, form.values) else "stays as it was"
    return pages.done(f"{event.place} {told}.", url_for(".event", identity=identity))


def _event_form(typed: Any, errors: list[dict[str, str]] | None = None, event: Event | None = None) -> str:
    return render_template("fieldwork/plan.html", event=event, typed=typed, errors=errors or [], **_words())


@fieldwork.get("/staff/events/<int:identity>")
@roles(*READERS)
def event(identity: int) -> ResponseReturnValue:
    """Show an event: who, where, what came in, and whether the day adds up."""
    return _event_page(queries.event_numbered(identity))


def _event_page(event: Event, typed: Any = None, errors: list[dict[str, str]] | None = None) -> str:
    kept = {each.source: str(each.counted) for each in event.counts}
    day = reconciling.reconciliation(event)
    return render_template(
        "fieldwork/event.html",
        event=event,
        day=day,
        stored=queries.stored_by_channel(event),
        counts=[(place, name, kept.get(name, "")) for place, name in enumerate(day.to_count)],
        typed=typed or {},
        errors=errors or [],
        may_work=current_user.has_any(FIELDWORKERS),
        **_posters(),
        **_words(),
    )


def _posters() -> dict[str, Any]:
    """List the surveys that a poster could lead to now, and the languages of each."""
    waves = [wave for wave in surveys.open_waves(clock.now()) if wave.digest]
    known = i18n.languages()
    spoken = {wave.survey.slug: surveys.definition_of(wave).languages for wave in waves}
    names = {slug: [(code, known[code].english) for code in codes if code in known] for slug, codes in spoken.items()}
    return {"surveys": [wave.survey for wave in waves], "posters": names}


@fieldwork.post("/staff/events/<int:identity>/count")
@roles(*FIELDWORKERS)
def count(identity: int) -> ResponseReturnValue:
    """Keep what was counted by hand."""
    event = queries.event_numbered(identity)
    form = forms.CountForm(request.form, reconciling.reconciliation(event).to_count)
    if form.errors:
        return _event_page(event, request.form, form.errors), 422
    services.count(event, form.values)
    return pages.done("The counts are kept.", url_for(".event", identity=identity))


@fieldwork.post("/staff/events/<int:identity>/sign-off")
@roles(*FIELDWORKERS)
def sign_off(identity: int) -> ResponseReturnValue:
    """Take somebody's word that the day adds up."""
    event = queries.event_numbered(identity)
    remark = " ".join(request.form.get("remark", "").split())
    try:
        services.sign_off(event, current_user.email, remark)
    except services.CannotSignOff as error:
        return _event_page(event, request.form, [{"text": str(error), "anchor": "remark"}]), 422
    return pages.done("Your sign-off is kept.", url_for(".event", identity=identity))


@fieldwork.route("/staff/events/<int:identity>/enter", methods=["GET", "POST"])
@roles(*FIELDWORKERS)
def enter(identity: int) -> ResponseReturnValue:
    """Begin a response that was given at an event."""
    event = queries.event_numbered(identity)
    return entering.page(CHANNELS, event_id=event.id, place=event.place)


@fieldwork.get("/staff/events/<int:identity>/poster/<lang:language>/<slug>")
@roles(*READERS)
def poster(identity: int, language: str, slug: str) -> ResponseReturnValue:
    """Show a poster with the address of the event, to be printed."""
    event = queries.event_numbered(identity)
    wave = surveys.open_wave(slug, clock.now())
    if wave is None:
        return pages.problem("No poster yet", f"{slug} is not open: a poster leads to an open survey.", 404)
    address = url_for(".at_event", language=language, code=event.code, slug=slug, _external=True)
    return render_template(
        "fieldwork/poster.html",
        event=event,
        definition=surveys.definition_of(wave, language),
        address=address,
        code=_qr(address),
        spoken_here=i18n.languages()[language],
    )


def _qr(address: str) -> str:
    """Draw an address as a QR code, in a data address."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return "data:image/svg+xml," + quote(drawn.getvalue().decode())


@fieldwork.get("/<lang:language>/at/<code>/<slug>")
def at_event(language: str, code: str, slug: str) -> ResponseReturnValue:
    """Lead somebody from an event's poster to its survey; the response will count for the event."""
    event = queries.event_asking(code, clock.london(clock.now()).date())
    if event:
        visit.come_from(event.id)
    return redirect(url_for("resident.start", language=language, slug=slug))


def _words() -> dict[str, Any]:
    return {"districts": DISTRICTS, "venues": VENUES}
