"""The command of the demonstration: ``flask demo``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

SEED = 1
"""The shipped people: docs/demo.md says how they were chosen, and what other seeds give."""


@click.command("demo")
@click.option("--responses", type=click.IntRange(200), help="Responses a wave; otherwise 5,000 and 600 a month.")
@click.option("--months", type=click.IntRange(1, 12), default=12, show_default=True, help="Past months of Your Views.")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Who the simulated people are.")
@with_appcontext
def demo_command(responses: int | None, months: int, seed: int) -> None:
    """Set everything up to look at: both surveys open, and past waves filled with simulated residents.

    What is there already is used again. Not for a database that serves the public.
    """
    from app.demo import staging  # simulating and weighing need scipy, which no resident's page should wait for
    from app.results.errors import ResultsError
    from app.surveys.errors import SurveyError

    try:
        staging.play(responses, months, seed)
    except (SurveyError, ResultsError) as error:
        raise click.ClickException(str(error)) from error
