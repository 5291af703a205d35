"""Re-raked bootstrap: repeat the sampling, the raking and the trimming, where linearisation no longer tells it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.analysis.arrays import Floats, Index, totals, totals_of_columns
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import InvalidDesign
from app.analysis.estimation import Estimate, estimate
from app.analysis.items import Item
from app.analysis.raking_together import trim_nearly
from app.analysis.replicates import Replicates, keys_of
from app.analysis.tallies import Groups, grouped
from app.analysis.weighting import LINEARISED, Weighted

REPLICATES = 200
SEED = 1
MAX_REDRAWS = 50
AT_ONCE = 1_000_000
"""Totals of units that are raked at a time: 8 MB for each of the few tables that it takes."""
BOOTSTRAPPED = " Standard errors are those of {n} bootstrap replicates, each raked and trimmed anew."


def counting_the_trimming(
    weighted: Weighted, design: Design | None = None, replicates: int = REPLICATES, seed: int = SEED
) -> Weighted:
    """Give trimmed weights bootstrap replicates, from which all variances then come; others stay as they are."""
    return with_replicates(weighted, design, replicates, seed) if weighted.report.share_trimmed else weighted


def with_replicates(
    weighted: Weighted, design: Design | None = None, replicates: int = REPLICATES, seed: int = SEED
) -> Weighted:
    """Draw m - 1 of each stratum's m sampling units again with replacement, and rake and trim each draw anew.

    Rescaling bootstrap: Rao & Wu (1988); with finite populations by 1 + sqrt(1 - f) (r - 1). Responses that are drawn
    singly and weigh the same are drawn by number, so that the cost hardly grows with n. Targets and cap stay as they
    are; a draw in which a whole category is empty is drawn again. Raises InvalidDesign where that keeps happening.
    """
    groups = grouped(weighted, None, design)
    urns = _Urns.of(groups, len(weighted.units))
    rng = np.random.default_rng(seed)
    mass, alone = _replicates(weighted, urns, rng, replicates)
    warnings = tuple(each.replace(LINEARISED, BOOTSTRAPPED.format(n=replicates)) for each in weighted.report.warnings)
    kept = Replicates(urns.keys, urns.unit, mass, alone.mean(axis=0))
    return replace(weighted, replicates=kept, report=replace(weighted.report, warnings=warnings))


def estimate_by_bootstrap(
    weighted: Weighted,
    items: Sequence[Item],
    by: Column | str | None = None,
    design: Design | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> tuple[Estimate, ...]:
    """Estimate as `estimation.estimate` does, with re-raked bootstrap errors whether or not weights were trimmed."""
    return estimate(with_replicates(weighted, design, replicates, seed), items, by, design)


@dataclass(frozen=True)
class _Urns:
    """Hold what is drawn from: an urn for each cluster, and one for all single responses of one unit and stratum.

    A cell (c,) is the part of an urn in one unit: `keys`, `unit`, `urn`, `count` and whether it is of singles (c,).
    `size` (urns,) counts sampling units; `stratum` (urns,) is theirs.
    """

    keys: Index
    unit: Index
    urn: Index
    count: Floats
    single: Floats
    size: Floats
    stratum: Index
    spread: Floats

    @classmethod
    def of(cls, groups: Groups, units: int) -> _Urns:
        """Sort groups of responses into urns. `spread` is sqrt(1 - f) m / (m - 1) of each stratum."""
        keys, first, cell = np.unique(keys_of(groups), return_index=True, return_inverse=True)
        single = groups.alone[first]
        count = totals(cell, groups.count, len(keys))
        cluster = np.zeros(len(keys), np.intp) if groups.cluster is None else groups.cluster[first]
        label = np.where(single, -1 - np.arange(len(keys)), cluster)
        _, opened, urn = np.unique(label, return_index=True, return_inverse=True)
        strata = groups.strata
        spread = np.sqrt(strata.factors * strata.sizes / (strata.sizes - 1))
        return cls(
            keys,
            groups.unit[first],
            urn,
            count,
            single.astype(np.float64),
            np.where(single, count, 1.0)[opened],
            groups.stratum[first][opened],
            spread,
        )

    def draw(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw sampling units: how many of each urn (urns,), and their rescaled number, whose mean is its size."""
        times, rescaled = np.zeros(len(self.size)), np.zeros(len(self.size))
        for stratum, spread in enumerate(self.spread):
            inside = np.flatnonzero(self.stratum == stratum)
            size = self.size[inside]
            m = size.sum()
            times[inside] = rng.multinomial(round(m) - 1, size / m)
            rescaled[inside] = size + spread * (m - 1) / m * (times[inside] * m / (m - 1) - size)
        return times, rescaled


def _replicates(weighted: Weighted, urns: _Urns, rng: np.random.Generator, wanted: int) -> tuple[Floats, Floats]:
    """Draw and weigh until there are as many as wanted: weight of each cell (b, c), its part in a variance (b, c)."""
    at_once = max(1, AT_ONCE // len(weighted.units))
    kept: list[tuple[Floats, Floats]] = []
    missing, in_vain = wanted, 0
    while missing:
        tried = min(missing, at_once)
        kept.append(_drawn(weighted, urns, rng, tried))
        got = len(kept[-1][0])
        missing, in_vain = missing - got, 0 if got else in_vain + tried
        if in_vain >= MAX_REDRAWS:
            raise InvalidDesign(
                "Bootstrap",
                f"{in_vain} draws in a row had an empty category",
                "Collapse small categories before using it.",
            )
    return np.concatenate([mass for mass, _ in kept]), np.concatenate([alone for _, alone in kept])


def _drawn(weighted: Weighted, urns: _Urns, rng: np.random.Generator, tried: int) -> tuple[Floats, Floats]:
    """Draw some replicates and weigh them; those in which a whole category is empty are left out."""
    units = weighted.units
    times, rescaled = (np.stack(kind) for kind in zip(*(urns.draw(rng) for _ in range(tried)), strict=True))
    of_cell = urns.count * (rescaled / urns.size)[:, urns.urn]
    count = totals_of_columns(urns.unit, of_cell.T, len(units)).T
    mass = trim_nearly(count * units.start, count, weighted.constraints, weighted.report.cap)
    good = np.isfinite(mass).all(axis=1)
    weight = np.divide(mass, count, out=np.zeros_like(count), where=count > 0)[:, urns.unit]
    spread = urns.spread[urns.stratum][urns.urn]
    alone = urns.single * times[:, urns.urn] * (weight * spread) ** 2
    return (weight * of_cell)[good], alone[good]
