"""A wave's answers as a Parquet file: read in a fraction of the time, and only while it is what the database holds.

An extract says in its own head which state of which wave it was made of. Whoever looks compares that with the database
first; what is no longer true is erased, never read. docs/scale.md tells how long erased answers can remain.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from flask import current_app
from numpy.typing import NDArray

from app import copies
from app.analysis.arrays import narrowest
from app.analysis.columns import Column
from app.database import db, one_moment
from app.results.inputs import code_version, digest
from app.results.reading.columns import TICKS, UNREAD, Columns, Numbers, Read, Sheet, read, texts_of
from app.surveys import queries
from app.surveys.definition import ROLES, Definition

if TYPE_CHECKING:
    from app.surveys.models import Wave

LARGE = 20_000
"""From so many responses on, a run leaves an extract behind; smaller waves are read as fast without one."""
HEAD = b"extract"
APART = ":apart"
State = dict[str, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Which wave, and what tells its extract from one of another database or another version of the platform."""

    wave_id: int
    reference: str
    identity: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Say where its extract lies."""
        return copies.extract_of(self.reference)


def source(wave: Wave) -> Source:
    """Name what the extract of a wave is made of."""
    frozen = wave.frozen_at.isoformat() if wave.frozen_at else ""
    where = digest(db.engine.url.render_as_string(hide_password=True))
    return Source(wave.id, wave.reference, (where, wave.reference, str(wave.digest), frozen, code_version()))


def responses(of: Source, definition: Definition, until: datetime, keep: bool = False) -> tuple[Read, State]:
    """Read a wave's responses, from its extract where that is fresh, and the state of the wave that they are.

    Large waves leave an extract behind, others only if they had one or ``keep`` asks for it.
    """
    had_one = of.path.exists()
    with one_moment() as connection:
        state = queries.response_state(of.wave_id, connection)
        found = load(of, state, definition)
        if found:
            return found, state
        found = read(definition, queries.answer_texts(connection, of.wave_id, until))
    if found.received == state["stored"] - state["withdrawn"]:
        if keep or had_one or found.received >= LARGE:
            save(of, state, definition, found)
    return found, state


def fresh(of: Source) -> Path | None:
    """Find the extract of a wave if it is what the database holds now; a stale one is erased."""
    with one_moment() as connection:
        state = queries.response_state(of.wave_id, connection)
    return of.path if _head(of, state) else None


def _head(of: Source, state: State) -> dict[str, Any] | None:
    try:
        metadata = pq.read_metadata(of.path).metadata or {}
        head: dict[str, Any] = json.loads(metadata.get(HEAD, b"{}"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, pa.ArrowException, ValueError):
        head = {}
    if head.get("of") == list(of.identity) and head.get("responses") == state:
        return head
    copies.erase(of.reference)
    return None


def load(of: Source, state: State, definition: Definition) -> Read | None:
    """Read an extract if it holds this state of this wave, column by column."""
    head = _head(of, state)
    if head is None:
        return None
    sheet = Sheet.of(definition)
    with pq.ParquetFile(of.path) as file:
        coded = {name: Column(name, _codes(file, name, each), each) for name, each in sheet.coded.items()}
        reasons = tuple(dict.fromkeys(["", *_dictionary(file, UNREAD)]))
        coded[UNREAD] = Column(UNREAD, _codes(file, UNREAD, reasons, narrowest(len(reasons))), reasons)
        numbers = {name: _numbers(file, name) for name in sheet.numbers}
        return Read(Columns(file.metadata.num_rows, coded, numbers), head["apart"])


def _column(file: pq.ParquetFile, name: str) -> pa.ChunkedArray:
    return file.read(columns=[name]).column(0)


def _dictionary(file: pq.ParquetFile, name: str) -> Iterator[str]:
    for chunk in _column(file, name).chunks:
        yield from chunk.dictionary.to_pylist()


def _codes(file: pq.ParquetFile, name: str, categories: tuple[str, ...], kind: Any = None) -> NDArray[Any]:
    names = set(file.schema_arrow.names)
    column = _column(file, name + APART if name + APART in names else name)
    kind = np.dtype(kind or (np.uint8 if len(categories) < 256 else np.uint16))
    parts = [np.zeros(0, kind)]
    for chunk in column.chunks:
        ticks = categories == TICKS
        given, values = _parts(chunk.cast(pa.uint8()) if ticks else chunk.indices)
        known = [0, 1] if ticks else [*map(categories.index, chunk.dictionary.to_pylist())]
        codes = values.astype(kind) if known == [*range(len(known))] else np.array([*known, 0], kind)[values]
        np.copyto(codes, len(categories), where=~given)
        parts.append(codes)
    return np.concatenate(parts)


def _numbers(file: pq.ParquetFile, name: str) -> Numbers:
    parts = [(np.zeros(0, bool), np.zeros(0, np.int64)), *map(_parts, _column(file, name).chunks)]
    given, values = (np.concatenate(kind) for kind in zip(*parts, strict=True))
    return Numbers(np.where(given, values, 0), given)


def _parts(array: pa.Array) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Take an Arrow array apart: who has a value (n,), and the values (n,), which mean nothing for the others.

    Its own conversions would first import all of pandas, which takes as long as reading a hundred thousand responses.
    """
    bits, data = array.buffers()
    own = slice(array.offset, array.offset + len(array))
    values = np.frombuffer(data, array.type.to_pandas_dtype())[own]
    given = np.ones(len(array), bool)
    if bits is not None:
        given = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")[own].astype(bool)
    return given, values


