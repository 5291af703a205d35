"""A measure's line of months as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from app.results.run.figures import Change, Figure, Measure, Share
from app.results.run.lines import Areas, Bridged, Line, Point
from app.results.telling.tables import Table, base_of, interval_of, percent, points, share_of

ONE_MONTH = "1 month only"
FIGURE_HEAD = ("Share", "95% interval", "n", "Effective n")


def month_name(month: str) -> str:
    """Write 2026-10 as October 2026."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def told(figure: Figure) -> str:
    """Write a share, or that there are not enough responses and about how many more are needed."""
    if figure.shown:
        return percent(figure.value)
    if figure.more_needed:
        return f"not enough responses, about {figure.more_needed:,} more needed"
    return "not enough responses" if not figure.n else f"not shown: {figure.reason}"


def whole_figure(figure: Figure) -> str:
    """Write a share with its interval and its base in one cell."""
    if not figure.shown:
        return told(figure)
    n, worth = base_of(figure)
    return f"{percent(figure.value)} ({interval_of(figure)}; n {n}, effective {worth})"


def months_table(line: Line, area: str, name: str) -> Table:
    """Lay out the months of one area, newest first."""
    rows = []
    for point in reversed(line.points):
        own = point.own.of(area)
        means = (_mean(point, "quarter", area), _mean(point, "year", area))
        rows.append((month_name(point.month), told(own), interval_of(own), *base_of(own), *means, broken(point)))
    head = (
        "Month",
        "Share",
        "95% interval",
        "n",
        "Effective n",
        "Up to 3 months",
        "Up to 12 months",
        "Asked otherwise",
    )
    return Table(f"{line.label}: {name}, month by month", head, tuple(rows), (3, 4))


def _mean(point: Point, window: str, area: str) -> str:
    areas: Areas = getattr(point, window)
    return _of_months(areas.of(area), areas.months) if areas.months > 1 else ONE_MONTH


def _of_months(figure: Figure, months: int) -> str:
    """Write a mean; a window that is not full says how many months it has."""
    part = "" if months in (3, 12) else f", {months} months"
    return f"{whole_figure(figure)}{part}"


def broken(point: Point) -> str:
    """Say what breaks a line at a month, and whether a bridge was recorded."""
    if not point.changed:
        return ""
    changed = " and ".join(point.changed)
    return f"{changed} changed: a new line begins" if point.begins else f"{changed} changed: bridged"


def bridge_words(bridge: Bridged) -> str:
    """Say what a bridge states."""
    if not bridge.adjusts:
        return "The change is taken not to matter: nothing is added to earlier months."
    shift, error = points(bridge.shift), f"{100 * bridge.error:.1f}"
    return f"{shift} points are added to all earlier months, with a standard error of {error} points."


def verdict(change: Change | None, reason: str, against: str = "") -> str:
    """Say in one sentence what may be said of a change."""
    if change is None:
        return f"No comparison: {reason}." if reason else "No comparison."
    since = against or change.since
    interval = f"{points(change.low)} to {points(change.high)}"
    seen = f"{100 * change.detectable:.1f} points could have been seen"
    moved = {"rose": "Rose", "fell": "Fell"}.get(change.verdict, "No clear change")
    return f"{moved} since {since}: {points(change.difference)} points (95% interval {interval}). A change of {seen}."


def overview_table(measures: Iterable[Measure], caption: str) -> Table:
    """Lay out measures: the month, its means, and what changed."""
    rows = []
    for each in measures:
        own = each.share.figure
        means = [_rolled(each.quarter, each.quarter_months), _rolled(each.rolling, each.rolling_months)]
        compared = [_brief(each.change, each.no_change), _brief(each.against, each.no_against)]
        rows.append((each.label, told(own), interval_of(own), *base_of(own), *means, *compared))
    head = (
        "Measure",
        "Month",
        "95% interval",
        "n",
        "Effective n",
        "3 months",
        "12 months",
        "On the month before",
        "On the baseline",
    )
    note = (
        "Changes in percentage points. Whether it is a change: at the 5% level, adjusted by Holm for the headline "
        "measures and by Benjamini and Hochberg for the others."
    )
    return Table(caption, head, tuple(rows), (3, 4), note)


def _rolled(share: Share | None, months: int) -> str:
    return _of_months(share.figure, months) if share else ONE_MONTH


def _brief(change: Change | None, reason: str) -> str:
    if change is None:
        return reason
    return f"{change.verdict}: {points(change.difference)} ({points(change.low)} to {points(change.high)})"


def districts_map_table(caption: str, figures: Mapping[str, Figure], names: Mapping[str, str]) -> Table:
    """Lay out what the map shows, with the width of each interval."""
    rows = tuple(
        (name, told(each), interval_of(each), _width(each), *base_of(each))
        for name, each in ((name, figures[key]) for key, name in names.items())
    )
    head = ("District", "Share", "95% interval", "Width", "n", "Effective n")
    return Table(caption, head, rows, (4, 5))


def _width(figure: Figure) -> str:
    if not figure.shown or figure.low is None or figure.high is None:
        return ""
    return f"{100 * (figure.high - figure.low):.1f} points"


def whole_table(caption: str, shares: Iterable[Share]) -> Table:
    """Lay out every answer, "don't know" among them."""
    rows = tuple(
        (share.label, share_of(share.figure), interval_of(share.figure), *base_of(share.figure)) for share in shares
    )
    return Table(caption, ("Answer", "Share", "95% interval", "n", "Effective n"), rows, (3, 4))
