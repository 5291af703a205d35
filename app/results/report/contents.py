"""Puts the quarterly report together from stored runs: headlines, districts, priorities, who replied, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.results.drawing import charts
from app.results.report import methods
from app.results.report.counts import SMALLEST, base, counted
from app.results.report.document import Chart, Part, Report, Source
from app.results.run.figures import Category, Change, Figure, Margin, Measure, Ranking, Results
from app.results.run.lines import Line
from app.results.run.ranked import Breakdown
from app.results.telling import tables
from app.results.telling.line_tables import month_name
from app.results.telling.local import contenders
from app.results.telling.tables import Table, interval_of, percent, points, share_of

PRIORITIES = "priorities"
MONTHS = 3
MOST_THEMES = 10
ALL_TOGETHER = (
    "A change is called one only where chance does not explain it, all headline measures judged together (Holm). Each "
    "interval is that of its measure alone, so one that leaves out zero is no change by itself. The bases are those of "
    "the table above, and of the same table a month before."
)
OWN_WORDS = "In people’s own words"
NO_THEMES = (
    "What people wrote in their own words is not part of this report: themes are reported once staff have read and "
    "coded the comments."
)
NOTHING = (
    "{reference} has no run with headline measures. Choose a month of Your Views, make a run of it on its page of "
    "results, and come back."
)


def quarterly(
    tracker: Source,
    consultation: Source | None,
    lines: Mapping[str, Line],
    groups: tuple[Breakdown, ...],
    simulated: bool,
) -> Report:
    """Put together the report of the three months that end with the tracker's newest run."""
    found = consultation.results.ranking(PRIORITIES) if consultation else None
    sources = [tracker, *([consultation] if consultation else [])]
    parts = [
        _headlines(tracker.results),
        _changes(tracker.results.headlines),
        _districts(tracker.results, lines),
        *(_priorities(found) if found else ()),
        *(_in_their_words(each) for each in sources if each.themes),
        *(() if any(each.themes for each in sources) else (Part(OWN_WORDS, (NO_THEMES,)),)),
        _who_replied(sources),
        _how_results_differ(groups, found.labels if found else {}),
        methods.statement(sources),
        methods.glossary(),
    ]
    return Report(
        f"Policing and crime in West Yorkshire: what residents say, {_period(tracker, lines)}",
        "Quarterly report to the Police and Crime Panel and the public.",
        simulated,
        tuple(part for part in parts if part),
    )


def _period(tracker: Source, lines: Mapping[str, Line]) -> str:
    points = next((line.points[-MONTHS:] for line in lines.values()), ())
    if not points:
        return tracker.reference
    last = month_name(points[-1].month)
    return last if len(points) == 1 else f"{month_name(points[0].month)} to {last}"


def _headlines(results: Results) -> Part:
    rows = tuple(
        (each.label, *_told(each.share.figure), *base(each.share.figure), *_pooled(each)) for each in results.headlines
    )
    head = ("Measure", "Share", "95% interval", "n", "Effective n", "Mean of months", "95% interval", "Months")
    month = results.months[-1]
    said = tuple(_said(each) for each in results.headlines)
    return Part("Headline measures", points=said, tables=(Table(f"Measures of {month}", head, rows, (3, 4, 7)),))


def _told(figure: Figure) -> tuple[str, str]:
    return share_of(figure), interval_of(figure)


def _said(measure: Measure) -> str:
    figure = measure.share.figure
    if not figure.shown:
        return f"{measure.label}: {share_of(figure)}."
    n, effective = base(figure)
    return (
        f"{percent(figure.value)} {measure.about} (95% interval {interval_of(figure)}; n {n}, effective {effective})."
    )


def _pooled(measure: Measure) -> tuple[str, str, str]:
    if measure.quarter is None:
        return "", "", ""
    return *_told(measure.quarter.figure), str(measure.quarter_months)


def _changes(measures: tuple[Measure, ...]) -> Part:
    said = [f"{each.label}: {_change(each.change, each.no_change)}" for each in measures]
    return Part(
        "What changed",
        (ALL_TOGETHER,),
        tuple(said),
    )


def _change(change: Change | None, reason: str) -> str:
    if change is None:
        return reason or "there is no earlier month to compare with."
    return (
        f"{change.verdict} since {change.since}: {points(change.difference)} points, 95% interval "
        f"{points(change.low)} to {points(change.high)}; "
        f"a change of {100 * change.detectable:.1f} points could have been seen."
    )


