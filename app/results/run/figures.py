"""What a run holds: figures and the tables they stand in, as frozen dataclasses that a database document keeps."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from app.analysis.publication import SMALLEST_N
from app.results.run.narrowing import Narrowing as Narrowing
from app.results.run.ranked import Ranked as Ranked
from app.results.run.ranked import Ranking as Ranking
from app.results.run.shares import NO_NUMBERS
from app.results.run.shares import Figure as Figure
from app.results.run.shares import Share as Share

FORMAT = 2
"""What a run holds: 1 had no rankings by district and nothing to say where next. What is missing has a default."""

Kept = TypeVar("Kept")
PLAIN = (str, int, float, bool, str | None, int | None, float | None)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Every answer to one question, over those who gave an opinion; ``apart`` counts those who did not.

    ``whole`` is over everybody who gave any answer, "don't know" and "prefer not to say" among them.
    """

    key: str
    label: str
    n: int
    effective_n: float
    shares: tuple[Share, ...]
    top_two: Share | None
    apart: Mapping[str, int]
    whole: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier; p is adjusted for all headline measures (Holm), ``detectable`` could have been seen."""

    since: str
    difference: float
    low: float
    high: float
    p: float
    detectable: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A followed share, how it changed, and its means over the comparable months up to this one.

    ``rolling`` is over at most twelve months, ``quarter`` over at most three. ``against`` compares with the baseline.
    """

    key: str
    label: str
    about: str
    item: str
    options: tuple[str, ...]
    headline: bool
    share: Share
    apart: Mapping[str, int]
    change: Change | None = None
    no_change: str = ""
    rolling: Share | None = None
    rolling_months: int = 1
    quarter: Share | None = None
    quarter_months: int = 1
    against: Change | None = None
    no_against: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One category that was weighted to, and its share before, of the targets, and after."""

    label: str
    n: int
    sample: float
    target: float
    weighted: float


@dataclass(frozen=True, slots=True)
class Margin:
    """One margin that was weighted to."""

    name: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Weighting:
    """What weighting did and what it cost."""

    scheme: str
    version: str
    weighted: bool
    n: int
    effective_n: float
    design_effect: float
    margin_error: float
    smallest: float
    largest: float
    asked_cap: float | None
    cap: float | None
    share_trimmed: float
    margins: tuple[Margin, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a run found; ``counts`` says who was weighted and who stands apart."""

    counts: Mapping[str, int]
    months: tuple[str, ...]
    districts: Mapping[str, str]
    weighting: Weighting
    measures: tuple[Measure, ...]
    rankings: tuple[Ranking, ...]
    distributions: tuple[Distribution, ...]
    means: tuple[Share, ...]
    words: Mapping[str, int]
    notes: tuple[str, ...]
    format: int = 1
    narrowing: Narrowing | None = None

    @property
    def headlines(self) -> tuple[Measure, ...]:
        """List the headline measures."""
        return tuple(measure for measure in self.measures if measure.headline)

    def ranking(self, key: str) -> Ranking | None:
        """Find a ranking by its question."""
        return next((ranking for ranking in self.rankings if ranking.key == key), None)

    def measure(self, item: str, options: tuple[str, ...]) -> Measure | None:
        """Find the share of some options of an item."""
        wanted = (item, frozenset(options))
        return next((each for each in self.measures if (each.item, frozenset(each.options)) == wanted), None)


def to_document(results: Results) -> dict[str, Any]:
    """Turn results into what the database keeps."""
    return asdict(results)


@overload
def from_document(document: Mapping[str, Any]) -> Results: ...
@overload
def from_document(document: Mapping[str, Any], kind: type[Kept]) -> Kept: ...
def from_document(document: Mapping[str, Any], kind: type[Any] = Results) -> Any:
    """Read back results, or another kind of what a run keeps."""
    return _read(kind, document)


NO_BASE = ("n", "effective_n")
COUNTED = ("apart", "counts", "words")
"""Counts of people by what they did or did not answer."""


def for_readers(document: Any) -> Any:
    """Copy a document without the numbers of figures that must not be shown, and without counts of few people."""
    if isinstance(document, list | tuple):
        return [for_readers(item) for item in document]
    if not isinstance(document, Mapping):
        return document
    hidden: tuple[str, ...] = NO_NUMBERS if document.get("reason") else ()
    if isinstance(document.get("n"), int) and document["n"] < SMALLEST_N:
        hidden += NO_BASE
    return {key: None if key in hidden else _counted(key, value) for key, value in document.items()}


def _counted(key: str, value: Any) -> Any:
    if key not in COUNTED or not isinstance(value, Mapping):
        return for_readers(value)
    return {name: None if count < SMALLEST_N else count for name, count in value.items()}


@lru_cache
def _types(cls: type) -> dict[str, Any]:
    """Say of what type each field is; None for a plain one, which is taken as it stands."""
    known = get_type_hints(cls)
    return {f.name: None if known[f.name] in PLAIN else known[f.name] for f in fields(cls)}


def _read(wanted: Any, value: Any) -> Any:
    if value is None or wanted is None:
        return value
    if is_dataclass(wanted) and isinstance(wanted, type):
        known = _types(wanted)
        return wanted(**{key: _read(known[key], held) for key, held in value.items() if key in known})
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _read(next(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        return tuple(_read(inner[0], item) for item in value)
    if inner and isinstance(value, Mapping):
        return {key: _read(inner[1], item) for key, item in value.items()}
    return value


def revived(wanted: type, document: Mapping[str, Any]) -> Any:
    """Read any frozen dataclass back from the document that ``asdict`` made of it."""
    return _read(wanted, document)
