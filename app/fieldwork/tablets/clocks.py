"""When a response was given, by a clock that is recorded and bounded, not trusted. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from app.clock import LONDON

SECOND = timedelta(seconds=1)
NEARLY_RIGHT = timedelta(minutes=2)
YEARS = range(1970, 2200)
Period = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Told:
    """A device's word for when something was given, and what bounds it: the facts that do not depend on its clock."""

    given: datetime | None
    offset: timedelta
    since: datetime
    until: datetime
    day: Period


@dataclass(frozen=True, slots=True)
class Counted:
    """When a response is taken to have been given, and what became of the clock's word."""

    at: datetime
    clock: str


def told(given: datetime, offset: timedelta, added_at: datetime, received: datetime, held_on: date) -> Told:
    """Put together what is known; a device set up anew may hold what was given earlier on the event's day."""
    day = day_of(held_on)
    return Told(_plausible(given), offset, min(added_at, day[0], received), received, day)


def counted(word: Told, wave: Period) -> Counted:
    """Correct a clock's word by how wrong it goes, and hold it between set-up and arrival, the wave and the day."""
    moment = _corrected(word)
    if moment is not None and word.since <= moment <= word.until:
        return Counted(moment, "as_told" if abs(word.offset) < NEARLY_RIGHT else "corrected")
    return held(word, wave)


def held(word: Told, wave: Period) -> Counted:
    """Move a clock's word to the nearest time that can be: inside the wave, and the day where both are possible."""
    low, high = word.since, word.until
    for begins, ends in (wave, word.day):
        if max(low, begins) <= min(high, ends - SECOND):
            low, high = max(low, begins), min(high, ends - SECOND)
    moment = _corrected(word)
    return Counted(min(max(moment or low, low), high), "bounded")


def day_of(held_on: date) -> Period:
    """Say when a day begins and ends in West Yorkshire."""
    begins = datetime.combine(held_on, time(), LONDON)
    return begins.astimezone(UTC), datetime.combine(held_on + timedelta(days=1), time(), LONDON).astimezone(UTC)


def offset_between(received: datetime, sent: datetime) -> timedelta:
    """Say how much a device's clock goes wrong; nothing can be said of one that names no year of ours."""
    plausible = _plausible(sent)
    return received - plausible if plausible else timedelta()


def shifted(word: Told, moment: datetime) -> Told:
    """Take another moment for the given one, as for when a response was begun."""
    return replace(word, given=_plausible(moment))


def _plausible(moment: datetime) -> datetime | None:
    return moment.astimezone(UTC) if moment.year in YEARS else None


def _corrected(word: Told) -> datetime | None:
    return word.given + word.offset if word.given else None
