"""Which wave and run a page shows, and the message where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from app.results import services
from app.results.models import AnalysisRun
from app.results.run.figures import Results
from app.results.run.kept import results_in
from app.results.run.ranked import Ranking
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
    return Shown(wave, run, results_in(run)) if run else None


def newest() -> list[Shown]:
    """List the newest wave of each survey that has a run: surveys that are asked once first, then monthly ones."""
    return list(_newest())


def _newest() -> Iterator[Shown]:
    runs = services.newest()
    for survey in sorted(queries.surveys(), key=lambda each: each.monthly):
        wave = next((each for each in reversed(survey.waves) if each.id in runs), None)
        if wave:
            yield Shown(wave, runs[wave.id], results_in(runs[wave.id]))


def newest_that(holds: Callable[[Shown], object]) -> Shown | None:
    """Find the newest wave whose run holds what a page shows."""
    return next((each for each in _newest() if holds(each)), None)
