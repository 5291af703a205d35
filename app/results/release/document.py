"""What a release says, as frozen dataclasses that a database document keeps: no more than anybody may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.results.run import figures

Texts = Mapping[str, str]
"""A text in each language that the survey ran in."""

EVERYWHERE = "west-yorkshire"
MEASURE, ROLLING, RANKING, ANSWERS = "measure", "rolling", "ranking", "answers"
OVER_MONTHS = "-over-months"
PROTECTED, TOO_FEW = "protected", "too_few"


@dataclass(frozen=True, slots=True)
class Value:
    """A released share (0 to 1) with its 95% interval, its base rounded to 5 and what that is worth.

    ``withheld`` says why there is none: it would tell of few people (protected), or it is too uncertain (too_few).
    """

    share: float | None
    low: float | None
    high: float | None
    n: int | None
    effective_n: int | None
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One figure, by its identifier, for West Yorkshire and each district; in a ranking with its place and tier."""

    id: str
    labels: Texts
    areas: Mapping[str, Value]
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier for West Yorkshire, between two waves that are both released."""

    since: str
    difference: float
    low: float
    high: float
    detectable: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Table:
    """One variable by district: a headline measure, its mean over months, a ranking, or every answer to a question.

    ``apart`` counts who is not in the base, rounded to 5; a small count is None.
    """

    id: str
    kind: str
    question: Texts
    items: tuple[Item, ...]
    apart: Mapping[str, int | None] = field(default_factory=dict)
    months: int = 1
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """Everything that a release says."""

    reference: str
    wave: str
    survey: str
    period: str
    edition: int
    corrects: str | None
    reason: str
    simulated: bool
    weighted: bool
    scheme: str
    released_on: str
    until: str
    responses: int | None
    effective_n: int | None
    languages: tuple[str, ...]
    titles: Texts
    areas: Mapping[str, Texts]
    tables: tuple[Table, ...]

    @property
    def items(self) -> Iterator[tuple[Table, Item]]:
        """Walk all figures with the table that each stands in."""
        return ((table, item) for table in self.tables for item in table.items)

    def find(self, identifier: str) -> tuple[Table, Item] | None:
        """Find a figure by its identifier."""
        return next((found for found in self.items if found[1].id == identifier), None)


def to_document(published: Published) -> dict[str, Any]:
    """Turn what is published into what the database keeps."""
    return asdict(published)


def from_document(document: Mapping[str, Any]) -> Published:
    """Read it back."""
    found: Published = figures.revived(Published, document)
    return found


def slug(key: str) -> str:
    """Write a key as part of an address."""
    return key.replace("_", "-").replace(":", "-")
