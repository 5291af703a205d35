"""From the analysis's estimates to the figures that a run keeps."""

from __future__ import annotations

from math import ceil

from app.analysis.estimation import Estimate
from app.analysis.intervals import korn_graubard
from app.analysis.publication import FEW_OTHERS, SMALLEST_EFFECTIVE_N, SMALLEST_N
from app.analysis.shortfall import more_for_any, more_needed
from app.results.run.figures import Figure


def figure_of(found: Estimate, plain: float | None) -> Figure:
    """Keep an estimate as a figure, with the plain mean of the values in its base."""
    plain = plain if found.n else None
    low, high = (None, None) if plain is None or found.averaged else korn_graubard(plain, found.n)
    return Figure(
        found.value,
        found.standard_error,
        found.low,
        found.high,
        found.n,
        found.effective_n,
        plain,
        low,
        high,
        found.reason or few_others(found, plain),
        found.note,
        _lacking(found, plain),
    )


def few_others(found: Estimate, plain: float | None) -> str | None:
    """Say that a share tells what few people did not answer: the rule of releases, which hold for the office too."""
    if found.averaged or plain is None:
        return None
    return FEW_OTHERS if found.n - round(plain * found.n) < SMALLEST_N else None


def _lacking(found: Estimate, plain: float | None) -> int | None:
    """Say about how many more responses a share needs that may not be shown."""
    value, error = found.value, found.standard_error
    if found.publishable or found.averaged or value is None or plain is None:
        return None
    worth = value * (1 - value) / error**2 if error else found.effective_n
    return lacking(found.n, round(plain * found.n), found.effective_n, value, worth)


def lacking(n: int, cell: int, effective_n: float, share: float, worth: float) -> int | None:
    """Say about how many more responses a share needs; nothing that tells how few gave an answer, or did not."""
    if n < SMALLEST_N:
        return more_for_any(n, effective_n)
    if cell < SMALLEST_N or n - cell < SMALLEST_N:
        # Only where any share of this base would be hidden: else it waits for people who say so, however many answer.
        whatever = more_needed(n, n // 2, effective_n, 0.5, effective_n) if n >= 2 * SMALLEST_N else 1
        return more_for_any(n, effective_n) if whatever else None
    return more_needed(n, cell, effective_n, share, worth)


def nobody(everyone: Estimate) -> Figure:
    """Leave a figure blank; what the others' responses are worth says how many would do."""
    needed = ceil(SMALLEST_EFFECTIVE_N * everyone.n / everyone.effective_n)
    return Figure(None, None, None, None, 0, 0.0, reason="nobody in this group answered", more_needed=needed)
