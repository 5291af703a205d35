"""A ranking as it stands in one area, and its tiers in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.results.run.ranked import EVERYWHERE, Ranked, Ranking

WEST_YORKSHIRE = "West Yorkshire"
FIRST, TOGETHER, LOWER, NOT_FIRST = "clearly first", "cannot be separated", "clearly lower", "cannot be first"
NO_BREAK = "no clear break among these"


@dataclass(frozen=True, slots=True)
class Tier:
    """The priorities among which no clear break is; everything above is shown to stand above them."""

    number: int
    places: tuple[Ranked, ...]
    above: int
    below: int

    @property
    def ranks(self) -> str:
        """Say which places they hold among them."""
        first, last = self.above + 1, self.above + len(self.places)
        return f"place {first}" if first == last else f"places {first} to {last}"

    @property
    def words(self) -> str:
        """Say how they stand to each other and to the rest."""
        apart = len(self.places) == 1
        if not self.above:
            return FIRST if apart else NO_BREAK
        return LOWER if apart else f"{LOWER}; {NO_BREAK}"


def contenders(ranking: Ranking) -> tuple[Ranked, ...]:
    """Find the priorities that could be first: one that stands in a tier of its own, or all whose ranks reach 1."""
    top = next(tiers(ranking)).places
    return top if len(top) == 1 else tuple(place for place in ranking.places if place.low == 1)


def stands(place: Ranked, first: tuple[Ranked, ...]) -> str:
    """Say how a priority stands to those that could be first: below one alone, or else not below all of them."""
    if place not in first:
        return LOWER if len(first) == 1 else NOT_FIRST
    return FIRST if len(first) == 1 else f"{TOGETHER} at the top"


def in_area(ranking: Ranking, area: str) -> Ranking:
    """Lay out a ranking with the figures and places of one area; it has no places where nothing can be said there."""
    here = ranking.areas[area]
    if area == EVERYWHERE:
        return ranking
    shares = {place.share.key: place.share for place in ranking.places}
    places = tuple(
        Ranked(
            replace(shares[each.key], figure=shares[each.key].districts[area]),
            each.rank,
            each.low,
            each.high,
            each.tier,
            each.among_the_top,
        )
        for each in here.standings
    )
    return replace(ranking, n=here.n, effective_n=here.effective_n, places=places, apart={})


def tiers(ranking: Ranking) -> Iterator[Tier]:
    """Go down the tiers of a ranking."""
    above = 0
    for number in sorted({place.tier for place in ranking.places}):
        places = tuple(place for place in ranking.places if place.tier == number)
        yield Tier(number, places, above, len(ranking.places) - above - len(places))
        above += len(places)
