"""Prints stored runs: tables with lines on a terminal, plain columns where the output goes into a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from app.analysis.disclosure.rounding import told
from app.results.models import AnalysisRun
from app.results.plan import Comparison
from app.results.run import figures
from app.results.run.figures import Results
from app.results.telling import tables
from app.results.telling.tables import Table

GAP = "  "


def print_run(run: AnalysisRun) -> None:
    """Print everything that a run holds."""
    results = figures.from_document(run.results)
    print_head(run, results)
    show(tables.weighting_table(results.weighting))
    for warning in results.weighting.warnings:
        click.echo(f"- {warning}")
    click.echo()
    if results.headlines:
        print_measures(run)
        show(districts_of(results, "Confidence measures by district"))
        if any(each.rolling for each in results.headlines):
            show(tables.rolling_table(results, results.headlines))
    for ranking in results.rankings:
        show(tables.ranking_table(ranking))
        shares = (place.share for place in ranking.places)
        show(tables.districts_table(f"{ranking.label} By district", shares, results.districts))
    for distribution in results.distributions:
        show(tables.distribution_table(distribution))
    if results.means:
        show(tables.means_table(results.means))
    for label, count in results.words.items():
        click.echo(f"{label} {told(count)} wrote something.")
    print_foot(run)


def districts_of(results: Results, caption: str) -> Table:
    """Lay out the headline measures by district."""
    return tables.districts_table(caption, (each.share for each in results.headlines), results.districts)


def print_head(run: AnalysisRun, results: Results) -> None:
    """Print what a run is of: wave, cut-off, scheme, and whether the wave is simulated."""
    click.echo(f"{run.inputs['wave']}: {tables.counts_of(results)}")
    name = f"run {run.id}" if run.id else "not stored"
    click.echo(f"Responses until {run.cut_off:%Y-%m-%d %H:%M} UTC; {name}, made {run.made_at:%Y-%m-%d %H:%M} UTC")
    if run.inputs["simulated"]:
        click.echo(tables.SIMULATED)
    for note in results.notes:
        click.echo(note)
    click.echo()


def print_foot(run: AnalysisRun) -> None:
    """Print what intervals cover, and again whether the wave is simulated."""
    click.echo(tables.SAMPLING)
    if run.inputs["simulated"]:
        click.echo(tables.SIMULATED)


def print_priorities(run: AnalysisRun, question: str = "priorities") -> None:
    """Print one ranking of a run, the priorities unless another question is named."""
    results = figures.from_document(run.results)
    ranking = results.ranking(question)
    if ranking is None:
        known = ", ".join(each.key for each in results.rankings) or "none"
        raise click.ClickException(f"{run.inputs['wave']} ranks no question {question!r}. It ranks: {known}.")
    show(tables.ranking_table(ranking), _mark(run))


def print_measures(run: AnalysisRun) -> None:
    """Print the headline confidence measures of a run and their change on the wave before, which the run holds."""
    results = figures.from_document(run.results)
    since = next((each.change.since for each in results.headlines if each.change), "")
    compared = f" compared with {since}" if since else ""
    show(tables.measures_table(results.headlines, f"Confidence measures, {run.inputs['wave']}{compared}"), _mark(run))


def print_plan(comparisons: Iterable[Comparison]) -> None:
    """Print the Plan's figures beside those of the simulated waves."""
    show(tables.plan_table(comparisons), tables.SIMULATED)


def _mark(run: AnalysisRun) -> str:
    return tables.SIMULATED if run.inputs["simulated"] else ""


def show(table: Table, mark: str = "") -> None:
    """Print a table, with a mark above it."""
    if sys.stdout.isatty():
        _drawn(table, mark)
    else:
        click.echo("\n".join(line for line in (table.caption, mark, *plain(table), table.note) if line) + "\n")


def _drawn(table: Table, mark: str) -> None:
    from rich.console import Console
    from rich.table import Table as Drawn

    drawn = Drawn(title=table.caption, caption=table.note or None, title_justify="left", caption_justify="left")
    for position, text in enumerate(table.head):
        drawn.add_column(text, justify="right" if position in table.numeric else "left")
    for row in table.rows:
        drawn.add_row(*row)
    console = Console(markup=False, highlight=False)
    if mark:
        console.print(mark, style="bold")
    console.print(drawn)


def plain(table: Table) -> list[str]:
    """Lay a table out in aligned columns without lines."""
    rows = [table.head, *table.rows]
    widths = [max(len(row[i]) if i < len(row) else 0 for row in rows) for i in range(len(table.head))]
    return [
        GAP.join(
            cell.rjust(width) if position in table.numeric else cell.ljust(width)
            for position, (cell, width) in enumerate(zip(row, widths, strict=False))
        ).rstrip()
        for row in rows
    ]
