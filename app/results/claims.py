"""Understands a headline, as far as that can be honest: which figures it is about, and what it says of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.results.quantities import MEAN, Known
from app.results.ranked import EVERYWHERE

LONGEST = 300
PERCENT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(?:%|per ?cent\b|percent\b)")
WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
PLACE = re.compile(r"\b(?:in|than|across|for)\s+((?:[A-Z][\w’'-]+\s?)+)")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MEASURES = {
    "feel_safe": ("feel safe", "feels safe", "feel safer", "feels safer", "safe", "safer", "safety"),
    "good_job": ("good or excellent job", "good job", "excellent job", "police rating"),
    "prevent": ("prevent crime", "prevent", "prevention"),
    "partners": ("deal with what matters", "partners", "council", "dealing with"),
}
"""Words that mean a headline measure, beside its label."""
ANY_MEASURE = ("confidence", "trust", "confident")
FALLS = ("fell", "fallen", "falls", "down", "dropped", "decreased", "declined", "worse", "worsened")
RISES = ("rose", "risen", "rises", "up", "increased", "improved", "grew", "climbed")
LESS = ("less", "lower", "fewer", "below", "behind", "worse")
MORE = ("more", "higher", "above", "ahead", "better", "safer", "before", "beats")
TOP = ("top", "first", "number one", "biggest", "main", "most important", "highest")
YEAR = ("this year", "over the year", "in the year", "all year", "last twelve months", "last 12 months")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a headline says: its subjects, areas and periods in the order named, a share, a direction, or a rank."""

    subjects: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    share: float | None = None
    direction: str = ""
    top: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A claim, what was understood of it in words, and what was not: then a person has to pick."""

    claim: Claim
    said: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def understand(text: str, known: Known) -> Understood:
    """Read a headline; whatever is ambiguous, unknown or out of range becomes a problem, never a guess."""
    clean = plain(text)
    if not clean:
        return Understood(Claim(), problems=("Type a sentence, or pick two figures below.",))
    if len(clean) > LONGEST:
        return Understood(
            Claim(),
            problems=(f"The sentence has {len(clean):,} characters. Keep it to {LONGEST}: one headline at a time.",),
        )
    low = f" {clean.casefold()} "
    subjects, rest = _named(low, _subject_words(known))
    areas, rest = _named(rest, {name.casefold(): key for key, name in known.areas.items()} | {"county": EVERYWHERE})
    share, problem = _share(clean)
    periods, unknown = _periods(rest, known)
    problems = [
        *([problem] if problem else []),
        *unknown,
        *_unknown_places(clean, known),
        *_subject_problems(low, subjects, known),
    ]
    claim = Claim(subjects, areas, periods, share, _direction(rest), _says(rest, TOP))
    return Understood(claim, tuple(_said(claim, known)), tuple(problems))


def plain(text: str) -> str:
    """Leave out what cannot be seen, as marks of direction, and doubled spaces."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())


def _subject_words(known: Known) -> dict[str, str]:
    words = {label.casefold(): key for key, label in known.subjects.items()}
    for key, spoken in MEASURES.items():
        if key in known.measures:
            words |= dict.fromkeys(spoken, key)
    return words


def _named(text: str, words: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Find what is named, longest words first, and what remains of the text; in the order of naming."""
    found: dict[int, str] = {}
    for word in sorted(words, key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        while match := pattern.search(text):
            found[match.start()] = words[word]
            text = f"{text[: match.start()]}{'·' * len(word)}{text[match.end() :]}"
    return tuple(dict.fromkeys(found[at] for at in sorted(found))), text


def _share(text: str) -> tuple[float | None, str]:
    found = PERCENT.findall(text)
    if not found:
        return None, ""
    if len(found) > 1:
        return None, f"It names {len(found)} percentages. Ask about one at a time."
    value = float(found[0].replace(",", "."))
    if not 0 <= value <= 100:
        return None, f"{found[0]}% is out of range: a share lies between 0% and 100%."
    return value / 100, ""


def _periods(text: str, known: Known) -> tuple[tuple[str, ...], list[str]]:
    """Find the months that are named; without a year the newest of that name."""
    if _says(text, YEAR) and MEAN in known.periods:
        return (MEAN,), []
    periods, problems = [], []
    for match in re.finditer(rf"\b({'|'.join(MONTHS)})\b(?:\s+(\d{{4}}))?", text):
        if match[1] == "may" and not re.search(r"(in|since|from|until|to|than)\s+$", text[: match.start()]):
            continue  # the verb
        named = f"{match[1]} {match[2]}" if match[2] else f"{match[1]} "
        wave = next((key for key, name in known.periods.items() if f"{name.casefold()} ".startswith(named)), None)
        if wave:
            periods.append(wave)
        else:
            listed = ", ".join(known.periods.values()) or "none"
            problems.append(f"No month that is stored is called “{named.strip().title()}”. Stored: {listed}.")
    return tuple(dict.fromkeys(periods)), problems


def _unknown_places(text: str, known: Known) -> Iterator[str]:
    areas = [name.casefold() for name in known.areas.values()]
    for found in PLACE.findall(text):
        name = found.strip()
        if not any(name.casefold().startswith((each, *MONTHS)) for each in areas) and name.casefold() != "county":
            known_names = ", ".join(known.areas.values())
            yield f"“{name[:40]}” is no district that is stored. Stored: {known_names}."


def _subject_problems(low: str, subjects: tuple[str, ...], known: Known) -> Iterator[str]:
    if subjects:
        return
    if not known.subjects:
        yield "No run is stored yet, so there is nothing to compare with. Make one under Results."
    elif _says(low, ANY_MEASURE):
        measures = ", ".join(known.measures.values())
        yield f"“Confidence” can mean any of these: {measures}. Name one of them, or pick below."
    else:
        yield "It names no measure and no priority that is stored. Pick one below."


def _direction(text: str) -> str:
    for words, direction in ((FALLS, "fell"), (RISES, "rose"), (LESS, "lower"), (MORE, "higher")):
        if _says(text, words):
            return direction
    return ""


def _says(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def _said(claim: Claim, known: Known) -> Iterator[str]:
    yield from (f"about “{known.subjects[key]}”" for key in claim.subjects)
    yield from (f"in {known.areas[key]}" for key in claim.areas)
    yield from (f"in {known.periods[key]}" for key in claim.periods)
    if claim.share is not None:
        yield f"the share {100 * claim.share:g}%"
    if claim.direction:
        yield {"fell": "it fell", "rose": "it rose"}.get(claim.direction, f"one is {claim.direction}")
    if claim.top:
        yield "it is on top"
