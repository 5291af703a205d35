"""What a run keeps of each followed share beside its results: the line of months that lead up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.results.run.figures import Figure

WEST_YORKSHIRE = ""
"""The area that is no district."""
NOBODY = Figure(None, None, None, None, 0, 0.0, reason="nobody in this group answered")


@dataclass(frozen=True, slots=True)
class Bridged:
    """What an analyst has stated of a break: ``shift`` (between -1 and 1) is added to all that lies before it.

    ``error`` is the standard error of the shift; both are 0 where the analyst states that the change did not matter.
    """

    shift: float
    error: float
    reason: str
    by: str
    on: str

    @property
    def adjusts(self) -> bool:
        """Say whether earlier months are shifted."""
        return bool(self.shift or self.error)


@dataclass(frozen=True, slots=True)
class Areas:
    """One figure for West Yorkshire and one for each district, of a month or of the mean of so many ``months``."""

    figure: Figure
    districts: Mapping[str, Figure]
    months: int = 1

    def of(self, area: str) -> Figure:
        """Find the figure of a district, or of West Yorkshire."""
        return self.districts.get(area, NOBODY) if area else self.figure


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a line. ``changed`` names what was asked otherwise than in the month before; then the line breaks.

    ``quarter`` and ``year`` are the means of up to 3 and 12 months that end here and that no open break divides.
    ``asked`` digests the question, part by part.
    """

    wave: str
    month: str
    own: Areas
    quarter: Areas
    year: Areas
    asked: Mapping[str, str]
    changed: tuple[str, ...] = ()
    bridge: Bridged | None = None

    @property
    def begins(self) -> bool:
        """Say whether a new line begins here."""
        return bool(self.changed) and self.bridge is None


@dataclass(frozen=True, slots=True)
class Line:
    """A followed share over the months, oldest first; ``baseline`` is the first month of the line that goes on now."""

    key: str
    label: str
    about: str
    headline: bool
    points: tuple[Point, ...]
    baseline: str
    version: int = 1

    @property
    def now(self) -> Point:
        """Take the newest month."""
        return self.points[-1]
