"""How a report writes counts: to the nearest five, so that nobody can be found by taking one report from another."""

from __future__ import annotations

from app.results.run.figures import Figure

ROUNDED_TO = 5
SMALLEST = 10


def counted(n: int) -> str:
    """Write a count to the nearest five; one below ten only as that."""
    if 0 < n < SMALLEST:
        return f"fewer than {SMALLEST}"
    return f"{ROUNDED_TO * round(n / ROUNDED_TO):,}"


def base(figure: Figure) -> tuple[str, str]:
    """Write a figure's n and effective n."""
    return counted(figure.n), counted(round(figure.effective_n))
