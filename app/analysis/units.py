"""Units: groups of responses that the weighting cannot tell apart, so that raking costs the same at any n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import Codes, Floats, Index, gathered, narrowest, totals
from app.analysis.columns import Column, named
from app.analysis.errors import InvalidStartingWeight, MissingColumn, TooFewResponses, UnequalLengths

Keys: TypeAlias = NDArray[Any]
NARROW = 1 << 16
DENSE = 1 << 22


@dataclass(frozen=True)
class Units:
    """Hold u groups: `count` (u,) of responses, one starting weight each, and a code of each variable.

    `of_row` (n,) is the unit of each response, in as few bytes as hold it, or None where only grouped counts are known.
    """

    of_row: Codes | None
    count: Floats
    start: Floats
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.count)

    @property
    def n(self) -> float:
        """Count the responses."""
        return float(self.count.sum())


@dataclass(frozen=True)
class Crossed:
    """Hold the combinations that occur: the number of each row's (n,), and for each part its code in each (groups,)."""

    of_row: Codes
    codes: tuple[Index, ...]


def cross(parts: Sequence[tuple[Codes, int]]) -> Crossed:
    """Number the combinations of codes that occur; `parts` are (codes (n,), how many codes there can be).

    Keys stay as narrow as they can, which decides the speed; where there could be too many they are renumbered.
    """
    first, size = parts[0]
    key: Keys = first.astype(np.uint16 if size <= NARROW else np.int64)
    sizes = [size]
    known: list[Index] = []
    for codes, categories in parts[1:]:
        if size * categories > DENSE:
            key, size, known = _renumbered(key, sizes, known)
            key = key.astype(np.uint16 if size <= NARROW else np.int64)
            sizes = [size]
        size *= categories
        sizes.append(categories)
        if size > NARROW and key.dtype != np.int64:
            key = key.astype(np.int64)
        key = key * np.asarray(categories, key.dtype)
        key += codes.astype(key.dtype, copy=False)
    of_row, _, known = _renumbered(key, sizes, known)
    return Crossed(of_row, tuple(known))


def _renumbered(key: Keys, sizes: Sequence[int], known: Sequence[Index]) -> tuple[Codes, int, list[Index]]:
    size = int(np.prod(sizes, dtype=np.float64))
    if size <= DENSE:
        occupied = np.flatnonzero(totals(key, None, size))
        number = np.zeros(size, narrowest(len(occupied)))
        number[occupied] = np.arange(len(occupied))
        of_row = gathered(number, key)
    else:
        occupied, of_row = np.unique(key, return_inverse=True)
    first, *rest = np.unravel_index(occupied, sizes)
    return of_row, len(occupied), [*([codes[first] for codes in known] or [first]), *rest]


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
    crossed = cross(parts)
    taken = {
        name: Column(name, codes, column.categories)
        for (name, column), codes in zip(chosen.items(), crossed.codes, strict=False)
    }
    start = np.ones(len(crossed.codes[0])) if starting is None else distinct[crossed.codes[-1]].astype(np.float64)
    return Units(crossed.of_row, totals(crossed.of_row, None, len(start)), start, taken)


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
