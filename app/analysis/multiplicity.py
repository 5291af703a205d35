"""Adjust p-values for how many comparisons were made."""

from __future__ import annotations

import numpy as np

from app.analysis.arrays import Floats, Index


def holm(p: Floats) -> Floats:
    """Return Holm's (1979) adjusted p-values (m,), which keep the chance of any false finding at the level."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    return _in_place(order, stepped)


def benjamini_hochberg(p: Floats) -> Floats:
    """Return Benjamini & Hochberg's (1995) adjusted p-values (m,), which keep the share of false findings down."""
    order = np.argsort(p, kind="stable")
    stepped = np.minimum.accumulate((len(p) / np.arange(1, len(p) + 1) * p[order])[::-1])[::-1]
    return _in_place(order, stepped)


def _in_place(order: Index, stepped: Floats) -> Floats:
    adjusted = np.empty_like(stepped)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
