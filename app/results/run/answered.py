"""What a run keeps of who answered: how like the Census, when, how, in which language, and what weighting cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind: how many answered, and their share of the responses, of the Census and after weighting."""

    labels: tuple[str, ...]
    n: int
    share: float
    target: float
    weighted: float

    @property
    def ratio(self) -> float:
        """Divide the share of the responses by that of the Census: below 1 is heard too little."""
        return self.share / self.target


@dataclass(frozen=True, slots=True)
class Comparison:
    """The groups of one variable, or of several crossed, with ten people or more.

    ``hidden`` counts groups with fewer, which are ``hidden_target`` of the Census. ``unknown`` preferred not to say.
    ``dissimilarity`` and ``variation`` are as in `app.analysis.representativeness`.
    """

    variables: tuple[str, ...]
    groups: tuple[Group, ...]
    hidden: int
    hidden_target: float
    unknown: int
    dissimilarity: float
    variation: float


@dataclass(frozen=True, slots=True)
class Way:
    """How many came in one way, as a channel or a language, and their share before and after weighting."""

    key: str
    n: int
    share: float
    weighted: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What the responses of an area are worth after weighting."""

    label: str
    n: int
    effective_n: float
    design_effect: float


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Whether an item behaves differently in a language; ``reason`` stands instead of numbers where nobody can tell.

    ``p`` is adjusted by Benjamini and Hochberg over all items and languages that were tested.
    """

    language: str
    item: str
    n: int
    odds_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    reason: str = ""

    @property
    def differs(self) -> bool:
        """Say whether it does, at the 5% level."""
        return self.p is not None and self.p <= 0.05


@dataclass(frozen=True, slots=True)
class Answered:
    """Everything about who answered one wave; ``days`` counts responses by day."""

    comparisons: tuple[Comparison, ...]
    days: Mapping[str, int]
    channels: tuple[Way, ...]
    languages: tuple[Way, ...]
    worth: tuple[Worth, ...]
    behaviours: tuple[Behaviour, ...]
    version: int = 1
