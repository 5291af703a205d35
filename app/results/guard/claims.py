"""Understands a headline, as far as that can be honest: which figures it is about, and what it says of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from app.results.guard import amounts
from app.results.guard.amounts import Amount
from app.results.guard.negation import NOBODY, denied
from app.results.guard.quantities import MEAN, Known
from app.results.run.ranked import EVERYWHERE

LONGEST = 300
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
THAN_A_MONTH = re.compile(
    r"\bthan\s+(?:(?:it|they|he|she|we|people|residents)\s+)?(?:(?:was|were|did|had|felt|used\s+to)\s+)?"
    rf"(?:back\s+)?(?:in\s+)?(?:{'|'.join(MONTHS)})\b"
)
"""What compares a place with itself earlier: "than in June", "than it did in June 2025"."""
SAYING_LITTLE = """
a about and are area at be better between compare compared confidence confident counties county difference
different differ differs district districts do does doing for from has have higher how in is it less lower more
of on or than that the there things this to trust versus vs was were which with worse
"""
"""Words that name nothing to measure: where no other stands beside two districts, every headline measure is meant."""
EVERY_MEASURE = "no measure is named: each headline measure is compared"
GROUPS = (
    *("women", "men", "young people", "younger people", "older people", "pensioners", "students", "disabled"),
    *("asian", "black", "white", "muslims", "immigrants", "victims", "online", "on paper"),
)
GROUPS_ELSEWHERE = (
    "Groups of people, as women or young people, are not compared here: “Who chooses what differently” on the page of "
    "priorities does that."
)
NEARLY = 0.82
"""How alike (difflib) a word and a name are before it is asked whether that was meant: “leads” is not Leeds."""
YEAR = ("this year", "over the year", "in the year", "all year", "last twelve months", "last 12 months")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a headline says: its subjects, areas and periods in the order named, shares, a direction, or places.

    Of two ``shares`` the first is the later. ``bound`` says that one is "above" or "below" what is claimed; ``ranks``
    are the first and the last of the places that a priority is said to hold.
    """

    subjects: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    bound: str = ""
    direction: str = ""
    ranks: tuple[int, int] | None = None


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
    if denial := denied(_of_nobody(low), known.subjects.values(), known.answers):
        return Understood(Claim(), problems=(denial,))
    subjects, rest = _named(low, _subject_words(known))
    areas, rest = _named(rest, {name.casefold(): key for key, name in known.areas.items()} | {"county": EVERYWHERE})
    found, problem = amounts.shares(rest)
    periods, unknown = _periods(rest, known)
    direction = _direction(_without(rest, found)) or ("higher" if _feel_safer(low, subjects) else "")
    since = bool(THAN_A_MONTH.search(rest))
    if since:
        direction = {"lower": "fell", "higher": "rose"}.get(direction, direction)
    everything = not subjects and len(areas) == 2 and set(WORD.findall(rest)) <= set(SAYING_LITTLE.split())
    problems = [
        *([problem] if problem else []),
        *unknown,
        *(_since_the_newest(periods, known) if since else ()),
        *_unknown_places(clean, known),
        *_misspelt(clean, rest, subjects, known),
        *([GROUPS_ELSEWHERE] if _says(rest, GROUPS) else []),
        *(() if everything and known.measures else _subject_problems(low, subjects, known)),
        *_too_many(found, direction),
    ]
    shares = tuple(amounts.later_and_earlier(rest, found)) if len(found) == 2 else tuple(each.share for each in found)
    bound = found[0].bound if len(found) == 1 else ""
    claim = Claim(subjects, areas, periods, shares, bound, direction, amounts.ranks(rest, _says(rest, TOP)))
    if (
        not problems
        and len(subjects) == 1
        and direction in ("lower", "higher")
        and not (shares or periods or len(areas) > 1)
    ):
        problems += _unknown_rival(rest)
    said = ([EVERY_MEASURE] if everything and not problems else []) + list(_said(claim, known))
    return Understood(claim, tuple(said), tuple(dict.fromkeys(problems)))


