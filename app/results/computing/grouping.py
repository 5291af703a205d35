"""The counts that weights and shares need, by one definition that runs on SQLite, PostgreSQL and DuckDB.

A county that outgrows one machine lets an engine count and hands some hundred rows of counts to the analysis, which
gives the same weights, shares and rankings from them as from the responses. Only `Stored` and `Extracted` know how an
answer is found; what is counted is said once, in `statement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, FromClause, Select, and_, case, column, func, not_, select, true
from sqlalchemy.dialects import postgresql

from app.analysis.columns import encode
from app.analysis.tallies import GroupedItems
from app.analysis.weighting import Weighted, weigh_counts
from app.database import one_moment
from app.results.reading.measures import followed
from app.results.reading.schemes import Scheme, Words, to_weigh_by, words
from app.results.reading.subjects import Subject, found_in, subjects
from app.surveys.definition import Definition
from app.surveys.models import Response

Condition = ColumnElement[bool]
COUNT, BASE, BOTH = "n", "base", "&"


class Source(Protocol):
    """Where responses are, and how an answer is found there."""

    @property
    def rows(self) -> FromClause:
        """Name the table."""

    @property
    def weighted(self) -> Condition:
        """Tell the residents who are weighted from all others."""

    def role(self, name: str) -> ColumnElement[Any]:
        """Find what people are weighted by."""

    def said(self, subject: Subject) -> ColumnElement[Any]:
        """Find the one answer to a question."""

    def ticked(self, subject: Subject, option: str) -> Condition:
        """Ask whether an option was ticked."""

    def answered(self, subject: Subject) -> Condition:
        """Ask whether a question that takes several answers was answered."""


class Stored:
    """The responses of a wave in the database, with the answers as one JSON document."""

    def __init__(self, wave_id: int, definition: Definition) -> None:
        self.wave_id = wave_id
        self.paths: dict[str, tuple[str, ...]] = {question.key: (question.key,) for question in definition.questions}
        self.paths |= {f"{q.key}_{row.key}": (q.key, row.key) for q in definition.questions for row in q.rows}

    @property
    def rows(self) -> FromClause:
        """Name the table."""
        return Response.__table__

    @property
    def weighted(self) -> Condition:
        """Tell the residents who are weighted from all others."""
        return and_(Response.wave_id == self.wave_id, Response.answers.is_not(None), Response.apart.is_(None))

    def role(self, name: str) -> ColumnElement[Any]:
        """Find what people are weighted by."""
        found: ColumnElement[Any] = Response.__table__.c[name]
        return found

    def said(self, subject: Subject) -> ColumnElement[Any]:
        """Find the one answer to a question."""
        found: ColumnElement[Any] = Response.answers[self.paths[subject.key]].as_string()
        return found

    def ticked(self, subject: Subject, option: str) -> Condition:
        """Ask whether an option was ticked: whether its key, in quotes, is in the list. A key has no quotes."""
        return self.said(subject).contains(f'"{option}"', autoescape=True)

    def answered(self, subject: Subject) -> Condition:
        """Ask whether a question that takes several answers was answered."""
        return self.said(subject).is_not(None)


class Extracted:
    """The responses of a wave in its extract: residents only, with a column for each answer."""

    def __init__(self, path: Path, definition: Definition) -> None:
        self.roles = {question.role: question.key for question in definition.questions if question.role}
        self.path = path

    @property
    def rows(self) -> FromClause:
        """Name the file."""
        return func.read_parquet(str(self.path)).table_valued(name="extract")

    @property
    def weighted(self) -> Condition:
        """Take everybody: nobody else is in it."""
        return true()

    def role(self, name: str) -> ColumnElement[Any]:
        """Find what people are weighted by."""
        return column(self.roles[name])

    def said(self, subject: Subject) -> ColumnElement[Any]:
        """Find the one answer to a question."""
        return column(subject.key)

    def ticked(self, subject: Subject, option: str) -> Condition:
        """Ask whether an option was ticked."""
        return column(subject.column(option)) == true()

    def answered(self, subject: Subject) -> Condition:
        """Ask whether a question that takes several answers was answered."""
        return column(subject.column(subject.option_keys[0])).is_not(None)


def counted(definition: Definition) -> tuple[Subject, ...]:
    """List what is counted: the questions that are ranked, and those that measures follow."""
    known = subjects(definition)
    measured = {
        found[0].key
        for each in followed(definition.survey)
        if (found := found_in(known, each.item, each.options)) and found[0].shape == "options"
    }
    return tuple(each for each in known if each.key in measured or (each.shape == "ticks" and len(each.options) > 1))


def statement(source: Source, variables: Sequence[str], asked: Iterable[Subject]) -> Select[Any]:
    """Count people by what they are weighted by: how many, in each base, with each answer, and with each two ticks."""
    marks = {name: case((condition, 1), else_=0) for each in asked for name, condition in _marks(source, each)}
    cells = [source.role(variable).label(variable) for variable in variables]
    inner = select(*cells, *(mark.label(name) for name, mark in marks.items()))
    # Answers are looked up once for each response, however many sums need them.
    scored = inner.select_from(source.rows).where(source.weighted).cte("scored").prefix_with("MATERIALIZED")
    sums = [func.sum(scored.c[name]).label(name) for name in marks]
    for each in asked:
        if each.shape == "ticks":
            for one, other in combinations(each.option_keys, 2):
                both = scored.c[_name(each, one)] * scored.c[_name(each, other)]
                sums.append(func.sum(both).label(_name(each, f"{one}{BOTH}{other}")))
    groups = [scored.c[variable] for variable in variables]
    return select(*groups, func.count().label(COUNT), *sums).group_by(*groups)


def _name(subject: Subject, part: str) -> str:
    return f"{subject.key}:{part}"


def _marks(source: Source, subject: Subject) -> Iterator[tuple[str, Condition]]:
    if subject.shape != "ticks":
        yield _name(subject, BASE), source.said(subject).in_(subject.option_keys)
        for option in subject.option_keys:
            yield _name(subject, option), source.said(subject) == option
        return
    base = and_(source.answered(subject), *(not_(source.ticked(subject, key)) for key in subject.off_scale))
    yield _name(subject, BASE), base
    for option in subject.option_keys:
        yield _name(subject, option), and_(base, source.ticked(subject, option))


@dataclass(frozen=True)
class Counts:
    """What an engine counted: `cells` (g, variables) are answers, `sums` (g, columns) their counts."""

    variables: tuple[str, ...]
    names: tuple[str, ...]
    cells: tuple[tuple[str | None, ...], ...]
    sums: NDArray[np.int64]

    def of(self, *names: str) -> NDArray[np.float64]:
        """Take some of the counts: shape (g, names)."""
        return self.sums[:, [self.names.index(name) for name in names]].astype(np.float64)

    def items(self, subject: Subject, options: Sequence[str] = ()) -> GroupedItems:
        """Give the options of a subject to the analysis, with the pairs that a ranking needs."""
        keys = tuple(options) or subject.option_keys
        ticked = self.of(*(_name(subject, key) for key in keys))
        base = np.repeat(self.of(_name(subject, BASE)), len(keys), axis=1)
        if subject.shape != "ticks":
            return GroupedItems(keys, base, ticked)
        both = np.zeros((len(self.cells), len(keys), len(keys)))
        for (i, one), (j, other) in combinations(enumerate(keys), 2):
            both[:, i, j] = both[:, j, i] = self.of(_name(subject, f"{one}{BOTH}{other}"))[:, 0]
        both[:, range(len(keys)), range(len(keys))] = ticked
        return GroupedItems(keys, base, ticked, both)


def from_database(wave_id: int, definition: Definition, variables: Sequence[str], asked: Sequence[Subject]) -> Counts:
    """Let the database count."""
    with one_moment() as connection:
        found = connection.execute(statement(Stored(wave_id, definition), variables, asked))
        return _counts(variables, tuple(found.keys()), [tuple(row) for row in found])


def from_extract(path: Path, definition: Definition, variables: Sequence[str], asked: Sequence[Subject]) -> Counts:
    """Let DuckDB count over an extract; it speaks PostgreSQL's dialect."""
    counting = statement(Extracted(path, definition), variables, asked)
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    text = str(counting.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with duckdb.connect() as engine:
        found = engine.execute(text)
        return _counts(variables, tuple(each[0] for each in found.description or ()), found.fetchall())


def _counts(variables: Sequence[str], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Counts:
    size = len(variables)
    ordered = sorted((tuple(row) for row in rows), key=lambda row: tuple(cell or "" for cell in row[:size]))
    sums = np.array([row[size:] for row in ordered], np.int64).reshape(len(ordered), len(names) - size)
    return Counts(tuple(variables), tuple(names[size:]), tuple(row[:size] for row in ordered), sums)


def weighed(counts: Counts, definition: Definition, scheme: Scheme) -> Weighted:
    """Weigh counted people by a scheme that has margins. Raises the AnalysisErrors of `weigh`."""
    spoken = words(definition, scheme)
    weighing = to_weigh_by(scheme, spoken)
    columns: Mapping[str, Any] = {
        spoken.variable(name): encode(
            spoken.variable(name),
            [_category(scheme, spoken, name, cell[place]) for cell in counts.cells],
            weighing.categories(spoken.variable(name)),
        ).column
        for place, name in enumerate(counts.variables)
    }
    return weigh_counts(columns, counts.of(COUNT)[:, 0], weighing)


def _category(scheme: Scheme, spoken: Words, name: str, answer: str | None) -> str | None:
    category = scheme.category(name, answer)
    return None if category is None else spoken.category(name, category)
