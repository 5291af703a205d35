"""Two releases of the same people: what differs between them by a few people would tell how those few answered."""

from __future__ import annotations

from collections.abc import Mapping

from app.analysis.disclosure.tables import CannotProtect, Tables
from app.analysis.publication import SMALLEST_N

MOVED = f"fewer than {SMALLEST_N} people more or fewer than in the release that is out"
KEPT = "hidden in the release that is out"


def refuse_a_few(changed: int, earlier: str) -> None:
    """Refuse a release that rests on almost the same responses as an earlier one: 1 to 9 came, changed or went.

    Whoever knows who they were could read their answers off the difference. Raises CannotProtect.
    Source: Hundepohl et al. (2012), section 5.2 (disclosure by differencing).
    """
    if 0 < changed < SMALLEST_N:
        people = "1 response differs" if changed == 1 else f"{changed} responses differ"
        raise CannotProtect(
            earlier,
            f"{people} from those of the release that is out, so its difference would tell how they answered",
            f"Leave it as it is, or correct it when nobody, or at least {SMALLEST_N}, differ.",
        )


def moved(before: Mapping[str, int], hidden_before: Mapping[str, str], now: Tables) -> dict[str, str]:
    """Name what a later release of the same people must hide, with reasons.

    ``before`` are the counts of the earlier one, all of them; ``hidden_before`` those that it does not show. What moved
    by 1 to 9 people is a small count of its own; and what was hidden stays so, since it has hardly changed.
    """
    found = {name: KEPT for name in now.cells if name in hidden_before}
    for name, cell in now.cells.items():
        if name in before and name not in hidden_before and 0 < abs(cell.n - before[name]) < SMALLEST_N:
            found[name] = MOVED
    return found
