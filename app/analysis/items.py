"""Items: what is estimated. A value for each response, and the base of responses that the figure speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import Mask
from app.analysis.columns import UNKNOWN, Column
from app.analysis.errors import InvalidItem, UnequalLengths


@dataclass(frozen=True)
class Item:
    """Hold one item: `values` (n,), bool or 0/1 for a share, numbers for a mean; `base` (n,) bool, None for everyone.

    `averaged` says that it is a mean even where all values happen to be 0 or 1.

    Raises InvalidItem where a value in the base is not a number, UnequalLengths.
    """

    name: str
    values: NDArray[Any]
    base: Mask | None = None
    averaged: bool = False

    def __post_init__(self) -> None:
        if self.base is not None and len(self.base) != len(self.values):
            raise UnequalLengths(
                f"Item {self.name}", f"{len(self.base)} in its base for {len(self.values)} values", "Align them."
            )
        if self.values.dtype.kind == "f":
            inside = self.values if self.base is None else self.values[self.base]
            if not np.isfinite(inside).all():
                raise InvalidItem(
                    f"Item {self.name}", "its base has values that are not numbers", "Leave those rows out of the base."
                )

    @property
    def is_share(self) -> bool:
        """Say whether the values are yes or no."""
        if self.averaged:
            return False
        if self.values.dtype == np.bool_:
            return True
        inside = self.values if self.base is None else self.values[self.base]
        return bool(((inside == 0) | (inside == 1)).all())


def choice(column: Column, categories: Iterable[str], name: str | None = None, leave_out: Iterable[str] = ()) -> Item:
    """Ask who is in any of the categories: share of the top two options of a scale, for example.

    The base leaves out blanks, "Prefer not to say" and the categories in `leave_out`, such as "don't know". Raises
    UnknownCategory.
    """
    yes = np.zeros(len(column.labels), bool)
    yes[[column.code(category) for category in categories]] = True
    asked = np.ones(len(column.labels), bool)
    asked[[column.code(category) for category in (UNKNOWN, *leave_out)]] = False
    return Item(name or column.name, yes[column.codes], asked[column.codes])


def distribution_items(column: Column, leave_out: Iterable[str] = ()) -> list[Item]:
    """Make one item for each category of a question, all over the same base; see `choice`."""
    out = tuple(leave_out)
    return [choice(column, [category], category, out) for category in column.categories if category not in out]


def ticks(names: Sequence[str], chosen: NDArray[Any], base: Mask | None = None) -> list[Item]:
    """Make the items of a several-choice question: `chosen` (n, items) bool or 0/1, share of everyone in the base.

    The base of the priorities is everyone who ticked at least one or "none of these".
    """
    if chosen.shape[1] != len(names):
        raise UnequalLengths(
            "Ticks", f"{chosen.shape[1]} columns for {len(names)} names", "Give one column for each name."
        )
    return [Item(name, np.ascontiguousarray(chosen[:, j]).astype(bool), base) for j, name in enumerate(names)]
