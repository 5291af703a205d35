"""Re-raked bootstrap: repeat the sampling, the raking and the trimming, where linearisation no longer tells it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, totals
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import DidNotConverge, InvalidDesign, InvalidItem, WeightsOverflow
from app.analysis.estimation import Estimate, domains, estimates_of
from app.analysis.items import Item
from app.analysis.linearisation import projection, scores
from app.analysis.tallies import Groups, grouped, tallied
from app.analysis.trimming import trim_nearly
from app.analysis.weighting import Weighted

REPLICATES = 500
MAX_REDRAWS = 50


@dataclass(frozen=True)
class Replicates:
    """Hold re-estimated values (replicates, domains, items), and how many draws lacked a category and were redrawn."""

    domains: tuple[str | None, ...]
    items: tuple[str, ...]
    values: Floats
    redrawn: int

    @property
    def standard_errors(self) -> Floats:
        """Return the spread of the replicates: shape (domains, items)."""
        return np.asarray(np.nanstd(self.values, axis=0, ddof=1))


def bootstrap(
    weighted: Weighted,
    items: Sequence[Item],
    by: Column | str | None = None,
    design: Design | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Replicates:
    """Draw m - 1 of each stratum's m sampling units again with replacement, and rake and trim each draw anew.

    Rescaling bootstrap: Rao & Wu (1988). Targets and cap stay as they are; a draw in which a whole category is empty is
    drawn again. Raises InvalidItem on grouped counts, InvalidDesign where categories keep coming out empty.
    """
    units = weighted.units
    if units.of_row is None:
        raise InvalidItem("Grouped counts", "a bootstrap draws single responses", "Give the responses themselves.")
    groups = grouped(weighted, by, design)
    found = tuple(domains(groups))
    base, value = _matrices(items)
    draw = _Sampler(groups, design, weighted.n, np.random.default_rng(seed))
    values = np.full((replicates, len(found), len(items)), np.nan)
    redrawn = 0
    for replicate in range(replicates):
        times, weights, again = _reweighted(weighted, draw)
        redrawn += again
        for place, domain in enumerate(found):
            mass = times * weights[units.of_row]
            if domain.inside is not None and groups.of_row is not None:
                mass = mass * domain.inside[groups.of_row]
            people = mass @ base
            values[replicate, place] = np.divide(
                mass @ value, people, out=np.full(len(items), np.nan), where=people > 0
            )
        if progress:
            progress(replicate + 1)
    return Replicates(tuple(domain.label for domain in found), tuple(item.name for item in items), values, redrawn)


def bootstrap_errors(
    weighted: Weighted, items: Sequence[Item], replicates: int = REPLICATES, seed: int = 1
) -> dict[str, float]:
    """Return the bootstrap standard error of each item for everyone; see `bootstrap`."""
    drawn = bootstrap(weighted, items, replicates=replicates, seed=seed)
    return dict(zip(drawn.items, map(float, drawn.standard_errors[0]), strict=True))


def estimate_by_bootstrap(
    weighted: Weighted,
    items: Sequence[Item],
    by: Column | str | None = None,
    design: Design | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> tuple[Estimate, ...]:
    """Estimate as `estimation.estimate` does, with re-raked bootstrap errors: for weights that were trimmed."""
    groups = grouped(weighted, by, design)
    tallies, project = tallied(groups, items), projection(weighted)
    errors = bootstrap(weighted, items, by, design, replicates, seed).standard_errors
    estimates: list[Estimate] = []
    for domain, error in zip(domains(groups), errors, strict=True):
        linear = scores(weighted, project, groups, tallies, domain.inside)
        variance = np.where(error > 1e-9, np.nan_to_num(error), 0.0) ** 2
        estimates += estimates_of(weighted, groups, tallies, domain, linear, variance)
    return tuple(estimates)


def _matrices(items: Sequence[Item]) -> tuple[Floats, Floats]:
    base = np.stack(
        [np.ones(len(item.values)) if item.base is None else item.base.astype(np.float64) for item in items], 1
    )
    value = np.stack(
        [np.where(b > 0, item.values, 0).astype(np.float64) for item, b in zip(items, base.T, strict=True)], 1
    )
    return base, value


class _Sampler:
    """Draw how often each response is in a replicate."""

    def __init__(self, groups: Groups, design: Design | None, n: int, rng: np.random.Generator) -> None:
        chosen = design or Design()
        cluster = chosen.cluster_codes(n)
        stratum = chosen.stratum_codes(n)
        self.of_row = np.arange(n) if cluster is None else cluster
        self.stratum = np.zeros(int(self.of_row.max()) + 1, np.intp)
        self.stratum[self.of_row] = stratum
        self.rng = rng

    def __call__(self) -> Floats:
        times = np.zeros(len(self.stratum))
        for stratum in range(int(self.stratum.max()) + 1):
            units = np.flatnonzero(self.stratum == stratum)
            drawn = totals(self.rng.integers(len(units), size=len(units) - 1), None, len(units))
            times[units] = drawn * (len(units) / (len(units) - 1))
        return times[self.of_row]


def _reweighted(weighted: Weighted, draw: _Sampler) -> tuple[Floats, Floats, int]:
    units = weighted.units
    assert units.of_row is not None
    for attempt in range(MAX_REDRAWS):
        times = draw()
        count = totals(units.of_row, times, len(units))
        if any((each.achieved(count) == 0).any() for each in weighted.constraints):
            continue
        try:
            mass = trim_nearly(count * units.start, count, weighted.constraints, weighted.report.cap)
        except (WeightsOverflow, DidNotConverge):
            continue
        return times, np.divide(mass, count, out=np.zeros_like(count), where=count > 0), attempt
    raise InvalidDesign(
        "Bootstrap", f"{MAX_REDRAWS} draws in a row had an empty category", "Collapse small categories before using it."
    )
