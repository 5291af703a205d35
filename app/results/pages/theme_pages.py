"""The staff's page of theme figures: it shows a stored run and computes nothing."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.results import themes
from app.results.errors import ResultsError
from app.results.pages.shown import MAKERS, READERS
from app.results.telling import tables, theme_tables
from app.results.views import results
from app.surveys import queries


@results.get("/<reference>/themes")
@roles(*READERS)
def wave_themes(reference: str) -> ResponseReturnValue:
    """Show what people wrote about, as the newest theme run has it."""
    return _page(reference)


@results.post("/<reference>/themes")
@roles(*MAKERS)
def make_themes(reference: str) -> ResponseReturnValue:
    """Bring the theme figures of a wave up to date."""
    try:
        run = themes.run(queries.wave_named(reference))
    except ResultsError as error:
        return _page(reference, [{"text": str(error), "anchor": ""}]), 422
    return pages.done(f"Theme run {run.id} is up to date.", url_for(".wave_themes", reference=reference))


def _page(reference: str, errors: list[dict[str, str]] | None = None) -> str:
    wave = queries.wave_named(reference)
    run = themes.latest(wave.id)
    return render_template(
        "results/themes.html",
        wave=wave,
        run=run,
        found=themes.read(run) if run else None,
        errors=errors or [],
        overtaken=run is not None and themes.overtaken(run),
        simulated=wave.simulated,
        may_make=current_user.has_any(MAKERS),
        tables=theme_tables,
        sampling=tables.SAMPLING,
    )
