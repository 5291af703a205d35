"""Which wave and run a page shows, and the message where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from app.results import figures, services
from app.results.figures import Results
from app.results.models import AnalysisRun
from app.results.ranked import Ranking
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

READERS = ("analyst", "office", "approver", "admin")
MAKERS = ("analyst", "office", "admin")


class Shown(NamedTuple):
    """A wave with its newest run."""

    wave: Wave
    run: AnalysisRun
    results: Results

    @property
    def priorities(self) -> Ranking | None:
        """Find the list of priorities that people chose from."""
        return next((each for each in self.results.rankings if each.areas), None)


def of_wave(wave: Wave) -> Shown | None:
    """Find the newest run of a wave."""
    run = services.latest(wave.id)
    return Shown(wave, run, figures.from_document(run.results)) if run else None


def newest() -> list[Shown]:
    """List the newest wave of each survey that has a run: surveys that are asked once first, then monthly ones."""
    return list(_newest())


def _newest() -> Iterator[Shown]:
    runs = services.newest()
    for survey in sorted(queries.surveys(), key=lambda each: each.monthly):
        wave = next((each for each in reversed(survey.waves) if each.id in runs), None)
        if wave:
            yield Shown(wave, runs[wave.id], figures.from_document(runs[wave.id].results))


def newest_that(holds: Callable[[Shown], object]) -> Shown | None:
    """Find the newest wave whose run holds what a page shows."""
    return next((each for each in _newest() if holds(each)), None)
