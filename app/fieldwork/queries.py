"""Questions to the database about events; nothing here writes."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from app.database import db
from app.fieldwork.models import Event
from app.surveys.counts import CHANNELS
from app.surveys.models import Response, Survey, Wave

LINK_LASTS = timedelta(days=6)
"""How long after its day an event's address still counts for it: people take the leaflet home."""


class UnknownEvent(LookupError):
    """No event has this number or code."""


def events() -> list[Event]:
    """List all events, the newest first."""
    return list(db.session.scalars(select(Event).order_by(Event.held_on.desc(), Event.id.desc())))


def event_numbered(identity: int) -> Event:
    """Find an event by its number."""
    event = db.session.get(Event, identity) if identity < 2**31 else None
    if event is None:
        raise UnknownEvent(f"There is no event “{identity}”. Choose one from the list of events.")
    return event


def event_named(said: str) -> Event | None:
    """Find the event that a form names by its number; none where it names none. Raises UnknownEvent."""
    said = said.strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise UnknownEvent(f"There is no event “{said[:30]}”. Choose one from the list of events, or “No event”.")
    return event_numbered(int(said))


def event_asking(code: str, today: date) -> Event | None:
    """Find the event whose address somebody opened, if it is its day or one of the six after."""
    asked = select(Event).where(Event.code == code, Event.held_on <= today, Event.held_on >= today - LINK_LASTS)
    return db.session.scalar(asked)


def stored_by_channel(event: Event) -> list[tuple[str, str, int]]:
    """Count an event's stored responses by survey and channel; one that was withdrawn has no channel any more."""
    counted = (
        select(Survey.title, Response.channel, func.count())
        .join_from(Response, Wave)
        .join(Survey)
        .where(Response.event_id == event.id)
        .group_by(Survey.title, Response.channel)
        .order_by(Survey.title, Response.channel)
    )
    rows = db.session.execute(counted)
    return [(title, CHANNELS.get(channel or "", "Withdrawn"), count) for title, channel, count in rows]
