"""Read a CSV file in batches of checked rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.analysis.columns import named
from app.analysis.errors import EmptyFile, MissingColumn, RaggedRow, RepeatedColumn, UnreadableRow, WrongEncoding

if TYPE_CHECKING:
    from _csv import Reader

BATCH = 10_000
LONGEST_FIELD = 1 << 20
LONGEST_LINE = 1 << 24
WRONG_BYTE = re.compile("[\udc80-\udcff]")
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

Row = list[str]
Progress = Callable[[int], None]
"""Told how many bytes have been read."""


def header(path: Path) -> tuple[str, ...]:
    """Read the column names, without surrounding space.

    Raises EmptyFile, RepeatedColumn, WrongEncoding, UnreadableRow.
    """
    with path.open(encoding="utf-8-sig", newline="") as text:
        return _header(path, _reader(text))


def batches(path: Path, progress: Progress | None = None) -> Iterator[list[Row]]:
    """Read the rows under the header, `BATCH` at a time, leaving out blank lines.

    Raises EmptyFile, WrongEncoding, UnreadableRow, RaggedRow, all naming the line.
    """
    with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        reader = _reader(text)
        width = len(_header(path, reader))
        rows_before = 0
        while rows := _batch(path, reader):
            if any(len(row) != width for row in rows):
                rows = _checked(path, rows, width, rows_before)
            rows_before += len(rows)
            if rows:
                yield rows
            if progress:
                progress(raw.tell())
    if not rows_before:
        raise EmptyFile(path.name, "it has a header but no rows", "Give the rows under it.")


def place(columns: Sequence[str], name: str, path: Path) -> int:
    """Find a column's position. Raises MissingColumn."""
    if name not in columns:
        raise MissingColumn(
            f"Column {name!r} of {path.name}",
            f"not among its columns {named(columns, 40)}",
            "Add it, or correct the name.",
        )
    return columns.index(name)


def line_of(path: Path, row: int) -> int:
    """Find the line on which a row (from 0, blank lines not counted) ends, for a message."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = _reader(text)
        next(reader)
        next(islice((each for each in reader if each), row, None), None)
        return int(reader.line_num)


def lines_of(text: TextIO) -> Iterator[str]:
    """Go through the lines with their ends. Raises UnreadableRow for one that no survey has."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableRow(
                "A line", f"it is longer than {LONGEST_LINE:,} characters", "Check that it is a CSV file."
            )
        yield line


def _reader(text: TextIO) -> Reader:
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(lines_of(text), strict=True)


def _header(path: Path, reader: Reader) -> tuple[str, ...]:
    rows = _read(path, reader, 1)
    if rows and any("\0" in name for name in rows[0]):
        raise WrongEncoding(
            f"Line 1 of {path.name}", "it is not UTF-8 text (it has zero bytes)", "Save it as CSV UTF-8."
        )
    names = tuple(name.strip() for name in rows[0]) if rows else ()
    if not any(names):
        raise EmptyFile(path.name, "it has no header", "Give the column names in the first line.")
    _refuse_other_separators(path, names)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise RepeatedColumn(
            f"Columns of {path.name}", f"{named(repeated)} more than once", "Give each column its own name."
        )
    return names


def _refuse_other_separators(path: Path, names: Sequence[str]) -> None:
    """Name what separates the columns where it is no comma, as a spreadsheet may in another country."""
    found = next((mark for mark in SEPARATORS if len(names) == 1 and mark in names[0]), None)
    if found:
        raise UnreadableRow(
            f"Line 1 of {path.name}",
            f"its columns are separated by {SEPARATORS[found]}",
            "Save it as CSV with commas between the columns.",
        )


def _batch(path: Path, reader: Reader) -> list[Row]:
    return _read(path, reader, BATCH)


def _read(path: Path, reader: Reader, most: int) -> list[Row]:
    try:
        return list(islice(reader, most))
    except UnicodeDecodeError as wrong:
        raise WrongEncoding(
            f"Line {_line_of_wrong_byte(path)} of {path.name}",
            f"it is not UTF-8 text (byte 0x{wrong.object[wrong.start]:02x})",
            "Save it as CSV UTF-8.",
        ) from wrong
    except csv.Error as wrong:
        raise UnreadableRow(
            f"Line {_line_of_wrong_row(path)} of {path.name}",
            f"the row that begins there cannot be read ({wrong})",
            "Check its quotation marks.",
        ) from wrong


def _line_of_wrong_byte(path: Path) -> int:
    """Find the line itself: text is decoded ahead of the lines that are read from it."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        return next((number for number, line in enumerate(lines_of(text), 1) if WRONG_BYTE.search(line)), 1)


def _line_of_wrong_row(path: Path) -> int:
    """Find where the row begins: a quotation mark that never closes takes all lines up to the last into its row."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader, read = _reader(text), 0
        with suppress(csv.Error):
            for _ in reader:
                read = reader.line_num
        return read + 1


def _checked(path: Path, rows: list[Row], width: int, before: int) -> list[Row]:
    kept = [row for row in rows if row]
    for number, row in enumerate(kept, start=before):
        if len(row) != width:
            raise RaggedRow(
                f"Line {line_of(path, number)} of {path.name}",
                f"it has {len(row)} fields where the header has {width}",
                "Give each row one field for each column; put text with commas in quotation marks.",
            )
    return kept