def save(of: Source, state: State, definition: Definition, found: Read) -> None:
    """Write the extract of a wave, whole or not at all; who has it open reads on in the one before.

    Where answers were erased meanwhile, it is erased again: their erasure could not know of it.
    """
    head = {"of": of.identity, "responses": state, "apart": dict(found.apart)}
    table = pa.table(dict(_arrays(definition, found.weighted)))
    own = of.path.with_name(f"{of.path.name}.{os.getpid()}.partial")
    try:
        of.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own.touch(0o600)
        pq.write_table(table.replace_schema_metadata({HEAD: json.dumps(head)}), own, compression="zstd")
        own.replace(of.path)
    except OSError as error:
        with suppress(OSError):
            own.unlink()
        current_app.logger.warning("%s: no extract was written: %s.", of.path, error.strerror or error)
        return
    fresh(of)


def _arrays(definition: Definition, columns: Columns) -> Iterator[tuple[str, pa.Array]]:
    """Give each column in an order that is not the order of arrival: by what people are weighted by, then by chance."""
    order = np.random.default_rng().permutation(columns.n)
    asked = [question.key for role in reversed(ROLES) if (question := definition.with_role(role))]
    if asked:
        order = order[np.lexsort([columns.coded[key].codes[order] for key in asked])]
    for name, column in columns.coded.items():
        codes = column.codes[order]
        missing = codes >= len(column.categories)
        if column.categories == TICKS:
            yield name, _array(pa.bool_(), np.packbits(codes == 1, bitorder="little"), ~missing)
        else:
            indices = _array(pa.int32(), codes.astype(np.int32), ~missing)
            array = pa.DictionaryArray.from_arrays(indices, texts_of(column.categories))
            yield (name + APART if name in columns.numbers else name), array
    for name, numbers in columns.numbers.items():
        yield name, _array(pa.int64(), numbers.values[order], numbers.given[order])


def _array(kind: pa.DataType, values: NDArray[Any], valid: NDArray[np.bool_]) -> pa.Array:
    """Make an Arrow array of n values by its parts; `pa.array` would first import all of pandas."""
    parts = [pa.py_buffer(np.packbits(valid, bitorder="little")), pa.py_buffer(values)]
    return pa.Array.from_buffers(kind, len(valid), parts)


def tidy() -> list[Path]:
    """Erase every extract that is not what the database holds now, and what an interrupted writer left."""
    erased = sorted(copies.folder().glob("*.partial"))
    for path in erased:
        path.unlink(missing_ok=True)
    known = {of.path: of for of in (source(wave) for survey in queries.surveys() for wave in survey.waves)}
    for path in sorted(copies.folder().glob("*.parquet")):
        if path not in known:
            path.unlink(missing_ok=True)
        elif fresh(known[path]):
            continue
        erased.append(path)
    return erased
