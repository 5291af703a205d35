"""Use cases of asking: import a questionnaire, open, schedule and close its waves. Each commits once."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock, i18n
from app.accounts import audit
from app.database import begin_writing, db
from app.surveys import calendar, source
from app.surveys.completeness import incomplete, texts_beside, translated
from app.surveys.errors import CannotImport, CannotOpen
from app.surveys.models import Survey, Wave

CONSULTATION = timedelta(weeks=12)
UNTIL_FROZEN = timedelta(days=14)
GRACE = timedelta(hours=2)
YEARS = range(2020, 2101)
PERIOD = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}")


def import_definition(path: Path) -> Survey:
    """Keep a questionnaire file as its survey's definition, for the waves that open from now on.

    Translations may lie beside it as ``NAME.LANGUAGE.po``. Raises DefinitionFaults for a file with faults, and
    CannotImport where an open survey would become incomplete in one of its languages.
    """
    document = source.load(path)
    survey = db.session.scalar(select(Survey).where(Survey.slug == document["survey"]))
    _refuse_taken_reference(document, survey)
    beside = texts_beside(path, document)
    if survey and _is_asking(survey):
        missing = incomplete(document, beside)
        if missing:
            raise CannotImport(
                "\n".join([f"{survey.slug} is open, and the new questionnaire is incomplete.", *missing])
            )
    if survey is None:
        survey = Survey(slug=document["survey"], reference=document["reference"])
        db.session.add(survey)
    survey.document, survey.texts, survey.imported_at = document, beside, clock.now()
    survey.title, survey.monthly = document["title"], document["asked"] == "monthly"
    audit.record("survey.import", survey.slug)
    db.session.commit()
    return survey


def _refuse_taken_reference(document: dict[str, Any], survey: Survey | None) -> None:
    owner = db.session.scalar(select(Survey).where(Survey.reference == document["reference"]))
    if owner is not None and owner is not survey:
        raise CannotImport(f"Reference {document['reference']} belongs to {owner.slug}: choose another.")
    if survey and survey.waves and survey.reference != document["reference"]:
        raise CannotImport(f"{survey.slug} has waves called {survey.reference}-...: keep this reference.")


def _is_asking(survey: Survey) -> bool:
    now = clock.now()
    return asks_monthly(survey, now) or any(not w.simulated and w.state(now) != "closed" for w in survey.waves)


def asks_monthly(survey: Survey, now: datetime) -> bool:
    """Say whether the survey asks every month, and does so now."""
    return bool(
        survey.monthly_from
        and survey.monthly_from <= now
        and (survey.monthly_until is None or now < survey.monthly_until)
    )


def open_monthly(survey: Survey, reason: str = "") -> Wave:
    """Begin to ask every month: which wave is open follows from the date from now on."""
    refuse_incomplete(survey)
    now = clock.now()
    if not asks_monthly(survey, now):
        survey.monthly_from, survey.monthly_until = now, None
    wave = _wave_of(survey, calendar.month_of(now))
    closes = calendar.bounds(calendar.month_of(now))[1]
    if wave is None:
        wave = _monthly_wave(survey, now)
    elif wave.simulated:
        raise CannotOpen([f"{wave.reference} is a simulated wave; a wave is simulated or real, never both."])
    else:
        _set_end(wave, closes)
    audit.record("wave.open", wave.reference, reason)
    db.session.commit()
    return wave


def open_wave(
    survey: Survey,
    period: str | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    freezes_at: datetime | None = None,
    simulated: bool = False,
    reason: str = "",
) -> Wave:
    """Open a wave, now or (scheduled) later. Raises CannotOpen with every reason against it."""
    refuse_incomplete(survey)
    now = clock.now()
    opens_at = opens_at or now
    closes_at = closes_at or opens_at + CONSULTATION
    period = period or _free_period(survey, opens_at)
    wave = _new_wave(survey, period, opens_at, simulated)
    _set_end(wave, closes_at, freezes_at)
    _refuse_impossible(survey, wave)
    db.session.add(wave)
    if opens_at <= now:
        freeze(wave, survey)
    audit.record("wave.open" if opens_at <= now else "wave.schedule", wave.reference, reason)
    db.session.commit()
    return wave


def close_wave(wave: Wave, reason: str = "") -> None:
    """Stop asking at once; drafts of the wave can no longer be sent."""
    _close(wave, reason)
    db.session.commit()


def _close(wave: Wave, reason: str) -> None:
    now = clock.now()
    wave.opens_at = min(wave.opens_at, now)
    wave.closes_at = wave.drafts_until = now
    wave.freezes_at = max(now, min(wave.freezes_at, now + UNTIL_FROZEN))
    audit.record("wave.close", wave.reference, reason)


def close_survey(survey: Survey, reason: str = "") -> list[Wave]:
    """Close the open and the scheduled waves of a survey, and ask no more months."""
    now = clock.now()
    if asks_monthly(survey, now):
        survey.monthly_until = now
    closed = [wave for wave in survey.waves if not wave.simulated and wave.state(now) != "closed"]
    for wave in closed:
        _close(wave, reason)
    db.session.commit()
    return closed


def wave_open_now(survey: Survey) -> Wave | None:
    """Find the real wave that takes answers now; the first visitor of a month brings its wave into being."""
    return wave_open_at(survey, clock.now())


def wave_open_at(survey: Survey, moment: datetime) -> Wave | None:
    """Find the real wave that took answers at a moment that is not in the future; it comes into being where it must."""
    open_then = (
        select(Wave)
        .where(Wave.survey_id == survey.id, Wave.simulated.is_(False))
        .where(Wave.opens_at <= moment, Wave.closes_at > moment)
    )
    wave = db.session.scalar(open_then)
    if wave is not None and wave.digest:
        return wave
    if wave is None and not asks_monthly(survey, moment):
        return None
    survey_id = survey.id
    begin_writing()
    return _begin_wave(survey_id, moment)


def wave_expected_at(survey: Survey, moment: datetime) -> Wave | None:
    """Foresee the real wave that will take answers at a moment, frozen as it would be today; it is not stored."""
    found = next((w for w in survey.waves if not w.simulated and w.state(moment) == "open"), None)
    if found is not None and found.digest:
        return found
    if found is not None:
        wave = _new_wave(survey, found.period, found.opens_at)
        _set_end(wave, found.closes_at, found.freezes_at)
        freeze(wave, survey)
        return wave
    taken = _wave_of(survey, calendar.month_of(moment)) is not None
    return _monthly_wave(survey, moment, keep=False) if asks_monthly(survey, moment) and not taken else None


def _begin_wave(survey_id: int, now: datetime) -> Wave | None:
    """Freeze the wave that has just come due; of several visitors at once, one does and the others find it done."""
    survey = db.session.get_one(Survey, survey_id)
    wave = next((w for w in survey.waves if not w.simulated and w.state(now) == "open"), None)
    try:
        if wave is None:
            if _wave_of(survey, calendar.month_of(now)) is not None:
                return None
            wave = _monthly_wave(survey, now)
        elif not wave.digest:
            freeze(wave, survey)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        wave = _wave_of(db.session.get_one(Survey, survey_id), calendar.month_of(now))
    return wave


def _monthly_wave(survey: Survey, now: datetime, keep: bool = True) -> Wave:
    month = calendar.month_of(now)
    opens, closes = calendar.bounds(month)
    begun = survey.monthly_from or now
    wave = _new_wave(survey, month, max(opens, begun))
    _set_end(wave, closes)
    freeze(wave, survey)
    if keep:
        db.session.add(wave)
    return wave


def _new_wave(survey: Survey, period: str, opens_at: datetime, simulated: bool = False) -> Wave:
    reference = f"{survey.reference}-{period}"
    return Wave(survey_id=survey.id, period=period, reference=reference, opens_at=opens_at, simulated=simulated)


def freeze(wave: Wave, survey: Survey) -> None:
    """Write the survey's definition into the wave: this month's questions, and the texts of every complete language."""
    document = of_month(survey.document, wave.period)
    found = {}
    for language in survey.document["languages"]:
        own, missing = ({}, []) if language == i18n.SOURCE else translated(document, survey.texts, language)
        if not missing:
            found[language] = own
    document["languages"] = list(found)
    wave.document, wave.texts, wave.frozen_at = document, found, clock.now()
    content = json.dumps([document, found], sort_keys=True, ensure_ascii=False)
    wave.digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def of_month(document: dict[str, Any], period: str) -> dict[str, Any]:
    """Resolve the rotating topics of a monthly document; any other document stays as it is."""
    if document["asked"] != "monthly" or not calendar.MONTH.fullmatch(period):
        return dict(document)
    month = calendar.number_of(period)
    sections = [
        {**section, "questions": [q for q in section["questions"] if month in q.get("months", [month])]}
        for section in document["sections"]
    ]
    return {**document, "sections": [section for section in sections if section["questions"]]}


def refuse_incomplete(survey: Survey) -> None:
    """Raise CannotOpen with what each language lacks."""
    missing = incomplete(survey.document, survey.texts)
    if missing:
        raise CannotOpen(missing)


def _refuse_impossible(survey: Survey, wave: Wave) -> None:
    reasons = []
    if not PERIOD.fullmatch(wave.period):
        reasons.append(f"{wave.period!r} is no name of a wave: use letters, digits and hyphens, at most 20, as 2026.")
    if wave.closes_at <= wave.opens_at:
        reasons.append(f"It would close ({wave.closes_at:%Y-%m-%d %H:%M}) before it opens: choose a later close.")
    if wave.freezes_at < wave.closes_at:
        reasons.append("Its freeze date lies before its close: choose a later one.")
    for other in survey.waves:
        if other.period == wave.period:
            kind = "simulated" if other.simulated else "real"
            reasons.append(f"{other.reference} exists already and is {kind}: choose another period.")
        elif not wave.simulated and not other.simulated:
            if wave.opens_at < other.closes_at and other.opens_at < wave.closes_at:
                reasons.append(f"{other.reference} asks at the same time: close it first or choose other dates.")
    if survey.monthly and not wave.simulated:
        reasons.append(f"{survey.slug} asks monthly: its waves follow from the date.")
    if reasons:
        raise CannotOpen(reasons)


def _set_end(wave: Wave, closes_at: datetime, freezes_at: datetime | None = None) -> None:
    wave.closes_at, wave.drafts_until = closes_at, closes_at + GRACE
    wave.freezes_at = freezes_at or closes_at + UNTIL_FROZEN


def _wave_of(survey: Survey, period: str) -> Wave | None:
    return db.session.scalar(select(Wave).where(Wave.survey_id == survey.id, Wave.period == period))


def _free_period(survey: Survey, opens_at: datetime) -> str:
    taken = {wave.period for wave in survey.waves}
    year = str(clock.london(opens_at).year)
    return next(name for name in (year, *(f"{year}-{n}" for n in range(2, 999))) if name not in taken)
