"""Writes an export as CSV: UTF-8 that Excel recognises, and no cell that it would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from app.results.export.cells import CODES, KEYS, places, safe_texts, texts
from app.results.export.microdata import Codes, Microdata
from app.results.export.variables import MEASURE, TEXT, Variable

BOM = b"\xef\xbb\xbf"
END = "\r\n"
BLOCK = 4_000
"""Rows whose text is in memory at a time."""


def write(data: Microdata, path: Path, shown: str = KEYS) -> None:
    """Write a line for each response; what a value is shown as is its key, its label or its code."""
    with path.open("wb") as file:
        file.write(BOM + line([variable.name for variable in data.variables]))
        for block in data.blocks(BLOCK):
            _rows(file, [column(each, block[each.name], shown) for each in data.variables])


def line(cells: list[str]) -> bytes:
    """Write one line as RFC 4180 has it."""
    text = io.StringIO()
    csv.writer(text, lineterminator=END).writerow(cells)
    return text.getvalue().encode("utf-8")


def _rows(file: BinaryIO, columns: list[pa.Array]) -> None:
    """Join the cells of each row; the bytes of the joined array, one row after the other, are the file."""
    rows = pc.binary_join_element_wise(*columns, ",")
    ended = pc.binary_join_element_wise(rows, END, "")
    _, offsets, content = ended.buffers()
    ends = memoryview(offsets).cast("i")
    file.write(memoryview(content)[ends[ended.offset] : ends[ended.offset + len(ended)]])


def column(variable: Variable, codes: Codes, shown: str) -> pa.Array:
    """Write the cells of one variable (n,) as text, quoted where they must be."""
    if variable.discrete:
        cells = pa.array([quoted(text) for text in texts(variable, shown)], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(places(variable, codes)), cells).dictionary_decode()
    if variable.kind == MEASURE:
        return pc.fill_null(pc.cast(pa.array(codes, from_pandas=True), pa.string()), "")
    if variable.kind == TEXT:
        return all_quoted(safe_texts(codes))
    found = pc.cast(pa.array(codes), pa.string())
    for value, text in zip(variable.missing, texts(variable, shown), strict=True):
        if shown != CODES:
            found = pc.if_else(pa.array(codes == value.code), quoted(text), found)
    return found


def all_quoted(texts: pa.Array) -> pa.Array:
    """Quote those of many texts (n,) that need it, as `quoted` does one."""
    marked = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(texts, '[,"\r\n]'), marked, texts)


def quoted(text: str) -> str:
    """Quote a cell that holds a comma, a quotation mark or a line break."""
    return line([text]).decode("utf-8").removesuffix(END)
