"""Who answers a survey: people drawn from the Census cells by how likely they are to answer, each with a leaning."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from app.demo.choosing import one_of
from app.demo.model import answering, document
from app.demo.population import (
    AGES,
    DISTRICTS,
    GROUPS,
    SEXES,
    Floats,
    Index,
    Population,
    rows_of,
    west_yorkshire,
)

LEANING = 0.35
ROLES = {"district": DISTRICTS, "age_band": AGES, "sex": SEXES, "ethnic_group": GROUPS}


@dataclass(frozen=True)
class Crowd:
    """The people who answer: the cell of each (n,), and how well disposed each is (n,), in standard deviations."""

    rng: np.random.Generator
    population: Population
    cell: Index
    disposition: Floats

    def __len__(self) -> int:
        return len(self.cell)

    def standing(self, role: str) -> list[str]:
        """Say where each person stands on one of the four variables."""
        indices = getattr(self.population, role)[self.cell]
        return [ROLES[role][i] for i in indices]

    def uniform(self) -> Floats:
        """Draw a uniform number for each (n,), such that favourable people have low ones in every question."""
        noise = self.rng.standard_normal(len(self))
        drawn: Floats = ndtr(-np.sqrt(LEANING) * self.disposition + np.sqrt(1 - LEANING) * noise)
        return drawn

    def some(self, share: float | Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Pick people at random, each with this chance: bool (n,)."""
        return self.rng.random(len(self)) < share

    def one_of(self, shares: dict[str, float]) -> list[str]:
        """Draw one option for each person."""
        return one_of(self.rng, list(shares), list(shares.values()), len(self))

    def one_of_by(self, role: str, shares: dict[str, dict[str, float]]) -> list[str]:
        """Draw one option for each person, by where the person stands."""
        drawn = {standing: self.one_of(own) for standing, own in shares.items()}
        return [drawn[standing][i] for i, standing in enumerate(self.standing(role))]


def gather(survey: str, month: int, responses: int, seed: int) -> Crowd:
    """Draw the people who answer one wave. The same seed and calendar month give the same people, in any year."""
    rng = np.random.default_rng([seed, zlib.crc32(survey.encode()), month])
    population = west_yorkshire()
    chances = population.people * answering(population)
    cell = rng.choice(len(chances), responses, p=chances / chances.sum())
    return Crowd(rng, population, cell, rng.standard_normal(responses))


def details(crowd: Crowd) -> dict[str, list[str]]:
    """Draw each person's detailed ethnic group for every one of the five groups, by district: the route keeps one."""
    rows = rows_of("census-2021-ethnic-group-detail.csv")
    return {
        f"ethnic_{group}": crowd.one_of_by(
            "district",
            {d: {r["detail"]: float(r[d]) for r in rows if r["ethnic_group"] == group} for d in DISTRICTS},
        )
        for group in GROUPS
    }


def deciles(crowd: Crowd) -> list[int | None]:
    """Draw the deprivation decile of each person's neighbourhood; without a postcode there is none."""
    rows = {row["district"]: row for row in rows_of("residents-by-imd-2025-decile.csv")}
    known = crowd.some(document()["gives_postcode"])
    shares = {d: {str(i): float(rows[d][str(i)]) for i in range(1, 11)} for d in DISTRICTS}
    drawn = crowd.one_of_by("district", shares)
    return [int(decile) if yes else None for decile, yes in zip(drawn, known, strict=True)]
