"""Drafts a release, and lets a second person approve it; each commits once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.clock import london
from app.database import db
from app.results import services as runs
from app.results.models import AnalysisRun
from app.results.release import queries
from app.results.release.document import (
    EVERYWHERE,
    OVER_MONTHS,
    PROTECTED,
    ROLLING,
    Change,
    Published,
    Table,
    slug,
    to_document,
)
from app.results.release.errors import CannotRelease
from app.results.release.labels import Labels, labels_of
from app.results.release.models import LONGEST_REASON, Release, ReleaseDraft
from app.results.run import figures
from app.results.run.figures import Measure, Results
from app.surveys.queries import response_state

if TYPE_CHECKING:
    from app.surveys.models import Wave

ONE_DRAFT = "There is a draft of {wave} already, by {who}. Approve it or discard it first."
STILL_OPEN = (
    "{wave} still takes answers or changes until {day}. Release it after that, so that it counts everybody once."
)
NO_RUN = "There is no run of {wave} to release. Make one on its page of results first."
OVERTAKEN = (
    "Responses of {wave} have come, changed or been withdrawn since run {run}. Make a new run, then draft again."
)
WHAT_AND_WHY = "Say what is corrected and why: {wave} is released already, and readers are told the reason."
OUT_ALREADY = "{reference} is out already: look at the list of releases."
RELEASED_SINCE = (
    "{reference} came out since this was drafted, and means over months join the two. "
    "Discard this draft, and draft it again."
)
TWO_PEOPLE = "You drafted this release, so somebody else must approve it."


def draft(wave: Wave, reason: str, who: User) -> ReleaseDraft:
    """Lay out what a release of a wave's newest run would say, for a second person to approve. Raises CannotRelease."""
    from app.results.release.preparing import prepare

    run, earlier = _releasable(wave), queries.newest_of(wave.id)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if earlier and not reason:
        raise CannotRelease(WHAT_AND_WHY.format(wave=earlier.reference))
    results, labels = figures.from_document(run.results), labels_of(wave)
    before = [{**each.evidence, "reference": each.reference} for each in queries.editions(wave.id)]
    out = () if earlier else told_by_means(wave)
    prepared = prepare(results, labels, veiled(wave, results), before, differing(earlier, run), out)
    published = _published(wave, run, results, labels, earlier, reason if earlier else "")
    published = replace(published, tables=tuple(_with_change(each, results) for each in prepared.tables))
    made = ReleaseDraft(
        wave_id=wave.id,
        run_id=run.id,
        document=to_document(published),
        evidence={**prepared.evidence, "after": queries.newest_number()},
        drafted_by_id=who.id,
        drafted_by=who.email,
        drafted_at=clock.now(),
    )
    db.session.add(made)
    audit.record("release.draft", published.reference, reason)
    _commit(ONE_DRAFT.format(wave=wave.reference, who="somebody else"))
    return made


def _commit(overtaken_by: str) -> None:
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise CannotRelease(overtaken_by) from error


def _releasable(wave: Wave) -> AnalysisRun:
    waiting = queries.draft_of(wave.id)
    if waiting:
        raise CannotRelease(ONE_DRAFT.format(wave=wave.reference, who=waiting.drafted_by))
    if clock.now() < wave.freezes_at:
        raise CannotRelease(STILL_OPEN.format(wave=wave.reference, day=_day(wave.freezes_at)))
    run = runs.latest(wave.id)
    if run is None:
        raise CannotRelease(NO_RUN.format(wave=wave.reference))
    _refuse_overtaken(run, wave)
    return run


def _refuse_overtaken(run: AnalysisRun, wave: Wave) -> None:
    if run.inputs["responses"] != response_state(wave.id):
        raise CannotRelease(OVERTAKEN.format(wave=wave.reference, run=run.id))


def differing(earlier: Release | None, run: AnalysisRun) -> int:
    """Count the responses that came, changed or went between the run that is out and another."""
    if earlier is None:
        return 0
    before, now = earlier.run.inputs["responses"], run.inputs["responses"]
    return sum(abs(now[key] - before[key]) for key in ("stored", "revisions", "withdrawn"))


def veiled(wave: Wave, results: Results) -> dict[str, set[str]]:
    """Name the areas in which an earlier month of each headline measure is hidden in its release, or would be."""
    found: dict[str, set[str]] = {measure.key: set() for measure in results.headlines}
    for before in runs.waves_before(wave):
        if before.reference not in results.months:
            continue
        release, run = queries.newest_of(before.id), runs.latest(before.id)
        if release:
            _note_hidden(queries.published(release), found)
        elif run:
            _note_what_would_be_hidden(figures.from_document(run.results), found)
    return found


