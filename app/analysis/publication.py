"""Whether a figure may be published, and why not."""

from __future__ import annotations

SMALLEST_N = 10
SMALLEST_EFFECTIVE_N = 30
WIDEST = 0.30
NARROW_ENOUGH = 0.05
WIDEST_RELATIVE = 1.30
FEW_CLUSTERS = 10
FEW_OTHERS = f"fewer than {SMALLEST_N} people did not give this answer"


def disclosive(n: int, cell: int | None = None) -> str | None:
    """Say why so few people could be recognised: fewer than 10 in the base, or in the cell that the figure counts."""
    if n < SMALLEST_N:
        return f"fewer than {SMALLEST_N} responses"
    if cell is not None and cell < SMALLEST_N:
        return f"fewer than {SMALLEST_N} people gave this answer"
    return None


def too_few_to_rank(n: int, effective_n: float) -> str | None:
    """Say why a ranking must not call anything certain: its base is too small to publish a share from."""
    if n < SMALLEST_N:
        return f"too few answers to say what is on top (fewer than {SMALLEST_N})"
    if effective_n < SMALLEST_EFFECTIVE_N:
        return f"too few answers to say what is on top (effective n {effective_n:.1f}, below {SMALLEST_EFFECTIVE_N})"
    return None


def unclustered(clusters: int, degrees_of_freedom: float) -> str | None:
    """Say why an error cannot be estimated: too few clusters, such as events, to see how much they differ."""
    if clusters == 1:
        return "all its responses are from one cluster, which cannot show how much clusters differ"
    if degrees_of_freedom < 1:
        return f"its {clusters} clusters are alone in their strata, which cannot show how much clusters differ"
    return None


def few_clusters(clusters: int) -> str | None:
    """Warn of an error that few clusters make uncertain in itself; its interval allows for it by Student's t."""
    if clusters >= FEW_CLUSTERS:
        return None
    return f"from only {clusters} cluster{'s' * (clusters != 1)}, so its standard error is itself uncertain"


def withheld(n: int, cell: int | None, effective_n: float, share: float, low: float, high: float) -> str | None:
    """Say why a share must not be published, or return None where it may be.

    NCHS data presentation standards for proportions, Parker et al. (2017): n_eff < 30, width > .30, or relative width
    > 130% where the width is between .05 and .30; and n < 10 for disclosure.
    """
    if reason := disclosive(n, cell):
        return reason
    if effective_n < SMALLEST_EFFECTIVE_N:
        return f"effective n below {SMALLEST_EFFECTIVE_N} ({effective_n:.1f})"
    width = high - low
    if width > WIDEST:
        return f"interval wider than {WIDEST:.2f} ({width:.3f})"
    if width > NARROW_ENOUGH and width > WIDEST_RELATIVE * share:
        return f"interval wider than {WIDEST_RELATIVE:.0%} of the share ({width:.3f} wide)"
    return None
