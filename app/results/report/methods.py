"""The methods statement, written from the runs that a report tells of, and the words that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from app.results.report.counts import counted
from app.results.report.document import Part, Source
from app.results.telling.tables import SAMPLING

GLOSSARY = {
    "Base, n": "the people whose answers a figure speaks of, to the nearest five",
    "Effective n": "how many answers drawn at random would tell as much: weighting makes answers worth less (Kish)",
    "95% interval": "the range that holds the true figure in 95 of 100 such surveys, given the weighting",
    "Rank interval": "the ranks that a priority could hold: it holds the true rank in at least 95 of 100 such surveys",
    "Tier": "priorities among which there is no clear break; everything in a higher tier stands clearly above",
    "Weighting": "counting answers of groups that replied less more, so that the whole looks like the Census",
    "Headline measures": "the four measures of public confidence that the Police and Crime Plan is held to",
}


def statement(sources: list[Source]) -> Part:
    """Write how the figures came about."""
    said = tuple(line for source in sources for line in _of(source))
    general = (
        SAMPLING,
        "Intervals of shares are Korn and Graubard’s, from variance that takes the weighting into account. A share is "
        "not shown where fewer than 10 people answered, where its answers are worth fewer than 30, or where its "
        "interval is too wide to say anything (Parker and others 2017).",
        "Changes of the headline measures are tested together (Holm). A rank interval is the step-down "
        "confidence set of Mogstad, Romano, Shaikh and Wilhelm (2024); tiers come from the set for all ranks at once. "
        "Counts are to the nearest five.",
    )
    return Part("How this was done", general, said)


def _of(source: Source) -> Iterator[str]:
    weighting = source.results.weighting
    yield (
        f"{source.title}, {source.reference}: run {source.run}, responses until {source.cut_off}; "
        f"{counted(source.results.counts['received'])} received, {counted(weighting.n)} weighted."
    )
    if source.keying:
        yield f"{source.reference} on paper: {source.keying}"
    if not weighting.weighted:
        yield f"{source.reference} is not weighted: its figures describe the people who answered."
        return
    margins = ", ".join(each.name.replace("*", " by ").replace("_", " ") for each in weighting.margins)
    cap = "no weight was cut" if weighting.cap is None else f"weights above {weighting.cap:g} times the mean were cut"
    yield (
        f"{source.reference} is weighted to the Census 2021 population aged 16 and over by {margins} (scheme "
        f"{weighting.scheme}, version {weighting.version}); {cap}; design effect {weighting.design_effect:.2f}."
    )


def glossary() -> Part:
    """Explain the words."""
    return Part("Words", points=tuple(f"{word}: {meaning}." for word, meaning in GLOSSARY.items()))
