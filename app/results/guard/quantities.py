"""The stored figures that a headline can be about: measures by month and area, and priorities by area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.results.run.figures import Results
from app.results.run.lines import Line
from app.results.run.ranked import EVERYWHERE, Ranking
from app.results.run.shares import Figure
from app.results.telling.local import WEST_YORKSHIRE

MEAN = "mean"
"""The period that is the mean of up to twelve months."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure with all that says what it is; ``subject`` is a measure's key or a priority's."""

    subject: str
    label: str
    area: str
    place: str
    period: str
    when: str
    figure: Figure

    @property
    def name(self) -> str:
        """Call it so that nobody mistakes it for another."""
        return f"{self.label}, {self.place}, {self.when}"


@dataclass(frozen=True, slots=True)
class Known:
    """Everything stored that can be compared: the lines of the newest monthly run, the newest list of priorities.

    ``answers`` are the surveys' own words: their questions, statements and options.
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    tracked: Results | None = None
    ranking: Ranking | None = None
    chosen: Results | None = None
    wave: str = ""
    simulated: bool = False
    answers: frozenset[str] = frozenset()

    @property
    def subjects(self) -> dict[str, str]:
        """Name the measures and the priorities."""
        return {**self.measures, **self.priorities}

    @property
    def measures(self) -> dict[str, str]:
        """Name the headline measures."""
        return {key: line.label for key, line in self.lines.items() if line.headline}

    @property
    def priorities(self) -> dict[str, str]:
        """Name the priorities."""
        return dict(sorted(self.ranking.labels.items(), key=lambda each: each[1])) if self.ranking else {}

    @property
    def areas(self) -> dict[str, str]:
        """Name West Yorkshire and the districts."""
        found: dict[str, str] = {EVERYWHERE: WEST_YORKSHIRE}
        for results in (self.tracked, self.chosen):
            found |= results.districts if results else {}
        return found

    @property
    def periods(self) -> dict[str, str]:
        """Name the months, the newest first, and the mean of up to twelve of them."""
        points = next(iter(self.lines.values())).points if self.lines else ()
        months = {each.wave: month_name(each.month, each.wave) for each in reversed(points)}
        if points:
            months[MEAN] = f"mean of {points[-1].year.months} months to {months[points[-1].wave]}"
        return months

    def find(self, subject: str, area: str, period: str = "") -> Quantity | None:
        """Find a figure; without a period the newest month of a measure. A priority is of the wave that asked."""
        if self.ranking and subject in self.priorities:
            figure = self.ranking.figure(subject, area) if area in self.ranking.areas else None
            return self._named(subject, area, self.wave, self.wave, figure)
        line = self.lines.get(subject)
        if line is None:
            return None
        point = next((each for each in line.points if each.wave == period), line.now)
        held = line.now.year if period == MEAN else point.own
        when = self.periods[MEAN] if period == MEAN else month_name(point.month, point.wave)
        return self._named(subject, area, period or point.wave, when, held.of("" if area == EVERYWHERE else area))

    def _named(self, subject: str, area: str, period: str, when: str, figure: Figure | None) -> Quantity | None:
        if figure is None:
            return None
        return Quantity(subject, self.subjects[subject], area, self.areas[area], period, when, figure)

    def weight_of(self, quantity: Quantity) -> float:
        """Say what share of West Yorkshire the residents of a district are, as weighted."""
        results = self.chosen if quantity.subject in self.priorities else self.tracked
        margins = results.weighting.margins if results else ()
        margin = next((each for each in margins if each.name.split("*")[0] == "district"), None)
        return sum(c.weighted for c in margin.categories if c.label.split("*")[0] == quantity.place) if margin else 0.0


def month_name(month: str, wave: str) -> str:
    """Write a month, from what the line keeps of it."""
    try:
        return f"{datetime.strptime(month[:7], '%Y-%m'):%B %Y}"
    except ValueError:
        return month or wave
