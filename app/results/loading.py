"""Loads what computes a run before anybody asks for one: about a second, in a process that has computed none yet."""

from __future__ import annotations

from functools import cache
from threading import Thread


@cache
def begun() -> Thread:
    """Begin to load, beside whatever this process does; once."""
    loading = Thread(target=load, name="loading the statistics")
    loading.start()
    return loading


def load() -> None:
    """Load the statistics, what reads the responses, and the solver that large waves are trimmed with."""
    import scipy.optimize  # noqa: F401

    from app.results.computing import interviews, portrait, rankings, tabulation, tracking  # noqa: F401
    from app.results.reading import extract  # noqa: F401
