"""Crosses two questions of a wave for analysts, with small cells hidden so that none can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app import clock
from app.analysis.columns import Column
from app.analysis.crosstab import CrossTable, cross
from app.analysis.disclosure.suppression import protect
from app.analysis.disclosure.tables import Cell, Sum, Tables
from app.analysis.errors import AnalysisError
from app.database import db
from app.results.computing import tabulation
from app.results.errors import CannotWeigh, NoSuchQuestion, hindrance
from app.results.reading import extract
from app.results.reading.columns import Columns
from app.results.reading.schemes import scheme_for
from app.results.reading.subjects import Subject, of_question
from app.results.services import refuse_too_few
from app.results.telling.tables import Table, percent
from app.surveys import queries
from app.surveys.definition import Definition

if TYPE_CHECKING:
    from app.surveys.models import Wave

LINE, WHOLE = 1_000.0, 1_000_000.0
"""What hiding the size of a row or column, or of the whole table, costs beside a cell: it is known from elsewhere."""


def choices(definition: Definition) -> dict[str, Subject]:
    """List what can be crossed: every question, or row of one, that takes one answer."""
    found = (each for question in definition.questions for each in of_question(question))
    return {each.key: each for each in found if each.shape == "options"}


def crossed(wave: Wave, row: str, column: str) -> tuple[Table, str]:
    """Cross two questions over the responses as they are now; raise NoSuchQuestion or CannotWeigh."""
    definition = queries.definition_of(wave)
    known = choices(definition)
    for key in (row, column):
        if key not in known:
            raise NoSuchQuestion(f"There is no question {key[:40]!r} that takes one answer. Choose from the lists.")
    if row == column:
        raise NoSuchQuestion("Choose two different questions: crossed with itself, a question says nothing.")
    source, scheme = extract.source(wave), scheme_for(definition)
    db.session.rollback()
    found, _ = extract.responses(source, definition, clock.now())
    refuse_too_few(source.reference, found)
    try:
        weighted = tabulation.weighed(definition, found.weighted, scheme).weighted
        table = cross(weighted, coded(found.weighted, known[row]), coded(found.weighted, known[column]))
    except AnalysisError as error:
        raise CannotWeigh(hindrance(error)) from error
    return laid_out(table, known[row].label, known[column].label), told(table)


def coded(columns: Columns, subject: Subject) -> Column:
    """Take one answer for a category and everything that is none, as "don't know", for unknown."""
    answers = columns.coded[subject.key]
    keys, size = list(subject.option_keys), len(subject.options)
    table = np.array([*(keys.index(key) if key in keys else size for key in answers.categories), size])
    return Column(subject.label, table[answers.codes], tuple(label for _, label in subject.options))


def hidden(counts: Sequence[Sequence[int]]) -> list[list[bool]]:
    """Mark what must not be shown of a table of counts, rows and all: what is small, and what would tell it.

    The table tells how many are in a row of which it shows something; how many are in a column may be known from
    elsewhere, unless nothing of it is shown. Proved as the tables of a release are.
    """
    down, across = range(len(counts)), range(len(counts[0]))
    sums = [
        Sum("all", tuple(f"{row}/" for row in down)),
        *(Sum(f"{row}/", tuple(f"{row}/{column}" for column in across)) for row in down),
        *(Sum(f"/{column}", tuple(f"{row}/{column}" for row in down)) for column in across),
    ]
    cells = {"all": Cell(sum(map(sum, counts)), cost=WHOLE)}
    cells |= {f"{row}/": Cell(sum(counts[row]), cost=LINE) for row in down}
    cells |= {f"/{column}": Cell(sum(line[column] for line in counts), "all", cost=LINE) for column in across}
    cells |= {f"{row}/{column}": Cell(counts[row][column], f"{row}/") for row in down for column in across}
    gone = protect(Tables(cells, tuple(sums))).hidden
    return [[f"{row}/{column}" in gone for column in across] for row in down]


def laid_out(table: CrossTable, row: str, column: str) -> Table:
    """Lay the shares out, each with interval and base, or why it is not shown."""
    marks = hidden(table.counts)
    lines = []
    for name, shares, mark in zip(table.rows, table.shares, marks, strict=True):
        for answer, share, hid in zip(table.columns, shares, mark, strict=True):
            if hid or not share.publishable or share.value is None or share.low is None or share.high is None:
                why = "fewer than 10 people, or hidden to protect a small cell" if hid else share.reason or ""
                lines.append((name, answer, f"not shown: {why}", "", "", ""))
            else:
                span = f"{percent(share.low)} to {percent(share.high)}"
                lines.append((name, answer, percent(share.value), span, f"{share.n:,}", f"{share.effective_n:,.0f}"))
    head = (row, column, "Share of the row", "95% interval", "n of the row", "Effective n")
    return Table(f"{column}, by {row}", head, tuple(lines), (4, 5))


def told(table: CrossTable) -> str:
    """Put the test into words."""
    found = table.independence
    if not np.isfinite(found.p):
        return "There is no test: too many of these combinations were given by nobody."
    verdict = "differ by more than chance" if found.p < 0.05 else "show no difference beyond chance"
    p = "below 0.001" if found.p < 0.001 else f"{found.p:.3f}"
    freedom = f"{found.ndf:.1f} and {found.ddf:,.0f} degrees of freedom"
    return f"The rows {verdict}: Rao-Scott F = {found.f:.2f} with {freedom}, p {p}."
