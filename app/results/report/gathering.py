"""Finds the stored runs that a report tells of: a month of the tracker, and the newest consultation beside it."""

from __future__ import annotations

from app.accounts import pages
from app.fieldwork.paper import quality
from app.results import themes
from app.results.pages.shown import Shown, of_wave
from app.results.report import contents
from app.results.report.document import Report, Source
from app.results.run import parts
from app.surveys import queries
from app.surveys.models import Wave


def report_of(wave: Wave) -> Report | None:
    """Put together the report that ends with a month; none while no run of it has headline measures."""
    tracker = of_wave(wave)
    if tracker is None or not tracker.results.headlines:
        return None
    beside = _consultation(wave)
    differences = parts.differences(beside.run, contents.PRIORITIES) if beside else None
    return contents.quarterly(
        _source(tracker),
        _source(beside) if beside else None,
        parts.lines(tracker.run),
        differences.breakdowns if differences else (),
        wave.simulated,
    )


def _source(shown: Shown) -> Source:
    wave, run, results = shown
    rate = quality.error_rate(wave.id)
    keying = rate.sentence if rate.fields else ""
    cut_off = pages.moment(run.cut_off)
    return Source(wave.survey.title, wave.reference, cut_off, run.id, results, _confirmed(wave), keying)


def _confirmed(wave: Wave) -> tuple[themes.ThemeFigures, ...]:
    """Find the themes of a wave that people confirmed; what only a machine suggests is not reported."""
    run = themes.latest(wave.id)
    sets = themes.read(run).sets if run else ()
    return next((each.themes for each in sets if each.title == themes.CONFIRMED), ())


def _consultation(wave: Wave) -> Shown | None:
    """Find the newest consultation that has a run, simulated as the month is simulated, and not after it."""
    others = [each for survey in queries.surveys() if not survey.monthly for each in survey.waves]
    alike = [each for each in others if each.simulated == wave.simulated and each.opens_at < wave.closes_at]
    newest_first = sorted(alike, key=lambda other: other.opens_at, reverse=True)
    return next((found for each in newest_first if (found := of_wave(each))), None)
