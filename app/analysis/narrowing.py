"""Where next: which further interviews would make the responses worth most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, Index, Mask
from app.analysis.linearisation import projection
from app.analysis.weighting import Weighted


@dataclass(frozen=True)
class NextInterviews:
    """Hold how many interviews to hold in each unit of the weighting (u,), and what all responses would be worth.

    `effective_n` is Kish's now, `afterwards` with these interviews, `at_random` with as many people like those who
    answered so far.
    """

    interviews: Index
    effective_n: float
    afterwards: float
    at_random: float


def next_interviews(weighted: Weighted, interviews: int, eligible: Mask | None = None) -> NextInterviews:
    """Choose interviews one by one, each where it makes the effective n grow most; `eligible` (u,) marks where.

    Under linear calibration, which raking is close to (Deville & Sarndal 1992), weights are w = x' A^-1 t with A = X'X
    over the margins' dummies and t their targets, so that sum w^2 = t' A^-1 t. One more response x0 makes A grow by
    x0 x0'. By Sherman & Morrison (1950), sum w^2 falls by w0^2 / (1 + h0), with its weight w0 = x0' A^-1 t and leverage
    h0 = x0' A^-1 x0, and each w falls by x' A^-1 x0 w0 / (1 + h0). Kish's effective n is (sum w)^2 / sum w^2, where
    sum w is fixed; variances of figures whose residuals vary alike everywhere are proportional to its inverse. So the
    effective n of the raked weights is taken to grow as that of the linear ones does.
    """
    units = weighted.units
    dummies = projection(weighted).dummies.toarray()
    inverse = np.linalg.pinv(dummies.T @ (dummies * units.count[:, np.newaxis]), rcond=1e-12, hermitian=True)
    leverage = dummies @ inverse @ dummies.T
    weight = leverage @ (units.count * weighted.unit_weights)
    open_to = np.ones(len(units), np.bool_) if eligible is None else eligible
    squares = before = float(weight**2 @ units.count)
    chosen = np.zeros(len(units), np.intp)
    for _ in range(interviews if open_to.any() else 0):
        gain: Floats = np.where(open_to & (weight > 0), weight**2 / (1 + np.diag(leverage)), 0.0)
        best = int(np.argmax(gain))
        squares -= float(gain[best])
        towards = leverage[:, best] / (1 + leverage[best, best])
        weight -= towards * weight[best]
        leverage = leverage - np.outer(towards, leverage[best])
        chosen[best] += 1
    now = weighted.report.precision.effective_n
    return NextInterviews(chosen, now, now * before / squares, now * (units.n + interviews) / units.n)
