"""A stored run as tables of words: what the pages and the command line both show, so that they never disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.analysis.disclosure.rounding import told
from app.analysis.publication import SMALLEST_N
from app.results.plan import Comparison
from app.results.run.figures import Change, Distribution, Figure, Margin, Measure, Ranking, Results, Share, Weighting

SAMPLING = (
    "Intervals are 95% and cover sampling variation given the weighting. They do not cover self-selection: people "
    "chose to answer, and those who did not may think differently."
)
SIMULATED = "SIMULATED: nobody real gave these answers."
WEST_YORKSHIRE = "West Yorkshire"
APART = {
    "none": "none of these (in the base)",
    "dont_know": "don’t know",
    "prefer_not_to_say": "prefer not to say",
    "no_answer": "not asked or not answered",
}
COUNTS = {
    "received": "responses",
    "weighted": "from residents of West Yorkshire",
    "outside": "from outside West Yorkshire, reported apart",
    "organisation": "from organisations, reported apart",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under a head; ``numeric`` are the positions of columns of numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    note: str = ""


def percent(value: float | None) -> str:
    """Write a share in per cent, to a tenth."""
    return "–" if value is None else f"{100 * value:.1f}%"


def points(value: float) -> str:
    """Write a difference in percentage points, with its sign."""
    return f"{100 * value:+.1f}".replace("-", "−")


def share_of(figure: Figure) -> str:
    """Write a figure's share, or why it is not shown."""
    return percent(figure.value) if figure.shown else f"not shown: {figure.reason}"


def interval_of(figure: Figure) -> str:
    """Write a figure's interval."""
    return f"{percent(figure.low)} to {percent(figure.high)}" if figure.shown else ""


def base_of(figure: Figure) -> tuple[str, str]:
    """Write a figure's n and effective n."""
    return told(figure.n), f"{figure.effective_n:,.0f}" if figure.n >= SMALLEST_N else ""


def apart_of(counts: Mapping[str, int]) -> str:
    """Say who is beside the base."""
    return ", ".join(f"{told(count)} {APART.get(key, key)}" for key, count in counts.items())


def counts_of(results: Results) -> str:
    """Say how many responses there are and who stands apart; no total from which a small count could be worked out."""
    apart = (count for key, count in results.counts.items() if key not in ("received", "weighted"))
    left_out = "received" if any(0 < count < SMALLEST_N for count in apart) else ""
    counts = ((key, count) for key, count in results.counts.items() if key != left_out)
    return ", ".join(f"{told(count)} {COUNTS.get(key, key)}" for key, count in counts)


def ranks_of(low: int, high: int) -> str:
    """Write the ranks that a priority could hold, in the one form that every page, chart and sentence has."""
    return f"{low}" if low == high else f"{low} to {high}"


def ranking_table(ranking: Ranking, caption: str = "") -> Table:
    """Lay out a ranking: share, interval, rank, the ranks it could hold, tier and base."""
    rows = []
    for place in ranking.places:
        figure = place.share.figure
        standing = (ranks_of(place.low, place.high), str(place.tier))
        shown = (share_of(figure), interval_of(figure), *standing, *base_of(figure))
        rows.append((str(place.rank), place.share.label, *shown))
    head = ("Rank", "Chosen", "Share", "95% interval", "Rank interval", "Tier", "n", "Effective n")
    note = f"Share of the {ranking.n:,} who chose at least one or none of these."
    beside = apart_of(ranking.apart)
    return Table(caption or ranking.label, head, tuple(rows), (0, 4, 5, 6, 7), f"{note} {beside}." if beside else note)


def districts_table(caption: str, shares: Iterable[Share], districts: Mapping[str, str]) -> Table:
    """Lay out shares by district, each with its interval, or with the reason why it is not shown."""
    head = ("Share of", WEST_YORKSHIRE, *districts.values())
    rows = tuple(
        (share.label, _cell(share.figure), *(_cell(share.districts[key]) for key in districts)) for share in shares
    )
    return Table(caption, head, rows)


def _cell(figure: Figure) -> str:
    if not figure.shown:
        return share_of(figure)
    return f"{percent(figure.value)} ({interval_of(figure)}; n {figure.n:,}, effective {figure.effective_n:,.0f})"


def measures_table(measures: Iterable[Measure], caption: str = "Confidence measures") -> Table:
    """Lay out measures: share, interval, base, change on the wave before, and whether it is a change at all."""
    rows = []
    for each in measures:
        figure = each.share.figure
        shown = (share_of(figure), interval_of(figure), *base_of(figure), _no_opinion(each))
        rows.append((each.label, *shown, *_change(each.change, each.no_change)))
    head = (
        "Measure",
        "Share",
        "95% interval",
        "n",
        "Effective n",
        "Don’t know",
        "Change, points",
        "95% interval of the change",
        "Is it a change?",
        "Smallest change that could have been seen",
    )
    note = "Whether it is a change: at the 5% level, adjusted by Holm for all the measures together."
    return Table(caption, head, tuple(rows), (3, 4, 5), note)


