"""Writes an export for Stata: labels, and extended missing values that say why there is no answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.results.export.frames import frame
from app.results.export.microdata import Codes, Microdata
from app.results.export.names import STATA_RESERVED, cut, short
from app.results.export.variables import (
    DONT_KNOW,
    NO_EVENT,
    NOT_ANSWERED,
    NOT_ASKED,
    PREFER_NOT_TO_SAY,
    UNREAD,
    Variable,
)

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL = 28, 80, 240
LETTERS = {DONT_KNOW: "d", PREFER_NOT_TO_SAY: "r", NOT_ASKED: "n", NOT_ANSWERED: "z", NO_EVENT: "n"} | dict(
    zip(UNREAD, "imbox", strict=True)
)
"""Extended missing values: .d don't know, .r rather not say, .n not asked or no event, .z not answered; of paper .i
illegible, .m too many ticked, .b blank, .o out of range, .x answered though not asked."""


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write a .dta."""
    import pyreadstat

    names = short((each.name for each in data.variables), LONGEST_NAME, STATA_RESERVED)
    table = frame(data)
    for each in data.variables:
        if each.missing:
            table[each.name] = lettered(each, table[each.name].to_numpy())
    missing = {names[each.name]: [LETTERS[value.key] for value in each.missing] for each in data.variables}
    pyreadstat.write_dta(
        table.rename(columns=names),
        path,
        file_label=cut(data.title, 75),
        column_labels={names[each.name]: cut(each.label, LONGEST_LABEL) for each in data.variables},
        variable_value_labels={names[each.name]: _labels(each) for each in data.variables if each.labels},
        missing_user_values={name: letters for name, letters in missing.items() if letters},
    )


def lettered(variable: Variable, codes: Codes) -> pd.Categorical:
    """Put letters in the place of the codes that say why there is no answer.

    As categories: whoever writes the file looks at the first hundred rows of a plain column to tell letters from
    numbers, and among those there may be no number.
    """
    import pandas as pd

    known = np.array([value.code for value in variable.missing])
    found, at = np.unique(np.concatenate([codes, known, [1]]), return_inverse=True)
    letters = {value.code: LETTERS[value.key] for value in variable.missing}
    categories = pd.Index([letters.get(code, code) for code in found.tolist()], dtype=object)
    return pd.Categorical.from_codes(at[: len(codes)], categories=categories)


def _labels(variable: Variable) -> dict[Any, str]:
    values: dict[Any, str] = {value.code: cut(value.label, LONGEST_VALUE_LABEL) for value in variable.values}
    return values | {LETTERS[value.key]: cut(value.label, LONGEST_VALUE_LABEL) for value in variable.missing}
