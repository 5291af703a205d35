"""Weigh responses: make the people who answered look like the population, and report what that cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.analysis.arrays import Codes, Floats, Mask, totals
from app.analysis.collapsing import Collapse
from app.analysis.columns import Column
from app.analysis.constraints import Constraints, constraints_of
from app.analysis.design import Design
from app.analysis.errors import InvalidItem
from app.analysis.raking import Constraint, check_range
from app.analysis.scheme import WeightingScheme
from app.analysis.trimming import REACHED, Trimmed, named_cap, trim
from app.analysis.units import Units, units_of_counts, units_of_rows

if TYPE_CHECKING:
    from app.analysis.replicates import Replicates

LINEARISED = " Standard errors are linearised: they count the weighting, but not the trimming."


@dataclass(frozen=True)
class Precision:
    """Hold Kish's measures: `n`, `effective_n` = (sum w)^2 / sum w^2 and `design_effect` = n / effective n."""

    n: int
    effective_n: float
    design_effect: float


@dataclass(frozen=True)
class CategoryReport:
    """Hold one category of a margin: people, and its share of the sample, of the targets and after weighting."""

    category: str
    n: int
    sample_share: float
    target_share: float
    weighted_share: float
    precision: Precision


@dataclass(frozen=True)
class MarginReport:
    """Hold one margin: its largest error / N and its categories."""

    margin: str
    error: float
    categories: tuple[CategoryReport, ...]


@dataclass(frozen=True)
class GroupReport:
    """Hold the precision that is left in one category of a variable, such as one district."""

    variable: str
    category: str
    precision: Precision