def _no_opinion(measure: Measure) -> str:
    return told(measure.apart.get("dont_know", 0))


def _change(change: Change | None, reason: str) -> tuple[str, str, str, str]:
    if change is None:
        return "", "", reason, ""
    interval = f"{points(change.low)} to {points(change.high)}"
    return points(change.difference), interval, change.verdict, f"{100 * change.detectable:.1f} points"


def rolling_table(results: Results, measures: Iterable[Measure]) -> Table:
    """Lay out the mean of the months so far, by district."""
    rolled = [
        replace(each.rolling, label=f"{each.label} ({each.rolling_months} months)") for each in measures if each.rolling
    ]
    return districts_table(f"Mean of the months up to {results.months[-1]}", rolled, results.districts)


def weighting_table(weighting: Weighting) -> Table:
    """Lay out what weighting did and what it cost."""
    rows = [
        ("Scheme", f"{weighting.scheme}, version {weighting.version}"),
        ("Responses weighted (n)", f"{weighting.n:,}"),
        ("Worth (effective n, Kish)", f"{weighting.effective_n:,.0f}"),
        ("Design effect (Kish)", f"{weighting.design_effect:.2f}"),
    ]
    if weighting.weighted:
        rows += [
            ("Largest margin error", f"{weighting.margin_error:.1e}"),
            ("Smallest and largest weight", f"{weighting.smallest:.2f} and {weighting.largest:.2f} times the mean"),
            ("Cap on weights", _cap(weighting)),
            ("Responses at the cap", percent(weighting.share_trimmed)),
        ]
    return Table("Weighting", ("What", "Value"), tuple(rows))


def _cap(weighting: Weighting) -> str:
    if weighting.cap is None or weighting.asked_cap is None:
        return "none"
    relaxed = f", relaxed from {weighting.asked_cap:g}" if weighting.cap != weighting.asked_cap else ""
    return f"{weighting.cap:g} times the mean{relaxed}"


def margin_table(margin: Margin) -> Table:
    """Lay out one margin: its categories in the sample, in the targets and after weighting."""
    rows = tuple(
        (c.label.replace("*", ", "), told(c.n), percent(c.sample), percent(c.target), percent(c.weighted))
        for c in margin.categories
    )
    caption = f"Weighted to the Census: {margin.name.replace('*', ' by ').replace('_', ' ')}"
    return Table(caption, ("Category", "n", "Sample", "Target", "Weighted"), rows, (1, 2, 3, 4))


def distribution_table(distribution: Distribution) -> Table:
    """Lay out every answer to a question, the top two of a scale last."""
    shares = [*distribution.shares, *([distribution.top_two] if distribution.top_two else [])]
    rows = tuple(
        (share.label, share_of(share.figure), interval_of(share.figure), *base_of(share.figure)) for share in shares
    )
    beside = apart_of(distribution.apart)
    note = f"Beside the base: {beside}." if beside else ""
    return Table(distribution.label, ("Answer", "Share", "95% interval", "n", "Effective n"), rows, (3, 4), note)


def means_table(means: Iterable[Share]) -> Table:
    """Lay out the mean of each question that took a number."""
    rows = tuple(
        (
            share.label,
            f"{share.figure.value:,.2f}" if share.figure.shown else f"not shown: {share.figure.reason}",
            f"{share.figure.low:,.2f} to {share.figure.high:,.2f}" if share.figure.shown else "",
            *base_of(share.figure),
        )
        for share in means
    )
    return Table("Means", ("Question", "Mean", "95% interval", "n", "Effective n"), rows, (3, 4))


def plan_table(comparisons: Iterable[Comparison]) -> Table:
    """Lay the Plan's figures beside ours: unweighted, weighted, and whether the interval holds the Plan's."""
    listed = list(comparisons)
    rows = tuple(
        (
            each.planned.label,
            each.waves,
            percent(each.planned.value),
            percent(each.figure.unweighted) if each.figure.shown else "",
            "yes" if each.unweighted_inside else "no",
            share_of(each.figure),
            interval_of(each.figure),
            "yes" if each.inside else "no",
            *base_of(each.figure),
        )
        for each in listed
    )
    head = (
        "What the Plan reported",
        "Waves",
        "Plan",
        "Unweighted",
        "Holds the Plan’s?",
        "Weighted",
        "95% interval",
        "Holds the Plan’s?",
        "n",
        "Effective n",
    )
    weighted, plain = sum(each.inside for each in listed), sum(each.unweighted_inside for each in listed)
    note = (
        f"The weighted interval holds {weighted} of the Plan’s {len(listed)} figures; the interval that the unweighted "
        f"figure would have holds {plain}."
    )
    return Table("The Plan’s figures beside ours", head, rows, (2, 3, 5, 8, 9), note)
