"""The smallest things that a run holds: one figure, and the figure of one answer everywhere and by district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NO_NUMBERS = ("value", "standard_error", "low", "high", "unweighted", "unweighted_low", "unweighted_high")


@dataclass(frozen=True, slots=True)
class Figure:
    """One share (0 to 1) or mean with its 95% interval, its base and what that is worth.

    ``reason`` says why it must not be shown; then whoever shows it shows the reason in its place. ``unweighted`` is the
    plain share among those who answered, with the interval that a random sample of them would have. ``more_needed`` is
    about how many more like them would do where too few answered.
    """

    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    n: int
    effective_n: float
    unweighted: float | None = None
    unweighted_low: float | None = None
    unweighted_high: float | None = None
    reason: str | None = None
    note: str | None = None
    more_needed: int | None = None

    @property
    def shown(self) -> bool:
        """Say whether the figure may be shown."""
        return self.reason is None and self.value is not None


@dataclass(frozen=True, slots=True)
class Share:
    """The figure of one answer or of several together, for West Yorkshire and by district."""

    key: str
    label: str
    figure: Figure
    districts: Mapping[str, Figure]
