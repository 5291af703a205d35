"""Names for the kinds of array that the analysis passes around."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Real numbers in double precision."""

Codes: TypeAlias = NDArray[np.integer[Any]]
"""Category numbers from 0; any integer width, narrow ones save memory."""

Index: TypeAlias = NDArray[np.intp]
"""Positions in another array."""

Mask: TypeAlias = NDArray[np.bool_]
"""Which rows belong."""


CHUNK = 1 << 16
SIZE_OF_INDEX = np.dtype(np.intp).itemsize


def narrowest(size: int) -> np.dtype[Any]:
    """Return the smallest unsigned type that holds the numbers 0 to `size`."""
    return np.dtype(np.min_scalar_type(size))


def totals(codes: Codes, values: Floats | None, size: int) -> Floats:
    """Add values (n,) up by code, or count the codes if there are none: shape (size,)."""
    if values is None and codes.dtype.itemsize < SIZE_OF_INDEX and len(codes) > CHUNK:
        counted = np.zeros(size, np.intp)
        for start in range(0, len(codes), CHUNK):
            counted += np.bincount(codes[start : start + CHUNK], minlength=size)
        return counted.astype(np.float64)
    return np.bincount(codes, values, size).astype(np.float64, copy=False)


def gathered(table: NDArray[Any], codes: Codes) -> NDArray[Any]:
    """Look codes (n,) up in a table: by chunks, since numpy widens all that it looks up at a time to eight bytes."""
    found = np.empty(len(codes), table.dtype)
    for start in range(0, len(codes), CHUNK):
        found[start : start + CHUNK] = table[codes[start : start + CHUNK]]
    return found


def totals_of_columns(codes: Codes, values: Floats, size: int) -> Floats:
    """Add each column of values (n, j) up by code: shape (size, j)."""
    return np.stack([totals(codes, column, size) for column in values.T], axis=1)
