"""Puts the demonstration on: prepares, simulates and weighs with progress in view, and prints what there is to see."""

from __future__ import annotations

from contextlib import suppress

import click
from flask import current_app
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.accounts.models import ROLES
from app.comments import reading
from app.comments.progress import Bars
from app.demo import coding, publishing, services, staff
from app.demo.waves import CONSULTATION, TRACKER
from app.results import services as results
from app.results import themes
from app.results.commands import printing
from app.results.errors import CannotWeigh, NotEnough
from app.results.models import AnalysisRun
from app.surveys.models import Wave


def play(responses: int | None, months: int, seed: int) -> None:
    """Set everything up and print it."""
    services.migrate()
    opened = services.open_surveys()
    password = staff.accounts()
    simulate(responses, months, seed)
    newest = analyse()
    publishing.publish()
    read_comments(seed)
    show(newest)
    show_addresses(opened, password)


def bars() -> Progress:
    """Draw progress on standard error, so that a file of the output holds the results alone."""
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def simulate(responses: int | None, months: int, seed: int) -> None:
    """Fill the waves that are still empty."""
    waves = services.waves_to_fill(months)
    if not waves:
        click.echo("The simulated waves are there already.\n")
        return
    with bars() as progress:
        total = sum(services.size_of(past, responses) for past in waves)
        task = progress.add_task("Simulated residents answer", total=total)
        for past in waves:
            services.fill(past, responses, seed, lambda: progress.advance(task))


def analyse() -> dict[str, AnalysisRun]:
    """Run the results of every simulated wave, and name the newest run of each survey."""
    newest = {}
    with bars() as progress:
        waves = {slug: services.simulated_waves(slug) for slug in (CONSULTATION, TRACKER)}
        task = progress.add_task("Responses are weighted", total=sum(map(len, waves.values())))
        for slug, past in waves.items():
            for wave in past:
                newest[slug] = results.run(wave)
                progress.advance(task)
    return newest


def read_comments(seed: int) -> None:
    """Read what people wrote in the consultation and in the last two months, code some, and count the themes."""
    waves = [*services.simulated_waves(CONSULTATION)[-1:], *services.simulated_waves(TRACKER)[-2:]]
    for wave in waves:
        with Bars() as progress, suppress(NotEnough, CannotWeigh):
            reading.read_wave(wave, progress.count)
            coding.code(wave, seed)
            themes.run(wave)


def show(newest: dict[str, AnalysisRun]) -> None:
    """Print the priorities, the confidence measures of the last month, and the plan's figures beside ours."""
    printing.print_priorities(newest[CONSULTATION])
    printing.print_measures(newest[TRACKER])
    printing.print_plan(results.comparisons())


def show_addresses(opened: list[Wave], password: str) -> None:
    """Print where to look and how to sign in."""
    home = current_app.config["PRODUCT_URL"]
    click.echo("Open for real answers, and empty until somebody gives one:")
    for wave in opened:
        for language in ("en", "ur"):
            click.echo(f"  {home}/{language}/{wave.survey.slug}")
    click.echo(f"Published, from the simulated waves: {home}/en/results")
    click.echo(f"Staff: {home}/staff")
    click.echo(f"  password of every account below: {password}")
    for address, about in zip(staff.addresses(), ROLES.values(), strict=True):
        click.echo(f"  {address:<26} {about}")
