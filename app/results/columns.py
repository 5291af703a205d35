"""Reads a wave's stored responses into integer-coded columns, in one pass; what people wrote is never kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Column
from app.results.subjects import SHAPES
from app.surveys.definition import Definition, Question
from app.surveys.kinds import OFF_SCALE
from app.surveys.models import CHANNELS

Mask = NDArray[np.bool_]
Write = Callable[[bytearray, Any], None]
"""Writes one answer into the bytes of its response."""

BATCH = 2_000
COMBINATIONS = 1 << 16
TICKS = ("0", "1")
WRITTEN = "written"
CHANNEL, LANGUAGE, ASSISTED = "channel", "language", "assisted"
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
    what stands apart from numbers, as "don't know". `channel`, `language` and `assisted` say how a response came: no
    question can be called so.
    """

    n: int
    coded: Mapping[str, Column]
    numbers: Mapping[str, Numbers]

    def among(self, name: str, wanted: Iterable[str]) -> Mask:
        """Mark who gave one of some answers."""
        column = self.coded[name]
        chosen = set(wanted)
        marks = np.array([*(category in chosen for category in column.categories), False])
        return np.asarray(marks[column.codes])

    def answered(self, name: str) -> Mask:
        """Mark who gave any answer."""
        column = self.coded[name]
        found = column.codes < len(column.categories)
        return np.asarray(found | self.numbers[name].given if name in self.numbers else found)


@dataclass(frozen=True, slots=True)
class Read:
    """What a wave holds: residents to be weighted in columns, and how many stand apart, by reason."""

    weighted: Columns
    apart: Mapping[str, int]

    @property
    def received(self) -> int:
        """Count all responses."""
        return self.weighted.n + sum(self.apart.values())


def read(definition: Definition, rows: Iterable[Any]) -> Read:
    """Read stored rows; those from outside and from organisations are counted, and stay out of the columns.

    Memory holds one batch of rows and a byte for each answer that there could be.
    """
    sheet = Sheet.of(definition)
    apart: dict[str, int] = {}
    blocks = [np.zeros((len(sheet.blank), 0), np.uint8)]
    coded = _coded(sheet, rows, apart)
    while cells := b"".join(islice(coded, BATCH)):
        blocks.append(np.frombuffer(cells, np.uint8).reshape(-1, len(sheet.blank)).T.copy())
    return Read(sheet.columns(np.concatenate(blocks, axis=1)), apart)


def _coded(sheet: Sheet, rows: Iterable[Any], apart: dict[str, int]) -> Iterator[bytearray]:
    writers = sheet.writers
    for row in rows:
        if row.apart:
            apart[row.apart] = apart.get(row.apart, 0) + 1
            continue
        cells = sheet.blank.copy()
        writers[CHANNEL](cells, row.channel)
        writers[LANGUAGE](cells, row.language)
        writers[ASSISTED](cells, TICKS[bool(row.assisted)])
        for key, answer in row.answers.items():
            if write := writers.get(key):
                write(cells, answer)
        yield cells


