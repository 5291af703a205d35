"""The command line of results: print a wave's run, write its weighted responses, compare with the Plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from app.results import services
from app.results.commands import exports, printing
from app.results.errors import ResultsError
from app.results.export import services as export_services
from app.results.models import AnalysisRun
from app.results.telling import tables
from app.surveys import queries
from app.surveys.errors import UnknownWave

if TYPE_CHECKING:
    from app.surveys.models import Wave

FILE = click.Path(path_type=Path, dir_okay=False)


class NotKnown(click.ClickException):
    """Something was asked for by a name that nothing has."""

    exit_code = 2


@click.command("results")
@click.argument("wave", required=False)
@click.option("--csv", "csv_file", type=FILE, help="Write the weighted responses.")
@click.option("--json", "json_file", type=FILE, help="Write the run as JSON.")
@click.option("--counts", "counts_file", type=FILE, help="Let an engine count what weights and shares need; write it.")
@click.option("--extract", "extract", is_flag=True, help="Leave a Parquet extract of WAVE, and say where.")
@click.option("--themes", "theme_figures", is_flag=True, help="What people wrote about, with intervals.")
@click.option("--without-flagged", is_flag=True, help="As if flagged responses were not there; nothing is stored.")
@click.option("--tidy", is_flag=True, help="Erase every extract that is no longer what the database holds.")
@click.option("--plan", is_flag=True, help="Show the Plan's figures beside those of the simulated waves.")
@with_appcontext
def results_command(
    wave: str | None,
    csv_file: Path | None,
    json_file: Path | None,
    counts_file: Path | None,
    extract: bool,
    theme_figures: bool,
    without_flagged: bool,
    tidy: bool,
    plan: bool,
) -> None:
    """Print the results of WAVE: weights, rankings, confidence measures and every answer, with intervals.

    A run is made where there is none or where responses have changed, and is stored.
    """
    if plan or tidy:
        print_plan() if plan else print_tidied()
        return
    if extract or counts_file:
        copy_out(wave, counts_file, extract)
        return
    if theme_figures:
        print_themes(wave)
        return
    if without_flagged:
        print_without_flagged(wave)
        return
    run = current_run(wave)
    printing.print_run(run)
    try:
        if csv_file:
            done = export_services.export(run, named(wave), export_services.Order("csv"), csv_file)
            click.echo(f"{csv_file}: {done.rows:,} responses, weighted where they are residents'.")
        if json_file:
            exports.write_json(run, json_file)
            click.echo(f"{json_file}: run {run.id}.")
    except ResultsError as error:
        raise click.ClickException(str(error)) from error


def print_without_flagged(reference: str | None) -> None:
    """Print what the results would be without flagged responses; the stored run stays as it is."""
    try:
        printing.print_run(services.without_flagged(named(reference)))
    except ResultsError as error:
        raise click.ClickException(str(error)) from error


def current_run(reference: str | None) -> AnalysisRun:
    """Find a wave and bring its run up to date; what stands in the way becomes a message."""
    try:
        return services.run(named(reference))
    except ResultsError as error:
        raise click.ClickException(str(error)) from error


def named(reference: str | None) -> Wave:
    """Find a wave; where there is none of the name, those that there are become the message."""
    try:
        return queries.wave_named(reference or "")
    except UnknownWave as error:
        message = str(error) if reference else f"Name a wave. {str(error).partition('. ')[2]}"
        raise NotKnown(message) from error


def copy_out(reference: str | None, counts_file: Path | None, extract: bool) -> None:
    """Leave a wave's extract, or write the counts that an engine made over it or over the database."""
    from app.results.commands import exports

    wave = named(reference)
    try:
        if extract:
            click.echo(f"{exports.leave_extract(wave)}: {reference}, with everything that figures are made of.")
        if counts_file:
            cells, engine = exports.write_counts(wave, counts_file)
            click.echo(f"{counts_file}: {cells:,} groups of like residents, counted by {engine}.")
    except ResultsError as error:
        raise click.ClickException(str(error)) from error


def print_themes(reference: str | None) -> None:
    """Bring the theme figures of a wave up to date and print them."""
    from app.results import themes
    from app.results.telling import theme_tables

    wave = named(reference)
    try:
        found = themes.read(themes.run(wave))
    except ResultsError as error:
        raise click.ClickException(str(error)) from error
    for each in (one for one in found.sets if one.themes):
        printing.show(theme_tables.themes_table(each, found), tables.SIMULATED if wave.simulated else "")
    click.echo("\n".join([*found.notes, theme_tables.ILLUSTRATIVE]))


def print_tidied() -> None:
    """Erase stale extracts and say which."""
    from app.results.reading import extract

    erased = extract.tidy()
    for path in erased:
        click.echo(f"{path}: erased.")
    if not erased:
        click.echo("Every extract is what the database holds now.")


def print_plan() -> None:
    """Print the Plan's figures beside ours, or say that there is nothing to compare."""
    comparisons = services.comparisons()
    if not comparisons:
        raise click.ClickException("No simulated wave has results yet. Make them with: flask demo")
    printing.print_plan(comparisons)
