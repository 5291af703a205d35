"""Why something cannot be released, by name; each message has thing, value and remedy."""

from __future__ import annotations

from app.results.errors import ResultsError


class CannotRelease(ResultsError):
    """Something stands in the way of a draft or of its approval."""


class UnknownRelease(ResultsError):
    """There is no release, or no figure in it, by this name."""
