"""Write results that are whole or not there at all, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from app.analysis.arrays import Codes, Floats
from app.analysis.errors import RepeatedColumn, UnreadableFile, UnwritableFile
from app.analysis.files.table import BATCH, Progress, header, lines_of

WEIGHT = "weight"
PARTIAL = ".partial"
SEPARATOR = "\x1f"
FORMULA = re.compile(rf"(?:^|{SEPARATOR})[=+\-@\t\r]")
FORMULA_IN_TEXT = re.compile(r"[,\n\r][=+\-@\t]|\A[=+\-@\t]")


@contextmanager
def whole(*paths: Path | None) -> Iterator[list[Path]]:
    """Give a temporary path for each that is asked for, and put all in place only if nothing failed.

    Raises UnwritableFile.
    """
    wanted = [path.resolve() for path in paths if path is not None]
    with ExitStack() as folders:
        try:
            partial = [Path(folders.enter_context(_beside(path))) / "partial" for path in wanted]
            yield partial
            for temporary, path in zip(partial, wanted, strict=True):
                temporary.replace(path)
        except OSError as wrong:
            inner = not wrong.filename or PARTIAL in str(wrong.filename)
            thing = ", ".join(map(str, wanted)) if inner else wrong.filename
            raise UnwritableFile(f"File {thing}", wrong.strerror or "it failed", "Choose another place.") from wrong


def _beside(path: Path) -> TemporaryDirectory[str]:
    """Make a folder next to a file: short of name however long the file's is, and files in it have the usual rights."""
    return TemporaryDirectory(prefix=".", suffix=PARTIAL, dir=path.parent, ignore_cleanup_errors=True)


def check_places(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise UnreadableFile for an input that is no regular file, UnwritableFile for an output that cannot be one.

    The latter is one that is an input or another output, that is there and no regular file, such as a device or a
    pipe, whose name the system does not take, or whose folder is not there.
    """
    for path in inputs:
        if not path.is_file():
            raise UnreadableFile(
                f"File {path}", "it is a pipe or a device, and is read more than once", "Save it as a file."
            )
    taken = [path.resolve() for path in inputs]
    for path in outputs:
        place = _place(path)
        if place in taken:
            raise UnwritableFile(
                f"File {path}", "it is read or written already by this command", "Choose another name."
            )
        taken.append(place)


def _place(path: Path) -> Path:
    try:
        place = path.resolve()
        if not place.parent.is_dir():
            raise UnwritableFile(f"File {path}", "its folder is not there", "Make the folder, or choose another.")
        if (path.exists() or place.exists()) and not place.is_file():
            raise UnwritableFile(
                f"File {path}", "it is there already and is not a regular file", "Choose the name of a file."
            )
    except (OSError, RuntimeError) as wrong:
        raise UnwritableFile(f"File {path}", _why(wrong), "Choose another name.") from wrong
    return place


def _why(wrong: OSError | RuntimeError) -> str:
    if isinstance(wrong, OSError):
        return f"the system does not take this name ({wrong.strerror})"
    return "it is a symbolic link that leads back to itself"


def check_no_weight(path: Path) -> None:
    """Raise RepeatedColumn if the responses have a weight already."""
    if WEIGHT in header(path):
        raise RepeatedColumn(f"Column {WEIGHT!r} of {path.name}", "it is there already", "Rename or remove it.")


def write_weighted(path: Path, out: Path, unit_of_row: Codes, weights: Floats, progress: Progress | None = None) -> int:
    """Copy the responses with their columns and order, adding `weight`; return how many formula cells were disarmed.

    A cell that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay as they are. `weights`
    (u,) by unit, `unit_of_row` (n,). Lines without a quotation mark are copied as they stand.
    """
    end = _line_end(path)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        lines = lines_of(text)
        with out.open("w", encoding="utf-8", newline="") as target:
            copy = _Copy(target, end, unit_of_row, [repr(float(weight)) for weight in weights])
            copy.header(next(csv.reader(lines, strict=True)))
            while batch := list(islice(lines, BATCH)):
                joined = "".join(batch)
                if '"' in joined:
                    copy.rows(csv.reader(chain(batch, lines), strict=True), raw.tell, progress)
                    break
                whole_lines = [line for each in batch if (line := each.rstrip("\r\n"))]
                if FORMULA_IN_TEXT.search(joined):
                    copy.rows(csv.reader(whole_lines, strict=True))
                else:
                    copy.lines(whole_lines)
                if progress:
                    progress(raw.tell())
    return copy.disarmed


class _Ends:
    """Give each row the file's own line end; the csv module quotes only the line ends that it writes itself."""

    WRITTEN = "\r\n"

    def __init__(self, target: TextIO, end: str) -> None:
        self.target = target
        self.end = end

    def write(self, row: str) -> int:
        return self.target.write(row.removesuffix(self.WRITTEN) + self.end)


class _Copy:
    """Write rows or lines in turn, each with its weight."""

    def __init__(self, target: TextIO, end: str, unit_of_row: Codes, weights: list[str]) -> None:
        self.target = target
        self.writer = csv.writer(_Ends(target, end), lineterminator=_Ends.WRITTEN)
        self.end = end
        self.unit_of_row = unit_of_row
        self.weights = weights
        self.start = 0
        self.disarmed = 0

    def header(self, names: list[str]) -> None:
        (names,), self.disarmed = _disarmed([names])
        self.writer.writerow([*names, WEIGHT])

    def _next_weights(self, rows: int) -> list[str]:
        units = self.unit_of_row[self.start : self.start + rows].tolist()
        self.start += rows
        return [self.weights[unit] for unit in units]

    def lines(self, lines: list[str]) -> None:
        weights = self._next_weights(len(lines))
        self.target.write("".join([f"{line},{weight}{self.end}" for line, weight in zip(lines, weights, strict=True)]))

    def rows(
        self, reader: Iterator[list[str]], position: Callable[[], int] | None = None, progress: Progress | None = None
    ) -> None:
        while batch := list(islice(reader, BATCH)):
            rows, changed = _disarmed([row for row in batch if row])
            self.disarmed += changed
            for row, weight in zip(rows, self._next_weights(len(rows)), strict=True):
                row.append(weight)
            self.writer.writerows(rows)
            if progress and position:
                progress(position())


def of_disarmed(count: int) -> list[str]:
    """Warn of the cells that were disarmed."""
    return [f"{count} cells that a spreadsheet would run as a formula were written with a leading apostrophe."] * bool(
        count
    )


def write_json(out: Path, result: dict[str, Any]) -> None:
    """Write a result as JSON; numbers that are not numbers never leave."""
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _line_end(path: Path) -> str:
    with path.open("rb") as raw:
        return "\r\n" if raw.readline(1 << 16).endswith(b"\r\n") else "\n"


def _disarmed(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    if not FORMULA.search(SEPARATOR.join(map(SEPARATOR.join, rows))):
        return rows, 0
    dangerous = sum(_is_formula(cell) for row in rows for cell in row)
    return [[f"'{cell}" if _is_formula(cell) else cell for cell in row] for row in rows], dangerous


def _is_formula(cell: str) -> bool:
    if not cell or cell[0] not in "=+-@\t\r":
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False
