"""Draws a line of months: a dot and a bar for each month, the means of 3 and 12 months, and where the line breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from app.results.drawing import svg
from app.results.run.figures import Figure
from app.results.run.lines import Areas, Line, Point
from app.results.telling.line_tables import month_name, told

WIDTH, HEIGHT = 340, 230
LEFT, RIGHT, TOP, BOTTOM = 36, 10, 22, 34
MONTHS = 24
"""Months that a chart has room for; the table has all."""
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where months and shares stand; one for all charts that are to be compared."""

    low: float
    high: float
    months: int

    def x(self, position: int) -> float:
        """Place a month."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (position + 0.5) / self.months

    def y(self, share: float) -> float:
        """Place a share."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (share - self.low) / (self.high - self.low)


def frame(line: Line) -> Frame:
    """Make one frame for West Yorkshire and all districts, in steps of ten points."""
    points = line.points[-MONTHS:]
    ends = [end for point in points for areas in (point.own, point.year) for end in _ends(areas)] or [0.0, 1.0]
    low, high = floor(min(ends) * 10) / 10, ceil(max(ends) * 10) / 10
    return Frame(low, max(high, low + 0.1), len(points))


def _ends(areas: Areas) -> Iterator[float]:
    for figure in (areas.figure, *areas.districts.values()):
        if figure.shown and figure.low is not None and figure.high is not None:
            yield from (figure.low, figure.high)


def line_chart(line: Line, area: str, name: str, within: Frame, simulated: bool) -> str:
    """Draw the line of an area; ``name`` is what it is called."""
    points = line.points[-MONTHS:]
    parts = [*_axes(within, points), *_baseline(line, area, within), *_breaks(points, within)]
    parts += _band([point.year.of(area) for point in points], points, within)
    parts += _path([point.quarter.of(area) for point in points], points, within, dashes="2 3")
    parts += _path([point.year.of(area) for point in points], points, within)
    for position, point in enumerate(points):
        parts += _month(point.own.of(area), position, within)
    mark = " Simulated answers." if simulated else ""
    identity = f"line-{line.key.replace(':', '-')}-{area or 'all'}"
    about = _about(points, area)
    return svg.picture(identity, f"{line.label}, {name}, by month.{mark}", about, WIDTH, HEIGHT, "".join(parts))


def _about(points: Sequence[Point], area: str) -> str:
    said = "; ".join(f"{month_name(point.month)} {told(point.own.of(area))}" for point in points)
    mean = points[-1].year
    return f"Each month: {said}. Mean of {mean.months} months: {told(mean.of(area))}. The table below has every figure."


def _axes(within: Frame, points: Sequence[Point]) -> Iterator[str]:
    steps = round((within.high - within.low) * 10)
    stride = 1 if steps <= 5 else 2
    for step in range(0, steps + 1, stride):
        share = within.low + step / 10
        y = within.y(share)
        yield svg.rule(LEFT, y, WIDTH - RIGHT, y, faint=True)
        yield svg.words(LEFT - 4, y + 4, f"{100 * share:.0f}%", "end", 11)
    every = max(1, -(-len(points) // 5))
    for position in range(len(points) - 1, -1, -every):
        x = within.x(position)
        yield svg.rule(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4)
        yield svg.words(x, HEIGHT - BOTTOM + 16, short(points[position].month), "middle", 11)


def short(month: str) -> str:
    """Write a month as an axis does: Oct 26."""
    whole = month_name(month).split()
    return f"{whole[0][:3]} {whole[1][2:]}"


def _baseline(line: Line, area: str, within: Frame) -> Iterator[str]:
    first = next((point for point in line.points if point.wave == line.baseline), None)
    figure = first.own.of(area) if first else None
    if figure and figure.shown and figure.value is not None and line.baseline != line.now.wave:
        y = within.y(figure.value)
        yield svg.rule(LEFT, y, WIDTH - RIGHT, y, 1.5, dashes="8 4")


def _breaks(points: Sequence[Point], within: Frame) -> Iterator[str]:
    for position, point in enumerate(points):
        if point.changed and position:
            x = (within.x(position - 1) + within.x(position)) / 2
            yield svg.rule(x, TOP - 6, x, HEIGHT - BOTTOM, 2, dashes="" if point.begins else "6 3")
            yield svg.words(x, TOP - 10, "new line" if point.begins else "bridged", "middle", 11, bold=True)


def _month(figure: Figure, position: int, within: Frame) -> Iterator[str]:
    x = within.x(position)
    if not figure.shown or figure.value is None or figure.low is None or figure.high is None:
        yield svg.words(x, HEIGHT - BOTTOM - 4, "×", "middle", 13)
        return
    yield svg.rule(x, within.y(figure.low), x, within.y(figure.high), 1.5)
    yield f'<circle cx="{x:.1f}" cy="{within.y(figure.value):.1f}" r="3"/>'


def _stretches(figures: Sequence[Figure], points: Sequence[Point]) -> Iterator[list[int]]:
    """Go through the stretches of months that a line may join: all shown, with no open break between them."""
    stretch: list[int] = []
    for position, (figure, point) in enumerate(zip(figures, points, strict=True)):
        if point.begins or not figure.shown:
            yield stretch
            stretch = []
        if figure.shown:
            stretch.append(position)
    yield stretch


def _path(figures: Sequence[Figure], points: Sequence[Point], within: Frame, dashes: str = "") -> Iterator[str]:
    for stretch in _stretches(figures, points):
        places = [(within.x(each), within.y(figures[each].value or 0.0)) for each in stretch]
        for (x1, y1), (x2, y2) in pairwise(places):
            yield svg.rule(x1, y1, x2, y2, 1.5 if dashes else 2.5, dashes=dashes)


def _band(figures: Sequence[Figure], points: Sequence[Point], within: Frame) -> Iterator[str]:
    for stretch in _stretches(figures, points):
        if len(stretch) > 1:
            above = [(within.x(each), within.y(figures[each].high or 0.0)) for each in stretch]
            below = [(within.x(each), within.y(figures[each].low or 0.0)) for each in reversed(stretch)]
            yield f'<polygon points="{_listed([*above, *below])}" fill-opacity="0.12"/>'


def _listed(places: Iterable[Place]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
