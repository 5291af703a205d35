"""Every refusal of the analysis, by name; each message says the thing, its value and the remedy."""


class AnalysisError(Exception):
    """Refuse to compute; `thing`, `value` and `remedy` are kept apart for whoever shows them."""

    def __init__(self, thing: str, value: str, remedy: str) -> None:
        super().__init__(f"{thing}: {value}. {remedy}")
        self.thing = thing
        self.value = value
        self.remedy = remedy


class TooFewResponses(AnalysisError):
    """There are fewer than two responses, so nothing can be weighted or given an interval."""


class UnequalLengths(AnalysisError):
    """Columns that should describe the same responses differ in length."""


class MissingColumn(AnalysisError):
    """A variable that the scheme, an item or a breakdown needs is not among the columns."""


class UnknownCategory(AnalysisError):
    """A respondent is in a category that has no target."""


class TooManyCategories(AnalysisError):
    """A column has more distinct values than a breakdown can carry."""


class MissingTarget(AnalysisError):
    """A category, or a combination in a crossing, has no population."""


class ZeroTarget(AnalysisError):
    """A target population is zero."""


class NegativeTarget(AnalysisError):
    """A target population is below zero."""


class TargetNotANumber(AnalysisError):
    """A target population is not a finite number."""


class RepeatedTarget(AnalysisError):
    """One category, or one margin, is given twice."""


class TargetForUnknown(AnalysisError):
    """A population is given for "Prefer not to say", which takes its share of the sample."""


class MalformedCrossing(AnalysisError):
    """A category of a crossing does not have one part for each crossed variable."""


class TotalsDiffer(AnalysisError):
    """Two margins describe populations that differ by more than 0.1%."""


class MarginsConflict(AnalysisError):
    """Two margins give different populations to one category that both of them fix."""


class EmptyCategory(AnalysisError):
    """Nobody is in a category that has a target."""


class OneCategoryOnly(AnalysisError):
    """All responses are in one category, which would have to speak for all the others."""


class TooManyUnknown(AnalysisError):
    """More respondents than allowed did not say which category they are in."""


class NoNeighbour(AnalysisError):
    """A small category cannot be collapsed because the scheme states no neighbour for it."""


class InvalidScheme(AnalysisError):
    """A weighting scheme contradicts itself."""


class InvalidStartingWeight(AnalysisError):
    """A starting weight is missing, zero, negative or not a number."""


class DidNotConverge(AnalysisError):
    """Raking did not reach the margins, so nothing may be published from it."""


class WeightsOverflow(AnalysisError):
    """Weights would leave the range in which arithmetic on them means anything."""


class CapCannotHold(AnalysisError):
    """No weights meet the margins and stay under the cap."""


class InvalidDesign(AnalysisError):
    """Strata, clusters or population sizes contradict each other."""


class EmptyBase(AnalysisError):
    """Nobody is in the base of an item."""


class InvalidItem(AnalysisError):
    """An item holds values that cannot be averaged."""


class UnpairedItems(AnalysisError):
    """Two waves were not asked the same items."""


class InvalidOrder(AnalysisError):
    """The order that somebody gave names a place twice or a priority they did not choose."""


class EmptyFile(AnalysisError):
    """A file has no rows to read."""


class WrongEncoding(AnalysisError):
    """A file is not UTF-8 text."""


class UnreadableRow(AnalysisError):
    """A row cannot be read as CSV, for instance for want of a closing quotation mark."""


class RaggedRow(AnalysisError):
    """A row has more or fewer fields than the header."""


class RepeatedColumn(AnalysisError):
    """Two columns have one name, or a column to be added is there already."""


class RepeatedId(AnalysisError):
    """One id stands for two responses."""


class MissingId(AnalysisError):
    """A response has no id."""


class RepeatedItem(AnalysisError):
    """Two items have one name."""


class UnreadableFile(AnalysisError):
    """A file is no regular one, so it cannot be read more than once."""


class UnwritableFile(AnalysisError):
    """A result cannot be written where it was asked for."""
