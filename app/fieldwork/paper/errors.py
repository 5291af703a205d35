"""What can go wrong with paper, by name; each message has the thing, the value and the remedy."""

from __future__ import annotations

from collections.abc import Sequence


class PaperError(Exception):
    """A rule of paper that was not kept."""


class CannotPrint(PaperError):
    """A run cannot be printed like this."""


class CannotKey(PaperError):
    """A form cannot be keyed now, or not by this person."""


class NotKeyed(PaperError):
    """What was keyed of a side cannot be taken; pairs of field and message."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _, message in problems))
        self.problems = list(problems)


class CannotImport(PaperError):
    """A file cannot be imported; each line says where, what and what to do."""

    def __init__(self, problems: Sequence[str], total: int = 0) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)
        self.total = total or len(self.problems)
