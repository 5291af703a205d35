"""Units: groups of responses that the weighting cannot tell apart, so that raking costs the same at any n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Codes, Floats, Index
from app.analysis.columns import Column, named
from app.analysis.errors import InvalidStartingWeight, MissingColumn, TooFewResponses, UnequalLengths

DENSE = 1 << 22


@dataclass(frozen=True)
class Units:
    """Hold u groups: `count` (u,) of responses, one starting weight each, and a code of each variable.

    `of_row` (n,) is the unit of each response, or None where only grouped counts are known.
    """

    of_row: Index | None
    count: Floats
    start: Floats
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.count)

    @property
    def n(self) -> float:
        """Count the responses."""
        return float(self.count.sum())


def cross(parts: Sequence[tuple[Codes, int]], rows: int) -> tuple[Index, Index]:
    """Number the combinations of codes that occur: the number of each row (n,), and one row of each number.

    `parts` are (codes, how many codes there can be).
    """
    key: Codes = np.zeros(rows, np.int64)
    size = 1
    for codes, categories in parts:
        if size * categories > DENSE:
            key, size = _renumber(key, size)
        if size * categories > DENSE:
            _, key = np.unique(key * categories + codes, return_inverse=True)
            size = int(key.max(initial=-1)) + 1
        else:
            key *= categories
            key += codes
            size *= categories
    key, size = _renumber(key, size)
    example = np.empty(size, np.intp)
    example[key[::-1]] = np.arange(rows - 1, -1, -1)
    return key.astype(np.intp, copy=False), example


def _renumber(key: Codes, size: int) -> tuple[Codes, int]:
    occupied = np.flatnonzero(np.bincount(key, minlength=size))
    if len(occupied) == size:
        return key, size
    number = np.zeros(size, np.int64)
    number[occupied] = np.arange(len(occupied))
    return number[key], len(occupied)


def units_of_rows(columns: Mapping[str, Column], variables: Sequence[str], starting: Floats | None = None) -> Units:
    """Group responses by the variables and by their starting weights (n,).

    Raises MissingColumn, UnequalLengths, TooFewResponses, InvalidStartingWeight.
    """
    chosen = _chosen(columns, variables)
    n = len(next(iter(chosen.values())))
    parts: list[tuple[Codes, int]] = [(column.codes, len(column.labels)) for column in chosen.values()]
    distinct = np.ones(1)
    if starting is not None:
        check_starting(starting, n)
        distinct, start_code = np.unique(starting, return_inverse=True)
        parts.append((start_code, len(distinct)))
    if n < 2:
        raise TooFewResponses("Responses", f"there are {n}", "Collect at least two.")
    of_row, example = cross(parts, n)
    start = np.ones(len(example)) if starting is None else starting[example].astype(np.float64)
    return Units(of_row, np.bincount(of_row).astype(np.float64), start, _taken(chosen, example))


def units_of_counts(columns: Mapping[str, Column], variables: Sequence[str], count: Floats) -> Units:
    """Take grouped counts (what GROUP BY gives) as units: `columns` hold one code for each group.

    Raises MissingColumn, UnequalLengths, TooFewResponses.
    """
    chosen = _chosen(
        {**columns, "count": Column("count", np.asarray(count).astype(np.intp), ())}, [*variables, "count"]
    )
    chosen.pop("count")
    if count.sum() < 2:
        raise TooFewResponses("Responses", f"there are {count.sum():g}", "Collect at least two.")
    return Units(None, count.astype(np.float64), np.ones(len(count)), chosen)


def _chosen(columns: Mapping[str, Column], variables: Sequence[str]) -> dict[str, Column]:
    for variable in variables:
        if variable not in columns:
            raise MissingColumn(variable, f"not among the columns {named(columns)}", "Add the column.")
    chosen = {variable: columns[variable] for variable in variables}
    lengths = {variable: len(column) for variable, column in chosen.items()}
    if len(set(lengths.values())) > 1:
        raise UnequalLengths(
            "Columns", f"their lengths differ: {lengths}", "Give each response a value in each column."
        )
    return chosen


def _taken(columns: Mapping[str, Column], rows: Index) -> dict[str, Column]:
    return {
        name: Column(name, column.codes[rows].astype(np.intp), column.categories) for name, column in columns.items()
    }


def check_starting(starting: Floats, n: int) -> None:
    """Raise InvalidStartingWeight unless there is a finite weight above zero for each response."""
    if len(starting) != n:
        raise UnequalLengths("Starting weights", f"{len(starting)} for {n} responses", "Give one for each response.")
    wrong = np.flatnonzero(~(np.isfinite(starting) & (starting > 0) & (starting < 1e15)))
    if len(wrong):
        raise InvalidStartingWeight(
            f"Starting weight of row {wrong[0] + 1}",
            f"{starting[wrong[0]]:g} is not a usable number above zero",
            "Correct it, or weight from equal starting weights.",
        )
