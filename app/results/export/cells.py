"""What a cell of a text file or a spreadsheet may hold: a value's key, label or code, and no formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.results.export.microdata import Codes
from app.results.export.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.results.export.variables import Value

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
KEYS, LABELS, CODES = "keys", "labels", "codes"
SHOWN: dict[str, Callable[[Value], str]] = {
    KEYS: lambda value: value.key,
    LABELS: lambda value: value.label,
    CODES: lambda value: str(value.code),
}


def safe(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula: an apostrophe goes before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def safe_texts(found: Codes) -> pa.Array:
    """Keep a spreadsheet from running any of many texts (n,) as a formula."""
    array = pa.array(found, pa.string())
    return pc.if_else(
        pc.match_substring_regex(array, r"^[=+\-@\t\r\n]"), pc.binary_join_element_wise("'", array, ""), array
    )


def texts(variable: Variable, shown: str) -> list[str]:
    """List what stands for each value of a variable, missing ones last, in the order of `places`."""
    tell = SHOWN[shown]
    found = [tell(value) for value in variable.all_values]
    return found if shown == CODES else [safe(text) for text in found]


def places(variable: Variable, codes: Codes) -> Codes:
    """Find for each code its place among the values, missing ones last; shape (n,)."""
    known = np.array([value.code for value in variable.all_values])
    order = np.argsort(known)
    return np.asarray(order[np.searchsorted(known, codes, sorter=order)], np.int32)
