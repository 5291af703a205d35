"""The fixed list of tables that a wave may release: which they are, and the exact counts behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.analysis.disclosure.tables import Cell, Sum, Tables
from app.results.release.document import ANSWERS, EVERYWHERE, MEASURE, OVER_MONTHS, RANKING, ROLLING, slug
from app.results.run.figures import Figure, Measure, Results, Share

UNSAID = "unsaid"
COSTS = {MEASURE: 100.0, RANKING: 1.0, ANSWERS: 5.0}
TOTAL = 10.0
BASE = 1000.0


@dataclass(frozen=True, slots=True)
class Fixed:
    """One table: shares over one base, from one question; ``whole`` says that each of the base is in one of them."""

    id: str
    kind: str
    question: str
    shares: tuple[Share, ...]
    apart: Mapping[str, int]
    measure: Measure | None = None
    whole: bool = False

    def areas(self) -> tuple[str, ...]:
        """Name the areas, West Yorkshire first."""
        return (EVERYWHERE, *self.shares[0].districts)

    def identifier(self, share: Share) -> str:
        """Name a figure as it is cited: by its measure, or by its question and answer."""
        return self.id if self.measure else f"{self.id}-{slug(share.key)}"


def fixed_tables(results: Results) -> tuple[Fixed, ...]:
    """List what a run may release: headline measures, their means over months, rankings, answers behind measures."""
    return tuple(_listed(results))


def _listed(results: Results) -> Iterator[Fixed]:
    for measure in results.headlines:
        share = replace(measure.share, key=measure.key)
        yield Fixed(slug(measure.key), MEASURE, measure.item, (share,), measure.apart, measure)
    for measure in results.headlines:
        if measure.rolling:
            share = replace(measure.rolling, key=measure.key)
            yield Fixed(f"{slug(measure.key)}{OVER_MONTHS}", ROLLING, measure.item, (share,), {}, measure)
    for ranking in results.rankings:
        shares = tuple(place.share for place in ranking.places)
        yield Fixed(slug(ranking.key), RANKING, ranking.key, shares, ranking.apart)
    behind = {measure.item for measure in results.headlines}
    for found in results.distributions:
        if found.key in behind:
            shares = tuple(replace(share, districts={}) for share in found.shares)
            yield Fixed(f"answers-{slug(found.key)}", ANSWERS, found.key, shares, found.apart, whole=True)


def in_area(share: Share, area: str) -> Figure:
    """Find the figure of an area."""
    return share.figure if area == EVERYWHERE else share.districts[area]


def people(figure: Figure) -> int:
    """Count who gave the answer, unweighted."""
    return round((figure.unweighted or 0.0) * figure.n)


def base_name(question: str, area: str) -> str:
    """Name the cell that counts the base of a question in an area."""
    return f"{question}/base/{area}"


def cell_name(table: Fixed, share: Share, area: str) -> str:
    """Name the cell that a figure counts."""
    return f"{table.identifier(share)}/{area}"


def linked(tables: tuple[Fixed, ...]) -> Tables:
    """Link the counts behind the tables of one wave: districts add up to the county, answers to their base.

    Means over months are left out: they have no count of their own.
    """
    cells: dict[str, Cell] = {}
    sums: dict[str, Sum] = {}
    for table in (each for each in tables if each.kind != ROLLING):
        for share in table.shares:
            for area in table.areas():
                figure, base = in_area(share, area), base_name(table.question, area)
                cost = COSTS[table.kind] * (TOTAL if area == EVERYWHERE else 1)
                cells.setdefault(base, Cell(figure.n, cost=BASE * cost))
                cells[cell_name(table, share, area)] = Cell(people(figure), base, cost)
            _across(table, share, cells, sums)
        if table.whole:
            total = base_name(table.question, EVERYWHERE)
            sums[f"{total}:answers"] = Sum(total, tuple(cell_name(table, each, EVERYWHERE) for each in table.shares))
        if table.kind == MEASURE and table.measure:
            _down(table, tables, sums)
    return Tables(cells, tuple(sums.values()))


def _across(table: Fixed, share: Share, cells: dict[str, Cell], sums: dict[str, Sum]) -> None:
    """Add up the districts; people who did not say theirs are what is missing to the county."""
    districts = table.areas()[1:]
    if not districts:
        return
    for name, base in ((base_name(table.question, "{}"), None), (cell_name(table, share, "{}"), table.question)):
        parts = tuple(name.format(area) for area in districts)
        total, unsaid = name.format(EVERYWHERE), name.format(UNSAID)
        missing = cells[total].n - sum(cells[part].n for part in parts)
        of = None if base is None else base_name(base, UNSAID)
        cells[unsaid] = Cell(missing, of, unsaid=True)
        sums[total] = Sum(total, (*parts, unsaid))


def _down(table: Fixed, tables: tuple[Fixed, ...], sums: dict[str, Sum]) -> None:
    """Add up the answers that a measure counts, where they are released too."""
    answers = next((each for each in tables if each.whole and each.question == table.question), None)
    if answers is None or table.measure is None:
        return
    counted = [share for share in answers.shares if share.key in table.measure.options]
    total = cell_name(table, table.shares[0], EVERYWHERE)
    sums[f"{total}:answers"] = Sum(total, tuple(cell_name(answers, each, EVERYWHERE) for each in counted))
