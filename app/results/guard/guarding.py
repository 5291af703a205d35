"""The headline guard: from a headline, or two figures that were picked, to what the data supports."""

from __future__ import annotations

from dataclasses import dataclass

from app.results.guard import judging
from app.results.guard.claims import Claim, understand
from app.results.guard.judging import Answer
from app.results.guard.quantities import MEAN, Known, Quantity
from app.results.run.ranked import EVERYWHERE

AGREES = {
    "rose": ("Rose", "Clearly higher"),
    "fell": ("Fell", "Clearly lower"),
    "higher": ("Clearly higher", "Rose"),
    "lower": ("Clearly lower", "Fell"),
}
OPPOSITE = {"rose": "fell", "fell": "rose", "higher": "lower", "lower": "higher"}


@dataclass(frozen=True, slots=True)
class Guarded:
    """The answers to a headline, what was understood of it, and what a person has to pick.

    ``together`` says that several comparisons share one level.
    """

    answers: tuple[Answer, ...] = ()
    understood: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    together: bool = False


def sentence(text: str, known: Known) -> Guarded:
    """Answer a typed headline, or say what in it cannot be matched to stored figures."""
    found = understand(text, known)
    if found.problems:
        return Guarded((), found.said, found.problems)
    answers, problem = _answers(found.claim, known)
    return Guarded(answers, found.said, (problem,) if problem else (), not found.claim.subjects)


def picked(known: Known, one: Quantity, other: Quantity) -> Guarded:
    """Compare two figures that somebody picked."""
    return Guarded((judging.compared(known, one, other),), (one.name, other.name))


def _answers(claim: Claim, known: Known) -> tuple[tuple[Answer, ...], str]:
    if not claim.subjects:
        return _every_measure(claim, known), ""
    subject = claim.subjects[0]
    area = claim.areas[0] if claim.areas else EVERYWHERE
    if len(claim.subjects) > 2 or len(claim.areas) > 2 or len(claim.periods) > 2:
        return (), "It names more than two things to compare. Ask about two at a time, or pick below."
    if len(claim.subjects) == 2:
        return _two(claim, known, (subject, area, ""), (claim.subjects[1], area, ""))
    if claim.ranks and not claim.shares:
        if subject not in known.priorities:
            return (), f"“{known.subjects[subject]}” is a measure, not a priority: it has no rank."
        return (judging.placed(known, subject, area, claim.ranks),), ""
    if len(claim.areas) == 2:
        return _two(claim, known, (subject, area, _period(claim)), (subject, claim.areas[1], _period(claim)))
    return _one_area(claim, known, subject, area)


def _every_measure(claim: Claim, known: Known) -> tuple[Answer, ...]:
    """Compare two areas on each headline measure, over the mean of the months unless one is named."""
    period = claim.periods[0] if claim.periods else MEAN
    one, other = claim.areas[:2]
    each_at = judging.LEVEL / len(known.measures)  # Bonferroni: one in twenty for all of them together
    return tuple(_judged(claim, known, (key, one, period), (key, other, period), each_at) for key in known.measures)


def _one_area(claim: Claim, known: Known, subject: str, area: str) -> tuple[tuple[Answer, ...], str]:
    answers = []
    changes = claim.direction in ("rose", "fell") or len(claim.periods) == 2
    later, earlier = _months(claim, known) if changes else (_period(claim), "")
    if changes:
        if subject not in known.measures:
            return (), f"“{known.subjects[subject]}” was asked in one wave, so it has no change. Name a measure."
        if not earlier:
            return (), "There is no earlier month to compare with."
        answers.append(_judged(claim, known, (subject, area, later), (subject, area, earlier)))
    periods = [later, *([earlier] if len(claim.shares) == 2 else _mean_too(claim, known, subject))]
    for share, period in zip([*claim.shares, *claim.shares[-1:]], periods, strict=False):
        found = known.find(subject, area, period)
        answers.append(
            judging.level(found, share, claim.bound) if found else judging.cannot("nothing is stored for it")
        )
    if not answers and claim.direction and area != EVERYWHERE:
        return _two(claim, known, (subject, area, _period(claim)), (subject, EVERYWHERE, _period(claim)))
    if not answers:
        return (), "It says nothing that figures could bear out: name a percentage, a change, or a second district."
    return tuple(answers), ""


def _mean_too(claim: Claim, known: Known, subject: str) -> list[str]:
    """Hold a share to the mean of the months as well where no month is named: that is how the year is reported."""
    named = claim.periods or claim.direction or subject not in known.measures or MEAN not in known.periods
    return [] if named or not claim.shares else [MEAN]


def _period(claim: Claim) -> str:
    return claim.periods[0] if claim.periods else ""


def _months(claim: Claim, known: Known) -> tuple[str, str]:
    """Choose the months of a change: those named; the newest for one that is not, and before it the one before."""
    months = [each for each in known.periods if each != MEAN]  # the newest first
    named = sorted((each for each in claim.periods if each in months), key=months.index)
    if len(named) == 2:
        return named[0], named[1]
    later = months[0] if months else ""
    if named and named[0] != later:
        return later, named[0]
    return later, months[1] if len(months) > 1 else ""


Where = tuple[str, str, str]


def _two(claim: Claim, known: Known, one: Where, other: Where) -> tuple[tuple[Answer, ...], str]:
    answers = [_judged(claim, known, one, other)]
    if one[0] in known.measures and not claim.periods and MEAN in known.periods:
        # A month of a district has few responses; the mean of the months can show what one month cannot.
        answers.append(_judged(claim, known, (*one[:2], MEAN), (*other[:2], MEAN)))
    return tuple(answers), ""


def _judged(claim: Claim, known: Known, one: Where, other: Where, level: float = judging.LEVEL) -> Answer:
    """Compare two figures, and say whether that bears the headline out."""
    first, second = known.find(*one), known.find(*other)
    if first is None or second is None:
        return judging.cannot("nothing is stored for one of the two")
    return _against(claim, judging.compared(known, first, second, level))


def _against(claim: Claim, answer: Answer) -> Answer:
    """Say whether the difference bears the headline out."""
    if not claim.direction or answer.verdict == "Cannot be said":
        return answer
    if answer.verdict in AGREES[claim.direction]:
        return Answer("Supported", f"Supported. {answer.sentence}", answer.figures)
    if answer.verdict in AGREES[OPPOSITE[claim.direction]]:
        return Answer("Contradicted", f"Contradicted: it is the other way round. {answer.sentence}", answer.figures)
    return Answer("Not supported", f"Not supported. {answer.sentence}", answer.figures)
