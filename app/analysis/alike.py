"""Responses that say the same as several others, as the copies of a campaign do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.analysis.arrays import Mask
from app.analysis.columns import Column

COPIES = 5
"""So many responses that are alike in every answer are suspected not to be different people's own."""
ANSWERS = 10
"""Only who gave so many answers is compared: short answers are alike by chance."""
SEED = 20211


def alike(columns: Sequence[Column], copies: int = COPIES, answers: int = ANSWERS) -> Mask:
    """Mark the responses (n,) whose every answer is that of at least `copies` responses, themselves counted.

    `columns` are the answers, ticks among them; a code beyond the categories is no answer. Responses are told apart by
    a sum of random 64-bit keys, one for each code: among a million, two different ones agree with a chance of 1e-7.
    """
    n = len(columns[0])
    key, given = np.zeros(n, np.uint64), np.zeros(n, np.int32)
    rng = np.random.default_rng(SEED)
    for column in columns:
        keys = rng.integers(0, 2**64, len(column.labels), np.uint64)
        key += keys[column.codes]
        given += column.codes < len(column.categories)
    _, of_row, times = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray((times[of_row] >= copies) & (given >= answers))
