"""Reads CSV and XLSX files as rows of plain texts; what is no plain table is refused by name before it is read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from app.fieldwork.paper.errors import CannotImport

MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 100_000
MOST_COLUMNS = 2_000
MOST_REFUSED = 200
SCANS = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*")
"""How PDF, JPEG, PNG and TIFF begin: scans that came to the wrong page."""
Row = tuple[int, list[str]]
"""The number of a row as the file's program shows it, and its cells."""


def rows_of(name: str, content: bytes) -> Iterator[Row]:
    """Walk the rows of a file. Raises CannotImport with what is wrong with it."""
    if not content.strip():
        raise CannotImport([f"{name} is empty: fill in the template file of the survey."])
    if len(content) > MOST_BYTES:
        raise CannotImport([f"{name} has {len(content):,} bytes: split it into files of at most {MOST_BYTES:,}."])
    if content.startswith(b"PK"):
        return _xlsx(name, content)
    if content.startswith(SCANS):
        raise CannotImport([f"{name} is a PDF or a picture, no table: upload it at “Read scans or photos of forms”."])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CannotImport([f"{name} is UTF-16 (“Unicode text” in Excel): save it as “CSV UTF-8”."])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotImport([f"{name} is an old Excel file or is encrypted: save it as XLSX without a password."])
    return _csv(name, content)


def _csv(name: str, content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CannotImport(
            [f"{name}, line {line}: byte 0x{content[error.start]:02X} is not UTF-8. Save it as “CSV UTF-8”."]
        ) from None
    if "\0" in text:
        raise CannotImport([f"{name} holds NUL bytes, so it is no CSV file: save it as “CSV UTF-8”."])
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise CannotImport([f"{name}, line {reader.line_num}: {error}. Check the quotation marks."]) from None


def _xlsx(name: str, content: bytes) -> Iterator[Row]:
    _refuse_bomb(name, content)
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book["responses"] if "responses" in book.sheetnames else book.worksheets[0]
        refused: list[str] = []
        # A file may claim any size, and a blank in its last row makes a million: each row is only as long as it is.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [_text(cell, refused) for cell in cells[: MOST_COLUMNS + 1]]
            if len(refused) > MOST_REFUSED:
                break
    except Exception as error:
        raise CannotImport(
            [f"{name} cannot be read as XLSX ({type(error).__name__}): open it in Excel and save it anew."]
        ) from None
    if refused:
        raise CannotImport([f"{name}, {each}" for each in refused])


def _refuse_bomb(name: str, content: bytes) -> None:
    """Look at a file's own list of parts before any is unpacked, and at merged cells while unpacking a bounded part."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise CannotImport(
                    [
                        f"{name} would unpack to {unpacked:,} bytes in {len(parts):,} parts: that is no table of "
                        f"responses. At most {MOST_UNPACKED:,} bytes are unpacked: copy its rows into a template."
                    ]
                )
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and _holds(archive, part, b"<mergeCell "):
                    raise CannotImport([f"{name} has merged cells: undo the merging, one response a row."])
            if "xl/workbook.xml" not in archive.namelist():
                raise CannotImport([f"{name} is a ZIP file and no workbook: save the table as XLSX or CSV."])
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise CannotImport([f"{name} is damaged or encrypted ({error}): save it anew as XLSX."]) from None


def _holds(archive: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: bytes) -> bool:
    """Look for something in a part, unpacking no more than it says that it holds."""
    left, tail = part.file_size, b""
    with archive.open(part) as file:
        while left > 0 and (block := file.read(min(left, 1 << 20))):
            left -= len(block)
            if wanted in tail + block:
                return True
            tail = block[-len(wanted) :]
    return False


def _text(cell: Any, refused: list[str]) -> str:
    """Read a cell as text; what no answer can be is told, so that all such cells are found at once."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        refused.append(f"cell {cell.coordinate} holds a formula: copy the column and paste its values only.")
    elif cell.data_type == "e":
        refused.append(f"cell {cell.coordinate} holds the error {value}: correct it.")
    elif isinstance(value, datetime | date | time):
        refused.append(f"cell {cell.coordinate} is a date ({value}): no answer is a date. Format the column as text.")
    elif isinstance(value, bool):
        return "1" if value else "0"
    elif isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
