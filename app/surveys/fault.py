"""A fault of a questionnaire: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where in the document, what, and what to do about it."""

    path: Path
    problem: str
    remedy: str
