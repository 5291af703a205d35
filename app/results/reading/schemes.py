"""Which weighting scheme a survey's waves have, as named and versioned data beside their Census targets."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from app.analysis.scheme import WeightingScheme
    from app.surveys.definition import Definition

HERE = Path(__file__).parent
SCHEMES = HERE / "schemes.yaml"
TARGETS = HERE.parent / "targets"
EVERYONE = "everyone"
CELLS = "-cells.csv"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A weighting scheme as its file states it; the one without margins weights nobody."""

    name: str
    version: str
    asked: str = ""
    targets: str = ""
    margins: tuple[str, ...] = ()
    cap: float | None = None
    relax_to: float | None = None
    smallest: int = 10
    merged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    neighbours: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    @property
    def weights(self) -> bool:
        """Say whether anybody is weighted."""
        return bool(self.margins)

    @property
    def variables(self) -> tuple[str, ...]:
        """List each variable of the margins once."""
        return tuple(dict.fromkeys(variable for margin in self.margins for variable in margin.split("*")))

    def category(self, variable: str, answer: str | None) -> str | None:
        """Name the category of the targets that an answer falls in; nobody knows which after "prefer not to say"."""
        if answer is None or answer == "prefer_not_to_say":
            return None
        return self.merged.get(variable, {}).get(answer, answer)


@lru_cache
def schemes() -> tuple[Scheme, ...]:
    """Read all schemes."""
    document: dict[str, dict[str, Any]] = yaml.safe_load(SCHEMES.read_text(encoding="utf-8"))
    return tuple(
        Scheme(name=name, **{**values, "margins": tuple(values["margins"])}) for name, values in document.items()
    )


def scheme_for(definition: Definition) -> Scheme:
    """Choose a survey's scheme by how often it asks; one that does not ask what weighting needs goes unweighted."""
    scheme = next(scheme for scheme in schemes() if scheme.asked == definition.asked)
    lacking = tuple(variable for variable in scheme.variables if definition.with_role(variable) is None)
    if lacking:
        return Scheme(name="unweighted", version="1", lacking=lacking)
    return scheme


def targets_digest(scheme: Scheme) -> str:
    """Digest the targets file that a scheme weights to."""
    if not scheme.weights:
        return ""
    files = (TARGETS / f"{scheme.targets}{ending}" for ending in (".csv", CELLS))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.exists())).hexdigest()


def targets(name: str) -> dict[str, list[tuple[str, float]]]:
    """Read a targets file: for each variable or crossing its categories and their populations."""
    found: dict[str, list[tuple[str, float]]] = {}
    with (TARGETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["variable"], []).append((row["category"], float(row["population"])))
    return found


def cells(name: str, variables: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Read how many people of each kind there are: the variables of a targets file, all crossed; none if not known."""
    found: dict[tuple[str, ...], float] = {}
    path = TARGETS / f"{name}{CELLS}"
    if not path.exists():
        return found
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = tuple(row[variable] for variable in variables)
            found[kind] = found.get(kind, 0.0) + float(row["population"])
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """What variables and their categories are called in reports of the weighting, where people read them."""

    categories: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def variable(self, name: str) -> str:
        """Name a variable."""
        return name.replace("_", " ")

    def category(self, variable: str, key: str) -> str:
        """Name a category."""
        return self.categories.get(variable, {}).get(key, key)

    def joint(self, names: str, keys: str) -> str:
        """Name a category of a margin, perhaps of several variables: `leeds*16_24` of `district*age_band`."""
        return "*".join(self.category(v, k) for v, k in zip(names.split("*"), keys.split("*"), strict=True))


def words(definition: Definition, scheme: Scheme) -> Words:
    """Call categories as the questionnaire does; keys stand where its words could be mistaken for one another."""
    found: dict[str, dict[str, str]] = {}
    for variable in scheme.variables:
        question = definition.with_role(variable)
        labels = {option.key: option.text for option in question.options} if question else {}
        labels |= scheme.labels.get(variable, {})
        spoken = [" ".join(label.split()).casefold() for label in labels.values()]
        if len(set(spoken)) == len(spoken) and not any("*" in label or not label for label in spoken):
            found[variable] = labels
    return Words(found)


def to_weigh_by(scheme: Scheme, words: Words) -> WeightingScheme:
    """Turn a scheme and its targets into what the analysis weighs by, in the words that its report is to use.

    Without margins everybody counts alike: one margin that all are in gives everyone the weight 1.
    """
    from app.analysis.margins import margin
    from app.analysis.scheme import WeightingScheme

    if not scheme.weights:
        return WeightingScheme(scheme.name, scheme.version, (margin(EVERYONE, {EVERYONE: 1.0}),))
    populations = targets(scheme.targets)
    return WeightingScheme(
        name=scheme.name,
        version=scheme.version,
        margins=tuple(
            margin(words.variable(name), [(words.joint(name, keys), people) for keys, people in populations[name]])
            for name in scheme.margins
        ),
        cap=scheme.cap,
        relax_to=scheme.relax_to,
        collapse=True,
        smallest=scheme.smallest,
        neighbours={
            words.variable(name): {
                words.category(name, key): tuple(words.category(name, other) for other in others)
                for key, others in stated.items()
            }
            for name, stated in scheme.neighbours.items()
        },
        joined={
            words.variable(name): {
                words.category(name, key): words.category(name, into) for key, into in stated.items()
            }
            for name, stated in scheme.joined.items()
        },
    )
