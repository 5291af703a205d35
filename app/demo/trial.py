"""How often the weighted intervals hold the plan's figures: simulate, weigh and compare for many seeds, no database.

Run it as ``python -m app.demo.trial SEEDS``; what came out for 40 seeds stands in docs/demo.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.demo.answers import Sheet
from app.demo.crowd import gather
from app.demo.model import opinions
from app.demo.waves import CONSULTATION, FILES, MONTHS, TRACKER
from app.results.computing import months, tabulation
from app.results.plan import Comparison
from app.results.reading.columns import read
from app.results.reading.measures import PlanFigure, followed, plan_figures
from app.results.reading.schemes import scheme_for
from app.results.reading.subjects import of_question, subjects
from app.results.run.figures import Figure, Measure
from app.surveys import source
from app.surveys.definition import Definition
from app.surveys.document import from_document

Found = dict[tuple[str, int], tuple[Measure, ...]]


@dataclass(frozen=True)
class Row:
    """One response as results read it: its answers are a JSON text."""

    apart: str | None
    answers: str
    language: str
    channel: str = "online"
    assisted: bool = False
    interpreted: bool = False
    event_id: int | None = None
    flags: str | None = None
    coded: str | None = None


def rows(definition: Definition, month: int, responses: int, seed: int) -> Iterator[Row]:
    """Simulate one wave up to the rows that would be stored, without the questions that nothing here needs.

    That the gate takes each answer as it is, the tests hold.
    """
    sheet = Sheet(definition, gather(definition.survey, month, responses, seed), month)
    for answers, language in zip(sheet.answers(needed(definition)), sheet.languages, strict=True):
        apart = "outside" if answers.get("district") == "outside" else answers.get("respondent")
        yield Row(apart if apart in ("outside", "organisation") else None, json.dumps(answers), language)


def needed(definition: Definition) -> Definition:
    """Keep the questions that weighting and the followed shares need."""
    items = [each.item for each in followed(definition.survey)]
    keep = {q.key for q in definition.questions if q.role or any(s.key in items for s in of_question(q))} | {
        "respondent"
    }
    sections = (replace(s, questions=tuple(q for q in s.questions if q.key in keep)) for s in definition.sections)
    return replace(definition, sections=tuple(section for section in sections if section.questions))


def measured(definition: Definition, month: int, responses: int, seed: int) -> tuple[Measure, ...]:
    """Simulate and weigh one wave, and estimate the shares that are followed by name."""
    asked = needed(definition)
    found = read(asked, rows(definition, month, responses, seed))
    table = tabulation.weighed(asked, found.weighted, scheme_for(asked))
    return tabulation.measures(table, subjects(asked), followed(asked.survey))


@lru_cache
def questionnaire(survey: str) -> Definition:
    """Read the questionnaire of a survey as it is shipped."""
    return from_document(source.load(FILES / f"{survey}.yaml"))


def compared(seed: int) -> list[Comparison]:
    """Simulate the consultation and a year of the tracker, and put the plan's figures beside what comes out."""
    found: Found = {}
    for survey, asked in ((CONSULTATION, (0,)), (TRACKER, MONTHS)):
        definition = questionnaire(survey)
        for month in asked:
            wave = definition.in_month(month) if month else definition
            found[survey, month] = measured(wave, month, opinions(survey).responses, seed)
    return [Comparison(planned, "", _figure(planned, found)) for planned in plan_figures()]


def _figure(planned: PlanFigure, found: Found) -> Figure:
    waves: Sequence[int] = (0,) if planned.survey == CONSULTATION else MONTHS
    if planned.month:
        waves = (planned.month,)
    shares = [_measure(planned, found[planned.survey, wave]).share for wave in waves]
    monthly = [share.districts[planned.district] if planned.district else share.figure for share in shares]
    return monthly[0] if len(monthly) == 1 else months.mean(monthly)


def _measure(planned: PlanFigure, measures: Sequence[Measure]) -> Measure:
    wanted = (planned.item, frozenset(planned.options))
    return next(each for each in measures if (each.item, frozenset(each.options)) == wanted)


def main(seeds: int) -> None:
    """Print, for each of the plan's figures, how often it lay in the weighted interval and in the unweighted one."""
    trials = []
    for seed in range(1, seeds + 1):
        trials.append(compared(seed))
        outside = sum(not each.inside for each in trials[-1])
        plain = sum(not each.unweighted_inside for each in trials[-1])
        print(
            f"seed {seed}: of {len(trials[-1])} figures {outside} outside weighted, {plain} outside unweighted",
            flush=True,
        )
    for figure in zip(*trials, strict=True):
        inside = sum(each.inside for each in figure) / seeds
        plain = sum(each.unweighted_inside for each in figure) / seeds
        weighted = sum(each.figure.value or 0 for each in figure) / seeds
        unweighted = sum(each.figure.unweighted or 0 for each in figure) / seeds
        print(
            f"| {figure[0].planned.label} | {figure[0].planned.value:.1%} | {unweighted:.1%} | {plain:.0%} "
            f"| {weighted:.1%} | {inside:.0%} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