def _of_nobody(low: str) -> str:
    """Take "Nobody feels safe" for the share of 0% that it claims, unless it compares or ranks."""
    return low if _says(low, (*FALLS, *RISES, *LESS, *MORE, *TOP)) else NOBODY.sub(" · ", low)


def _feel_safer(low: str, subjects: tuple[str, ...]) -> bool:
    """Find the direction in "feels safer", which names the measure at the same time."""
    return subjects == ("feel_safe",) and _says(low, ("safer",))


def _without(text: str, found: list[Amount]) -> str:
    """Leave out what belongs to a share: "more than half" is no direction."""
    for each in found:
        text = f"{text[: each.start]}{'·' * (each.end - each.start)}{text[each.end :]}"
    return text


def _too_many(found: list[Amount], direction: str) -> Iterator[str]:
    if len(found) > 2 or (len(found) == 2 and direction not in ("rose", "fell")):
        yield (
            f"It names {len(found)} percentages. Ask about one at a time, or say that it rose or fell from one to the "
            "other."
        )


def _since_the_newest(periods: tuple[str, ...], known: Known) -> Iterator[str]:
    if periods and periods == tuple(known.periods)[:1]:
        yield f"{known.periods[periods[0]]} is the newest month that is stored, so there is no later one to compare."


def _unknown_rival(rest: str) -> Iterator[str]:
    found = re.search(r"\bthan\s+([^\W\d_][\w’' -]*)", rest)
    if found:
        yield f"“{found[1].strip()[:40]}” is no priority, measure or district that is stored."


def _misspelt(text: str, rest: str, subjects: tuple[str, ...], known: Known) -> Iterator[str]:
    """Ask whether a word that is nearly the name of a district, or of a priority where none is named, means that."""
    names = {} if subjects else {label.casefold(): label for label in known.subjects.values()}
    names |= {name.casefold(): name for name in known.areas.values()}
    for word in WORD.findall(text):
        near = get_close_matches(word.casefold(), names, 1, NEARLY)
        if near and near[0] != word.casefold() and word.casefold() in rest:
            yield f"“{word[:40]}” is not known. Did you mean {names[near[0]]}?"


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
        known_here = any(name.casefold().startswith((each, *MONTHS)) for each in (*areas, "county"))
        if not known_here and not get_close_matches(name.casefold(), areas, 1, NEARLY):
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
    elif near := _nearly_a_priority(low, known):
        yield f"Did you mean the priority “{near}”? Write it in full, or pick below."
    else:
        measures, priority = ", ".join(known.measures.values()), next(iter(known.priorities.values()), "")
        example = f" or a priority, as {priority}" if priority else ""
        yield (
            f"It names no measure and no priority that is stored. Write it in English with a measure ({measures})"
            f"{example}, or pick below."
        )


def _nearly_a_priority(low: str, known: Known) -> str:
    """Find the one priority of whose name several words are said, as of “drug misuse” two of three."""
    said = {word for word in WORD.findall(low) if len(word) > len("and")}
    shared = {label: len(said & set(WORD.findall(label.casefold()))) for label in known.priorities.values()}
    most = max(shared.values(), default=0)
    best = [label for label, count in shared.items() if count == most]
    return best[0] if most > 1 and len(best) == 1 else ""


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
    bound = {"above": "more than ", "below": "less than "}.get(claim.bound, "")
    yield from (f"the share {bound}{100 * share:.3g}%" for share in claim.shares)
    if claim.direction:
        yield {"fell": "it fell", "rose": "it rose"}.get(claim.direction, f"one is {claim.direction}")
    if claim.ranks:
        first, last = claim.ranks
        yield (
            "it is on top"
            if last == 1
            else f"it is among the first {last}"
            if first == 1
            else f"it holds place {first}"
        )
