"""The responses behind an export: whose each is, at which event it was given, what was written, who stands apart."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.comments import texts
from app.database import one_moment
from app.results.errors import CommentsUnread
from app.results.export.formats import MASKED, NO_TEXT
from app.results.export.variables import MISSING_CODES, NO_EVENT
from app.results.reading import extract
from app.results.reading.columns import Columns, Numbers, Read, read
from app.surveys import queries
from app.surveys.definition import Definition

Codes = NDArray[Any]
FEW = 4_000
"""Responses read at a time beside the columns of all others, which take most of the memory."""


def event_codes(events: Numbers) -> Codes:
    """Code at which event each response was given (n,)."""
    return np.where(events.given, events.values, MISSING_CODES[NO_EVENT])


def clusters(events: Numbers, number: Codes) -> Codes:
    """Name the cluster of each response (n,): its event, else the response itself by its number in the file."""
    own = pc.cast(pa.array(number), pa.string())
    event = pc.binary_join_element_wise("event", pc.cast(pa.array(events.values), pa.string()), "-")
    return np.asarray(pc.if_else(pa.array(events.given), event, own).to_numpy(zero_copy_only=False))


def comments_of(source: extract.Source, definition: Definition, text: str) -> texts.Texts:
    """Find what people wrote, if it is wanted. Raises CommentsUnread."""
    if text == NO_TEXT:
        return {}
    told = texts.told(source.wave_id, definition, text == MASKED)
    if told.unread:
        raise CommentsUnread(
            f"{source.reference}: {told.unread:,} of the texts that people wrote have not been read in, so nobody "
            f"knows what to mask. Run: flask comments {source.reference}. Or leave own words out."
        )
    return told.texts


def known_by_number(source: extract.Source, definition: Definition, until: Any) -> tuple[Read, extract.State, Codes]:
    """Read the responses from the database, with the number (r,) of each resident's, which no extract holds."""
    numbers: list[int] = []

    def rows(found: Iterator[Any]) -> Iterator[Any]:
        for row in found:
            if not row.apart:
                numbers.append(row.id)
            yield row

    with one_moment() as connection:
        state = queries.response_state(source.wave_id, connection)
        found = read(definition, rows(queries.answer_texts(connection, source.wave_id, until)))
    return found, state, np.array(numbers, np.int64)


def standing_apart(definition: Definition, wave_id: int, until: Any) -> tuple[Columns, tuple[str, ...], Codes]:
    """Read who stands apart, in no order, why each does, and the number of each one's response: they are few."""
    apart: list[str] = []
    numbers: list[int] = []

    def rows(found: Iterator[Any]) -> Iterator[SimpleNamespace]:
        for row in found:
            apart.append(row.apart)
            numbers.append(row.id)
            yield SimpleNamespace(**{**row._mapping, "apart": None})

    with one_moment() as connection:
        found = read(definition, rows(queries.answer_texts(connection, wave_id, until, apart=True)), FEW)
    return found.weighted, tuple(apart), np.array(numbers, np.int64)
