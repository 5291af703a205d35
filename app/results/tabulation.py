"""From columns to figures: weighs the residents of one wave and estimates everything that a run holds.

The only module of this room that computes; it is imported when a run is made, never to show one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Column, encode
from app.analysis.estimation import Estimate, estimate
from app.analysis.intervals import korn_graubard
from app.analysis.items import Item
from app.analysis.ranking import rank
from app.analysis.weighting import Weighted, weigh
from app.results import figures
from app.results.columns import Columns
from app.results.figures import Distribution, Figure, Measure, Ranked, Ranking, Share
from app.results.measures import Followed
from app.results.schemes import EVERYONE, Scheme, to_weigh_by
from app.results.subjects import NONE_OF_THESE, OFF_SCALE, Subject, found_in

Mask = NDArray[np.bool_]
NO_ANSWER = "no_answer"
BLANK = Figure(None, None, None, None, 0, 0.0, reason="nobody in this group answered")


@dataclass(frozen=True)
class Table:
    """Weighted responses, their columns, and the districts that they are broken down by."""

    weighted: Weighted
    columns: Columns
    districts: Mapping[str, str]
    district: Column | None

    def figures(self, items: Sequence[Item], by_district: bool = True) -> list[Share]:
        """Estimate items for West Yorkshire and for each district; a share's key is its item's name."""
        if not items:
            return []
        everyone = {each.item: each for each in estimate(self.weighted, items)}
        within: dict[tuple[str, str], Estimate] = {}
        if by_district and self.district is not None:
            found = estimate(self.weighted, items, by=self.district)
            within = {(each.item, each.group): each for each in found if each.group is not None}
        return [
            Share(item.name, item.name, self._figure(item, everyone[item.name]), self._districts(item, within))
            for item in items
        ]

    def _districts(self, item: Item, within: Mapping[tuple[str, str], Estimate]) -> dict[str, Figure]:
        if not within:
            return {}
        return {key: self._figure(item, within.get((item.name, key)), key) for key in self.districts}

    def _figure(self, item: Item, found: Estimate | None, district: str | None = None) -> Figure:
        if found is None:
            return BLANK
        inside = np.ones(len(item.values), bool) if item.base is None else item.base
        if district is not None and self.district is not None:
            inside = inside & (self.district.codes == self.district.code(district))
        return figure_of(found, item.values[inside])


def figure_of(found: Estimate, values: NDArray[Any]) -> Figure:
    """Keep an estimate as a figure, with the plain mean of the values in its base."""
    plain = float(values.mean()) if len(values) else None
    low, high = korn_graubard(plain, len(values)) if plain is not None and 0 <= plain <= 1 else (None, None)
    return Figure(
        found.value,
        found.standard_error,
        found.low,
        found.high,
        found.n,
        found.effective_n,
        plain,
        low,
        high,
        found.reason,
        found.note,
    )


def weighed(columns: Columns, scheme: Scheme, districts: Mapping[str, str]) -> Table:
    """Weigh the responses by a scheme. Raises the AnalysisErrors of `weigh`."""
    weighing = to_weigh_by(scheme)
    coded: dict[str, Column] = {}
    district = None
    if scheme.weights:
        for name in weighing.variables:
            answers = [scheme.category(name, answer) for answer in columns[f"role:{name}"]]
            coded[name] = encode(name, answers, weighing.categories(name)).column
        district = coded.get("district")
    else:
        coded = {EVERYONE: Column(EVERYONE, np.zeros(columns.n, np.uint8), (EVERYONE,))}
        if districts:
            answers = [scheme.category("district", answer) for answer in columns["role:district"]]
            district = encode("district", answers, tuple(districts)).column
    known = {key: label for key, label in districts.items() if district is not None and key in district.categories}
    return Table(weigh(coded, weighing), columns, known, district)


def given(table: Table, subject: Subject) -> Mask:
    """Mark who is in the base of a subject: gave an opinion, or ticked something or "none of these"."""
    if subject.shape == "ticks":
        answered = np.array([cell is not None for cell in table.columns[subject.column(subject.option_keys[0])]], bool)
        for key in OFF_SCALE:
            answered &= ~_is(table.columns[f"{subject.key}_{key}"], {1})
        return answered
    return _is(table.columns[subject.key], set(subject.option_keys))


def _is(cells: Iterable[Any], wanted: set[Any]) -> Mask:
    return np.array([cell in wanted for cell in cells], bool)


def item(table: Table, subject: Subject, name: str, options: Sequence[str], base: Mask) -> Item:
    """Ask who gave one of some options, among those who are in the base."""
    if subject.shape == "ticks":
        chosen = np.zeros(table.columns.n, bool)
        for option in options:
            chosen |= _is(table.columns[subject.column(option)], {1})
    else:
        chosen = _is(table.columns[subject.key], set(options))
    return Item(name, chosen, base)


def apart(table: Table, subject: Subject) -> dict[str, int]:
    """Count who is not in the base, by reason; and who chose "none of these", who is."""
    if subject.shape == "ticks":
        counts = {key: table.columns[f"{subject.key}_{key}"].count(1) for key in (NONE_OF_THESE, *OFF_SCALE)}
        counts[NO_ANSWER] = sum(cell is None for cell in table.columns[subject.column(subject.option_keys[0])])
    else:
        cells = table.columns[subject.key]
        counts = {key: cells.count(key) for key in OFF_SCALE}
        counts[NO_ANSWER] = cells.count(None)
    return {key: count for key, count in counts.items() if count}


def rankings(table: Table, subjects: Iterable[Subject]) -> tuple[Ranking, ...]:
    """Rank the options of each question that took several answers."""
    ticked = _answered(table, subjects, "ticks")
    return tuple(_ranking(table, each, base) for each, base in ticked if len(each.options) > 1)


def _answered(table: Table, subjects: Iterable[Subject], shape: str) -> list[tuple[Subject, Mask]]:
    bases = [(each, given(table, each)) for each in subjects if each.shape == shape]
    return [(each, base) for each, base in bases if base.any()]


def _ranking(table: Table, subject: Subject, base: Mask) -> Ranking:
    items = [item(table, subject, key, [key], base) for key in subject.option_keys]
    shares = {share.key: _named(share, subject.label_of((share.key,))) for share in table.figures(items)}
    found = rank(table.weighted, items, top=subject.top)
    places = tuple(
        Ranked(shares[each.item], each.rank, each.rank_low, each.rank_high, each.tier, each.top)
        for each in found.priorities
    )
    first = places[0].share.figure
    return Ranking(subject.key, subject.label, first.n, first.effective_n, subject.top, places, apart(table, subject))


def _named(share: Share, label: str, key: str | None = None) -> Share:
    return Share(key or share.key, label, share.figure, share.districts)


def distributions(table: Table, subjects: Iterable[Subject]) -> tuple[Distribution, ...]:
    """Tabulate each question that took one answer; the top two of a scale by district too."""
    answered = _answered(table, subjects, "options")
    single = [
        item(table, each, f"{each.key}:{key}", [key], base) for each, base in answered for key in each.option_keys
    ]
    double = [item(table, each, f"{each.key}:top_two", each.top_two, base) for each, base in answered if each.top_two]
    shares = {share.key: share for share in (*table.figures(single, by_district=False), *table.figures(double))}
    return tuple(_distribution(table, each, shares) for each, _ in answered)


def _distribution(table: Table, subject: Subject, found: Mapping[str, Share]) -> Distribution:
    shares = tuple(_named(found[f"{subject.key}:{key}"], label, key) for key, label in subject.options)
    top_two = None
    if subject.top_two:
        top_two = _named(found[f"{subject.key}:top_two"], subject.label_of(subject.top_two), "top_two")
    base = shares[0].figure
    return Distribution(subject.key, subject.label, base.n, base.effective_n, shares, top_two, apart(table, subject))


def means(table: Table, subjects: Iterable[Subject]) -> tuple[Share, ...]:
    """Average each question that took a number."""
    items = []
    for each in subjects:
        if each.shape == "number":
            cells = table.columns[each.key]
            base = np.array([isinstance(cell, int) for cell in cells], bool)
            values = np.array([float(cell) if isinstance(cell, int) else 0.0 for cell in cells])
            if base.any():
                items.append(Item(each.key, values, base))
    labels = {each.key: each.label for each in subjects}
    return tuple(_named(share, labels[share.key]) for share in table.figures(items))


def measures(table: Table, subjects: Iterable[Subject], followed: Sequence[Followed]) -> tuple[Measure, ...]:
    """Estimate the followed shares that this wave asked about."""
    known = list(subjects)
    asked = [(each, *found) for each in followed if (found := found_in(known, each.item, each.options))]
    bases = {subject.key: given(table, subject) for _, subject, _ in asked}
    asked = [each for each in asked if bases[each[1].key].any()]
    items = [item(table, subject, each.key, options, bases[subject.key]) for each, subject, options in asked]
    return tuple(
        Measure(
            each.key,
            each.label,
            each.about,
            each.item,
            each.options,
            each.headline,
            _named(share, each.label),
            apart(table, subject),
        )
        for (each, subject, _), share in zip(asked, table.figures(items), strict=True)
    )


def words(table: Table, subjects: Iterable[Subject]) -> dict[str, int]:
    """Count who wrote something, for each question that took own words."""
    counts = {each.label: each.key for each in subjects if each.shape == "words"}
    return {
        label: sum(isinstance(cell, str) and cell not in OFF_SCALE for cell in table.columns[key])
        for label, key in counts.items()
    }


def weighting(table: Table, scheme: Scheme) -> figures.Weighting:
    """Report what the weighting did."""
    report = table.weighted.report
    return figures.Weighting(
        scheme=report.scheme,
        version=report.version,
        weighted=scheme.weights,
        n=report.precision.n,
        effective_n=report.precision.effective_n,
        design_effect=report.precision.design_effect,
        margin_error=report.margin_error,
        smallest=report.smallest_weight,
        largest=report.largest_weight,
        asked_cap=report.asked_cap,
        cap=report.cap,
        share_trimmed=report.share_trimmed,
        margins=tuple(
            figures.Margin(
                margin.margin,
                tuple(
                    figures.Category(c.category, c.n, c.sample_share, c.target_share, c.weighted_share)
                    for c in margin.categories
                ),
            )
            for margin in report.margins
            if scheme.weights
        ),
        warnings=report.warnings,
    )
