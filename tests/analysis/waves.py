"""The reference waves, weighted once, and the few shapes that the tests of the analysis start from."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from app.analysis.columns import Column, columns_from_frame
from app.analysis.items import Item, ticks
from app.analysis.margins import Margin, margin
from app.analysis.scheme import WeightingScheme
from app.analysis.weighting import Weighted, weigh

REFERENCE = Path(__file__).parent / "reference"
WAVES = ("wave_a", "wave_a_complete", "wave_b")
VARIABLES = ("district", "age_band", "sex", "ethnicity")
PRIORITIES = [f"p{i:02d}" for i in range(1, 17)]


def reference(name: str) -> Any:
    return json.loads((REFERENCE / f"{name}.json").read_text())


@cache
def responses(wave: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{wave}.csv")


def census_margins(*names: str) -> tuple[Margin, ...]:
    targets = pd.read_csv(REFERENCE / "targets.csv")
    found = {
        str(name): margin(str(name), dict(zip(rows.category, rows.population, strict=True)))
        for name, rows in targets.groupby("variable", sort=False)
    }
    return tuple(found[name] for name in names or VARIABLES)


def scheme(**changes: Any) -> WeightingScheme:
    return WeightingScheme("reference", "1", census_margins(), **changes)


@cache
def weighted(wave: str) -> Weighted:
    return weigh(columns_from_frame(responses(wave), VARIABLES), scheme())


def priorities(wave: str) -> list[Item]:
    return ticks(PRIORITIES, responses(wave)[PRIORITIES].to_numpy())


def measures(wave: str) -> list[Item]:
    rows = responses(wave)
    confident = Item("confident", (rows.confidence >= 4).to_numpy(), rows.confidence.notna().to_numpy())
    return [
        confident,
        Item("safe_day", (rows.safety_day >= 4).to_numpy()),
        Item("safe_night", (rows.safety_night >= 4).to_numpy()),
    ]


def column(name: str, values: str) -> Column:
    """Code a string of one-letter answers, "-" for unknown: `column("sex", "FMMF-")`."""
    categories = tuple(sorted(set(values) - {"-"}))
    codes = [len(categories) if value == "-" else categories.index(value) for value in values]
    return Column(name, np.array(codes, np.uint8), categories)


def columns(**values: str) -> dict[str, Column]:
    return {name: column(name, letters) for name, letters in values.items()}
