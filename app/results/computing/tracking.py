"""Adds this month to the line of each followed share: where it breaks, what a bridge carries over, the means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.results.computing import months
from app.results.run.figures import Change, Figure, Measure, Share
from app.results.run.lines import WEST_YORKSHIRE, Areas, Bridged, Line, Point
from app.surveys import calendar

QUARTER, YEAR = 3, 12
PARTS = {"words": "its wording", "scale": "its scale", "source": "its source", "order": "its place"}
Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A month as it stands on today's line: ``bridges`` lie between it and now, the latest first."""

    point: Point
    bridges: tuple[Bridged, ...] = ()

    def shifted(self, area: str) -> Figure:
        """Shift the figure of an area by what the bridges say, leaving their error out."""
        return months.moved(self.point.own.of(area), self._shift, 0.0)

    def figure(self) -> Figure:
        """Shift West Yorkshire's figure, with the error of the bridges; they are independent of each other."""
        error = float(sum(bridge.error**2 for bridge in self.bridges)) ** 0.5
        return months.moved(self.point.own.figure, self._shift, error)

    @property
    def _shift(self) -> float:
        return sum(bridge.shift for bridge in self.bridges)


def lines(
    before: Mapping[str, Line],
    measures: Sequence[Measure],
    wave: str,
    asked: Mapping[str, Asked],
    bridges: Mapping[str, Bridged],
) -> dict[str, Line]:
    """Add a wave to the lines that the wave before it left; what it did not ask is carried along as it was."""
    added = {
        each.key: _added(before.get(each.key), each, wave, asked.get(each.key, {}), bridges.get(each.key))
        for each in measures
    }
    return {**before, **added}


def _added(line: Line | None, measure: Measure, wave: str, asked: Asked, bridge: Bridged | None) -> Line:
    earlier = line.points if line else ()
    own = Areas(measure.share.figure, measure.share.districts)
    changed = differences(earlier[-1].asked, asked) if earlier else ()
    now = Point(wave, wave.partition("-")[2], own, own, own, asked, changed, bridge if changed else None)
    same = comparable((*earlier, now))
    now = replace(now, quarter=mean(same, QUARTER), year=mean(same, YEAR))
    about = (measure.key, measure.label, measure.about, measure.headline)
    return Line(*about, (*earlier, now), same[-1].point.wave)


def differences(before: Asked, now: Asked) -> tuple[str, ...]:
    """Name what was asked otherwise."""
    return tuple(name for part, name in PARTS.items() if before.get(part) != now.get(part))


def comparable(points: Sequence[Point]) -> list[Moved]:
    """Go back along a line, newest first, to where it begins: its first month, or the month after an open break."""
    found: list[Moved] = []
    bridges: tuple[Bridged, ...] = ()
    for point in reversed(points):
        found.append(Moved(point, bridges))
        if point.begins:
            break
        bridges = (*bridges, point.bridge) if point.bridge else bridges
    return found


def mean(same: Sequence[Moved], window: int) -> Areas:
    """Average the months of a window that ends with the first of these; ``months`` says how many there are of it."""
    now, chosen = same[0].point, within(same, window)
    if len(chosen) == 1:
        return now.own
    districts = {key: _mean(chosen, key) for key in now.own.districts}
    return Areas(_mean(chosen, WEST_YORKSHIRE), districts, len(chosen))


def within(same: Sequence[Moved], window: int) -> list[Moved]:
    """Choose the months of a window that ends with the first of these."""
    first = calendar.before(same[0].point.month, window - 1)
    return [each for each in same if each.point.month >= first]


def answered_in(chosen: Sequence[Moved], area: str) -> list[Moved]:
    """Leave out the months in which nobody of an area answered."""
    return [each for each in chosen if each.point.own.of(area).value is not None]


def _mean(chosen: Sequence[Moved], area: str) -> Figure:
    answered = answered_in(chosen, area)
    return months.mean([each.shifted(area) for each in answered], shared_variance(answered))


def shared_variance(chosen: Sequence[Moved]) -> float:
    """Give the variance that the months of a mean share: a bridge shifts k of m months alike, so (k / m x se)^2."""
    bridges = max((each.bridges for each in chosen), key=len, default=())
    before = [sum(len(each.bridges) > place for each in chosen) for place in range(len(bridges))]
    return sum((k / len(chosen) * bridge.error) ** 2 for k, bridge in zip(before, bridges, strict=True))


def followed_up(measures: Sequence[Measure], found: Mapping[str, Line]) -> list[Measure]:
    """Give each measure its change on the month before and on its baseline, and its means of 3 and 12 months."""
    same = {each.key: comparable(found[each.key].points) for each in measures}
    last = _compared(measures, same, lambda line: line[1])
    first = _compared(measures, same, lambda line: line[-1])
    return [
        replace(
            _with_means(each, found[each.key].now),
            change=last.get(each.key),
            no_change=_incomparable(found[each.key], same[each.key][1:2]),
            against=first.get(each.key),
            no_against=_incomparable(found[each.key], same[each.key][1:][-1:]),
        )
        for each in measures
    ]


def _with_means(measure: Measure, now: Point) -> Measure:
    def share(areas: Areas) -> Share | None:
        alone = areas.months == 1
        return None if alone else Share(measure.share.key, measure.share.label, areas.figure, areas.districts)

    year, quarter = share(now.year), share(now.quarter)
    return replace(
        measure, rolling=year, rolling_months=now.year.months, quarter=quarter, quarter_months=now.quarter.months
    )


def _compared(
    measures: Iterable[Measure], same: Mapping[str, list[Moved]], choose: Callable[[list[Moved]], Moved]
) -> dict[str, Change]:
    headline: list[months.Pair] = []
    others: list[months.Pair] = []
    for each in measures:
        line = same[each.key]
        if len(line) > 1 and each.share.figure.shown and choose(line).point.own.figure.shown:
            earlier = choose(line)
            pair = (each.key, earlier.point.wave, earlier.figure(), each.share.figure)
            (headline if each.headline else others).append(pair)
    return {**months.changes(headline), **months.changes(others, exploring=True)}


def _incomparable(line: Line, earlier: Sequence[Moved]) -> str:
    now = line.now
    if now.begins:
        return f"{' and '.join(now.changed)} changed after {line.points[-2].wave}: a new line begins"
    if not earlier:
        return "there is no wave before it to compare with"
    if not (now.own.figure.shown and earlier[0].point.own.figure.shown):
        return "not enough responses to compare"
    return ""
