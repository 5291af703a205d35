"""From columns to figures: weighs the residents of one wave and estimates everything that a run holds.

Imported when a run is made, never to show one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.analysis import bootstrap
from app.analysis.arrays import narrowest
from app.analysis.columns import Column, encode
from app.analysis.design import Design
from app.analysis.errors import InvalidDesign
from app.analysis.estimation import Estimate, estimate, estimate_overall_and_by
from app.analysis.items import Item
from app.analysis.weighting import Weighted, weigh
from app.results.computing.estimated import figure_of, nobody
from app.results.reading.columns import EVENT, WRITTEN, Columns, Mask
from app.results.reading.measures import Followed
from app.results.reading.schemes import EVERYONE, Scheme, Words, to_weigh_by
from app.results.reading.schemes import words as words_of
from app.results.reading.subjects import NONE_OF_THESE, OFF_SCALE, TICKED, Subject, found_in
from app.results.reading.subjects import districts as districts_of
from app.results.run import figures
from app.results.run.figures import Distribution, Measure, Share
from app.surveys.definition import Definition

NO_ANSWER = "no_answer"
BESIDE = {"dont_know": "Don’t know", "prefer_not_to_say": "Prefer not to say"}
DISTRICT = "district"
ONE_EVENT = (
    "All responses are from one event, so nothing tells how much events differ: "
    "errors are those of independent responses."
)


@dataclass(frozen=True)
class Table:
    """Weighted responses, their columns, and the districts that they are broken down by.

    `districts` names each; `groups` is what the analysis calls it; `district` (n,) codes everybody's; `coded` is all
    that people are weighted by.
    """

    weighted: Weighted
    columns: Columns
    districts: Mapping[str, str]
    groups: Mapping[str, str]
    district: Column | None
    coded: Mapping[str, Column] = field(default_factory=dict)

    def figures(self, items: Sequence[Item], by_district: bool = True) -> list[Share]:
        """Estimate items for West Yorkshire and for each district; a share's key is its item's name."""
        if not items:
            return []
        if by_district and self.district is not None:
            estimates = estimate_overall_and_by(self.weighted, items, self._by(self.district))
        else:
            estimates = estimate(self.weighted, items)
        found = {(each.item, each.group): each for each in estimates}
        return [self._share(item.name, found, by_district) for item in items]

    def _by(self, district: Column) -> Column | str:
        """Break down by the units of the weighting where they know the district, which spares a pass over the rows."""
        return DISTRICT if DISTRICT in self.weighted.units.columns else district

    def _share(self, name: str, found: Mapping[tuple[str, str | None], Estimate], by_district: bool) -> Share:
        everyone = found[name, None]
        districts = {}
        for key in self.districts if by_district else ():
            within = found.get((name, self.groups[key]))
            districts[key] = figure_of(within, within.unweighted) if within and within.n else nobody(everyone)
        return Share(name, name, figure_of(everyone, everyone.unweighted), districts)


def weighed(definition: Definition, columns: Columns, scheme: Scheme) -> Table:
    """Weigh the responses by a scheme. Raises the AnalysisErrors of `weigh`."""
    spoken = words_of(definition, scheme)
    weighing = to_weigh_by(scheme, spoken)
    known = districts_of(definition)
    groups = {key: spoken.category(DISTRICT, key) for key in known}
    if scheme.weights:
        coded = {
            spoken.variable(name): recoded(definition, columns, scheme, spoken, name, weighing.categories(each))
            for name in scheme.variables
            for each in [spoken.variable(name)]
        }
        district = coded.get(DISTRICT)
    else:
        coded = {EVERYONE: Column(EVERYONE, np.zeros(columns.n, np.uint8), (EVERYONE,))}
        district = recoded(definition, columns, scheme, spoken, DISTRICT, tuple(groups.values())) if known else None
    shown = {key: label for key, label in known.items() if district is not None and groups[key] in district.categories}
    return Table(clustered(weigh(coded, weighing), columns), columns, shown, groups, district, coded)


def clustered(weighted: Weighted, columns: Columns) -> Weighted:
    """Take the responses of one event as a cluster; those that came otherwise are independent.

    Where all are from one event nothing tells how much events differ, and the report says so.
    """
    events = columns.numbers[EVENT]
    held, codes, times = np.unique(events.values[events.given], return_inverse=True, return_counts=True)
    if not (times > 1).any():
        return weighted
    if times[0] == columns.n:
        return replace(weighted, report=replace(weighted.report, warnings=(*weighted.report.warnings, ONE_EVENT)))
    event = np.full(columns.n, len(held), narrowest(len(held)))
    event[events.given] = codes
    return replace(weighted, design=Design(clusters=Column(EVENT, event, tuple(map(str, held)))))


def counting_the_trimming(table: Table) -> Table:
    """Take errors from replicates where weights were trimmed; where none can be drawn the report says linearised."""
    try:
        return replace(table, weighted=bootstrap.counting_the_trimming(table.weighted))
    except InvalidDesign:
        return table


def recoded(
    definition: Definition, columns: Columns, scheme: Scheme, spoken: Words, variable: str, categories: Sequence[str]
) -> Column:
    """Code what people are weighted by as the targets do; "prefer not to say" is unknown."""
    question = definition.with_role(variable)
    assert question is not None
    answers = columns.coded[question.key]
    given = np.bincount(answers.codes, minlength=len(answers.categories) + 1) > 0
    targets = [
        spoken.category(variable, key) if occurs and (key := scheme.category(variable, answer) or "") else None
        for answer, occurs in zip(answers.categories, given, strict=False)
    ]
    code = encode(spoken.variable(variable), [*targets, None], categories).column
    return Column(code.name, code.codes[answers.codes], code.categories)


def given(table: Table, subject: Subject) -> Mask:
    """Mark who is in the base of a subject: gave an opinion, or ticked something or "none of these"."""
    if subject.shape == "ticks":
        base = table.columns.answered(subject.column(subject.option_keys[0]))
        for key in subject.off_scale:
            base &= ~table.columns.among(subject.column(key), TICKED)
        return base
    return table.columns.among(subject.key, subject.option_keys)


def item(table: Table, subject: Subject, name: str, options: Sequence[str], base: Mask) -> Item:
    """Ask who gave one of some options, among those who are in the base."""
    if subject.shape != "ticks":
        return Item(name, table.columns.among(subject.key, options), base)
    chosen = [table.columns.among(subject.column(option), TICKED) for option in options]
    return Item(name, chosen[0] if len(chosen) == 1 else np.logical_or.reduce(chosen), base)


def apart(table: Table, subject: Subject) -> dict[str, int]:
    """Count who is not in the base, by reason; and who chose "none of these", who is."""
    columns = table.columns
    if subject.shape == "ticks":
        names = {key: subject.column(key) for key in (NONE_OF_THESE, *OFF_SCALE)}
        counts = {key: int(columns.among(n, TICKED).sum()) for key, n in names.items() if n in columns.coded}
    else:
        counts = {key: int(columns.among(subject.key, [key]).sum()) for key in OFF_SCALE}
    some = subject.column(subject.option_keys[0]) if subject.option_keys else subject.key
    counts[NO_ANSWER] = columns.n - int(columns.answered(some).sum())
    return {key: count for key, count in counts.items() if count}


def answered(table: Table, subjects: Iterable[Subject], shape: str) -> list[tuple[Subject, Mask]]:
    """Find the questions of one shape that somebody answered, each with who is in its base."""
    bases = [(each, given(table, each)) for each in subjects if each.shape == shape]
    return [(each, base) for each, base in bases if base.any()]


def named(share: Share, label: str, key: str | None = None) -> Share:
    """Call a share by its words."""
    return Share(key or share.key, label, share.figure, share.districts)


def distributions(table: Table, subjects: Iterable[Subject]) -> tuple[Distribution, ...]:
    """Tabulate each question that took one answer; the top two of a scale by district too."""
    asked = answered(table, subjects, "options")
    single = [item(table, each, f"{each.key}:{key}", [key], base) for each, base in asked for key in each.option_keys]
    double = [item(table, each, f"{each.key}:top_two", each.top_two, base) for each, base in asked if each.top_two]
    shares = {share.key: share for share in (*table.figures(single, by_district=False), *table.figures(double))}
    everybody = wholes(table, [each for each, _ in asked])
    return tuple(replace(_distribution(table, each, shares), whole=everybody[each.key]) for each, _ in asked)


def wholes(table: Table, subjects: Iterable[Subject]) -> dict[str, tuple[Share, ...]]:
    """Tabulate questions over everybody who gave any answer: each option, then "don't know" and the like."""
    labels: dict[str, dict[str, str]] = {}
    items = []
    for each in subjects:
        anybody = table.columns.answered(each.key)
        known = {**dict(each.options), **{key: BESIDE[key] for key in each.off_scale}}
        labels[each.key] = {f"{each.key}:{key}": label for key, label in known.items()}
        items += [item(table, each, f"{each.key}:{key}", [key], anybody) for key in known]
    found = {share.key: share for share in table.figures(items, by_district=False)}
    return {
        subject: tuple(named(found[name], label, name.rpartition(":")[2]) for name, label in options.items())
        for subject, options in labels.items()
    }


def _distribution(table: Table, subject: Subject, found: Mapping[str, Share]) -> Distribution:
    shares = tuple(named(found[f"{subject.key}:{key}"], label, key) for key, label in subject.options)
    top_two = None
    if subject.top_two:
        top_two = named(found[f"{subject.key}:top_two"], subject.label_of(subject.top_two), "top_two")
    base = shares[0].figure
    return Distribution(subject.key, subject.label, base.n, base.effective_n, shares, top_two, apart(table, subject))


def means(table: Table, subjects: Iterable[Subject]) -> tuple[Share, ...]:
    """Average each question that took a number."""
    asked = [(each.key, table.columns.numbers[each.key]) for each in subjects if each.shape == "number"]
    items = [
        Item(key, number.values.astype(np.float64), number.given, averaged=True)
        for key, number in asked
        if number.given.any()
    ]
    labels = {each.key: each.label for each in subjects}
    return tuple(named(share, labels[share.key]) for share in table.figures(items))


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
            named(share, each.label),
            apart(table, subject),
        )
        for (each, subject, _), share in zip(asked, table.figures(items), strict=True)
    )


def words(table: Table, subjects: Iterable[Subject]) -> dict[str, int]:
    """Count who wrote something, for each question that took own words."""
    return {
        each.label: int(table.columns.among(each.key, [WRITTEN]).sum()) for each in subjects if each.shape == "words"
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
        warnings=tuple(warning.replace("*", " / ") for warning in report.warnings),
    )
