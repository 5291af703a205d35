"""Confidence intervals of shares and means."""

from __future__ import annotations

from scipy.special import betaincinv, stdtrit

LEVEL = 0.95


def korn_graubard(share: float, effective_n: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a share from its effective sample size.

    Clopper-Pearson beta quantiles with share x n_eff successes in n_eff: Korn & Graubard (1998); as
    `survey::svyciprop(method = "beta")`, n_eff not held to n. Both in 0..1.
    """
    tail = (1 - level) / 2
    yes, no = share * effective_n, (1 - share) * effective_n
    low = 0.0 if yes <= 0 else float(betaincinv(yes, no + 1, tail))
    high = 1.0 if no <= 0 else float(betaincinv(yes + 1, no, 1 - tail))
    return min(low, share), max(high, share)


def variance_effective_n(
    share: float, variance: float, n: int, degrees_of_freedom: float, level: float = LEVEL
) -> float:
    """Return n_eff = p (1 - p) / v, times (t(n - 1) / t(df))^2 where a design leaves fewer degrees of freedom."""
    effective = share * (1 - share) / variance
    if degrees_of_freedom == n - 1:
        return effective
    return effective * (student(n - 1, level) / student(degrees_of_freedom, level)) ** 2


def student(degrees_of_freedom: float, level: float = LEVEL) -> float:
    """Return the two-sided quantile of Student's t."""
    return float(stdtrit(degrees_of_freedom, (1 + level) / 2))
