"""Estimate shares, means and distributions with intervals, overall and by domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, Mask
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import EmptyBase
from app.analysis.intervals import korn_graubard, student, variance_effective_n
from app.analysis.items import Item, distribution_items
from app.analysis.linearisation import Projection, Scores, projection, scores, variances
from app.analysis.publication import disclosive, few_clusters, unclustered, withheld
from app.analysis.tallies import Groups, Items, Tallies, grouped, tallied
from app.analysis.weighting import Weighted

FIXED = "fixed by a weighting margin, so it has no sampling error of its own"
CONSTANT = "everybody in the base gave this number, so there is no sampling error to estimate"


@dataclass(frozen=True)
class Estimate:
    """Hold one figure: a share (0..1) or mean with its 95% interval, its base `n` and what that is worth.

    `group` is the category of the breakdown, None for everyone. `effective_n` is Kish's over the item's own base.
    Numbers are None only where nobody is in the base. `reason` says why a figure must not be published, or None.
    `note` says anything else that a reader needs. `unweighted` is the plain mean of the values in the base; `averaged`
    says that the figure is a mean of numbers, which may lie between 0 and 1 and is no share for that.
    """

    item: str
    group: str | None
    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    n: int
    effective_n: float
    publishable: bool
    reason: str | None
    note: str | None = None
    unweighted: float | None = None
    averaged: bool = False


def estimate(
    weighted: Weighted, items: Items, by: Column | str | None = None, design: Design | None = None
) -> tuple[Estimate, ...]:
    """Estimate each item for everyone, or with `by` for each category of it, "Prefer not to say" last.

    Linearised standard errors that take the raking into account (Deville & Sarndal 1992; Lumley 2010), domains by
    zero extension; Korn-Graubard intervals for shares, Student's t for means. `by` names a variable of the scheme or
    is a column (n,). Raises EmptyBase where nobody is in the base of an item overall.
    """
    groups = grouped(weighted, by, design)
    tallies = tallied(groups, items)
    _refuse_empty(tallies)
    project = projection(weighted)
    return tuple(
        each for domain in domains(groups) for each in _domain_estimates(weighted, project, groups, tallies, domain)
    )


def estimate_overall_and_by(
    weighted: Weighted, items: Items, by: Column | str, design: Design | None = None
) -> tuple[Estimate, ...]:
    """Estimate each item for everyone and then for each category of `by`, from one count of rows; see `estimate`."""
    groups = grouped(weighted, by, design)
    tallies = tallied(groups, items)
    _refuse_empty(tallies)
    project = projection(weighted)
    return tuple(
        each
        for domain in (Domain(None, None), *domains(groups))
        for each in _domain_estimates(weighted, project, groups, tallies, domain)
    )


def distribution(
    weighted: Weighted,
    question: Column,
    leave_out: Iterable[str] = (),
    by: Column | str | None = None,
    design: Design | None = None,
) -> tuple[Estimate, ...]:
    """Estimate the share of each category of a question, over those who gave one not in `leave_out` ("don't know")."""
    return estimate(weighted, distribution_items(question, leave_out), by, design)


@dataclass(frozen=True)
class Domain:
    """Name a group of a breakdown and mark its groups (g,); everyone has neither."""

    label: str | None
    inside: Mask | None


def domains(groups: Groups) -> Iterator[Domain]:
    """Go through the categories of the breakdown that somebody is in, or through everyone once."""
    if groups.domain is None:
        yield Domain(None, None)
        return
    people = np.bincount(groups.domain.codes, groups.count, len(groups.domain.labels))
    for code, label in enumerate(groups.domain.labels):
        if people[code]:
            yield Domain(label, groups.domain.codes == code)


def _refuse_empty(tallies: Tallies) -> None:
    for name, n in zip(tallies.names, tallies.base.sum(axis=0), strict=True):
        if not n:
            raise EmptyBase(
                f"Item {name}", "nobody answered it: every value is blank or unknown", "Leave the item out."
            )


def _domain_estimates(
    weighted: Weighted, project: Projection, groups: Groups, tallies: Tallies, domain: Domain
) -> tuple[Estimate, ...]:
    linear = scores(weighted, project, groups, tallies, domain.inside)
    return estimates_of(weighted, groups, tallies, domain, linear, variances(weighted, groups, linear))


def estimates_of(
    weighted: Weighted, groups: Groups, tallies: Tallies, domain: Domain, linear: Scores, variance: Floats
) -> tuple[Estimate, ...]:
    """Turn linearised items of one domain and their variances (j,) into estimates."""
    figures = _figures(weighted, groups, tallies, domain, linear, variance)
    return tuple(
        _estimate(name, domain.label, figure, share)
        for name, figure, share in zip(tallies.names, figures, tallies.shares, strict=True)
    )


@dataclass(frozen=True)
class Figure:
    """Hold what an interval is made of; `cell` counts people who said yes, `rows` the sample that was drawn.

    `constant` says that everybody in the base of a mean gave one number, `clusters` how many the base is from. With
    clusters `rows` and `degrees_of_freedom` are those of the base: its n, and its own clusters less their strata.
    `plain` is the mean of the values without weights.
    """

    value: float
    plain: float
    variance: float
    n: int
    cell: int
    effective_n: float
    rows: int
    degrees_of_freedom: float
    constant: bool = False
    clusters: int | None = None

    @property
    def unclustered(self) -> str | None:
        """Say why its error cannot be estimated, or return None."""
        return None if self.clusters is None else unclustered(self.clusters, self.degrees_of_freedom)

    def noted(self, note: str | None) -> str | None:
        """Add to a note that its clusters are few."""
        few = None if self.clusters is None else few_clusters(self.clusters)
        return "; ".join(part for part in (note, few) if part) or None


def _figures(
    weighted: Weighted, groups: Groups, tallies: Tallies, domain: Domain, linear: Scores, variance: Floats
) -> Iterator[Figure]:
    inside = np.ones(len(groups.count)) if domain.inside is None else domain.inside.astype(np.float64)
    weight = weighted.unit_weights[groups.unit] * inside
    n = inside @ tallies.base
    cells = inside @ tallies.total
    plain = tallies.centre + cells / np.maximum(n, 1)
    squares = weight**2 @ tallies.base
    effective = np.divide(linear.base**2, squares, out=np.zeros_like(squares), where=squares > 0)
    constants = tallies.constants(domain.inside)
    clusters = groups.clusters(tallies.base * inside[:, np.newaxis])
    for j, constant in enumerate(constants):
        alike = not np.isnan(constant)
        value, spread = (constant, 0.0) if alike else (linear.values[j], variance[j])
        people = round(n[j])
        rows, free, own = weighted.n, groups.strata.degrees_of_freedom, None
        if clusters is not None:
            own = int(clusters[0][j])
            rows, free = people, float(own - clusters[1][j])
        cell, worth = round(cells[j]), float(effective[j])
        yield Figure(float(value), float(plain[j]), float(spread), people, cell, worth, rows, free, alike, own)


def _estimate(item: str, group: str | None, figure: Figure, share: bool) -> Estimate:
    if not figure.n:
        return Estimate(item, group, None, None, None, None, 0, 0.0, False, "nobody in this group answered")
    return _share(item, group, figure) if share else _mean(item, group, figure)


def _mean(item: str, group: str | None, figure: Figure) -> Estimate:
    error = float(np.sqrt(figure.variance))
    half = student(max(figure.degrees_of_freedom, 1.0)) * error
    reason = disclosive(figure.n) or figure.unclustered
    note = None if error or figure.unclustered else CONSTANT if figure.constant else FIXED
    return Estimate(
        item,
        group,
        figure.value,
        error,
        figure.value - half,
        figure.value + half,
        figure.n,
        figure.effective_n,
        reason is None,
        reason,
        figure.noted(note),
        figure.plain,
        averaged=True,
    )


def _share(item: str, group: str | None, figure: Figure) -> Estimate:
    value = min(max(figure.value, 0.0), 1.0)
    error = float(np.sqrt(figure.variance))
    low, high, note = _interval(value, figure)
    reason = disclosive(figure.n, figure.cell) or figure.unclustered
    reason = reason or withheld(figure.n, figure.cell, figure.effective_n, value, low, high)
    counts = (figure.n, figure.effective_n, reason is None, reason)
    return Estimate(item, group, value, error, low, high, *counts, figure.noted(note), figure.plain)


def _interval(value: float, figure: Figure) -> tuple[float, float, str | None]:
    if figure.unclustered:
        return 0.0, 1.0, None
    if figure.cell in (0, figure.n):
        answer = "nobody" if figure.cell == 0 else "everybody"
        return *korn_graubard(
            value, figure.effective_n
        ), f"{answer} in the base gave this answer; interval from Kish's effective n"
    if figure.variance == 0.0:
        return value, value, FIXED
    effective = variance_effective_n(value, figure.variance, figure.rows, figure.degrees_of_freedom)
    return *korn_graubard(value, effective), None


def shares(items: Sequence[Item]) -> bool:
    """Say whether every item is a yes / no item."""
    return all(item.is_share for item in items)
