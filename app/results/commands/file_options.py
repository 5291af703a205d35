"""The options of the commands on files."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., None])
REPLICATES, FEWEST_REPLICATES, MOST_REPLICATES = 200, 50, 10_000
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)


def number_or_none(context: click.Context, parameter: click.Parameter, value: str) -> float | None:
    """Read an option that is a number or `none`."""
    if value.strip().lower() == "none":
        return None
    try:
        number = float(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number nor none") from None
    if not math.isfinite(number):
        raise click.BadParameter(f"{value!r} is not a finite number. Give one, or none.")
    return number


def percentage_or_none(context: click.Context, parameter: click.Parameter, value: str) -> float | None:
    """Read an option that is a percentage or `none`."""
    number = number_or_none(context, parameter, value)
    if number is not None and not 0 <= number <= 100:
        raise click.BadParameter(f"{value!r} is not a percentage. Give a number from 0 to 100, or none.")
    return number


def weighting_options(command: Command) -> Command:
    """Take what all four commands have in common."""
    for option in (
        click.option("--json", "json_file", type=NEW, help="Write the results here."),
        click.option(
            "--unknown-limit",
            default="20",
            show_default=True,
            metavar="PERCENT|none",
            callback=percentage_or_none,
            help="Refuse a margin with more unknowns than this.",
        ),
        click.option(
            "--collapse", is_flag=True, help="Collapse categories with n < 10 into the next one of the targets."
        ),
        click.option(
            "--cap",
            default="none",
            show_default=True,
            metavar="NUMBER|none",
            callback=number_or_none,
            help="Largest weight, x the mean.",
        ),
        click.option("--targets", required=True, type=EXISTING, help="CSV: variable,category,population."),
    ):
        command = option(command)
    return command


def breakdown_options(command: Command) -> Command:
    """Take a breakdown and clusters."""
    command = click.option("--cluster", help="Column of the event that a response came from; blank: none.")(command)
    return click.option("--by", help="Also within each category of this column.")(command)


def replicates_or_none(context: click.Context, parameter: click.Parameter, value: int) -> int:
    """Read how many replicates to draw: none, or enough to tell a spread."""
    if 0 < value < FEWEST_REPLICATES or not 0 <= value <= MOST_REPLICATES:
        raise click.BadParameter(
            f"{value}. Give {FEWEST_REPLICATES} to {MOST_REPLICATES:,}, or 0 for linearised standard errors."
        )
    return value


def estimating_options(command: Command) -> Command:
    """Take what is estimated, and from how many replicates where weights are trimmed."""
    command = click.option(
        "--replicates",
        type=int,
        default=REPLICATES,
        show_default=True,
        callback=replicates_or_none,
        help="Where weights are trimmed: bootstrap replicates for standard errors; 0 linearises.",
    )(command)
    return click.option("--items", required=True, help="p01,p02,confident=confidence:4|5")(command)
