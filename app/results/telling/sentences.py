"""What a run says, in plain sentences made from its stored figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from app.analysis.disclosure.rounding import told
from app.analysis.publication import SMALLEST_EFFECTIVE_N, SMALLEST_N
from app.results.run.figures import Change, Measure, Results
from app.results.run.narrowing import Narrowing
from app.results.run.ranked import EVERYWHERE, Area, Ranked, Ranking
from app.results.run.shares import Figure
from app.results.telling.local import WEST_YORKSHIRE, contenders, in_area, tiers
from app.results.telling.tables import base_of, interval_of, percent, points, share_of

USUAL_DESIGN_EFFECT = 2.5
"""What weighting an open survey usually costs, where there are too few responses to know."""


def listed(names: Iterable[str]) -> str:
    """Name several things in a sentence."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def figure_said(figure: Figure) -> str:
    """Write a figure with its interval and base, or why it is not shown and about how many more would do."""
    if not figure.shown:
        more = f"; about {figure.more_needed:,} more responses are needed" if figure.more_needed else ""
        return f"{share_of(figure)}{more}"
    n, worth = base_of(figure)
    return f"{percent(figure.value)}, 95% interval {interval_of(figure)}, n {n}, effective {worth}"


def what_comes_first(ranking: Ranking) -> list[tuple[str, str]]:
    """Say which priorities are clearly first, or could be and cannot be separated, and how the rest stand to them."""
    if none_shown(ranking):
        return [("None can be said to come first", f"too few chose any of the {len(ranking.places)}.")]
    found = list(tiers(ranking))
    first = contenders(ranking)
    if len(first) == len(ranking.places) > 1:
        return [("None is clearly first. Any could be", f"too little separates the {len(first)} to say.")]
    rest = "Clearly lower"
    if len(first) > 1:
        said = [("None is clearly first. These could be, and cannot be separated", _named(first))]
        rest = "Cannot be first"
    else:
        said = [("Clearly first", _named(first))]
        second = found[1].places if len(found) > 1 else ()
        if 0 < len(second) <= ranking.top:
            said.append(("Next, cannot be separated" if len(second) > 1 else "Next", _named(second)))
            first = (*first, *second)
    below = len(ranking.places) - len(first)
    if below:
        said.append((rest, f"the other {below}."))
    return said


def none_shown(ranking: Ranking) -> bool:
    """Say whether too few chose each of what is ranked to show any share: whether anybody did is not told either."""
    return not any(place.share.figure.shown for place in ranking.places)


def _named(places: Sequence[Ranked]) -> str:
    if len(places) == 1:
        return f"{places[0].share.label} ({figure_said(places[0].share.figure)})."
    return f"{listed(place.share.label for place in places)}."


def first_by_district(ranking: Ranking, districts: Mapping[str, str]) -> list[str]:
    """Say what is first in each district."""
    return [f"{name}: {_first_in(ranking, key)}" for key, name in districts.items()]


def _first_in(ranking: Ranking, area: str) -> str:
    here = ranking.areas.get(area)
    if here is None or here.reason:
        return f"{not_enough(here)}"
    local = in_area(ranking, area)
    if none_shown(local):
        return "too few chose any of them to say."
    first = contenders(local)
    if len(first) == 1:
        return f"{first[0].share.label} is clearly first."
    if len(first) > ranking.top:
        return f"none is clearly first; {len(first)} could be."
    return f"none is clearly first; {listed(place.share.label for place in first)} could be."


def not_enough(here: Area | None) -> str:
    """Say that an area has too few responses, and about how many more are needed."""
    if here is None or not here.n:
        return f"not enough responses; nobody answered yet, about {needed(0, 0.0)} are needed."
    return f"not enough responses to say ({here.reason}); about {needed(here.n, here.effective_n)} more are needed."


def needed(n: int, effective_n: float) -> int:
    """Estimate how many more responses like these make a group large enough to say anything of."""
    effect = n / effective_n if n >= SMALLEST_N and effective_n else USUAL_DESIGN_EFFECT
    return max(1, ceil(SMALLEST_EFFECTIVE_N * effect) - n)


def measure_said(measure: Measure) -> str:
    """Say how a measure stands and whether it changed."""
    stands = f"{measure.label}: {figure_said(measure.share.figure)}."
    return f"{stands} {change_said(measure.change, measure.no_change)}"


def change_said(change: Change | None, reason: str) -> str:
    """Say whether a measure changed on the wave before, and how small a change could have been seen."""
    if change is None:
        return f"Change: {reason}." if reason else ""
    could = f"a change of {100 * change.detectable:.1f} points could have been seen"
    moved = f"{points(change.difference)} points, {points(change.low)} to {points(change.high)}"
    return f"{change.verdict[0].upper()}{change.verdict[1:]} since {change.since} ({moved}; {could})."


def how_sure(results: Results) -> str:
    """Say what the responses are worth."""
    weighting = results.weighting
    return (
        f"{told(weighting.n)} responses from residents, worth {weighting.effective_n:,.0f} after weighting (design "
        f"effect {weighting.design_effect:.2f})."
    )


def area_name(results: Results, area: str) -> str:
    """Name an area."""
    return WEST_YORKSHIRE if area == EVERYWHERE else results.districts[area]


def narrowing_said(narrowing: Narrowing) -> str:
    """Say what the next interviews would make of the responses, and what as many at random would."""
    now, then, random = narrowing.effective_n, narrowing.afterwards, narrowing.at_random
    return (
        f"These {narrowing.interviews} interviews would make the responses worth {then:,.0f} instead of {now:,.0f}, "
        f"and every interval about {100 * (1 - (now / then) ** 0.5):.1f}% narrower. As many with people like those who "
        f"answered so far would make them worth {random:,.0f}: {100 * (1 - (now / random) ** 0.5):.1f}% narrower."
    )
