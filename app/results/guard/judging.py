"""What stored figures say of a difference, a level, or who is on top: the answers of the headline guard."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from app.results.guard.quantities import MEAN, Known, Quantity
from app.results.run.lines import Line
from app.results.run.ranked import EVERYWHERE
from app.results.telling.local import in_area
from app.results.telling.sentences import figure_said, listed
from app.results.telling.tables import interval_of, percent, points, ranks_of

NORMAL = NormalDist()
LEVEL, POWER = 0.05, 0.80
OVERLAP = "a month and a mean that holds it overlap; pick two months, or two areas of the mean"
SAME = "both are the same figure; pick two that differ in what, where or when"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the data supports: a verdict in a few words, the sentence with its numbers, and the figures it rests on."""

    verdict: str
    sentence: str
    figures: tuple[Quantity, ...] = ()


def cannot(reason: str, *figures: Quantity) -> Answer:
    """Answer that the data cannot tell."""
    return Answer("Cannot be said", f"Cannot be said: {reason}.", figures)


def compared(known: Known, one: Quantity, other: Quantity, at: float = LEVEL) -> Answer:
    """Say whether one figure is above another, and how large a difference could have been seen.

    Normal test of the difference at a level, 5% for one comparison by itself; detectable at 80% power.
    """
    for each in (one, other):
        if not each.figure.shown:
            return cannot(not_shown(each), one, other)
    error, hindrance = error_of(known, one, other)
    if error is None:
        return cannot(hindrance, one, other)
    difference = (one.figure.value or 0.0) - (other.figure.value or 0.0)
    half = NORMAL.inv_cdf(1 - at / 2)
    low, high, seen = difference - half * error, difference + half * error, (half + NORMAL.inv_cdf(POWER)) * error
    p = 2 * NORMAL.cdf(-abs(difference) / error) if error else float(difference == 0)
    verdict = "No clear difference" if p > at else "Clearly higher" if difference > 0 else "Clearly lower"
    if one.period != other.period and one.area == other.area:
        verdict = {"Clearly higher": "Rose", "Clearly lower": "Fell"}.get(verdict, "No clear change")
    interval = "95% interval" if at == LEVEL else f"{100 * (1 - at):.4g}% interval"
    sentence = (
        f"{verdict}: {one.name}, is {figure_said(one.figure)}; {other.name}, is {figure_said(other.figure)}. "
        f"The difference is {points(difference)} points, {interval} {points(low)} to {points(high)}. "
        f"A difference of {100 * seen:.1f} points could have been seen."
    )
    return Answer(verdict, sentence, (one, other))


def not_shown(each: Quantity) -> str:
    """Say why a figure is not shown, and about how many more responses it needs."""
    more = f"; about {each.figure.more_needed:,} more responses are needed" if each.figure.more_needed else ""
    return f"{each.name}, is not shown ({each.figure.reason}{more})"


def error_of(known: Known, one: Quantity, other: Quantity) -> tuple[float | None, str]:
    """Return the standard error of a difference, or none and the reason.

    Months, and districts, are different people: variances add up. A district is part of West Yorkshire with its share W
    of residents, which weighting fixes: the covariance is W times the district's variance. Two priorities of one area
    were chosen by the same people: the run keeps the error of each such difference.
    """
    same = (one.subject == other.subject, one.area == other.area, one.period == other.period)
    if all(same):
        return None, SAME
    first, second = one.figure.standard_error or 0.0, other.figure.standard_error or 0.0
    if not same[0]:
        return _between_subjects(known, one, other)
    if not same[2]:
        return _between_periods(known, one, other)
    variance = first**2 + second**2
    part = next((each for each in (one, other) if each.area != EVERYWHERE), None)
    if part and EVERYWHERE in (one.area, other.area):
        variance -= 2 * known.weight_of(part) * (part.figure.standard_error or 0.0) ** 2
    return max(variance, 0.0) ** 0.5, ""


