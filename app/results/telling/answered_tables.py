"""Who answered, as tables of words; fewer than ten people are never counted out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.results.run.answered import Answered, Behaviour, Comparison, Way, Worth
from app.results.telling.tables import WEST_YORKSHIRE, Table, percent

FEWEST = 10
FEW = f"fewer than {FEWEST}"
CHANNELS = {
    "online": "Online",
    "tablet": "Tablet, at an event",
    "paper": "Paper",
    "phone": "On the phone",
    "desk": "At the desk",
}
AREAS = {"": WEST_YORKSHIRE, "Prefer not to say": "District not said"}
LONG = 42
"""Days from which on responses are counted by week."""


def count(n: int) -> str:
    """Write a count, unless so few could be recognised."""
    return f"{n:,}" if n >= FEWEST or not n else FEW


def comparison_name(comparison: Comparison) -> str:
    """Name what is compared: "District", or "District, age band, sex and ethnic group"."""
    *first, last = comparison.variables
    return (f"{', '.join(first)} and {last}" if first else last).capitalize()


def comparison_table(comparison: Comparison) -> Table:
    """Lay out the groups: how many, their shares, and the ratio to the Census; the least heard first when crossed."""
    groups = comparison.groups
    if len(comparison.variables) > 1:
        groups = tuple(sorted(groups, key=lambda group: group.ratio))
    rows = tuple(
        (
            ", ".join(group.labels),
            f"{group.n:,}",
            percent(group.share),
            percent(group.target),
            f"{group.ratio:.2f}",
            percent(group.weighted),
        )
        for group in groups
    )
    head = ("Group", "n", "Of the responses", "Of the Census", "Ratio", "After weighting")
    return Table(f"{comparison_name(comparison)}, against the Census", head, rows, (1, 2, 3, 4, 5), _beside(comparison))


def _beside(comparison: Comparison) -> str:
    notes = []
    if comparison.hidden:
        groups = "group has" if comparison.hidden == 1 else "groups have"
        share = percent(comparison.hidden_target)
        notes.append(f"{comparison.hidden:,} {groups} {FEW} responses and are not shown: {share} of the Census.")
    if comparison.unknown:
        notes.append(f"{count(comparison.unknown).capitalize()} preferred not to say and stand in none of the groups.")
    return " ".join(notes)


def likeness_table(comparisons: Iterable[Comparison]) -> Table:
    """Sum up how like the Census the responses were before weighting."""
    rows = tuple(
        (
            comparison_name(each),
            percent(each.dissimilarity),
            f"{each.variation:.2f}",
            f"{50 * each.variation:.0f} points",
        )
        for each in comparisons
    )
    head = ("By", "In the wrong group", "Variation of response", "Off by at most")
    note = (
        "In the wrong group: the share of the responses that would have to come from other groups; many small groups "
        "make it large by chance alone. Variation of response: the coefficient of variation of the response "
        "propensities, less what chance gives (Schouten, Cobben and Bethlehem 2009); 0 is as like the Census as a "
        "random sample. Off by at most: how far off an unweighted share could be, were the answer to go wholly with "
        "who answers."
    )
    return Table("How like West Yorkshire those who answered are", head, rows, (1, 2, 3), note)


def days_table(days: Mapping[str, int]) -> Table:
    """Count responses by day, or by week where there are many days."""
    first, last = (date.fromisoformat(day) for day in (min(days), max(days)))
    by_week = (last - first).days >= LONG
    counted: dict[date, int] = {}
    for day, n in days.items():
        at = date.fromisoformat(day)
        at -= timedelta(days=at.weekday() if by_week else 0)
        counted[at] = counted.get(at, 0) + n
    rows = tuple((f"{at.day} {at:%B %Y}", count(n)) for at, n in sorted(counted.items()))
    return Table("Responses over time", ("Week of" if by_week else "Day", "Responses"), rows, (1,))


def ways_table(caption: str, head: str, ways: Iterable[Way], names: Mapping[str, str]) -> Table:
    """Lay out channels or languages."""
    rows = tuple(
        (
            names.get(way.key, way.key),
            count(way.n),
            percent(way.share) if way.n >= FEWEST else "",
            percent(way.weighted) if way.n >= FEWEST else "",
        )
        for way in ways
    )
    return Table(caption, (head, "Residents", "Of the responses", "After weighting"), rows, (1, 2, 3))


def stopped_table(caption: str, head: str, lines: Iterable[tuple[str, int]], names: Mapping[str, str]) -> Table:
    """Lay out where people stopped, or how they came."""
    rows = tuple((names.get(key, key), count(n)) for key, n in lines)
    return Table(caption, (head, "Not sent yet"), rows, (1,))


def worth_table(worth: Iterable[Worth]) -> Table:
    """Lay out what weighting cost, for West Yorkshire and each district."""
    rows = tuple(
        (AREAS.get(each.label, each.label), f"{each.n:,}", f"{each.effective_n:,.0f}", f"{each.design_effect:.2f}")
        if each.n >= FEWEST
        else (AREAS.get(each.label, each.label), FEW, "–", "–")
        for each in worth
    )
    note = "Kish's: how many equally weighted responses would say as much. It grows with unequal weights."
    return Table("What weighting cost", ("Area", "n", "Effective n", "Design effect"), rows, (1, 2, 3), note)


def behaviours_table(behaviours: Iterable[Behaviour], names: Mapping[str, str]) -> Table:
    """Lay out whether items behave differently in a language."""
    rows = tuple(
        (names.get(each.language, each.language), each.item or "All items", count(each.n), *_tested(each))
        for each in behaviours
    )
    head = ("Language", "Item", "Answers", "Odds ratio", "95% interval", "p, adjusted", "Behaves differently?")
    note = (
        "Weighted logistic regression of each item on the language, given district, age, sex and ethnic group "
        "(Swaminathan and Rogers 1990), with design-based Wald tests (Lumley 2010). An odds ratio above 1: people "
        "answering in this language say so more often than others like them. p is adjusted by Benjamini and Hochberg "
        "over all tests. A difference may be the translation, or what people think: read both wordings first."
    )
    return Table("Items by language, among people alike", head, rows, (2, 3, 5), note)


def _tested(each: Behaviour) -> tuple[str, str, str, str]:
    if each.odds_ratio is None or each.p is None or each.low is None or each.high is None:
        return "", "", "", each.reason
    p = "below 0.001" if each.p < 0.001 else f"{each.p:.3f}"
    return f"{each.odds_ratio:.2f}", f"{each.low:.2f} to {each.high:.2f}", p, "yes" if each.differs else "not shown to"


def least_heard(answered: Answered) -> str:
    """Say which of the single groups were heard least and most, against the Census."""
    single = [group for each in answered.comparisons if len(each.variables) == 1 for group in each.groups]
    if not single:
        return ""
    least, most = min(single, key=lambda group: group.ratio), max(single, key=lambda group: group.ratio)
    return (
        f"Heard least, for their share of the Census: {least.labels[0]} ({least.ratio:.2f} times their share). "
        f"Heard most: {most.labels[0]} ({most.ratio:.2f} times). Weighting makes up for both."
    )
