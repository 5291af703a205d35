"""Make and find analysis runs: made once for their inputs and stored whole; nothing is computed to show one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.clock import london
from app.database import db
from app.fieldwork import flagging
from app.results.errors import CannotWeigh, NotEnough, hindrance
from app.results.inputs import fingerprint, inputs_of
from app.results.models import AnalysisRun
from app.results.pages.progress import Steps, finished
from app.results.plan import Comparison, compare
from app.results.reading.measures import plan_figures, tracked
from app.results.reading.schemes import Scheme, scheme_for
from app.results.reading.subjects import subjects
from app.results.run import bridges, figures, parts
from app.results.run.answered import Answered
from app.results.run.figures import Results
from app.results.run.kept import results_in
from app.results.run.lines import Bridged, Line
from app.results.run.ranked import Breakdowns
from app.surveys import queries, tallies
from app.surveys.definition import Definition

if TYPE_CHECKING:
    from app.results.reading.columns import Read
    from app.surveys.models import Wave

YEAR = 12
SMALLEST_WORTH = 30
"""Responses that a wave must be worth before it says anything (effective n): the rule for publishing a share."""
USUAL_DESIGN_EFFECT = 2.5
"""What weighting an open survey usually costs; says how many more are needed while there are too few to weigh."""

NO_LINES: Mapping[str, Line] = {}
NO_DAYS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run computes: its results, and the parts that are kept beside them."""

    results: Results
    lines: Mapping[str, Line]
    differences: Mapping[str, Breakdowns]
    answered: Answered


def run(wave: Wave) -> AnalysisRun:
    """Return the run of a wave as it is now, made anew only if anything that decides a figure has changed.

    The waves of the survey before it are brought up to date first, since changes and rolling means compare with them.
    Raises NotEnough or CannotWeigh.
    """
    return finished(steps(wave))


def steps(wave: Wave) -> Steps[AnalysisRun]:
    """Do what ``run`` does and tell each step as it begins; at none of them does the database wait for it."""
    earlier: list[AnalysisRun] = []
    for before in waves_before(wave):
        try:
            earlier.append((yield from _current(before, earlier[-(YEAR - 1) :])))
        except (NotEnough, CannotWeigh):
            continue
    return (yield from _current(wave, earlier[-(YEAR - 1) :]))


def waves_before(wave: Wave) -> list[Wave]:
    """List the earlier months of a monthly survey, oldest first: simulated ones of a simulated wave, else real ones."""
    if not wave.survey.monthly:
        return []
    alike = (each for each in wave.survey.waves if each.simulated == wave.simulated and each.digest)
    return [each for each in alike if each.opens_at < wave.opens_at]


def latest(wave_id: int) -> AnalysisRun | None:
    """Find the newest stored run of a wave."""
    newest = select(AnalysisRun).where(AnalysisRun.wave_id == wave_id).order_by(AnalysisRun.id.desc())
    return db.session.scalar(newest.limit(1))


def comparisons(survey: str = "") -> list[Comparison]:
    """Put the Plan's figures, or those of one survey, beside those of the newest simulated waves, from their runs."""
    newest_of = cache(_simulated)
    planned_of = (each for each in plan_figures() if survey in ("", each.survey))
    return compare(planned_of, lambda planned: newest_of(planned.survey, planned.month))


def _simulated(slug: str, month: int | None) -> Results | None:
    waves = [each for survey in queries.surveys() if survey.slug == slug for each in survey.waves]
    waves = [each for each in waves if each.simulated and month in (None, london(each.opens_at).month)]
    runs = (latest(each.id) for each in reversed(waves))
    found = next((each for each in runs if each), None)
    return results_in(found) if found else None


def newest() -> dict[int, AnalysisRun]:
    """Find the newest run of each wave that has one, by the wave's id."""
    last = select(func.max(AnalysisRun.id)).group_by(AnalysisRun.wave_id)
    return {each.wave_id: each for each in db.session.scalars(select(AnalysisRun).where(AnalysisRun.id.in_(last)))}


