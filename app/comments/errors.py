"""What can be refused in the room of comments; each message says what to do."""

from __future__ import annotations


class CommentsError(Exception):
    """Something about comments that cannot be done, and why."""


class NoComments(CommentsError):
    """A wave asks nothing in own words, or has not opened."""


class UnknownComment(CommentsError):
    """There is no such comment, or it is not for the person who asked."""


class NotKept(CommentsError):
    """What was typed cannot be kept; ``field`` is the form's field that it stands in."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
