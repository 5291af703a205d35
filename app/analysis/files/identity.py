"""Check that ids are there and unique, at eight bytes a response."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.analysis.errors import MissingId, RepeatedId
from app.analysis.files.table import batches, header, line_of, place


class Ids:
    """Take the ids of a file, batch by batch, as hashes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.hashes = array("q")

    def add(self, values: Sequence[str]) -> None:
        """Take one batch. Raises MissingId."""
        ids = [value.strip() for value in values]
        if "" in ids:
            line = line_of(self.path, self.rows + ids.index(""))
            raise MissingId(
                f"Line {line} of {self.path.name}", "its id is blank", "Give each response an id of its own."
            )
        self.rows += len(ids)
        self.hashes.frombytes(np.fromiter(map(hash, ids), np.int64, len(ids)).tobytes())

    def check(self) -> None:
        """Raise RepeatedId if two responses have one id."""
        hashes = np.frombuffer(self.hashes, np.int64)
        hashes.sort()
        twice = hashes[1:][hashes[1:] == hashes[:-1]]
        suspects = set(twice.tolist())
        del hashes, twice
        self.hashes = array("q")
        if suspects:
            self._confirm(suspects)

    def _confirm(self, suspects: set[int]) -> None:
        first: dict[str, int] = {}
        column = place(header(self.path), "id", self.path)
        number = 0
        for rows in batches(self.path):
            for row in rows:
                found = row[column].strip()
                if hash(found) in suspects and found in first:
                    lines = [line_of(self.path, each) for each in (first[found], number)]
                    raise RepeatedId(
                        f"Id {found!r} of {self.path.name}",
                        f"it is on lines {lines[0]} and {lines[1]}",
                        "Keep one of them.",
                    )
                if hash(found) in suspects:
                    first[found] = number
                number += 1
