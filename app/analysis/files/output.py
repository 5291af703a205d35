"""Write results that are whole or not there at all, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.analysis.arrays import Codes, Floats
from app.analysis.errors import RepeatedColumn, UnwritableFile
from app.analysis.files.table import Progress, batches, header

WEIGHT = "weight"
SEPARATOR = "\x1f"
FORMULA = re.compile(rf"(?:^|{SEPARATOR})[=+\-@\t\r]")


@contextmanager
def whole(*paths: Path | None) -> Iterator[list[Path]]:
    """Give a temporary path for each that is asked for, and put all in place only if nothing failed.

    Raises UnwritableFile.
    """
    wanted = [path for path in paths if path is not None]
    partial = [path.with_name(f".{path.name}.{os.getpid()}.partial") for path in wanted]
    try:
        yield partial
        for temporary, path in zip(partial, wanted, strict=True):
            temporary.replace(path)
    except OSError as wrong:
        raise UnwritableFile(
            f"File {wrong.filename or wanted}", wrong.strerror or "it failed", "Choose another place."
        ) from wrong
    finally:
        for temporary in partial:
            temporary.unlink(missing_ok=True)


def check_places(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise UnwritableFile if an output would overwrite an input or another output, or its folder is not there."""
    taken = [path.resolve() for path in inputs]
    for path in outputs:
        if path.resolve() in taken:
            raise UnwritableFile(
                f"File {path}", "it is read or written already by this command", "Choose another name."
            )
        if not path.resolve().parent.is_dir():
            raise UnwritableFile(f"File {path}", "its folder is not there", "Make the folder, or choose another.")
        taken.append(path.resolve())


def check_no_weight(path: Path) -> None:
    """Raise RepeatedColumn if the responses have a weight already."""
    if WEIGHT in header(path):
        raise RepeatedColumn(f"Column {WEIGHT!r} of {path.name}", "it is there already", "Rename or remove it.")


def write_weighted(path: Path, out: Path, unit_of_row: Codes, weights: Floats, progress: Progress | None = None) -> int:
    """Copy the responses with their columns and order, adding `weight`; return how many formula cells were disarmed.

    A cell that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay as they are. `weights`
    (u,) by unit, `unit_of_row` (n,).
    """
    texts = [repr(float(weight)) for weight in weights]
    disarmed = start = 0
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator=_line_end(path))
        names, changed = _disarmed([list(header(path))])
        writer.writerow([*names[0], WEIGHT])
        disarmed += changed
        for rows in batches(path, progress):
            rows, changed = _disarmed(rows)
            disarmed += changed
            for row, unit in zip(rows, unit_of_row[start : start + len(rows)].tolist(), strict=True):
                row.append(texts[unit])
            writer.writerows(rows)
            start += len(rows)
    return disarmed


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
