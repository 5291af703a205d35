"""Read RESPONSES.csv into coded columns and items, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import TooFewResponses
from app.analysis.files.coding import CategoryCoder, Coder
from app.analysis.files.identity import Ids
from app.analysis.files.itemlist import read_items
from app.analysis.files.table import Progress, batches, header, place
from app.analysis.items import Item
from app.analysis.margins import Margin

MOST_GROUPS = 1000


@dataclass(frozen=True)
class Responses:
    """Hold what was asked of a file of n responses, each column (n,), and what had to be mended."""

    columns: Mapping[str, Column]
    items: tuple[Item, ...]
    by: Column | None
    clusters: Column | None
    warnings: tuple[str, ...]

    @property
    def design(self) -> Design | None:
        """Return the clusters as a design, None where responses are independent."""
        return Design(clusters=self.clusters) if self.clusters is not None else None


def read_responses(
    path: Path,
    margins: Sequence[Margin],
    items: str | None = None,
    by: str | None = None,
    clusters: str | None = None,
    progress: Progress | None = None,
) -> Responses:
    """Read the variables of the margins and, if asked for, items, a breakdown and clusters.

    Memory holds one or two bytes for each value and eight for each id. Raises the errors of `files.table`,
    `files.identity` and `files.coding`, and TooFewResponses.
    """
    names = header(path)
    ids = Ids(path)
    variables = {variable: CategoryCoder(variable, categories) for variable, categories in _categories(margins).items()}
    asked = read_items(items) if items is not None else []
    groups = CategoryCoder(by, most=MOST_GROUPS) if by and by not in variables else None
    events = CategoryCoder(clusters) if clusters else None
    coders: list[tuple[int, Coder]] = [(place(names, "id", path), ids)]
    coders += [(place(names, variable, path), coder) for variable, coder in variables.items()]
    coders += [(place(names, column, path), coder) for column, coder in asked]
    coders += [(place(names, coder.name, path), coder) for coder in (groups, events) if coder]
    for rows in batches(path, progress):
        for position, coder in coders:
            coder.add([row[position] for row in rows])
    if ids.rows < 2:
        raise TooFewResponses(path.name, f"it has {ids.rows} response", "Give at least two.")
    ids.check()
    coded = [*variables.values(), *(coder for coder in (groups, events) if coder)]
    warnings = list(dict.fromkeys(text for coder in coded if (text := _mended(coder))))
    warnings += [
        f"Item {coder.name}: nobody answered {', '.join(map(repr, coder.never_met))}."
        for _, coder in asked
        if coder.never_met
    ]
    columns = {variable: coder.column() for variable, coder in variables.items()}
    return Responses(
        columns,
        tuple(coder.item() for _, coder in asked),
        groups.column() if groups else columns.get(by or ""),
        events.column() if events else None,
        tuple(warnings),
    )


def _categories(margins: Sequence[Margin]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for margin in margins:
        for variable, categories in zip(margin.variables, margin.categories, strict=True):
            found.setdefault(variable, categories)
    return found


def _mended(coder: CategoryCoder) -> str | None:
    if not coder.mended:
        return None
    listed = [f"{written!r} as {category!r}" for written, category in sorted(coder.mended.items())]
    return (
        f"Column {coder.name}: read {', '.join(listed[:8])}{f' and {len(listed) - 8} more' if len(listed) > 8 else ''}."
    )
