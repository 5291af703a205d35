"""Reads a wave's stored responses into integer-coded columns, in one pass; what people wrote is never kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.analysis.arrays import narrowest
from app.analysis.columns import Column
from app.results.reading.subjects import SHAPES
from app.surveys.definition import Definition, Question
from app.surveys.flags import COLUMN, FLAGS
from app.surveys.kinds import OFF_SCALE
from app.surveys.models import CHANNELS

Mask = NDArray[np.bool_]
Codes = dict[str, NDArray[Any]]

BATCH = 20_000
PART = 10_000
"""Responses that one thread of DuckDB takes at a time."""
TICKS = ("0", "1")
WRITTEN = "written"
CHANNEL, LANGUAGE, EVENT = "channel", "language", "event"
ASSISTED, INTERPRETED = "assisted", "interpreted"
FLAG_COLUMNS = tuple(COLUMN + flag for flag in FLAGS)
ROW, VALUE, GIVEN = ":row", ":value", ":given"
UNREAD = ":unread"
DECILES = tuple(map(str, range(1, 11)))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Hold the answers to a question that takes a number: `values` (n,), 0 where `given` (n,) is false."""

    values: NDArray[np.int64]
    given: Mask


@dataclass(frozen=True, slots=True)
class Columns:
    """The answers of n residents. A coded column's code beyond its categories means no answer.

    A tick is a column of its own with the categories 0 and 1. A number has a column in `numbers`, and a coded one for
    what stands apart from numbers, as "don't know". `channel`, `language`, `assisted`, `interpreted` and the number
    `event` say how a response came: no question can be called so. Of what could not be read on paper the categories of
    the column `UNREAD` are JSON objects, of each question or `question.row` the reason; the first, "", is nothing.
    """

    n: int
    coded: Mapping[str, Column]
    numbers: Mapping[str, Numbers]

    def among(self, name: str, wanted: Iterable[str]) -> Mask:
        """Mark who gave one of some answers."""
        column = self.coded[name]
        chosen = set(wanted) & set(column.categories)
        if len(chosen) == 1:
            return np.asarray(column.codes == column.categories.index(chosen.pop()))
        marks = np.array([*(category in chosen for category in column.categories), False])
        return np.asarray(marks[column.codes])

    def answered(self, name: str) -> Mask:
        """Mark who gave any answer."""
        column = self.coded[name]
        found = column.codes < len(column.categories)
        return np.asarray(found | self.numbers[name].given if name in self.numbers else found)

    @property
    def flagged(self) -> Mask:
        """Mark the responses that carry any flag."""
        return np.asarray(np.any([self.among(name, TICKS[1:]) for name in FLAG_COLUMNS], axis=0))

    def taken(self, rows: NDArray[Any]) -> Columns:
        """Take some rows, named by their numbers or marked."""
        coded = {name: Column(name, each.codes[rows], each.categories) for name, each in self.coded.items()}
        numbers = {name: Numbers(each.values[rows], each.given[rows]) for name, each in self.numbers.items()}
        n = int(np.count_nonzero(rows)) if rows.dtype == bool else len(rows)
        return Columns(n, coded, numbers)


@dataclass(frozen=True, slots=True)
class Read:
    """What a wave holds: residents to be weighted in columns, and how many stand apart, by reason."""

    weighted: Columns
    apart: Mapping[str, int]

    @property
    def received(self) -> int:
        """Count all responses."""
        return self.weighted.n + sum(self.apart.values())


def read(definition: Definition, rows: Iterable[Any], batch: int = BATCH) -> Read:
    """Read rows whose `answers` are a JSON text; who stands apart is counted, and stays out of the columns.

    Memory holds one batch of texts and a byte for each answer that there could be.
    """
    sheet = Sheet.of(definition)
    apart: Counter[str] = Counter()
    with duckdb.connect() as engine:
        blocks = [sheet.codes(engine, taken) for taken in _batches(rows, apart, batch)]
    return Read(sheet.columns(blocks), dict(apart))


def _batches(rows: Iterable[Any], apart: Counter[str], size: int) -> Iterator[list[Any]]:
    yield []  # so that a wave without responses has its columns too
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        apart.update(row.apart for row in batch if row.apart)
        yield [row for row in batch if not row.apart]