def _districts(results: Results, lines: Mapping[str, Line]) -> Part:
    rows = []
    for each in results.headlines:
        line = lines.get(each.key)
        if line is None:
            continue
        quarter = line.now.quarter
        cells = (_cell(quarter.figure), *(_cell(quarter.of(key)) for key in results.districts))
        rows.append((f"{line.label} ({quarter.months} months)", *cells))
    head = ("Measure", tables.WEST_YORKSHIRE, *results.districts.values())
    table = Table("Headline measures by district, mean of the months", head, tuple(rows))
    return Part("Districts", ("Each share with its 95% interval and the number of answers.",), tables=(table,))


def _cell(figure: Figure) -> str:
    if not figure.shown:
        return share_of(figure)
    n, effective = base(figure)
    return f"{percent(figure.value)} ({interval_of(figure)}; n {n}, effective {effective})"


def _priorities(ranking: Ranking) -> Iterator[Part]:
    chart = Chart(charts.ranking_chart(ranking, simulated=False), charts.about(ranking))
    table = tables.ranking_table(ranking, "Priorities, most chosen first")
    rows = tuple((*row[:-2], *base(place.share.figure)) for row, place in zip(table.rows, ranking.places, strict=True))
    first = [place.share.label for place in contenders(ranking)]
    said = f"Clearly first: {first[0]}." if len(first) == 1 else f"Cannot be separated at the top: {'; '.join(first)}."
    note = f"Share of the {counted(ranking.n)} who chose at least one or none of these. A tier has no clear break."
    yield Part("Priorities", (said,), charts=(chart,), tables=(replace(table, rows=rows, note=note),))


def _in_their_words(source: Source) -> Part:
    rows = tuple(
        (each.share.label, *_told(each.share.figure), *base(each.share.figure))
        for each in source.themes[:MOST_THEMES]
        if each.share.figure.shown
    )
    table = Table(
        f"{source.reference}: what people wrote about",
        ("Theme", "Share", "95% interval", "n", "Effective n"),
        rows,
        (3, 4),
    )
    about = "Themes that people confirmed, as shares of the residents whose comments were coded."
    return Part(f"{OWN_WORDS}: {source.title}", (about,), tables=(table,))


def _who_replied(sources: list[Source]) -> Part:
    listed = [_margin(each, margin) for each in sources for margin in each.results.weighting.margins]
    said = [
        f"{each.title}, {each.reference}: {counted(each.results.counts['received'])} responses, of which "
        f"{counted(each.results.weighting.n)} from residents; after weighting they are worth "
        f"{counted(round(each.results.weighting.effective_n))}."
        for each in sources
    ]
    about = "Equality annex: who replied, beside the Census, and after weighting."
    return Part("Who replied", (about,), tuple(said), tables=tuple(listed))


def _margin(source: Source, margin: Margin) -> Table:
    rows = tuple(_category(each) for each in margin.categories)
    name = margin.name.replace("*", " by ").replace("_", " ")
    return Table(f"{source.reference}: {name}", ("Category", "n", "Replied", "Census", "Weighted"), rows, (1, 2, 3, 4))


def _category(category: Category) -> tuple[str, ...]:
    """Write a line; beside a small count stands no share, since those who did not say are weighted to their count."""
    shares = (category.sample, category.target, category.weighted)
    shown = (percent(share) if category.n >= SMALLEST else "" for share in shares)
    return category.label.replace("*", ", "), counted(category.n), *shown


def _how_results_differ(groups: tuple[Breakdown, ...], names: Mapping[str, str]) -> Part:
    about = (
        "Equality annex: priorities that groups choose differently beyond chance, all comparisons of a variable judged "
        "together (Benjamini and Hochberg)."
    )
    alike = tuple(_alike(group) for group in groups if not group.contrasts)
    listed = tuple(_contrasts(group, names) for group in groups if group.contrasts)
    said = alike if groups else ("There is nothing to compare yet.",)
    return Part("How results differ", (about,), said, tables=listed)


def _alike(group: Breakdown) -> str:
    return f"{group.label}: {group.reason or 'no difference beyond chance was found'}."


def _contrasts(group: Breakdown, names: Mapping[str, str]) -> Table:
    labels = {each.key: each.label for each in group.groups}
    rows = tuple(
        (names.get(contrast.key, contrast.key), labels.get(key, key), *_told(figure), *base(figure))
        for contrast in group.contrasts
        for key, figure in contrast.figures.items()
        if figure.shown
    )
    return Table(group.label, ("Priority", "Group", "Share", "95% interval", "n", "Effective n"), rows, (4, 5))
