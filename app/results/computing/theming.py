"""From coded comments to theme figures, through the same weights and estimates as every other figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app import clock
from app.analysis.items import Item
from app.comments import queries as comments
from app.comments.queries import CodedComment
from app.database import one_moment
from app.results import services
from app.results.computing import months, tabulation
from app.results.computing.tabulation import Table
from app.results.errors import NotEnough
from app.results.reading import columns
from app.results.reading.schemes import scheme_for
from app.results.run.figures import Change, Figure, Share
from app.results.themes import CONFIRMED, HELD, PARTLY, SUGGESTED, Earlier, ThemeFigures, ThemeResults, ThemeSet
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

Said = Mapping[int, Sequence[CodedComment]]
"""The comments of each resident, by the resident's row among those who are weighted."""


def results_of(wave: Wave, before: Sequence[tuple[str, ThemeResults]]) -> ThemeResults:
    """Compute every theme figure of a wave. Raises NotEnough, or the AnalysisErrors of `weigh`."""
    definition = queries.definition_of(wave)
    scheme = scheme_for(definition)
    numbers: list[int] = []
    with one_moment() as connection:
        rows = queries.answer_texts(connection, wave.id, clock.now())
        found = columns.read(definition, _noted(rows, numbers))
    services.refuse_too_few(wave.reference, found)
    table = tabulation.weighed(definition, found.weighted, scheme)
    services.refuse_worth_too_little(wave.reference, tabulation.weighting(table, scheme))
    said = _by_row(numbers, comments.coded_comments(wave.id))
    if not said:
        raise NotEnough(f"No resident of {wave.reference} wrote a comment that can be counted.")
    coded = {row: each for row, own in said.items() if (each := [one for one in own if one.coded])}
    frame = int(comments.state_of(wave.id)["frame"] or 0)
    confirmed = {row: [(each.confirmed, each.sentiment) for each in own] for row, own in coded.items()}
    suggested = {row: [(each.suggested, each.sentiment) for each in own] for row, own in said.items()}
    by_people = _set(table, CONFIRMED, confirmed, frame, before)
    by_machine = _set(table, SUGGESTED, suggested, frame, before)
    partly = PARTLY.format(coded=len(coded), written=len(said)) if len(coded) < len(said) else ""
    return ThemeResults(
        residents=found.weighted.n,
        written=len(said),
        frame=frame,
        districts=table.districts,
        sets=(replace(by_people, note=partly), by_machine),
        notes=(*services.notes(scheme), HELD),
    )


def _noted(rows: Iterable[Any], numbers: list[int]) -> Iterator[Any]:
    """Note whose row is whose: who stands apart gets none, as in the columns."""
    for row in rows:
        if not row.apart:
            numbers.append(row.id)
        yield row


def _by_row(numbers: Sequence[int], coded: Iterable[CodedComment]) -> Said:
    place = {number: row for row, number in enumerate(numbers)}
    found: dict[int, list[CodedComment]] = {}
    for each in coded:
        if each.response_id in place:
            found.setdefault(place[each.response_id], []).append(each)
    return found


Given = Mapping[int, Sequence[tuple[frozenset[str], float | None]]]
"""By row: the themes and the sentiment of each comment that is in the base."""


def _set(table: Table, title: str, given: Given, frame: int, before: Sequence[tuple[str, ThemeResults]]) -> ThemeSet:
    """Estimate one set of themes; only waves that were read under the same frame are set beside it."""
    base = np.zeros(table.columns.n, bool)
    base[list(given)] = True
    keys = sorted({key for own in given.values() for themes, _ in own for key in themes})
    if not keys:
        return ThemeSet(title, int(base.sum()), (), ())
    shares = table.figures([Item(key, _has(table, given, key), base) for key in keys])
    moods = _sentiments(table, given, keys)
    earlier = tuple(_earlier(wave, results, title) for wave, results in before if results.frame == frame)
    changes = _changes(shares, earlier[-1]) if earlier else {}
    titles = comments.theme_titles()
    found = [
        ThemeFigures(
            each.key,
            replace(each, label=titles.get(each.key, each.key)),
            moods.get(each.key),
            changes.get(each.key),
        )
        for each in shares
    ]
    found.sort(key=lambda each: -(each.share.figure.value or 0))
    return ThemeSet(title, int(base.sum()), tuple(found), earlier)


def _has(table: Table, given: Given, key: str) -> Any:
    values = np.zeros(table.columns.n, bool)
    values[[row for row, own in given.items() if any(key in themes for themes, _ in own)]] = True
    return values


def _sentiments(table: Table, given: Given, keys: Iterable[str]) -> dict[str, Figure]:
    """Average, for each theme, the residents' mean score over their scored comments of that theme."""
    items = []
    for key in keys:
        values, base = np.zeros(table.columns.n), np.zeros(table.columns.n, bool)
        for row, own in given.items():
            scores = [score for themes, score in own if key in themes and score is not None]
            if scores:
                values[row], base[row] = float(np.mean(scores)), True
        if base.any():
            items.append(Item(key, values, base, averaged=True))
    return {share.key: share.figure for share in table.figures(items, by_district=False)}


def _earlier(wave: str, results: ThemeResults, title: str) -> Earlier:
    known = next((each for each in results.sets if each.title == title), None)
    return Earlier(wave, {each.key: each.share.figure for each in known.themes} if known else {})


def _changes(shares: Sequence[Share], before: Earlier) -> dict[str, Change]:
    """Compare with the wave before, theme by theme, adjusted by Benjamini and Hochberg over all of them."""
    known = [(each, before.shares.get(each.key)) for each in shares if each.figure.shown]
    pairs = [(each.key, before.wave, then, each.figure) for each, then in known if then and then.shown]
    return months.changes(pairs, exploring=True)
