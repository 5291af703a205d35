"""Crosses two questions of a wave for analysts, with small cells hidden so that none can be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app import clock
from app.analysis.columns import Column
from app.analysis.crosstab import CrossTable, cross
from app.analysis.errors import AnalysisError
from app.database import db
from app.results.computing import tabulation
from app.results.errors import CannotWeigh, NoSuchQuestion, hindrance
from app.results.export.contents import hide
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


def hidden(counts: tuple[tuple[int, ...], ...]) -> list[list[bool]]:
    """Mark small cells and those from which one could be worked out, along rows and columns, until nothing changes."""
    found = np.array([hide(row) for row in counts])
    table = np.array(counts)
    while True:
        again = found.copy()
        for lines, marks in ((table, again), (table.T, again.T)):
            for line, mark in zip(lines, marks, strict=True):
                mark |= _completed(line, mark)
        if (again == found).all():
            return [[bool(cell) for cell in row] for row in found]
        found = again


def _completed(line: np.ndarray, mark: np.ndarray) -> np.ndarray:
    """Hide one more where what is hidden in a line is alone or comes to less than ten."""
    more = mark | (line < 10)
    if more.any() and not more.all() and (more.sum() < 2 or line[more].sum() < 10):
        open_ = np.flatnonzero(~more)
        more[open_[np.argmin(line[open_])]] = True
    return more


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
