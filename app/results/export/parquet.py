"""Writes an export as Parquet: typed columns, with their labels in the metadata of each field."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.results.export.cells import places
from app.results.export.microdata import Block, Codes, Microdata
from app.results.export.variables import CATEGORY, MEASURE, NUMBER, TEXT, Variable

WHY = "_missing"
"""Ends the name of the column that says why a number, a tick or a place is not there."""


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write row groups: answers as dictionaries of their keys, numbers as numbers, ticks as true and false.

    A number, tick or place that is missing is null, and a column beside it says why; an answer's reason is its key.
    """
    about = {b"export": json.dumps(described(data), ensure_ascii=False).encode("utf-8")}
    with pq.ParquetWriter(path, _schema(data).with_metadata(about), compression="zstd") as writer:
        for block in data.blocks():
            arrays = [array for each in data.variables for array in _arrays(each, block)]
            writer.write_batch(pa.record_batch(arrays, schema=writer.schema))


def described(data: Microdata) -> dict[str, object]:
    """Say what the file is."""
    return {
        "wave": data.wave,
        "title": data.title,
        "run": data.run_id,
        "made_at": data.made_at,
        "simulated": data.simulated,
        "language": data.language,
        "weight": "weight",
    }


def _schema(data: Microdata) -> pa.Schema:
    return pa.schema([field for each in data.variables for field in _fields(each)])


def _type(variable: Variable) -> pa.DataType:
    if variable.kind == CATEGORY:
        return pa.dictionary(pa.int32(), pa.string(), ordered=variable.ordinal)
    if variable.kind == MEASURE:
        return pa.float64()
    return {NUMBER: pa.int64(), TEXT: pa.string()}.get(variable.kind, pa.int8() if variable.ordinal else pa.bool_())


def _fields(variable: Variable) -> list[pa.Field]:
    told = {
        "label": variable.label,
        "values": {value.key: value.label for value in variable.values},
        "missing": {value.key: value.label for value in variable.missing},
    }
    metadata = {key: json.dumps(value, ensure_ascii=False) for key, value in told.items()}
    field = pa.field(variable.name, _type(variable), metadata=metadata)
    if variable.kind == CATEGORY or not variable.missing:
        return [field]
    return [field, pa.field(variable.name + WHY, pa.dictionary(pa.int32(), pa.string()))]


def _arrays(variable: Variable, block: Block) -> list[pa.Array]:
    codes = block[variable.name]
    if variable.kind == CATEGORY:
        keys = [value.key for value in variable.all_values]
        values = pa.DictionaryArray.from_arrays(pa.array(places(variable, codes)), pa.array(keys, pa.string()))
        return [values.cast(_type(variable))]
    if variable.kind == MEASURE:
        return [pa.array(codes, pa.float64(), from_pandas=True)]
    if variable.kind == TEXT:
        return [pa.array(codes, pa.string(), mask=np.asarray(codes == ""))]
    absent = np.isin(codes, [value.code for value in variable.missing])
    kept = np.where(absent, 0, codes)
    typed = pa.array(kept == 1 if _type(variable) == pa.bool_() else kept, _type(variable), mask=absent)
    return [typed, _why(variable, codes, absent)] if variable.missing else [typed]


def _why(variable: Variable, codes: Codes, absent: Codes) -> pa.Array:
    reasons = [value.key for value in variable.missing]
    known = {value.code: place for place, value in enumerate(variable.missing)}
    found = np.zeros(len(codes), np.int32)
    for code, place in known.items():
        found[codes == code] = place
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=~absent), pa.array(reasons, pa.string()))
