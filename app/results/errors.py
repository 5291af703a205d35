"""Why there are no results, by name; each message has thing, value and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.analysis.errors import AnalysisError


class ResultsError(Exception):
    """Something about results that cannot be done."""


class NotEnough(ResultsError):
    """Too few people answered for anything to be said."""


class CannotWeigh(ResultsError):
    """The responses cannot be made to look like the population, so nothing is published from them."""


class CannotWrite(ResultsError):
    """A file cannot be written where it was asked for."""


class Overtaken(ResultsError):
    """Responses came, changed or went since a run was made, so it cannot be made again."""


class TooLarge(ResultsError):
    """A format cannot hold so many responses."""


class UnknownFormat(ResultsError):
    """No export has this format, language or way to show values."""


class NoReason(ResultsError):
    """Nobody said what an export is for."""


class CommentsUnread(ResultsError):
    """What people wrote has not been read in, so nobody knows what to mask or to hold."""


class MayNot(ResultsError):
    """Somebody asked for what their roles do not let them see."""


class CannotSet(ResultsError):
    """A report holds a character that its fonts do not have."""


class NoSuchQuestion(ResultsError):
    """No question of this name can be crossed."""


def hindrance(error: AnalysisError) -> str:
    """Say why responses cannot be weighted: the remedy is what an office can do, not what a scheme could."""
    from app.analysis.errors import NoNeighbour

    if isinstance(error, NoNeighbour):
        thing = error.thing.replace("*", " / ")
        return f"{thing}: fewer than 10 responses, and no group like it to join. 10 more of them are certain to do."
    return str(error).replace("*", " / ")