def without_flagged(wave: Wave) -> AnalysisRun:
    """Compute what a wave's run would be without the responses that are flagged; it is not stored.

    Raises NotEnough or CannotWeigh.
    """
    from app.results.reading import extract

    refuse_unopened(wave)
    definition, cut_off = queries.definition_of(wave), clock.now()
    scheme, reference = scheme_for(definition), wave.reference
    inputs = inputs_of(wave, definition, scheme, [], bridges.stated(wave.id))
    found, _ = extract.responses(extract.source(wave), definition, cut_off)
    kept = replace(found, weighted=found.weighted.taken(~found.weighted.flagged))
    computed = finished(computing(reference, definition, scheme, kept, inputs, days=tallies.days(wave.id, cut_off)))
    left_out = found.weighted.n - kept.weighted.n
    note = f"Without {left_out:,} responses that are flagged for a second look; this run is not stored."
    results = replace(computed.results, notes=(note, *computed.results.notes))
    about = {"wave_id": wave.id, "made_at": cut_off, "cut_off": cut_off, "scheme": scheme.name}
    return AnalysisRun(**about, scheme_version=scheme.version, inputs=inputs, results=figures.to_document(results))


def overtaken(run: AnalysisRun) -> bool:
    """Say whether responses came, changed or went since a run; not where their time was over, since it then stands."""
    return not queries.answers_erased(run.wave_id) and queries.changed_since(run.wave_id, run.inputs["responses"])


def _current(wave: Wave, earlier: Sequence[AnalysisRun]) -> Steps[AnalysisRun]:
    refuse_unopened(wave)
    if wave.answers_erased_on and (last := latest(wave.id)):
        return last
    definition = queries.definition_of(wave)
    scheme = scheme_for(definition)
    inputs = inputs_of(wave, definition, scheme, [each.fingerprint for each in earlier], bridges.stated(wave.id))
    kept = _stored(wave.id, fingerprint(inputs))
    if kept is None and flagging.look_at_new(wave):
        inputs |= {"responses": queries.response_state(wave.id)}
        kept = _stored(wave.id, fingerprint(inputs))
    return kept or (yield from _make(wave, definition, scheme, inputs, earlier))


def _stored(wave_id: int, print_: str) -> AnalysisRun | None:
    return db.session.scalar(
        select(AnalysisRun).where(AnalysisRun.wave_id == wave_id, AnalysisRun.fingerprint == print_)
    )


def _make(
    wave: Wave, definition: Definition, scheme: Scheme, inputs: dict[str, Any], earlier: Sequence[AnalysisRun]
) -> Steps[AnalysisRun]:
    from app.results.reading import extract

    wave_id, reference, cut_off, source = wave.id, wave.reference, clock.now(), extract.source(wave)
    before, lines = [each.inputs["wave"] for each in earlier], parts.lines(earlier[-1]) if earlier else {}
    db.session.commit()  # lets go of the write lock while responses are read and numbers are computed
    yield f"{reference}: reading the responses"
    found, state = extract.responses(source, definition, cut_off)
    inputs, days = inputs | {"responses": state}, tallies.days(wave_id, cut_off)
    db.session.commit()
    computed = yield from computing(reference, definition, scheme, found, inputs, before, lines, days)
    yield f"{reference}: storing the run"
    made = AnalysisRun(
        wave_id=wave_id,
        made_at=clock.now(),
        cut_off=cut_off,
        scheme=scheme.name,
        scheme_version=scheme.version,
        fingerprint=fingerprint(inputs),
        inputs=inputs | {"counts": dict(computed.results.counts)},
        results=figures.to_document(computed.results),
        parts=parts.of_run(computed.lines, computed.differences, computed.answered),
    )
    db.session.add(made)
    audit.record("results.run", reference)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _stored(wave_id, fingerprint(inputs)) or made
    return made


