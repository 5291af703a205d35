"""Writes an export as an Excel workbook: the responses, what each value means, and what the file is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.results.export.cells import CODES, KEYS, safe_texts, texts
from app.results.export.formats import TEXTS
from app.results.export.frames import refuse_too_many
from app.results.export.microdata import Codes, Microdata
from app.results.export.variables import MEASURE, PLACE, TEXT, TICK, Variable

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LARGEST = 250_000
LONGEST_CELL = 32_767
CUT = " [cut: a cell of Excel holds no more]"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(data: Microdata, path: Path, shown: str = KEYS) -> None:
    """Write three sheets: data, labels, about. Raises TooLarge."""
    import xlsxwriter

    refuse_too_many(data.n, LARGEST, data.wave)
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows(data, shown)):
            fill(sheet, number, row)
        labels = book.add_worksheet("labels")
        for number, row in enumerate(labels_of(data)):
            fill(labels, number, row)
        about = book.add_worksheet("about")
        for number, row in enumerate(about_rows(data)):
            fill(about, number, row)


def rows(data: Microdata, shown: str) -> Iterator[list[Any]]:
    """Walk the rows of the data, the names first."""
    yield [variable.name for variable in data.variables]
    for block in data.blocks(5_000):
        columns = [cells(each, block[each.name], shown) for each in data.variables]
        yield from map(list, zip(*columns, strict=True))


def cells(variable: Variable, codes: Codes, shown: str) -> list[Any]:
    """Lay out the cells of one variable: numbers as numbers, nothing for a weight that there is not."""
    if variable.kind == MEASURE:
        return [None if missing else value for value, missing in zip(codes.tolist(), np.isnan(codes), strict=True)]
    if variable.kind == TEXT:
        return [text or None for text in safe_texts(codes).to_pylist()]
    if shown == CODES:
        return list(codes.tolist())
    told = {value.code: text for value, text in zip(variable.all_values, texts(variable, shown), strict=True)}
    if shown == KEYS and variable.kind in (TICK, PLACE):
        told = {value.code: told[value.code] for value in variable.missing}
    return [told.get(code, code) for code in codes.tolist()]


def labels_of(data: Microdata) -> Iterator[list[Any]]:
    """Walk every value of every variable with its code, its key and its label."""
    yield ["variable", "variable label", "code", "key", "value label", "missing"]
    for each in data.variables:
        if not (each.values or each.missing):
            yield [each.name, each.label]
        for value in each.values:
            yield [each.name, each.label, value.code, value.key, value.label, ""]
        for value in each.missing:
            yield [each.name, each.label, value.code, value.key, value.label, "missing"]


def about_rows(data: Microdata) -> Iterator[list[Any]]:
    """Say what the file is."""
    if data.simulated:
        yield ["SIMULATED ANSWERS", "for trying things out, not for decisions"]
    yield from (["Survey", data.title], ["Wave", data.wave], ["Run", data.run_id], ["Results made", data.made_at])
    yield ["Responses", data.n]
    yield ["Weight", "weight, mean 1 over residents; who stands apart has none"]
    yield ["Own words", TEXTS[data.text]]
    yield ["Confidential", "single people's answers: keep it where only those who need it can open it"]


def fill(sheet: Worksheet, number: int, row: list[Any]) -> None:
    """Fill one row; texts stay texts, and one that is too long for a cell is cut and says so."""
    for place, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(number, place, fitted(value))
        elif value is not None:
            sheet.write_number(number, place, value)


def fitted(text: str) -> str:
    """Cut a text that no cell can hold, at a whole character; Excel counts in units of UTF-16, an emoji as two."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
