"""Measure how far coders agree beyond chance: Krippendorff's alpha, for each theme and for whole codings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.text.errors import NothingToCompare

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff (2004), "Reliability in content analysis", pp. 429-430
DRAWS = 1_000
SEED = 1
FEWEST = 10  # comments below which an interval says nothing

Coding = frozenset[str]
Distance = Callable[[Hashable, Hashable], float]


@dataclass(frozen=True)
class Agreement:
    """Hold alpha (1: perfect, 0: as by chance) for one theme, or for whole codings (theme None).

    `alpha` is None where every coder gave every comment the same value, since agreement by chance is then certain
    too; `low` and `high` bound 95% of the resampled comments, None below `FEWEST` comments. `note` says why.
    """

    theme: str | None
    alpha: float | None
    low: float | None
    high: float | None
    comments: int
    codings: int
    note: str

    @property
    def verdict(self) -> str:
        """Say in words what the value allows, by Krippendorff's customary bounds."""
        if self.alpha is None:
            return "cannot be said"
        if self.alpha >= RELIABLE:
            return "reliable"
        return "tentative conclusions only" if self.alpha >= TENTATIVE else "not reliable"


def nominal(one: Hashable, other: Hashable) -> float:
    """Return 0 for equal values and 1 for different ones."""
    return float(one != other)


def masi(one: Hashable, other: Hashable) -> float:
    """Return the distance of two sets of themes, 1 - Jaccard x monotonicity (Passonneau 2006)."""
    first, second = frozenset(one), frozenset(other)  # type: ignore[call-overload]
    if first == second:
        return 0.0
    shared = len(first & second)
    nested = 2 / 3 if first <= second or second <= first else 1 / 3 if shared else 0.0
    return 1.0 - shared / len(first | second) * nested


def alpha(units: Iterable[Sequence[Hashable]], distance: Distance = nominal) -> float | None:
    """Return Krippendorff's alpha of units that each hold the values its coders gave (fewer than two: left out).

    1 - observed / expected disagreement over pairable values, from the coincidence matrix: Krippendorff (2011),
    "Computing Krippendorff's Alpha-Reliability". None where all values are equal. Raises NothingToCompare.
    """
    matrices, values = _coincidences(units)
    return _alpha(matrices.sum(axis=0), _distances(values, distance))


def agreement(
    codings: Iterable[Mapping[str, Iterable[str]]], themes: Sequence[str], draws: int = DRAWS, seed: int = SEED
) -> tuple[Agreement, ...]:
    """Return the agreement on whole codings first, then on each theme.

    Each comment is a mapping from coder to the themes that coder gave it (none is a coding too). Whole codings are
    compared by MASI, each theme as given or not. Intervals resample comments. Raises NothingToCompare where no
    comment was coded twice.
    """
    sets = [tuple(frozenset(given) for given in comment.values()) for comment in codings]
    whole = _agreement(None, sets, masi, draws, seed)
    each = (
        _agreement(theme, [[theme in given for given in unit] for unit in sets], nominal, draws, seed)
        for theme in themes
    )
    return (whole, *each)


def _agreement(
    theme: str | None, units: Sequence[Sequence[Hashable]], distance: Distance, draws: int, seed: int
) -> Agreement:
    matrices, values = _coincidences(units)
    distances = _distances(values, distance)
    point = _alpha(matrices.sum(axis=0), distances)
    low, high = _interval(matrices, distances, draws, seed) if point is not None else (None, None)
    codings = round(float(matrices.sum()))
    return Agreement(theme, point, low, high, len(matrices), codings, _note(point, low, len(matrices)))


def _note(point: float | None, low: float | None, comments: int) -> str:
    if point is None:
        return "Every coder gave every comment the same, so agreement beyond chance cannot be said."
    if low is None:
        return f"Only {comments} comments were coded twice; an interval needs {FEWEST}."
    return ""


def _coincidences(units: Iterable[Sequence[Hashable]]) -> tuple[Floats, list[Hashable]]:
    """Return one coincidence matrix for each unit with two values or more, and the values in order."""
    pairable = [unit for unit in units if len(unit) > 1]
    if not pairable:
        raise NothingToCompare(
            "agreement", "no comment was coded by two people", "Let a second person code some of them."
        )
    values = sorted({value for unit in pairable for value in unit}, key=_order)
    place = {value: number for number, value in enumerate(values)}
    matrices = np.zeros((len(pairable), len(values), len(values)))
    for matrix, unit in zip(matrices, pairable, strict=True):
        count = np.bincount([place[value] for value in unit], minlength=len(values)).astype(float)
        matrix += (np.outer(count, count) - np.diag(count)) / (len(unit) - 1)
    return matrices, values


def _order(value: Hashable) -> str:
    return "+".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _distances(values: Sequence[Hashable], distance: Distance) -> Floats:
    return np.array([[distance(one, other) for other in values] for one in values], float)


def _alpha(coincidences: Floats, distances: Floats) -> float | None:
    totals = coincidences.sum(axis=1)
    expected = (np.outer(totals, totals) * distances).sum()
    if expected == 0:
        return None
    return float(1 - (totals.sum() - 1) * (coincidences * distances).sum() / expected)


def _interval(matrices: Floats, distances: Floats, draws: int, seed: int) -> tuple[float | None, float | None]:
    """Resample comments; a draw in which all values are equal tells nothing and is left out."""
    if len(matrices) < FEWEST:
        return None, None
    rng = np.random.default_rng(seed)
    flat = matrices.reshape(len(matrices), -1)
    counts = rng.multinomial(len(flat), np.full(len(flat), 1 / len(flat)), size=draws)
    resampled = (counts @ flat).reshape(draws, *distances.shape)
    drawn = [value for matrix in resampled if (value := _alpha(matrix, distances)) is not None]
    if not drawn:
        return None, None
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
