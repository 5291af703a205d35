"""Counts as they are released: rounded to the nearest 5, and never a small one."""

from __future__ import annotations

from app.analysis.publication import SMALLEST_N

BASE = 5
FEWER = f"fewer than {SMALLEST_N}"


def rounded(n: int, base: int = BASE) -> int:
    """Round a count to the nearest multiple of a base (people; conventional rounding, since 5 is odd no ties occur).

    Source: ONS/GSS, Disclosure control guidance for tables; Hundepohl et al. (2012), section 5.4.
    """
    return base * ((n + base // 2) // base)


def told(n: int) -> str:
    """Write a count for the office: as it is, or that it is below the smallest that is told."""
    return FEWER if n < SMALLEST_N else f"{n:,}"
