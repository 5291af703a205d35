"""Long work told step by step: a generator of what it is doing now, which returns what came of it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

from app import errors
from app.results.errors import ResultsError
from app.results.models import AnalysisRun

Outcome = TypeVar("Outcome")
Steps = Generator[str, None, Outcome]

BROKEN = "Something went wrong on our side and no run was stored. Try again, or tell an administrator."


def finished(steps: Steps[Outcome]) -> Outcome:
    """Do all the steps and return what came of them; nobody is told of them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome


class Watched:
    """A run's steps, for a page that writes each as it begins; afterwards the run's number, or what stood in the way.

    A page that has begun has no status left to change, so whatever goes wrong has to be told at its end.
    """

    def __init__(self, steps: Steps[AnalysisRun]) -> None:
        self._steps = steps
        self.run: int | None = None
        self.problem = ""

    def __iter__(self) -> Iterator[str]:
        """Do the steps, one at a time. Whoever closes the page ends the telling, never the work."""
        try:
            while (step := self._next()) is not None:
                yield step
        finally:
            while self._next() is not None:
                continue

    def _next(self) -> str | None:
        """Begin the next step; there is none after the last, and none after one that failed."""
        try:
            return next(self._steps)
        except StopIteration as end:
            self.run = end.value.id if end.value else self.run
        except ResultsError as error:
            self.problem = str(error)
        except Exception as error:
            errors.noted(error)
            self.problem = BROKEN
        return None