class Sheet:
    """Lays out the columns of a questionnaire: the categories of each, and how DuckDB finds its codes in the JSON.

    A question that is not tabulated has no column, and so is never read. Keys are lower-case letters, digits and _.
    """

    def __init__(self) -> None:
        self.coded: dict[str, tuple[str, ...]] = {}
        self.numbers: list[str] = []
        self._unread = {"": 0}
        self._shape: dict[str, Any] = {ROW: "VARCHAR"}  # may not be empty, and there may be nothing to tabulate
        self._found: dict[str, str] = {ROW: "true"}

    @classmethod
    def of(cls, definition: Definition) -> Sheet:
        """Lay out a questionnaire."""
        sheet = cls()
        how = {CHANNEL: CHANNELS, LANGUAGE: definition.languages, ASSISTED: TICKS, INTERPRETED: TICKS}
        for name, categories in how.items():
            sheet._choice(name, name, categories)
        sheet._number(EVENT, EVENT)
        for flag in FLAGS:
            sheet._code(COLUMN + flag, TICKS, f"contains(flags, {_text(flag)})::UTINYINT")
        for question in definition.questions:
            if question.kind == "order":
                sheet._order(question, places_of(definition, question))
            elif shape := SHAPES.get(question.kind):
                sheet._add(question, shape)
        return sheet

    def _add(self, question: Question, shape: str) -> None:
        categories = (*question.option_keys, *question.behaviour.off_scale(question))
        if shape == "ticks":
            said = self._said(question.key, ["VARCHAR"])
            for option in categories:
                self._code(f"{question.key}_{option}", TICKS, f"list_contains({said}, {_text(option)})::UTINYINT")
        elif shape == "words":
            self._words(question.key)
        elif question.rows:
            said = self._said(question.key, {row.key: "VARCHAR" for row in question.rows})
            for row in question.rows:
                self._choice(f"{question.key}_{row.key}", f'{said}."{row.key}"', categories)
        else:
            self._choice(question.key, self._said(question.key), categories)
            if shape == "number":
                self._number(question.key, self._said(question.key))
            for companion in question.behaviour.companions(question) if question.kind == "area" else ():
                self._choice(companion, self._said(companion), DECILES)

    def _said(self, key: str, shape: Any = "VARCHAR") -> str:
        """Have the answer to a question taken out of the JSON, and name it."""
        self._shape[key] = shape
        return f'said."{key}"'

    def _order(self, question: Question, places: Sequence[str]) -> None:
        said = self._said(question.key, ["VARCHAR"])
        for place, name in enumerate(places, 1):
            self._choice(name, f"{said}[{place}]", question.option_keys)

    def _words(self, key: str) -> None:
        said, categories = self._said(key), (WRITTEN, *OFF_SCALE)
        self._code(key, categories, f"CASE WHEN {said} IS NOT NULL THEN coalesce({_place(said, categories)}, 0) END")

    def _number(self, key: str, said: str) -> None:
        self.numbers.append(key)
        self._found[key + VALUE] = f"coalesce(TRY_CAST({said} AS BIGINT), 0)"
        self._found[key + GIVEN] = f"TRY_CAST({said} AS BIGINT) IS NOT NULL"

    def _choice(self, name: str, said: str, categories: tuple[str, ...]) -> None:
        self._code(name, categories, _place(said, categories))

    def _code(self, name: str, categories: tuple[str, ...], found: str) -> None:
        none = len(categories)
        self.coded[name] = categories
        self._found[name] = f"coalesce({found}, {none})::{'UTINYINT' if none < 256 else 'USMALLINT'}"

    def codes(self, engine: duckdb.DuckDBPyConnection, rows: Sequence[Any]) -> Codes:
        """Find the codes of n responses: an array (n,) for each column."""
        engine.register("responses", _table(rows))
        found = ", ".join(f'{expression} AS "{name}"' for name, expression in self._found.items())
        shape = _text(json.dumps(self._shape))
        # Names are quoted, and the shape is a literal that _text escapes.
        said = f"SELECT *, from_json(answers, {shape}) AS said FROM responses"  # nosec B608
        statement = f"SELECT {found} FROM ({said})"  # nosec B608
        codes = {name: np.asarray(codes) for name, codes in engine.execute(statement).fetchnumpy().items()}
        unread = [self._unread.setdefault(row.coded or "", len(self._unread)) for row in rows]
        return codes | {UNREAD: np.array(unread, np.int32)}

    def columns(self, blocks: Sequence[Codes]) -> Columns:
        """Join the codes of all batches to columns."""
        joined = {name: np.concatenate([block.pop(name) for block in blocks]) for name in [*blocks[0]]}
        coded = {name: Column(name, joined[name], categories) for name, categories in self.coded.items()}
        coded[UNREAD] = Column(UNREAD, joined[UNREAD].astype(narrowest(len(self._unread))), tuple(self._unread))
        numbers = {name: Numbers(joined[name + VALUE], joined[name + GIVEN]) for name in self.numbers}
        return Columns(len(joined[ROW]), coded, numbers)


def places_of(definition: Definition, question: Question) -> tuple[str, ...]:
    """Name the columns of an order: which option somebody put first, which second, as many as could be chosen."""
    chosen = definition.question(question.of) if question.of else None
    most = (chosen.at_most if chosen else None) or len(question.options)
    return tuple(f"{question.key}:{place}" for place in range(1, most + 1))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _place(said: str, categories: Sequence[str]) -> str:
    """Find the place of an answer among the categories, NULL if it is none of them."""
    names = ", ".join(map(_text, categories))
    return f"enum_code(TRY_CAST({said} AS ENUM({names})))" if categories else "NULL"


def _table(rows: Sequence[Any]) -> pa.Table:
    table = pa.table(
        {
            "answers": texts_of([row.answers for row in rows]),
            CHANNEL: texts_of([row.channel for row in rows]),
            LANGUAGE: texts_of([row.language for row in rows]),
            ASSISTED: texts_of([TICKS[bool(row.assisted)] for row in rows]),
            INTERPRETED: texts_of([TICKS[bool(row.interpreted)] for row in rows]),
            EVENT: texts_of([str(row.event_id or "") for row in rows]),
            "flags": texts_of([row.flags or "" for row in rows]),
        }
    )
    return pa.Table.from_batches(table.to_batches(max_chunksize=PART), table.schema)


def texts_of(texts: Sequence[str]) -> pa.Array:
    """Make an Arrow array of texts by its parts; `pa.array` would first import all of pandas."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))
