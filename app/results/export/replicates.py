"""The replicates that a run's errors come from where weights were trimmed, as replicate weights of each cell."""

from __future__ import annotations

import csv
from pathlib import Path

from app.analysis import bootstrap
from app.analysis.errors import InvalidDesign
from app.analysis.replicates import Replicates
from app.analysis.tallies import grouped
from app.analysis.weighting import Weighted


def replicated(weighted: Weighted) -> Replicates | None:
    """Draw the replicates that the run drew; there are none where weights were not trimmed."""
    try:
        return bootstrap.counting_the_trimming(weighted).replicates
    except InvalidDesign:
        return None


def write_replicates(found: Replicates, weighted: Weighted, path: Path) -> None:
    """Write a line for each cell: its number, what drawing inside it adds to a variance, a response's weights."""
    groups = grouped(weighted, None, None)
    place = found.cells(groups).of_group
    weights = (found.mass[:, place] / groups.count).T
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["cell", "alone", *(f"replicate_{each}" for each in range(1, len(found.mass) + 1))])
        cells = enumerate(zip(found.alone[place].tolist(), weights.tolist(), strict=True), start=1)
        writer.writerows([number, alone, *each] for number, (alone, each) in cells)
