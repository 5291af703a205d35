"""What a run holds of a question whose answers are ranked: places, tiers, other views, what differs between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.results.run.shares import Figure, Share

EVERYWHERE = "west-yorkshire"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place of a ranking. From ``low`` to ``high`` are the ranks that it could hold; a tier cannot be separated."""

    share: Share
    rank: int
    low: int
    high: int
    tier: int
    among_the_top: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one priority stands in an area: its rank, the ranks that it could hold, its tier, whether among the top."""

    key: str
    rank: int
    low: int
    high: int
    tier: int
    among_the_top: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One priority by the order that people gave; ``moved`` says that its rank is another than by the shares."""

    key: str
    value: float | None
    low: float | None
    high: float | None
    rank: int
    rank_low: int
    rank_high: int
    moved: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    """A second view of one area, over those who put their choice in order; ``reason`` says why there is none."""

    method: str
    n: int
    effective_n: float
    places: tuple[Placed, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A rank that would be another; ``beyond`` says that the rank interval as published does not hold it."""

    key: str
    rank: int
    other_rank: int
    beyond: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing done otherwise, and which ranks would then change; ``reason`` says why it could not be done."""

    name: str
    n: int
    effective_n: float
    moves: tuple[Move, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """The ranking of West Yorkshire or of a district; ``reason`` says why nothing can be said of it.

    ``gaps`` are the standard errors of the difference of each two shares, in the order of the ranking's ``options``:
    first and second, first and third and so on; none where one of the two must not be shown.
    """

    n: int
    effective_n: float
    standings: tuple[Standing, ...]
    views: tuple[OrderView, ...] = ()
    variants: tuple[Variant, ...] = ()
    gaps: tuple[float | None, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people that rankings are compared between; ``reason`` says why it is left out."""

    key: str
    label: str
    n: int
    effective_n: float
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups whose shares differ: first minus second with its interval; p is adjusted over all pairs (Holm)."""

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """A priority that groups choose differently: Rao-Scott p, adjusted (Benjamini-Hochberg), and which pairs differ."""

    key: str
    p: float
    adjusted: float
    figures: Mapping[str, Figure]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Who chooses what differently: the groups of one variable, and what differs beyond chance between them.

    ``tested`` counts the comparisons that p-values are adjusted for. ``reason`` says why there was nothing to compare.
    """

    key: str
    label: str
    groups: tuple[Group, ...]
    contrasts: tuple[Contrast, ...]
    tested: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """Who chooses what differently of one ranked question, the districts first: a part of a run, read by itself."""

    breakdowns: tuple[Breakdown, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What people chose of a list, most chosen first.

    ``areas`` has each district by its key and West Yorkshire by EVERYWHERE, where people could choose only so many of
    the list; runs of format 1 have none.
    """

    key: str
    label: str
    n: int
    effective_n: float
    top: int
    places: tuple[Ranked, ...]
    apart: Mapping[str, int]
    options: tuple[str, ...] = ()
    areas: Mapping[str, Area] = field(default_factory=dict)

    @property
    def labels(self) -> dict[str, str]:
        """Name what is ranked."""
        return {place.share.key: place.share.label for place in self.places}

    def figure(self, key: str, area: str) -> Figure:
        """Find the share of one priority in an area."""
        share = next(place.share for place in self.places if place.share.key == key)
        return share.figure if area == EVERYWHERE else share.districts[area]
