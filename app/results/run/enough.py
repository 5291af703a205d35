"""Whether a group of people is large enough to say anything of, and what to say instead."""

from __future__ import annotations

from app.analysis.publication import SMALLEST_EFFECTIVE_N, SMALLEST_N


def too_few(n: int, effective_n: float) -> str | None:
    """Say why nothing can be said of a group: fewer than 10 people, or worth fewer than 30."""
    if n < SMALLEST_N:
        return f"fewer than {SMALLEST_N} responses"
    if effective_n < SMALLEST_EFFECTIVE_N:
        return f"worth {effective_n:.0f} after weighting, and {SMALLEST_EFFECTIVE_N} is the least"
    return None
