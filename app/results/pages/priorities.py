"""The priorities: what comes first in West Yorkshire and each district, how surely, and who chooses differently."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts.pages import problem
from app.accounts.roles import roles
from app.results.drawing import charts, narrow
from app.results.pages.shown import READERS, Shown, newest_that, of_wave
from app.results.run import parts
from app.results.run.ranked import EVERYWHERE, Breakdown, Ranking
from app.results.telling import priority_tables, sentences, tables
from app.results.telling.local import WEST_YORKSHIRE, in_area
from app.surveys import queries

priorities = Blueprint("priorities", __name__, url_prefix="/staff/results/priorities")


@priorities.get("")
@roles(*READERS)
def newest() -> ResponseReturnValue:
    """Show the priorities of the newest wave that has them."""
    return _page(newest_that(lambda each: each.priorities), EVERYWHERE)


@priorities.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show the priorities of a wave."""
    return _page(of_wave(queries.wave_named(reference)), EVERYWHERE, reference)


@priorities.get("/<reference>/differences")
@roles(*READERS)
def differences(reference: str) -> ResponseReturnValue:
    """Show who chooses what differently."""
    shown = of_wave(queries.wave_named(reference))
    ranking = shown.priorities if shown else None
    if shown is None or ranking is None:
        return _nothing(shown, reference)
    return render_template(
        "results/priorities/differences.html",
        shown=shown,
        ranking=ranking,
        breakdowns=[(each, names(each)) for each in _breakdowns(shown, ranking)],
        simulated=shown.wave.simulated,
        tables=priority_tables,
        sentences=sentences,
        sampling=tables.SAMPLING,
    )


@priorities.get("/<reference>/<area>")
@roles(*READERS)
def area(reference: str, area: str) -> ResponseReturnValue:
    """Show the priorities of a district."""
    return _page(of_wave(queries.wave_named(reference)), area, reference)


def _page(shown: Shown | None, area: str, reference: str = "") -> ResponseReturnValue:
    ranking = shown.priorities if shown else None
    if shown is None or ranking is None:
        return _nothing(shown, reference)
    known = {EVERYWHERE: WEST_YORKSHIRE, **shown.results.districts}
    if area not in known:
        said = ", ".join(known)
        return problem("There is no such district", f"There is no district “{area[:40]}”. Districts: {said}.", 404)
    return render_template("results/priorities/area.html", **_content(shown, ranking, area), areas=known)


def _content(shown: Shown, ranking: Ranking, area: str) -> dict[str, Any]:
    here = ranking.areas.get(area)
    local = in_area(ranking, area) if here and not here.reason else None
    found = _breakdowns(shown, ranking)
    return {
        "shown": shown,
        "ranking": ranking,
        "area": area,
        "here": here,
        "local": local,
        "districts_differ": found[0] if found else None,
        "simulated": shown.wave.simulated,
        "everywhere": EVERYWHERE,
        "chart": charts.ranking_chart,
        "narrow": narrow.ranking_chart,
        "names_of": names,
        "tables": priority_tables,
        "sentences": sentences,
        "sampling": tables.SAMPLING,
    }


def _breakdowns(shown: Shown, ranking: Ranking) -> tuple[Breakdown, ...]:
    found = parts.differences(shown.run, ranking.key)
    return found.breakdowns if found else ()


def names(breakdown: Breakdown) -> dict[str, str]:
    """Name the groups of a breakdown; languages are stored by their code."""
    spoken = i18n.languages() if breakdown.key == "language" else {}
    return {each.key: spoken[each.key].english if each.key in spoken else each.label for each in breakdown.groups}


def _nothing(shown: Shown | None, reference: str) -> ResponseReturnValue:
    return render_template("results/priorities/none.html", shown=shown, reference=reference)
