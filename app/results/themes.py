"""Theme figures: what people wrote about, weighted, with intervals; made once for their inputs and stored whole.

What a machine suggests and what people confirmed are two sets of figures, which are never added up. Comments that
safeguarding holds are in neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.comments import queries as comments
from app.database import db
from app.results import services
from app.results.errors import CannotWeigh, NotEnough
from app.results.inputs import code_version, fingerprint
from app.results.models import ThemeRun
from app.results.reading.schemes import scheme_for, targets_digest
from app.results.run import figures
from app.results.run.figures import Change, Figure, Share
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

MONTHS = 11
CONFIRMED = "Confirmed by people"
SUGGESTED = "Suggested by machine, confirmed by nobody"
PARTLY = "People have coded {coded:,} of {written:,} residents’ comments so far: these figures speak of those alone."
HELD = "Comments that may tell of harm are with safeguarding, and are in neither the themes nor the base."


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """One theme: its share of those who wrote, the mean sentiment of their scored English comments, the change."""

    key: str
    share: Share
    sentiment: Figure | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The shares of an earlier wave, by theme."""

    wave: str
    shares: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ThemeSet:
    """The figures of one way to give themes, the most frequent first; its base is ``n`` residents who wrote."""

    title: str
    n: int
    themes: tuple[ThemeFigures, ...]
    before: tuple[Earlier, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ThemeResults:
    """Everything that a theme run holds."""

    residents: int
    written: int
    frame: int
    districts: Mapping[str, str]
    sets: tuple[ThemeSet, ...]
    notes: tuple[str, ...]


def run(wave: Wave) -> ThemeRun:
    """Return the theme figures of a wave as it is now, made anew only if anything that decides one has changed.

    Raises NotEnough or CannotWeigh.
    """
    services.refuse_unopened(wave)
    before = earlier_runs(wave)
    inputs = _inputs(wave, before)
    return _stored(wave.id, fingerprint(inputs)) or _make(wave, inputs, before)


def latest(wave_id: int) -> ThemeRun | None:
    """Find the newest stored theme figures of a wave."""
    newest = select(ThemeRun).where(ThemeRun.wave_id == wave_id).order_by(ThemeRun.id.desc())
    return db.session.scalar(newest.limit(1))


def overtaken(found: ThemeRun) -> bool:
    """Say whether comments or responses came, changed, went or were coded since."""
    changed = queries.changed_since(found.wave_id, found.inputs["responses"])
    return changed or bool(found.inputs["comments"] != comments.state_of(found.wave_id))


def earlier_runs(wave: Wave) -> list[ThemeRun]:
    """List the newest theme runs of the months before, oldest first."""
    found = [latest(each.id) for each in services.waves_before(wave)]
    return [each for each in found if each is not None][-MONTHS:]


def read(found: ThemeRun) -> ThemeResults:
    """Read the figures of a theme run."""
    return figures.from_document(found.results, ThemeResults)


def _inputs(wave: Wave, before: Sequence[ThemeRun]) -> dict[str, Any]:
    scheme = scheme_for(queries.definition_of(wave))
    return {
        "wave": wave.reference,
        "simulated": wave.simulated,
        "definition": wave.digest,
        "responses": queries.response_state(wave.id),
        "comments": comments.state_of(wave.id),
        "scheme": {"name": scheme.name, "version": scheme.version},
        "targets": {"name": scheme.targets, "digest": targets_digest(scheme)},
        "code": code_version(),
        "earlier": [each.fingerprint for each in before],
    }


def _stored(wave_id: int, print_: str) -> ThemeRun | None:
    return db.session.scalar(select(ThemeRun).where(ThemeRun.wave_id == wave_id, ThemeRun.fingerprint == print_))


def _make(wave: Wave, inputs: dict[str, Any], before: Sequence[ThemeRun]) -> ThemeRun:
    from app.analysis.errors import AnalysisError
    from app.results.computing import theming

    if not inputs["comments"]["comments"]:
        raise NotEnough(
            f"{wave.reference} has no comments to count. Read them in with: flask comments {wave.reference}"
        )
    wave_id, reference, known = wave.id, wave.reference, [(each.inputs["wave"], read(each)) for each in before]
    try:
        results = theming.results_of(wave, known)
    except AnalysisError as error:
        raise CannotWeigh(f"{reference} cannot be weighted, so nothing is published from it. {error}") from error
    print_ = fingerprint(inputs)
    made = ThemeRun(wave_id=wave_id, made_at=clock.now(), fingerprint=print_, inputs=inputs, results=asdict(results))
    db.session.add(made)
    audit.record("results.themes", reference)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _stored(wave_id, print_) or made
    return made