class Sheet:
    """Lays out one response as a few bytes: where each column stands, and what stands there without an answer.

    A question that is not tabulated has no place, and so is never read.
    """

    def __init__(self) -> None:
        self.blank = bytearray(1)  # one byte for the response itself: a questionnaire may have nothing to tabulate
        self.writers: dict[str, Write] = {}
        self.coded: dict[str, tuple[slice, tuple[str, ...]]] = {}
        self.numbers: dict[str, tuple[slice, slice]] = {}

    @classmethod
    def of(cls, definition: Definition) -> Sheet:
        """Lay out a questionnaire."""
        sheet = cls()
        for name, categories in ((CHANNEL, CHANNELS), (LANGUAGE, definition.languages), (ASSISTED, TICKS)):
            sheet.writers[name] = sheet._coded(name, categories)
        for question in definition.questions:
            sheet._add(definition, question)
        return sheet

    def _add(self, definition: Definition, question: Question) -> None:
        shape = SHAPES.get(question.kind)
        categories = (*question.option_keys, *question.behaviour.off_scale(question))
        if shape == "ticks":
            columns = [self._column(f"{question.key}_{option}", TICKS) for option in categories]
            self.writers[question.key] = _ticks(slice(columns[0].start, columns[-1].stop), categories)
        elif shape == "number":
            self.writers[question.key] = self._number(question.key, categories)
        elif shape == "words":
            self.writers[question.key] = _words(self._column(question.key, (WRITTEN, *OFF_SCALE)))
        elif shape == "options" and question.rows:
            rows = {row.key: self._coded(f"{question.key}_{row.key}", categories) for row in question.rows}
            self.writers[question.key] = _rows(rows)
        elif shape == "options":
            self.writers[question.key] = self._coded(question.key, categories)
            if question.kind == "area":
                [decile] = question.behaviour.companions(question)
                self.writers[decile] = _number_of(self._coded(decile, DECILES))
        elif question.kind == "order":
            places = places_of(definition, question)
            self.writers[question.key] = _order(tuple(self._coded(place, question.option_keys) for place in places))

    def _coded(self, name: str, categories: tuple[str, ...]) -> Write:
        return _choice(self._column(name, categories), categories)

    def _column(self, name: str, categories: tuple[str, ...]) -> slice:
        place = self._place(_code(len(categories), len(categories)))
        self.coded[name] = place, categories
        return place

    def _place(self, empty: bytes) -> slice:
        self.blank += empty
        return slice(len(self.blank) - len(empty), len(self.blank))

    def _number(self, name: str, categories: tuple[str, ...]) -> Write:
        apart = self._coded(name, categories)
        value, given = self.numbers[name] = self._place(bytes(8)), self._place(bytes(1))

        def write(cells: bytearray, answer: Any) -> None:
            if isinstance(answer, int):
                cells[value], cells[given] = answer.to_bytes(8, "little", signed=True), b"\1"
            else:
                apart(cells, answer)

        return write

    def columns(self, cells: NDArray[np.uint8]) -> Columns:
        """Take the columns out of the bytes of all responses (bytes of one, n)."""
        coded = {
            name: Column(name, _joined(cells[place], f"<u{place.stop - place.start}"), categories)
            for name, (place, categories) in self.coded.items()
        }
        numbers = {
            name: Numbers(_joined(cells[value], "<i8"), cells[given][0].astype(bool))
            for name, (value, given) in self.numbers.items()
        }
        return Columns(cells.shape[1], coded, numbers)


def _joined(cells: NDArray[np.uint8], kind: str) -> NDArray[Any]:
    return cells[0] if len(cells) == 1 else np.ascontiguousarray(cells.T).view(kind)[:, 0]


def _code(code: int, none: int) -> bytes:
    return code.to_bytes(1 if none < 256 else 2, "little")


def _choice(at: slice, categories: tuple[str, ...]) -> Write:
    none = len(categories)
    codes = {category: code for code, category in enumerate(categories)}
    position, code = at.start, codes.get

    def write(cells: bytearray, answer: Any) -> None:
        cells[position] = code(answer, none)

    def write_wide(cells: bytearray, answer: Any) -> None:
        cells[at] = _code(code(answer, none), none)

    return write if none < 256 else write_wide


def _number_of(choose: Write) -> Write:
    def write(cells: bytearray, answer: Any) -> None:
        choose(cells, str(answer))

    return write


def _rows(writers: Mapping[str, Write]) -> Write:
    def write(cells: bytearray, answer: Any) -> None:
        for row, point in answer.items():
            if row in writers:
                writers[row](cells, point)

    return write


def _ticks(at: slice, options: tuple[str, ...]) -> Write:
    # Far fewer combinations occur than people answer; those that come again need not be spread again.
    @lru_cache(maxsize=COMBINATIONS)
    def spread(*chosen: str) -> bytes:
        return bytes([option in chosen for option in options])

    def write(cells: bytearray, answer: Any) -> None:
        cells[at] = spread(*answer)

    return write


def _order(writers: tuple[Write, ...]) -> Write:
    def write(cells: bytearray, answer: Any) -> None:
        if not isinstance(answer, str):
            for place, option in zip(writers, answer, strict=False):
                place(cells, option)

    return write


def places_of(definition: Definition, question: Question) -> tuple[str, ...]:
    """Name the columns of an order: which option somebody put first, which second, as many as could be chosen."""
    chosen = definition.question(question.of) if question.of else None
    most = (chosen.at_most if chosen else None) or len(question.options)
    return tuple(f"{question.key}:{place}" for place in range(1, most + 1))


def _words(at: slice) -> Write:
    position = at.start
    code = {category: code for code, category in enumerate((WRITTEN, *OFF_SCALE))}.get

    def write(cells: bytearray, answer: Any) -> None:
        cells[position] = code(answer, 0)

    return write