def _note_hidden(published: Published, found: dict[str, set[str]]) -> None:
    for key, areas in found.items():
        known = published.find(slug(key))
        areas.update(area for area, each in (known[1].areas if known else {}).items() if each.withheld == PROTECTED)


def _note_what_would_be_hidden(results: Results, found: dict[str, set[str]]) -> None:
    from app.results.release.preparing import would_hide

    for name in would_hide(results):
        identifier, _, area = name.rpartition("/")
        for key, areas in found.items():
            if slug(key) == identifier:
                areas.add(area)


def told_by_means(wave: Wave) -> set[str]:
    """Name the figures of a wave that means over months tell which later months have published with their own."""
    return {
        f"{item.id.removesuffix(OVER_MONTHS)}/{area}"
        for release in queries.current()
        if release.wave_id != wave.id and wave.reference in figures.from_document(release.run.results).months
        for table in queries.published(release).tables
        if table.kind == ROLLING
        for item in table.items
        for area, value in item.areas.items()
        if not value.withheld
    }


def _published(
    wave: Wave, run: AnalysisRun, results: Results, labels: Labels, earlier: Release | None, reason: str
) -> Published:
    from app.analysis.disclosure.rounding import rounded

    edition = earlier.edition + 1 if earlier else 1
    return Published(
        reference=wave.reference if edition == 1 else f"{wave.reference}.{edition}",
        wave=wave.reference,
        survey=wave.survey.slug,
        period=wave.period,
        edition=edition,
        corrects=earlier.reference if earlier else None,
        reason=reason,
        simulated=wave.simulated,
        weighted=results.weighting.weighted,
        scheme=f"{run.scheme} {run.scheme_version}",
        released_on="",
        until=london(wave.closes_at).date().isoformat(),
        responses=rounded(results.weighting.n),
        effective_n=rounded(round(results.weighting.effective_n)),
        languages=labels.languages,
        titles=labels.titles,
        areas=labels.areas(),
        tables=(),
    )


def _with_change(table: Table, results: Results) -> Table:
    """Add how a measure changed since the month before, where both months are out and shown."""
    measure = next((each for each in results.headlines if slug(each.key) == table.id), None)
    change = measure.change if measure else None
    if not measure or not change or table.items[0].areas[EVERYWHERE].withheld or not _out(change.since, measure):
        return table
    difference, low, high, seen = (
        round(each, 3) for each in (change.difference, change.low, change.high, change.detectable)
    )
    return replace(table, change=Change(change.since, difference, low, high, seen, change.verdict))


def _out(reference: str, measure: Measure) -> bool:
    from app.surveys.queries import wave_named

    release = queries.newest_of(wave_named(reference).id)
    found = queries.published(release).find(slug(measure.key)) if release else None
    return bool(found and not found[1].areas[EVERYWHERE].withheld)


def approve(waiting: ReleaseDraft, who: User) -> Release:
    """Publish a draft, as somebody else than who drafted it. Raises CannotRelease."""
    if who.id == waiting.drafted_by_id:
        raise CannotRelease(TWO_PEOPLE)
    _refuse_overtaken(waiting.run, waiting.wave)
    _refuse_released_since(waiting)
    document = {**waiting.document, "released_on": london(clock.now()).date().isoformat()}
    made = Release(
        reference=document["reference"],
        wave_id=waiting.wave_id,
        run_id=waiting.run_id,
        edition=document["edition"],
        digest=_digest(document),
        document=document,
        evidence=waiting.evidence,
        drafted_by=waiting.drafted_by,
        approved_by=who.email,
        approved_at=clock.now(),
    )
    db.session.add(made)
    db.session.delete(waiting)
    audit.record("release.approve", made.reference, f"Drafted by {waiting.drafted_by}.")
    _commit(OUT_ALREADY.format(reference=document["reference"]))
    return made


def _refuse_released_since(waiting: ReleaseDraft) -> None:
    """Refuse a month where another came out since it was drafted: what means over months may tell has changed."""
    survey = waiting.wave.survey
    for other in queries.releases() if survey.monthly else ():
        if other.wave.survey_id == survey.id and other.id > waiting.evidence.get("after", 0):
            raise CannotRelease(RELEASED_SINCE.format(reference=other.reference))


def discard(waiting: ReleaseDraft, reason: str) -> None:
    """Take a draft back."""
    audit.record("release.discard", waiting.document["reference"], reason)
    db.session.delete(waiting)
    db.session.commit()


def _digest(document: object) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _day(at: datetime) -> str:
    local = london(at)
    return f"{local.day} {local:%B %Y}"