def _between_subjects(known: Known, one: Quantity, other: Quantity) -> tuple[float | None, str]:
    if not {one.subject, other.subject} <= known.priorities.keys() or known.ranking is None:
        return None, "two different questions have no difference; pick one of them twice, or two priorities"
    if one.area != other.area:
        return None, "two priorities can be compared within one area, or one priority between two areas"
    keys = tuple(known.ranking.options)
    wanted = {one.subject, other.subject}
    pairs = zip(combinations(keys, 2), known.ranking.areas[one.area].gaps, strict=True)
    gap = next((each for pair, each in pairs if set(pair) == wanted), None)
    return gap, "" if gap is not None else "one of the two is not shown there"


def _between_periods(known: Known, one: Quantity, other: Quantity) -> tuple[float | None, str]:
    if one.area != other.area:
        return None, "they differ in where and in when; pick one area, or one month"
    if MEAN in (one.period, other.period):
        return None, OVERLAP
    break_ = _break_between(known.lines[one.subject], one.period, other.period)
    if break_:
        return None, f"the question was asked otherwise from {break_} on, so these months cannot be compared"
    first, second = one.figure.standard_error or 0.0, other.figure.standard_error or 0.0
    return (first**2 + second**2) ** 0.5, ""


def _break_between(line: Line, one: str, other: str) -> str:
    """Find a wave after the earlier month, up to the later one, at which a new line begins or was bridged."""
    waves = [each.wave for each in line.points]
    first, last = sorted((waves.index(one), waves.index(other)))
    return next((each.wave for each in line.points[first + 1 : last + 1] if each.changed), "")


def level(quantity: Quantity, claimed: float, bound: str = "") -> Answer:
    """Say whether a claimed share, or that it is above or below one, is what the data supports."""
    figure = quantity.figure
    if not figure.shown or figure.low is None or figure.high is None or figure.value is None:
        return cannot(not_shown(quantity), quantity)
    if bound:
        verdict, what = _bounded(figure.low, figure.high, claimed, bound)
    else:
        inside = figure.low <= claimed <= figure.high
        verdict = "Supported" if inside else "Not supported"
        what = f"The claimed {percent(claimed)} lies {'in' if inside else 'outside'} its 95% interval"
    sentence = f"{verdict}: {quantity.name}, is {percent(figure.value)}. {what}, {interval_of(figure)}."
    return Answer(verdict, sentence, (quantity,))


def _bounded(low: float, high: float, claimed: float, bound: str) -> tuple[str, str]:
    named = f"{'More' if bound == 'above' else 'Less'} than {percent(claimed)}"
    holds, fails = (low > claimed, high < claimed) if bound == "above" else (high < claimed, low > claimed)
    if holds:
        return "Supported", f"{named} holds for all of its 95% interval"
    if fails:
        return "Not supported", f"{named} holds for none of its 95% interval"
    return "Not clear", f"{named} holds for a part of its 95% interval only"


def placed(known: Known, priority: str, area: str, ranks: tuple[int, int]) -> Answer:
    """Say whether a priority holds a place, or one of several, whatever chance did: ``ranks`` is the first and last."""
    ranking, quantity = known.ranking, known.find(priority, area)
    if ranking is None or quantity is None:
        return cannot("no run holds this ranking")
    here = ranking.areas[area]
    if here.reason:
        return cannot(f"{quantity.place} has not enough responses ({here.reason})", quantity)
    places = in_area(ranking, area).places
    place = next(each for each in places if each.share.key == priority)
    others = [each for each in places if each is not place]
    said = (
        f"{quantity.name}, is {figure_said(quantity.figure)}, rank {place.rank}, and it could hold "
        f"rank {ranks_of(place.low, place.high)}."
    )
    first, last = ranks
    if place.low > last or place.high < first:
        above = [each.share.label for each in others if each.high < place.low] if place.low > last else []
        more = f" Clearly above it: {listed(above)}." if above else ""
        return Answer("Not supported", f"Not supported: {said}{more}", (quantity,))
    rivals = [each for each in others if each.low == 1]
    if first <= place.low and place.high <= last and not (last == 1 and rivals):
        more = "Every other priority is clearly lower." if last == 1 else "All of these are among those claimed."
        return Answer("Supported", f"Supported: {said} {more}", (quantity,))
    could = (
        f" These could be first, too: {listed(each.share.label for each in rivals)}." if last == 1 and rivals else ""
    )
    return Answer("Not clear", f"Not clear: {said}{could}", (quantity,))
