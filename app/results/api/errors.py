"""Why the API gives nothing, by name: a code for programs, a message for people."""

from __future__ import annotations


class Refused(Exception):
    """A request that the API does not answer; ``code`` names the reason, ``status`` is that of HTTP."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class CannotIssue(Exception):
    """A token that cannot be issued; ``field`` is the field of the form that is wrong."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field
