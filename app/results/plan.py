"""The Plan's own figures beside what simulated waves give, unweighted and weighted: shows what weighting is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.results.reading.measures import PlanFigure
from app.results.run.figures import Figure, Results


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the Plan beside ours; ``waves`` says which waves ours comes from."""

    planned: PlanFigure
    waves: str
    figure: Figure

    @property
    def inside(self) -> bool:
        """Say whether the Plan's figure lies in the weighted interval."""
        return _within(self.planned.value, self.figure.low, self.figure.high)

    @property
    def unweighted_inside(self) -> bool:
        """Say whether it lies in the interval that the unweighted figure would have."""
        return _within(self.planned.value, self.figure.unweighted_low, self.figure.unweighted_high)


def _within(value: float, low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low <= value <= high


def compare(planned: Iterable[PlanFigure], found: Callable[[PlanFigure], Results | None]) -> list[Comparison]:
    """Put each figure beside ours; ``found`` gives the results to look it up in, or nothing."""
    compared = []
    for each in planned:
        results = found(each)
        comparison = _one(each, results) if results else None
        if comparison:
            compared.append(comparison)
    return compared


def _one(planned: PlanFigure, results: Results) -> Comparison | None:
    measure = results.measure(planned.item, planned.options)
    if measure is None:
        return None
    pooled = planned.month is None and measure.rolling is not None
    share = measure.rolling if pooled and measure.rolling else measure.share
    figure = share.districts.get(planned.district) if planned.district else share.figure
    if figure is None:
        return None
    last = results.months[-1]
    return Comparison(planned, f"{measure.rolling_months} months to {last}" if pooled else last, figure)
