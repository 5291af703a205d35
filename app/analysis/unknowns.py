"""Targets for people who did not say which category they are in: their share of the sample, never a dropped row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.margins import Margin


def with_unknowns(population: Floats, counts: Floats) -> Floats:
    """Extend target shares by an unknown category on each axis, at its unweighted sample share.

    `population` (k1, ..., km); `counts` (k1 + 1, ..., km + 1) of respondents, unknown last on each axis. The first
    part's unknown category takes its share of the sample. Within each known category of it, the next part's unknown
    category takes its sample share there and the named targets share the rest; within the unknown category the
    next part is as in the sample. So each crossing of one variable keeps that variable's own targets.
    """
    named = population / population.sum()
    shares: Floats = np.ones(())
    for axis in range(named.ndim):
        shares = shares[..., np.newaxis] * _conditional(_leading(named, axis + 1), _leading(counts, axis + 1))
    return shares


def _leading(table: Floats, axes: int) -> Floats:
    return np.asarray(table.sum(axis=tuple(range(axes, table.ndim))))


def _conditional(named: Floats, counts: Floats) -> Floats:
    people = counts.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(counts, people, out=np.zeros_like(counts), where=people > 0)
    known = tuple(slice(0, size) for size in named.shape[:-1])
    targets = named / named.sum(axis=-1, keepdims=True)
    shares[(*known, slice(0, -1))] = targets * (1 - shares[known][..., -1:])
    return shares


def reconciled(tables: Sequence[Floats], margins: Sequence[Margin]) -> tuple[list[Floats], list[str]]:
    """Fit each margin's shares to the earlier margins that share a variable; return them and what was changed.

    Margins from sister tables differ by a few people, and unknowns can move a part that is also a margin of its own;
    raking can hold only margins that agree. Plain margins stand before crossings.
    """
    order = sorted(range(len(margins)), key=lambda i: len(margins[i].variables))
    fitted = list(tables)
    changes = []
    for place, later in enumerate(order):
        before = fitted[later]
        for _ in range(200):
            previous = fitted[later]
            for earlier in order[:place]:
                fitted[later] = _fit(fitted[later], margins[later], fitted[earlier], margins[earlier])
            if np.abs(fitted[later] - previous).max() < 1e-16:
                break
        moved = float(np.abs(fitted[later] - before).max())
        if moved > 1e-9:
            changes.append(
                f"Targets of {margins[later].name} were fitted to the other margins; they moved by up to {moved:.4%}."
            )
    return fitted, changes


def _fit(table: Floats, margin: Margin, other: Floats, theirs: Margin) -> Floats:
    shared = [variable for variable in margin.variables if variable in theirs.variables]
    if not shared:
        return table
    here = _over(table, margin, shared)
    ratio = np.divide(_over(other, theirs, shared), here, out=np.ones_like(here), where=here > 0)
    axes = [margin.variables.index(variable) for variable in shared]
    shape = [1] * table.ndim
    for axis in axes:
        shape[axis] = table.shape[axis]
    return table * ratio.transpose(np.argsort(axes)).reshape(shape)


def _over(table: Floats, margin: Margin, shared: Sequence[str]) -> Floats:
    return Margin(margin.variables, (), table).over(shared)
