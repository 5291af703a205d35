"""What simulated residents think: probabilities for each Census cell, solved so that the population's shares are exact.

A probability is a sum of effects over exactly what the weighting margins cover (district x age band, district x sex,
ethnic group). So whoever answers, weights that meet the margins estimate the population's share without bias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from app.demo.population import AGES, DISTRICTS, GROUPS, SEXES, Floats, Population

FILE = Path(__file__).with_name("model.yaml")
FEWEST, MOST = 0.005, 0.995


class ImpossibleBelief(ValueError):
    """A belief whose probability would leave the range in some cell."""


@dataclass(frozen=True)
class Belief:
    """The share of the population that gives one of the first `counts` answers, and who gives it more or less often."""

    share: float
    counts: int = 2
    older: float = 0.0
    women: float = 0.0
    groups: Mapping[str, float] = field(default_factory=dict)
    districts: Mapping[str, float] = field(default_factory=dict)
    inside: Mapping[str, float] = field(default_factory=dict)
    months: Mapping[int, float] = field(default_factory=dict)

    def effects(self, population: Population, age_counts: Mapping[str, float]) -> Floats:
        """Add up what the four variables add for each cell: shape (c,)."""
        slope = np.array([age_counts.get(district, 1.0) for district in DISTRICTS])
        effects: Floats = (
            self.older * slope[population.district] * elderliness(population)
            + self.women * np.where(population.sex == SEXES.index("female"), 1.0, -1.0)
            + np.array([self.groups.get(group, 0.0) for group in GROUPS])[population.ethnic_group]
            + np.array([self.districts.get(district, 0.0) for district in DISTRICTS])[population.district]
        )
        return effects

    def probabilities(
        self, population: Population, age_counts: Mapping[str, float] | None = None, month: int = 0
    ) -> Floats:
        """Solve the intercepts and give each cell its probability: shape (c,)."""
        effects = self.effects(population, age_counts or {})
        chances = anchored(effects, population, self.share, self.inside) + self.months.get(month, 0.0)
        if chances.min() < FEWEST or chances.max() > MOST:
            raise ImpossibleBelief(f"{self} runs from {chances.min():.3f} to {chances.max():.3f}: lessen its effects.")
        return chances


def elderliness(population: Population) -> Floats:
    """Place each cell between -1 (16 to 24, the youngest band that weights know) and 1 (75 or over)."""
    steps = len(AGES) - 2
    return np.maximum(population.age_band - 1, 0) * 2.0 / steps - 1.0


def anchored(effects: Floats, population: Population, share: float, inside: Mapping[str, float]) -> Floats:
    """Shift effects so that the population's mean is `share`, and that of some districts their own share `inside`."""
    chances = effects.copy()
    for district, own in inside.items():
        here = population.district == DISTRICTS.index(district)
        chances[here] += own - population.mean(effects, district)
    others = ~np.isin(population.district, [DISTRICTS.index(district) for district in inside])
    chances[others] += (share - population.mean(chances)) / population.shares[others].sum()
    return chances


@dataclass(frozen=True)
class Choice:
    """Up to so many of a list: how many people choose how many, and the share that chooses each."""

    how_many: Mapping[int, float]
    beliefs: Mapping[str, Belief]

    @property
    def mean(self) -> float:
        """Say how many are chosen on average."""
        return sum(number * share for number, share in self.how_many.items())

    def probabilities(self, population: Population, age_counts: Mapping[str, float] | None = None) -> Floats:
        """Give each cell its probability of choosing each: shape (c, k). What one gains, the others lose.

        Where the shares do not add up to the mean number that is chosen, all are scaled alike.
        """
        scale = self.mean / sum(belief.share for belief in self.beliefs.values())
        effects = np.stack([b.effects(population, age_counts or {}) for b in self.beliefs.values()], axis=1) * scale
        effects -= effects.mean(axis=1, keepdims=True)
        shares = np.array([belief.share for belief in self.beliefs.values()]) * scale
        chances: Floats = effects + (shares - population.shares @ effects)
        most = self.mean / max(self.how_many)
        if chances.min() < FEWEST or chances.max() > most:
            raise ImpossibleBelief(f"Chances run from {chances.min():.3f} to {chances.max():.3f}: lessen the effects.")
        return chances


@dataclass(frozen=True)
class Opinions:
    """What one survey's residents think."""

    responses: int
    apart: Mapping[str, float]
    beliefs: Mapping[str, Belief]
    choices: Mapping[str, Choice]
    age_counts: Mapping[str, float]


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Read the model file."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


@lru_cache
def opinions(survey: str) -> Opinions:
    """Read what the residents of one survey think."""
    about = document()["surveys"][survey]
    choices = {
        key: Choice(values["how_many"], _beliefs(values["beliefs"])) for key, values in about.get("choices", {}).items()
    }
    return Opinions(
        about["responses"], about["apart"], _beliefs(about["beliefs"]), choices, about.get("age_counts", {})
    )


def _beliefs(values: Mapping[str, dict[str, Any]]) -> dict[str, Belief]:
    return {
        key: Belief(**{"inside" if name == "in" else name: value for name, value in each.items()})
        for key, each in values.items()
    }


def answering(population: Population) -> Floats:
    """Say how likely each cell is to answer, against others: shape (c,)."""
    chances = document()["answering"]
    product: Floats = (
        np.array([chances["age_band"][age] for age in AGES])[population.age_band]
        * np.array([chances["sex"][sex] for sex in SEXES])[population.sex]
        * np.array([chances["ethnic_group"][group] for group in GROUPS])[population.ethnic_group]
        * np.array([chances["district"][district] for district in DISTRICTS])[population.district]
    )
    return product
