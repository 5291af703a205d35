"""The tables of the priorities page: where each stands, by order, otherwise, in each district, and between groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.analysis.disclosure.rounding import told
from app.results.run.ranked import EVERYWHERE, Area, Breakdown, Contrast, OrderView, Placed, Ranking, Standing, Variant
from app.results.run.shares import Figure
from app.results.telling.local import WEST_YORKSHIRE, contenders, stands, tiers
from app.results.telling.tables import Table, base_of, interval_of, percent, points, ranks_of, share_of

DIFFERS = "yes: see which below"


def standing_table(local: Ranking, caption: str) -> Table:
    """Lay out where each priority stands, tier by tier."""
    first = contenders(local) if local.places else ()
    rows = tuple(
        (
            str(place.rank),
            place.share.label,
            f"Tier {tier.number}: {stands(place, first)}",
            share_of(place.share.figure),
            interval_of(place.share.figure),
            ranks_of(place.low, place.high),
            *base_of(place.share.figure),
        )
        for tier in tiers(local)
        for place in tier.places
    )
    head = ("Rank", "Priority", "Where it stands", "Share", "95% interval", "Rank interval", "n", "Effective n")
    note = f"Share of the {told(local.n)} who chose at least one or none of these."
    return Table(caption, head, rows, (0, 6, 7), note)


def order_table(local: Ranking, here: Area) -> Table:
    """Lay out what the order people gave says beside the shares; what moves is marked in words."""
    views = [view for view in here.views if not view.reason]
    placed = [{each.key: each for each in view.places} for view in views]
    rows = tuple(
        (place.share.label, str(place.rank), *(cell for by in placed for cell in _placed(by.get(place.share.key))))
        for place in local.places
    )
    head = ["Priority", "Rank by share"]
    for view in views:
        head += [SCORES[view.method], "Rank interval", "Does it move?"]
    note = " ".join(f"{view.method}: n {told(view.n)}, effective n {view.effective_n:,.0f}." for view in views)
    return Table("By the order that people gave", tuple(head), rows, (1,), f"{note} {ORDER_NOTE}")


SCORES = {"Borda": "Borda points (95% interval)", "Plackett-Luce": "Plackett-Luce worth (95% interval)"}
ORDER_NOTE = (
    "Borda: of 16 priorities the first gets 15 points, the second 14, and those not chosen share the rest alike. "
    "Plackett-Luce: how likely each is to be put first, as a share of all."
)


def _placed(found: Placed | None) -> tuple[str, str, str]:
    if found is None:
        return "nobody put it in order", "", ""
    if found.reason or found.value is None or found.low is None or found.high is None:
        return f"not shown: {found.reason}", "", ""
    digits = 1 if found.value >= 1 else 3
    value = f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"
    return value, ranks_of(found.rank_low, found.rank_high), f"moves to {found.rank}" if found.moved else "no"


def variants_table(ranking: Ranking, variants: Iterable[Variant]) -> Table:
    """Lay out which ranks would change if something were done otherwise."""
    rows = tuple((f"{each.name[0].upper()}{each.name[1:]}", *_worth(each), _moves(ranking, each)) for each in variants)
    note = "A rank that changes within its rank interval is no more than chance explains; one “beyond” it is."
    head = ("What is done otherwise", "n", "Effective n", "Ranks that would change")
    return Table("What would change", head, rows, (1, 2), note)


def _worth(variant: Variant) -> tuple[str, str]:
    return (told(variant.n), f"{variant.effective_n:,.0f}") if variant.n >= 10 else (told(variant.n), "")


def _moves(ranking: Ranking, variant: Variant) -> str:
    if variant.reason:
        return f"Cannot be told: {variant.reason}."
    if not variant.moves:
        return "None."
    labels = ranking.labels
    said = (
        f"{labels[move.key]} from {move.rank} to {move.other_rank}" + (", beyond its rank interval" * move.beyond)
        for move in variant.moves
    )
    return "; ".join(said) + "."


def side_by_side(ranking: Ranking, districts: Mapping[str, str], districts_differ: Breakdown | None) -> Table:
    """Lay the areas beside each other: share, rank and rank interval, and whether districts differ beyond chance."""
    differing = {each.key for each in districts_differ.contrasts} if districts_differ else set()
    rows = tuple(
        (
            place.share.label,
            _here(place.share.figure, ranking.areas[EVERYWHERE], place.share.key),
            *(_here(place.share.districts[key], ranking.areas.get(key), place.share.key) for key in districts),
            DIFFERS if place.share.key in differing else "no clear difference",
        )
        for place in ranking.places
    )
    head = ("Priority", WEST_YORKSHIRE, *districts.values(), "Do districts differ?")
    note = (
        "Share, rank and, in brackets, the ranks that it could hold. Whether districts differ: Rao-Scott test at the "
    )
    return Table("Districts side by side", head, rows, (), f"{note}5% level, adjusted (Benjamini-Hochberg) for all.")


def _here(figure: Figure, area: Area | None, key: str) -> str:
    standing = _standing(area, key)
    if standing is None:
        return "not enough responses"
    where = f"rank {standing.rank} ({ranks_of(standing.low, standing.high)})"
    return f"{percent(figure.value)}, {where}" if figure.shown else f"{share_of(figure)}; {where}"


def _standing(area: Area | None, key: str) -> Standing | None:
    return next((each for each in area.standings if each.key == key), None) if area else None


def contrast_table(ranking: Ranking, breakdown: Breakdown, names: Mapping[str, str]) -> Table:
    """Lay out the priorities that groups choose differently, with the share in each group."""
    groups = [each for each in breakdown.groups if not each.reason]
    rows = tuple(
        (
            ranking.labels[each.key],
            *(_cell(each.figures.get(group.key)) for group in groups),
            "; ".join(_pairs(each, names)) or "no two groups by themselves",
        )
        for each in sorted(breakdown.contrasts, key=_largest, reverse=True)
    )
    head = ("Priority", *(names[group.key] for group in groups), "Which differ, in points (95% interval)")
    bases = "; ".join(
        f"{names[group.key]}: n {told(group.n)}, effective n {group.effective_n:,.0f}" for group in groups
    )
    return Table(f"{breakdown.label}: what is chosen differently", head, rows, (), f"{bases}.")


def _largest(contrast: Contrast) -> float:
    return max((abs(each.difference) for each in contrast.pairs), default=0.0)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return f"{percent(figure.value)} ({interval_of(figure)})" if figure.shown else share_of(figure)


MOST_PAIRS = 3


def _pairs(contrast: Contrast, names: Mapping[str, str]) -> Iterator[str]:
    """Write the pairs that differ most."""
    ordered = sorted(contrast.pairs, key=lambda each: -abs(each.difference))
    for each in ordered[:MOST_PAIRS]:
        first, second = names[each.first], names[each.second]
        yield f"{first} less {second}: {points(each.difference)} ({points(each.low)} to {points(each.high)})"
    if len(ordered) > MOST_PAIRS:
        yield f"and {len(ordered) - MOST_PAIRS} more pairs"


def views_not_told(views: Iterable[OrderView]) -> list[str]:
    """Say why a view by order is not there."""
    return [f"{view.method}: {view.reason}." for view in views if view.reason]
