"""Use cases of the demonstration: open both surveys for real answers, fill past waves with simulated ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_migrate import upgrade

from app import clock
from app.demo.model import opinions
from app.demo.waves import CONSULTATION, FILES, TRACKER, PastWave, past_waves, simulated
from app.surveys import queries, source
from app.surveys import services as surveys
from app.surveys.models import Survey, Wave
from app.surveys.responding import store_simulated

Advance = Callable[[], None]


def migrate() -> None:
    """Bring the database to its newest form."""
    upgrade()


def open_surveys() -> list[Wave]:
    """Keep both questionnaires, and open both surveys for real answers where they are not."""
    return [_opened(_kept(slug)) for slug in (CONSULTATION, TRACKER)]


def _kept(slug: str) -> Survey:
    file = FILES / f"{slug}.yaml"
    known = next((survey for survey in queries.surveys() if survey.slug == slug), None)
    if known and known.document == source.load(file):
        return known
    return surveys.import_definition(file)


def _opened(survey: Survey) -> Wave:
    open_now = surveys.wave_open_now(survey)
    if open_now:
        return open_now
    return surveys.open_monthly(survey) if survey.monthly else surveys.open_wave(survey)


def waves_to_fill(months: int) -> list[PastWave]:
    """List the past waves that have no answers yet; one that asked real people is left alone."""
    return [past for past in past_waves(clock.now(), months) if _is_to_fill(past)]


def _is_to_fill(past: PastWave) -> bool:
    wave = _wave(past)
    return wave is None or (wave.simulated and not queries.response_state(wave.id)["stored"])


def _wave(past: PastWave) -> Wave | None:
    survey = queries.survey_named(past.survey)
    return next((wave for wave in survey.waves if wave.period == past.period), None)


def size_of(past: PastWave, responses: int | None) -> int:
    """Say how many people answer a wave."""
    return responses or opinions(past.survey).responses


def fill(past: PastWave, responses: int | None, seed: int, advance: Advance = lambda: None) -> Wave:
    """Open a wave in the past as a simulated one and store its answers; each goes through the gate."""
    wave = _wave(past) or opened_in_the_past(past)
    answers = simulated(queries.definition_of(wave), past, size_of(past, responses), seed)
    store_simulated(wave, _counted(answers, advance))
    return wave


def opened_in_the_past(past: PastWave) -> Wave:
    """Open a simulated wave that asked in the past, closed and frozen by now."""
    survey = queries.survey_named(past.survey)
    return surveys.open_wave(survey, past.period, past.opens_at, past.closes_at, past.closes_at, simulated=True)


def _counted(answers: Iterable[dict[str, Any]], advance: Advance) -> Iterator[dict[str, Any]]:
    for each in answers:
        yield each
        advance()


def simulated_waves(slug: str) -> list[Wave]:
    """List the simulated waves of a survey, oldest first."""
    return [wave for wave in queries.survey_named(slug).waves if wave.simulated]
