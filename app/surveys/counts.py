"""How many responses came in, live: by day, district, channel and language, with those who stand apart kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app import i18n
from app.database import db
from app.surveys import queries
from app.surveys.definition import Definition
from app.surveys.models import Response, Wave

CHANNELS = {"online": "Online", "tablet": "Tablet", "paper": "Paper", "phone": "Phone", "desk": "Desk"}
NOT_SAID = "Not said"
SMALLEST, STEP = 10, 5
"""Below the one no count is told to who only reads results; the others are rounded to a multiple of the other."""


@dataclass(slots=True)
class Tally:
    """Stored responses that were not withdrawn: residents of West Yorkshire, people from outside, organisations."""

    residents: int = 0
    outside: int = 0
    organisations: int = 0

    def add(self, apart: str | None, count: int) -> None:
        """Count some responses of one kind."""
        name = {"outside": "outside", "organisation": "organisations"}.get(apart or "", "residents")
        setattr(self, name, getattr(self, name) + count)

    @property
    def total(self) -> int:
        """Count them all."""
        return self.residents + self.outside + self.organisations


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The responses of a wave, by one thing; each line has a label and a tally."""

    title: str
    heading: str
    lines: list[tuple[str, Tally]] = field(default_factory=list)


def coarse(number: int) -> str:
    """Write a count for who only reads results: small ones are not told, and rounding keeps sums from telling most."""
    rounded = STEP * ((number + STEP // 2) // STEP)
    return f"{rounded:,}" if number >= SMALLEST else f"fewer than {SMALLEST}"


def totals() -> dict[int, Tally]:
    """Count the responses of every wave that has some, by the wave's id."""
    rows = db.session.execute(_counted(Response.wave_id, Response.apart))
    tallies: dict[int, Tally] = {}
    for wave_id, apart, count in rows:
        tallies.setdefault(wave_id, Tally()).add(apart, count)
    return tallies


def breakdowns(wave: Wave) -> list[Breakdown]:
    """Count a wave's responses by day, district, channel and language."""
    definition = queries.definition_of(wave) if wave.digest else None
    districts = _district_names(definition)
    names = {code: language.english for code, language in i18n.languages().items()}
    return [
        Breakdown("Responses by day", "Day", _lines(wave, Response.submitted_on, _day)),
        Breakdown("Responses by district", "District", _lines(wave, Response.district, districts.get, districts)),
        Breakdown("Responses by channel", "Channel", _lines(wave, Response.channel, CHANNELS.get, CHANNELS)),
        Breakdown("Responses by language", "Language", _lines(wave, Response.language, names.get, names)),
    ]


def _lines(
    wave: Wave, column: Any, name: Callable[[str], str | None], order: Iterable[str] = ()
) -> list[tuple[str, Tally]]:
    tallies: dict[str, Tally] = {}
    for key, apart, count in db.session.execute(_counted(column, Response.apart, wave=wave)):
        tallies.setdefault(key or "", Tally()).add(apart, count)
    known = list(order)
    place = {key: position for position, key in enumerate(known)}
    keys = sorted(tallies, key=lambda key: (key == "", place.get(key, len(known)), key))
    return [(name(key) or key if key else NOT_SAID, tallies[key]) for key in keys]


def _counted(*columns: Any, wave: Wave | None = None) -> Any:
    counted = select(*columns, func.count()).where(Response.withdrawn_on.is_(None)).group_by(*columns)
    return counted if wave is None else counted.where(Response.wave_id == wave.id)


def _district_names(definition: Definition | None) -> dict[str, str]:
    question = definition.with_role("district") if definition else None
    if question is None:
        return {}
    return {option.key: option.text for option in question.options} | {
        "dont_know": "Don’t know",
        "prefer_not_to_say": "Prefer not to say",
    }


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{day:%a} {day.day} {day:%b %Y}"
