"""Code the columns of a file while it is read, batch by batch, so that memory holds codes and never the text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from app.analysis.arrays import Codes, Floats
from app.analysis.columns import Column, is_unknown, named, normal
from app.analysis.errors import InvalidItem, TooManyCategories, UnknownCategory
from app.analysis.items import Item

NO, YES, OUTSIDE = 0, 1, 2


class Coder(Protocol):
    """Take the values of one column, batch by batch."""

    def add(self, values: Sequence[str]) -> None:
        """Code one batch."""


class CategoryCoder:
    """Code a variable; with `categories`, anything else is refused, and without, they are taken as first written."""

    def __init__(self, name: str, categories: Sequence[str] | None = None, most: int | None = None) -> None:
        self.name = name
        self.fixed = categories is not None
        self.most = most
        self.categories = list(categories or ())
        self.known = {normal(category): code for code, category in enumerate(self.categories)}
        self.seen: dict[str, int] = {}
        self.mended: dict[str, str] = {}
        self.parts: list[Codes] = []

    def add(self, values: Sequence[str]) -> None:
        """Code one batch; -1 is unknown. Raises UnknownCategory, TooManyCategories."""
        for value in dict.fromkeys(values):
            if value not in self.seen:
                self.seen[value] = self._code(value)
        self.parts.append(np.fromiter(map(self.seen.__getitem__, values), self._width(), len(values)))

    def _width(self) -> type[np.integer[Any]]:
        most = len(self.categories) if self.fixed else self.most
        if most is None:
            return np.int32
        return np.int8 if most < 1 << 7 else np.int16 if most < 1 << 15 else np.int32

    def _code(self, value: str) -> int:
        if is_unknown(value):
            return -1
        key = normal(value)
        if key not in self.known:
            self._extend(value, key)
        code = self.known[key]
        if value != self.categories[code]:
            self.mended[value] = self.categories[code]
        return code

    def _extend(self, value: str, key: str) -> None:
        if self.fixed:
            raise UnknownCategory(
                f"Category {value!r} of {self.name}",
                f"it has no target; the categories are {named(self.categories)}",
                "Correct the response, or add the category to the targets.",
            )
        if self.most is not None and len(self.known) >= self.most:
            raise TooManyCategories(
                f"Column {self.name}", f"more than {self.most} different values", "Break down by a column with fewer."
            )
        self.known[key] = len(self.categories)
        self.categories.append(" ".join(value.split()))

    def column(self) -> Column:
        """Return the whole column; categories that were taken as they came are sorted."""
        codes = np.concatenate(self.parts)
        self.parts.clear()
        order = list(range(len(self.categories)))
        if not self.fixed:
            order.sort(key=lambda code: self.categories[code])
        place = np.empty(len(order) + 1, np.min_scalar_type(len(order)))
        place[order] = np.arange(len(order))
        place[-1] = len(order)
        return Column(self.name, place[codes], tuple(self.categories[code] for code in order))


class ChoiceCoder:
    """Code a yes / no item from a column and the values that mean yes; blanks and unknowns are outside its base."""

    def __init__(self, name: str, column: str, chosen: Sequence[str]) -> None:
        self.name = name
        self.column_name = column
        self.chosen = {_comparable(value): value for value in chosen}
        self.met: set[str | float] = set()
        self.seen: dict[str, int] = {}
        self.parts: list[Codes] = []

    def add(self, values: Sequence[str]) -> None:
        """Code one batch."""
        for value in set(values) - self.seen.keys():
            self.seen[value] = self._code(value)
        self.parts.append(np.fromiter(map(self.seen.__getitem__, values), np.uint8, len(values)))

    def _code(self, value: str) -> int:
        if is_unknown(value):
            return OUTSIDE
        self.met.add(_comparable(value))
        return YES if _comparable(value) in self.chosen else NO

    @property
    def never_met(self) -> list[str]:
        """List the chosen values that nobody gave."""
        return [value for key, value in self.chosen.items() if key not in self.met]

    def item(self) -> Item:
        """Return the whole item."""
        return _yes_no(self.name, self.parts)


class NumberCoder:
    """Code an item from a column of numbers: 0 and 1 make a share, others a mean; blanks are outside its base."""

    never_met: tuple[str, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Codes] = []
        self.numbers: list[Floats] = []

    def add(self, values: Sequence[str]) -> None:
        """Code one batch. Raises InvalidItem where a value is not a number."""
        read = {value: self._number(value) for value in dict.fromkeys(values)}
        if not self.numbers and all(math.isnan(number) or number in (0.0, 1.0) for number in read.values()):
            codes = {value: OUTSIDE if math.isnan(number) else int(number) for value, number in read.items()}
            self.parts.append(np.fromiter(map(codes.__getitem__, values), np.uint8, len(values)))
            return
        if not self.numbers:
            self.numbers = [np.where(part == OUTSIDE, np.nan, part.astype(np.float64)) for part in self.parts]
            self.parts.clear()
        self.numbers.append(np.fromiter(map(read.__getitem__, values), np.float64, len(values)))

    def _number(self, value: str) -> float:
        if is_unknown(value):
            return math.nan
        number = plain_number(value)
        if number is None or not math.isfinite(number) or abs(number) > 1e100:
            raise InvalidItem(
                f"Item {self.name}",
                f"its column holds {value!r}, which is not a number",
                f"Leave it blank where it is unknown, or say which answers mean yes: {self.name}={self.name}:{value}.",
            )
        return number

    def item(self) -> Item:
        """Return the whole item."""
        if not self.numbers:
            return _yes_no(self.name, self.parts)
        values = np.concatenate(self.numbers)
        self.numbers.clear()
        base = ~np.isnan(values)
        return Item(self.name, values, None if base.all() else base)


ItemCoder = ChoiceCoder | NumberCoder
Watch = Callable[[int], None]


def _yes_no(name: str, parts: list[Codes]) -> Item:
    codes = np.concatenate(parts)
    parts.clear()
    base = codes != OUTSIDE
    return Item(name, codes == YES, None if base.all() else base)


def _comparable(value: str) -> str | float:
    """Compare as numbers what are numbers, so that `4` and `4.0` are one answer, and the rest as labels."""
    number = plain_number(value)
    return number if number is not None and math.isfinite(number) else normal(value)


def plain_number(text: str) -> float | None:
    """Read a number as people write it; Python would also take `1_000`. None where it is none."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
