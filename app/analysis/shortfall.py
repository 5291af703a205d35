"""How many more responses a share needs before it may be published."""

from __future__ import annotations

from collections.abc import Callable

from app.analysis.intervals import korn_graubard
from app.analysis.publication import SMALLEST_N, withheld

MOST = 1_000_000
STEP = 5


def more_needed(n: int, cell: int, effective_n: float, share: float, variance_effective_n: float) -> int | None:
    """Return the fewest further responses with which a share could be published: 0 if it can be now.

    It supposes that they answer and are weighted like the ``n`` that there are: the ``cell`` of people who gave the
    answer, the Kish ``effective_n`` and the effective n of the variance all grow in proportion, and the rules are those
    of `withheld`. None where no number would do, as where nobody gave the answer. Raises ValueError without responses.
    """
    if n < 1:
        raise ValueError("There are no responses to grow: say how many more from the design effect that is usual.")

    def enough(more: int) -> bool:
        growth = (n + more) / n
        low, high = korn_graubard(share, variance_effective_n * growth)
        return withheld(n + more, int(cell * growth + 1e-9), effective_n * growth, share, low, high) is None

    reach = 1
    while not enough(reach):
        reach *= 2
        if reach > MOST:
            return None
    return _fewest(enough, reach)


def more_for_any(n: int, effective_n: float) -> int:
    """Return about how many more responses would do whatever the share is, to the next 5.

    It stands where a share is hidden because few people gave an answer: from the exact number, which grows as they are
    fewer, they could be counted. The widest interval is that of a half. Raises ValueError without responses.
    """
    more = more_needed(n, max(SMALLEST_N, n // 2), effective_n, 0.5, effective_n) or 0
    return STEP * -(-max(more, 1) // STEP)


def _fewest(enough: Callable[[int], bool], reach: int) -> int:
    """Halve the way between a number that is not enough and one that is; every rule eases as responses grow."""
    below, above = -1, reach
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if enough(middle) else (middle, above)
    return above
