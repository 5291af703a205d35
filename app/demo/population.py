"""The population of West Yorkshire aged 16 and over, as Census cells: district x sex x age band x ethnic group."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.results.reading.schemes import targets

Floats = NDArray[np.float64]
Index = NDArray[np.intp]

DATA = Path(__file__).parent / "data"
TARGETS = "west-yorkshire-16-plus-census-2021"
SEXES = ("female", "male")
AGES = ("16_17", "18_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_over")
GROUPS = ("asian", "black", "mixed", "white", "other")
DISTRICTS = ("bradford", "calderdale", "kirklees", "leeds", "wakefield")
NARROWER = {
    "16_17": ("16_19", "20_24"),
    "18_24": ("16_19", "20_24"),
    "25_34": ("25_29", "30_34"),
    "35_44": ("35_39", "40_44"),
    "45_54": ("45_49", "50_54"),
    "55_64": ("55_59", "60_64"),
    "65_74": ("65_over",),
    "75_over": ("65_over",),
}
"""The bands of the ethnic group table whose mix each age band begins with."""


@dataclass(frozen=True)
class Population:
    """The cells: `people` (c,) in each, and where each cell stands on the four variables (c,), as an index."""

    people: Floats
    district: Index
    sex: Index
    age_band: Index
    ethnic_group: Index

    @property
    def shares(self) -> Floats:
        """Share the population out over the cells."""
        shares: Floats = self.people / self.people.sum()
        return shares

    def mean(self, values: Floats, district: str = "") -> float:
        """Average a value that each cell has (c,) over the people of West Yorkshire, or of one district."""
        people = self.people if not district else self.people * (self.district == DISTRICTS.index(district))
        return float(np.dot(values, people) / people.sum())


@lru_cache(maxsize=1)
def west_yorkshire() -> Population:
    """Build the cells from the committed Census tables, agreeing with every weighting target."""
    table = raked(_mix(), _residents(), np.array([population for _, population in targets(TARGETS)["ethnic_group"]]))
    district, sex, age_band, ethnic_group = (axis.ravel() for axis in np.indices(table.shape))
    return Population(table.ravel(), district, sex, age_band, ethnic_group)


def raked(table: Floats, residents: Floats, groups: Floats, sweeps: int = 200) -> Floats:
    """Scale a table to its residents by district, sex and age band and to its ethnic groups, in turn."""
    for _ in range(sweeps):
        table = table * (groups / table.sum(axis=(0, 1, 2)))
        table = table * (residents / table.sum(axis=3))[..., None]
    return table


def _residents() -> Floats:
    rows = {(row["district"], row["sex"]): row for row in rows_of("census-2021-age-sex.csv")}
    return np.array([[[float(rows[d, s][age]) for age in AGES] for s in SEXES] for d in DISTRICTS])


def _mix() -> Floats:
    rows = {(r["district"], r["sex"], r["age_band"]): r for r in rows_of("census-2021-ethnic-group-age-sex.csv")}

    def people(district: str, sex: str, age: str, group: str) -> float:
        return sum(float(rows[district, sex, narrower][group]) for narrower in NARROWER[age])

    return np.array([[[[people(d, s, a, g) for g in GROUPS] for a in AGES] for s in SEXES] for d in DISTRICTS])


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one of the committed tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
