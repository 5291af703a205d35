"""Answers as integer-coded columns, one code for each category and one for "Prefer not to say"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np

from app.analysis.arrays import Codes, Floats, narrowest
from app.analysis.errors import MissingColumn, TooManyCategories, UnknownCategory

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "Prefer not to say"


@dataclass(frozen=True)
class Column:
    """Hold one variable: `codes` (n,) in 0..k, where k = len(categories) means unknown."""

    name: str
    codes: Codes
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def labels(self) -> tuple[str, ...]:
        """Name every code, the unknown last."""
        return (*self.categories, UNKNOWN)

    @property
    def counts(self) -> Floats:
        """Count the rows of each code, the unknown last: shape (k + 1,)."""
        return np.bincount(self.codes, minlength=len(self.categories) + 1).astype(np.float64)

    def code(self, category: str) -> int:
        """Find the code of a category; raise UnknownCategory where there is none."""
        if category not in self.labels:
            raise UnknownCategory(
                self.name, f"there is no category {category!r}", f"Use one of {named(self.categories)}."
            )
        return self.labels.index(category)


def normal(text: str) -> str:
    """Reduce a label to what makes it the same label: case, space around it or doubled, and how accents are stored."""
    return " ".join(normalize("NFC", text).split()).casefold()


def is_unknown(text: str | None) -> bool:
    """Say whether an answer is blank or "Prefer not to say"."""
    return text is None or normal(text) in ("", normal(UNKNOWN))


def named(categories: Iterable[str], most: int = 8) -> str:
    """List categories for a message, at most `most` of them."""
    listed = list(categories)
    tail = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(repr(category) for category in listed[:most]) + tail


@dataclass(frozen=True)
class Coding:
    """Hold a coded column and the values that had to be mended: {as written: category}."""

    column: Column
    mended: Mapping[str, str]


def encode(name: str, values: Sequence[str | None], categories: Sequence[str] | None = None) -> Coding:
    """Code the values of one variable, mending case and space.

    Without `categories` those that occur are taken, in sorted order. Raises UnknownCategory for a value
    that is none of the categories.
    """
    distinct = {value: None for value in values}
    chosen = tuple(categories) if categories is not None else _found(distinct)
    matches = {normal(category): (code, category) for code, category in enumerate(chosen)}
    codes: dict[str | None, int] = {}
    mended: dict[str, str] = {}
    for value in distinct:
        if value is None or is_unknown(value):
            codes[value] = len(chosen)
            continue
        if normal(value) not in matches:
            raise UnknownCategory(
                f"Category {value!r} of {name}",
                f"it has no target; the categories are {named(chosen)}",
                "Correct the response, or add the category to the targets.",
            )
        codes[value], category = matches[normal(value)]
        if value != category:
            mended[value] = category
    coded = np.fromiter((codes[value] for value in values), narrowest(len(chosen)), len(values))
    return Coding(Column(name, coded, chosen), mended)


def _found(values: Iterable[str | None]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for value in values:
        if value is not None and not is_unknown(value):
            first.setdefault(normal(value), " ".join(value.split()))
    return tuple(sorted(first.values()))


def columns_from_frame(
    frame: pd.DataFrame, variables: Sequence[str], categories: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Column]:
    """Code the named variables of a data frame; blanks and "Prefer not to say" are unknown.

    `categories` gives the order of a variable's categories; without it those that occur, sorted. Raises
    MissingColumn, UnknownCategory.
    """
    coded = {}
    for variable in variables:
        if variable not in frame.columns:
            raise MissingColumn(variable, f"not among the columns {named(map(str, frame.columns))}", "Add the column.")
        codes, distinct = frame[variable].factorize()
        texts = [*(str(value) for value in distinct), None]
        column = encode(variable, texts, (categories or {}).get(variable)).column
        coded[variable] = Column(variable, column.codes[codes], column.categories)
    return coded


def breakdown(column: Column, most: int = 1000) -> Column:
    """Return a column that results may be broken down by; raise TooManyCategories beyond `most`."""
    if len(column.categories) > most:
        raise TooManyCategories(
            column.name,
            f"{len(column.categories)} different values",
            f"Break down by a column of at most {most} categories.",
        )
    return column
