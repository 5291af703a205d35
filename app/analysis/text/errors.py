"""Every refusal of the text analysis, by name; each message says the thing, its value and the remedy."""

from app.analysis.errors import AnalysisError


class InvalidFrame(AnalysisError):
    """A coding frame contradicts itself or holds nothing to look for."""


class InvalidList(AnalysisError):
    """A shipped or edited list of words cannot be read."""


class NothingToCompare(AnalysisError):
    """Fewer than two coders coded the same comment, so they cannot agree or disagree."""


class ModelMissing(AnalysisError):
    """An optional model, or the package that reads it, is not installed."""
