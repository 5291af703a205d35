"""Lays out an export as a data frame, for the programs that take only whole ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.results.errors import TooLarge
from app.results.export.microdata import Microdata

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 250_000


def frame(data: Microdata) -> pd.DataFrame:
    """Put the codes of all responses into a data frame. Raises TooLarge."""
    import pandas as pd

    refuse_too_many(data.n, LARGEST, data.wave)
    blocks = list(data.blocks())
    names = [variable.name for variable in data.variables]
    return pd.DataFrame({name: np.concatenate([block[name] for block in blocks] or [np.zeros(0)]) for name in names})


def refuse_too_many(n: int, largest: int, wave: str) -> None:
    """Raise TooLarge where a format cannot hold so many responses."""
    if n > largest:
        raise TooLarge(f"{wave} has {n:,} responses, and this format takes {largest:,}: choose CSV or Parquet.")
