"""Why there are no results, by name; each message has thing, value and remedy."""

from __future__ import annotations


class ResultsError(Exception):
    """Something about results that cannot be done."""


class NotEnough(ResultsError):
    """Too few people answered for anything to be said."""


class CannotWeigh(ResultsError):
    """The responses cannot be made to look like the population, so nothing is published from them."""


class CannotWrite(ResultsError):
    """A file cannot be written where it was asked for."""
