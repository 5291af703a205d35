"""The command of comments: ``flask comments WAVE`` reads what people wrote and suggests themes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.comments import reading
from app.comments.errors import CommentsError
from app.comments.reading import Summary
from app.surveys import queries
from app.surveys.errors import UnknownWave


class NotKnown(click.ClickException):
    """Something was asked for by a name that nothing has."""

    exit_code = 2


@click.command("comments")
@click.argument("wave")
@with_appcontext
def comments_command(wave: str) -> None:
    """Read what people wrote in WAVE: language, personal data, sentiment, possible disclosures, themes.

    Only comments that are new or that changed are read. Prints counts, never words.
    """
    from app.analysis.errors import AnalysisError
    from app.comments.progress import Bars

    try:
        with Bars() as bars:
            done = reading.read_wave(queries.wave_named(wave), bars.count)
    except UnknownWave as error:
        raise NotKnown(str(error)) from error
    except (CommentsError, AnalysisError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(told(wave, done))


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