@dataclass(frozen=True)
class WeightingReport:
    """Hold what weighting did. Weights are in multiples of their mean; shares are between 0 and 1.

    `cap` is the one that holds, None if untrimmed; `asked_cap` the one asked for.
    """

    scheme: str
    version: str
    converged: bool
    margin_error: float
    sweeps: int
    precision: Precision
    smallest_weight: float
    largest_weight: float
    asked_cap: float | None
    cap: float | None
    share_trimmed: float
    margins: tuple[MarginReport, ...]
    groups: tuple[GroupReport, ...]
    collapses: tuple[Collapse, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Weighted:
    """Hold weighted responses: one weight with mean 1 for each unit, and what they were raked to.

    `design` is how they were sampled, None for independently. Where they have `replicates`, see `bootstrap`, errors
    come from these; otherwise they are linearised.
    """

    scheme: WeightingScheme
    units: Units
    unit_weights: Floats
    constraints: tuple[Constraint, ...]
    report: WeightingReport
    design: Design | None = None
    replicates: Replicates | None = None

    @property
    def weights(self) -> Floats:
        """Give each response its weight: shape (n,), mean 1, in the order of the columns."""
        if self.units.of_row is None:
            return np.repeat(self.unit_weights, self.units.count.astype(np.intp))
        return self.unit_weights[self.units.of_row]

    def precision(self, inside: Mask) -> Precision:
        """Measure what the weights of some responses, marked by `inside` (n,), are worth. Raises InvalidItem."""
        if self.units.of_row is None:
            raise InvalidItem("Grouped counts", "some of them cannot be told", "Weigh the responses themselves.")
        return kish(self.unit_weights, totals(self.units.of_row.compress(inside), None, len(self.units)))

    @property
    def n(self) -> int:
        """Count the weighted responses."""
        return int(self.units.n)


def weigh(columns: Mapping[str, Column], scheme: WeightingScheme, starting: Floats | None = None) -> Weighted:
    """Rake responses (n rows in coded columns) to a scheme's margins, trimming as it says.

    Post-stratification is the case of one margin. `starting` (n,) are weights to begin from, such as design weights.
    Deming & Stephan (1940); Deville & Sarndal (1992). Raises the AnalysisErrors of `units`, `constraints`, `raking`
    and `trimming`: nothing that did not converge comes back.
    """
    return weigh_units(units_of_rows(columns, scheme.variables, starting), scheme)


def weigh_counts(columns: Mapping[str, Column], count: Floats, scheme: WeightingScheme) -> Weighted:
    """Rake grouped counts, as GROUP BY gives them: `columns` hold one code a group (g,), `count` (g,) its responses."""
    return weigh_units(units_of_counts(columns, tuple(columns), count), scheme)


def weigh_units(units: Units, scheme: WeightingScheme) -> Weighted:
    """Rake units to a scheme's margins; see `weigh`."""
    constraints = constraints_of(scheme, units)
    trimmed = trim(units.count * units.start, units.count, constraints.margins, scheme.cap, scheme.relax_to)
    weights = trimmed.raked.mass / units.count
    weights /= np.dot(weights, units.count) / units.n
    check_range(weights)
    report = _report(scheme, units, weights, constraints, trimmed)
    return Weighted(scheme, units, weights, constraints.margins, report)


def kish(weights: Floats, count: Floats) -> Precision:
    """Measure what unequal weights cost: effective n = (sum w)^2 / sum w^2 (Kish 1965). No responses: all 0."""
    n, total, squares = float(count.sum()), float(np.dot(weights, count)), float(np.dot(weights**2, count))
    if not squares:
        return Precision(0, 0.0, 0.0)
    effective = total**2 / squares
    return Precision(round(n), effective, n / effective)


def _report(
    scheme: WeightingScheme, units: Units, weights: Floats, constraints: Constraints, trimmed: Trimmed
) -> WeightingReport:
    margins = tuple(_margin_report(each, units, weights) for each in constraints.margins)
    at_cap = weights >= (trimmed.cap or np.inf) * (1 - 10 * REACHED)
    share_trimmed = float(units.count[at_cap].sum()) / units.n
    return WeightingReport(
        scheme=scheme.name,
        version=scheme.version,
        converged=True,
        margin_error=max(each.error for each in margins),
        sweeps=trimmed.raked.sweeps,
        precision=kish(weights, units.count),
        smallest_weight=float(weights.min()),
        largest_weight=float(weights.max()),
        asked_cap=scheme.cap,
        cap=trimmed.cap,
        share_trimmed=share_trimmed,
        margins=margins,
        groups=tuple(
            group for variable in scheme.variables for group in _group_reports(units.columns[variable], units, weights)
        ),
        collapses=constraints.collapses,
        warnings=(*constraints.warnings, *_trimmed(share_trimmed), *_relaxed(trimmed, scheme)),
    )


def _trimmed(share: float) -> tuple[str, ...]:
    if not share:
        return ()
    return (f"{share:.1%} of the responses have their weight trimmed to the cap.{LINEARISED}",)


def _relaxed(trimmed: Trimmed, scheme: WeightingScheme) -> tuple[str, ...]:
    if trimmed.smallest_cap is None or scheme.cap is None or trimmed.cap is None:
        return ()
    return (
        f"The cap of {scheme.cap:g} x the mean weight cannot hold with these margins; relaxed to {trimmed.cap:g} "
        f"(smallest possible {named_cap(trimmed.smallest_cap):.4f}).",
    )


def _margin_report(each: Constraint, units: Units, weights: Floats) -> MarginReport:
    achieved = each.achieved(weights * units.count) / units.n
    sample = each.counts / units.n
    categories = tuple(
        CategoryReport(label, int(n), float(share), float(target), float(weighted), precision)
        for label, n, share, target, weighted, precision in zip(
            each.labels,
            each.counts,
            sample,
            each.targets,
            achieved,
            _precisions(each.codes, len(each.labels), units, weights),
            strict=True,
        )
    )
    return MarginReport(each.name, float(np.abs(achieved - each.targets).max()), categories)


def _group_reports(column: Column, units: Units, weights: Floats) -> list[GroupReport]:
    precisions = _precisions(column.codes, len(column.labels), units, weights)
    return [
        GroupReport(column.name, label, precision)
        for label, precision in zip(column.labels, precisions, strict=True)
        if precision.n
    ]


def _precisions(codes: Codes, size: int, units: Units, weights: Floats) -> list[Precision]:
    n = np.bincount(codes, units.count, size)
    total = np.bincount(codes, weights * units.count, size)
    squares = np.bincount(codes, weights**2 * units.count, size)
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    return [
        Precision(round(people), float(worth), float(people / worth) if worth else 0.0)
        for people, worth in zip(n, effective, strict=True)
    ]
