"""Read TARGETS.csv: `variable,category,population`, a crossing as `a*b` with categories joined by `*`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.analysis.columns import normal
from app.analysis.errors import MissingTarget, TargetNotANumber, TotalsDiffer
from app.analysis.files.coding import plain_number
from app.analysis.files.responses import read_responses
from app.analysis.files.table import batches, header, place
from app.analysis.margins import CROSS, Margin, margin
from app.analysis.scheme import WeightingScheme, adjacent


def read_margins(path: Path) -> tuple[Margin, ...]:
    """Read all margins of a targets file, in the order in which they first appear.

    Raises the errors of `files.table` and of `margins.margin`, and MissingTarget or TargetNotANumber for a population.
    """
    columns = header(path)
    variable, category, population = (place(columns, name, path) for name in ("variable", "category", "population"))
    found: dict[str, list[tuple[str, float]]] = {}
    for rows in batches(path):
        for row in rows:
            name = CROSS.join(part.strip() for part in row[variable].split(CROSS))
            found.setdefault(name, []).append((row[category], _population(name, row[category], row[population])))
    return tuple(margin(name, targets) for name, targets in found.items())


def read_scheme(
    path: Path, waves: Sequence[Path], cap: float | None, collapse: bool, unknown_limit: float | None
) -> WeightingScheme:
    """Make a scheme from a targets file; where totals differ, `waves` may tell which category has no target.

    Raises the errors of `read_margins` and of WeightingScheme, and UnknownCategory.
    """
    margins = read_margins(path)
    try:
        return WeightingScheme(
            path.name,
            "file",
            margins,
            cap=cap,
            collapse=collapse,
            neighbours=adjacent(margins),
            unknown_limit=unknown_limit,
        )
    except TotalsDiffer:
        # A category that was left out makes totals differ too, and naming it says what to do.
        for wave in waves:
            read_responses(wave, margins)
        raise


def _population(variable: str, category: str, text: str) -> float:
    thing = f"Target {category!r} of {variable!r}"
    if not normal(text):
        raise MissingTarget(thing, "the population is missing", "Give the population of this category.")
    number = plain_number(text)
    if number is None:
        raise TargetNotANumber(thing, f"{text!r} is not a number", "Give a plain number, without separators.")
    return number
