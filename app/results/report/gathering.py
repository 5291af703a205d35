"""Finds the stored runs that a report tells of: a month of the tracker, and the newest consultation beside it."""

from __future__ import annotations

from app.accounts import pages
from app.results import figures, parts, services, themes
from app.results.models import AnalysisRun
from app.results.ranked import Breakdown
from app.results.report import contents
from app.results.report.document import Report, Source
from app.surveys import queries
from app.surveys.models import Wave


def report_of(wave: Wave) -> Report | None:
    """Put together the report that ends with a month; none while no run of it has headline measures."""
    run = services.latest(wave.id)
    tracker = _source(wave, run) if run else None
    if run is None or tracker is None or not tracker.results.headlines:
        return None
    consultation: Source | None = None
    groups: tuple[Breakdown, ...] = ()
    beside = _consultation(wave)
    if beside:
        consultation = _source(*beside)
        differences = parts.differences(beside[1], contents.PRIORITIES)
        groups = differences.breakdowns if differences else ()
    return contents.quarterly(tracker, consultation, parts.lines(run), groups, wave.simulated)


def _source(wave: Wave, run: AnalysisRun) -> Source:
    results = figures.from_document(run.results)
    return Source(wave.survey.title, wave.reference, pages.moment(run.cut_off), run.id, results, _confirmed(wave))


def _confirmed(wave: Wave) -> tuple[themes.ThemeFigures, ...]:
    """Find the themes of a wave that people confirmed; what only a machine suggests is not reported."""
    run = themes.latest(wave.id)
    sets = themes.read(run).sets if run else ()
    return next((each.themes for each in sets if each.title == themes.CONFIRMED), ())


def _consultation(wave: Wave) -> tuple[Wave, AnalysisRun] | None:
    """Find the newest run of a survey that ranks priorities, simulated as the month is simulated, and not after it."""
    others = [each for survey in queries.surveys() if not survey.monthly for each in survey.waves]
    for each in sorted(others, key=lambda other: other.opens_at, reverse=True):
        run = services.latest(each.id) if each.simulated == wave.simulated and each.opens_at < wave.closes_at else None
        if run:
            return each, run
    return None
