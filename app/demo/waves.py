"""Which past waves are simulated: one consultation, and the twelve months of the tracker before this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import clock
from app.demo.answers import Sheet, channels
from app.demo.crowd import gather
from app.surveys import calendar
from app.surveys.definition import Definition

CONSULTATION, TRACKER = "your-priorities-your-plan", "your-views"
FILES = Path(calendar.__file__).parent / "definitions"
MONTHS = tuple(range(1, 13))
ASKED_FOR = timedelta(weeks=12)
MOST_SEEDS = 2**31


@dataclass(frozen=True)
class PastWave:
    """A wave that lies in the past: its survey, its period and when it asked."""

    survey: str
    period: str
    opens_at: datetime
    closes_at: datetime

    @property
    def month(self) -> int:
        """Say which month of the year it is, 1 to 12; 0 for the consultation."""
        return calendar.number_of(self.period) if calendar.MONTH.fullmatch(self.period) else 0


def past_waves(now: datetime, months: int) -> Iterator[PastWave]:
    """List the waves to simulate, oldest first: last autumn's consultation, then some months of the tracker."""
    year = clock.london(now).year - 1
    opens, _ = calendar.bounds(f"{year}-09")
    yield PastWave(CONSULTATION, str(year), opens, opens + ASKED_FOR)
    this_month = calendar.month_of(now)
    for count in range(months, 0, -1):
        month = calendar.before(this_month, count)
        yield PastWave(TRACKER, month, *calendar.bounds(month))


def simulated(definition: Definition, wave: PastWave, responses: int, seed: int) -> Iterator[dict[str, Any]]:
    """Simulate the responses of one wave, as `store_simulated` takes them.

    The same seed gives the same people and answers in the same calendar month of any year; only the dates differ.
    """
    crowd = gather(wave.survey, wave.month, responses, seed)
    sheet = Sheet(definition, crowd, wave.month)
    moments = crowd.rng.beta(1.0, 1.4, responses) * 0.999  # more come at the beginning, none after the end
    seeds = crowd.rng.integers(0, MOST_SEEDS, responses)
    arrived = zip(sheet.answers(), sheet.languages, channels(crowd), moments, seeds, strict=True)
    for answers, language, channel, moment, own_seed in arrived:
        yield {
            "answers": answers,
            "language": language,
            "channel": channel,
            "submitted_at": wave.opens_at + (wave.closes_at - wave.opens_at) * float(moment),
            "seed": int(own_seed),
        }