def computing(
    reference: str,
    definition: Definition,
    scheme: Scheme,
    found: Read,
    inputs: Mapping[str, Any],
    before: Sequence[str] = (),
    lines: Mapping[str, Line] = NO_LINES,
    days: Mapping[str, int] = NO_DAYS,
) -> Steps[Computed]:
    """Compute everything that a run of one wave holds; ``before`` are the waves before it, which left ``lines``.

    ``days`` counts responses by day.
    Raises NotEnough or CannotWeigh.
    """
    from app.analysis.errors import AnalysisError
    from app.results.computing import interviews, portrait, rankings, tabulation, tracking

    asked = subjects(definition)
    refuse_too_few(reference, found)
    yield f"{reference}: weighting the responses"
    try:
        table = tabulation.weighed(definition, found.weighted, scheme)
    except AnalysisError as error:
        refuse_too_few(reference, found, SMALLEST_WORTH * USUAL_DESIGN_EFFECT, hindrance(error))
        raise CannotWeigh(
            f"{reference} cannot be weighted, so nothing is published from it. {hindrance(error)}"
        ) from error
    refuse_worth_too_little(reference, tabulation.weighting(table, scheme))
    table = tabulation.counting_the_trimming(table)
    yield f"{reference}: shares and their intervals"
    measures = tabulation.measures(table, asked, tracked(definition))
    if definition.asked == "monthly":
        stated = {key: Bridged(**values) for key, values in inputs.get("bridges", {}).items()}
        lines = tracking.lines(lines, measures, reference, inputs["wordings"], stated)
        measures = tuple(tracking.followed_up(measures, lines))
    distributions, means = tabulation.distributions(table, asked), tabulation.means(table, asked)
    yield f"{reference}: rankings, and what would change them"
    results = Results(
        counts={"received": found.received, "weighted": found.weighted.n, **found.apart},
        months=(*before, reference),
        districts=table.districts,
        weighting=tabulation.weighting(table, scheme),
        measures=measures,
        rankings=rankings.rankings(table, asked, definition, scheme),
        distributions=distributions,
        means=means,
        words=tabulation.words(table, asked),
        notes=notes(scheme),
        format=figures.FORMAT,
        narrowing=interviews.narrowing(table, scheme),
    )
    yield f"{reference}: who chooses what differently"
    differences = rankings.differences(table, asked, definition)
    yield f"{reference}: who answered"
    who = portrait.answered(table, definition, scheme, asked, tracked(definition), days)
    return Computed(results, lines, differences, who)


def refuse_unopened(wave: Wave) -> None:
    """Raise NotEnough where a wave has not opened yet."""
    if not wave.digest:
        raise NotEnough(f"{wave.reference} has not opened yet, so nobody has answered. Come back when it has.")


def refuse_too_few(reference: str, found: Read, needed: float = 2, hindrance: str = "") -> None:
    """Raise NotEnough, with about how many more are needed, where fewer than ``needed`` are there to be weighted."""
    n = found.weighted.n
    if n >= needed:
        return
    more = ceil(SMALLEST_WORTH * USUAL_DESIGN_EFFECT) - n
    apart = f" ({found.received - n} more stand apart and are never weighted)" if found.received > n else ""
    raise NotEnough(
        f"Not enough responses to say: {reference} has {n} from residents{apart}; about {more} more are needed."
        + (f" {hindrance}" if hindrance else "")
    )


def refuse_worth_too_little(reference: str, weighting: figures.Weighting) -> None:
    """Raise NotEnough where the responses are worth fewer than a publishable share needs."""
    worth = weighting.effective_n
    if worth < SMALLEST_WORTH:
        more = max(1, ceil(weighting.n * (SMALLEST_WORTH / worth - 1)))
        raise NotEnough(
            f"Not enough responses to say: {reference} has {weighting.n}, worth {worth:.0f} after weighting, and "
            f"{SMALLEST_WORTH} is the least; about {more} more are needed."
        )


def notes(scheme: Scheme) -> tuple[str, ...]:
    """Say what every reader of the figures has to know."""
    if not scheme.weights:
        lacking = " and ".join(each.replace("_", " ") for each in scheme.lacking)
        return (
            f"Unweighted: this survey does not ask {lacking}, so its figures describe the people who answered and not "
            "West Yorkshire.",
        )
    return ()
