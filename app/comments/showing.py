"""Comments as pages show them: in words, each with its own language and direction; and what a form looks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.core import UnknownLocaleError

from app import i18n
from app.comments import queries
from app.comments.frames import CodingFrame
from app.comments.models import Comment, Quote
from app.surveys import queries as surveys
from app.surveys.models import Wave

LONGEST_SEARCH = 200
SORTS = {
    "all": "All",
    "plain": "Plain opinions",
    "negation": "With a negation",
    "sarcasm": "Sarcasm",
    "complaint": "Complaints about a service",
}
HELD_OUT = {
    "indirect": "All languages, told indirectly; read before the lists were widened",
    "unseen": "All languages, never used to improve anything: what to expect",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of a comment: what to write into `lang` and `dir`, and its name."""

    code: str
    direction: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One comment in words."""

    comment: Comment
    spoken: Spoken
    district: str
    sentiment: str
    themes: tuple[str, ...]
    confirmed: bool

    @classmethod
    def plain(cls, comment: Comment) -> Shown:
        """Show a comment without its themes."""
        return cls(comment, language(comment), "", "", (), False)


def shown(comment: Comment, frame: CodingFrame) -> Shown:
    """Put what is known of a comment into words; confirmed themes stand before suggested ones."""
    coding = comment.confirmed
    keys = [*coding.keys] if coding else [each.theme for each in comment.suggestions]
    order = list(frame.by_key)
    if coding:
        keys.sort(key=lambda key: order.index(key) if key in order else len(order))
    return Shown(
        comment,
        language(comment),
        districts().get(comment.response.district or "", ""),
        feeling(comment),
        tuple(frame.title(key) for key in keys),
        coding is not None,
    )


def language(comment: Comment) -> Spoken:
    """Name the language that a comment is in; where that is not sure, the browser finds the direction."""
    return spoken(comment.language)


@lru_cache(maxsize=100)
def spoken(code: str | None) -> Spoken:
    """Describe a language by its code."""
    if code is None:
        return Spoken("", "auto", "Language not sure")
    try:
        found = i18n.described(code)
    except (UnknownLocaleError, ValueError):
        return Spoken("", "auto", code)
    return Spoken(found.code, found.direction, found.english)


def feeling(comment: Comment) -> str:
    """Say how a comment sounds, or that it was not scored, and why."""
    if comment.sentiment is None:
        return comment.note
    called = queries.called(comment.sentiment)
    return f"Sentiment: {queries.SENTIMENTS[called]} ({comment.sentiment:+.2f})".replace("-", "−") + "."


def quoted(quote: Quote) -> Spoken:
    """Name the language of a quote."""
    return spoken(quote.comment.language)


def waves() -> list[Wave]:
    """List the waves that have begun, the newest first."""
    begun = [wave for survey in surveys.surveys() for wave in survey.waves if wave.digest]
    return sorted(begun, key=lambda wave: wave.opens_at, reverse=True)


def districts() -> dict[str, str]:
    """Name the districts that any survey asks for."""
    named: dict[str, str] = {}
    for survey in surveys.surveys():
        for section in survey.document["sections"]:
            for question in section["questions"]:
                if question.get("role") == "district":
                    named |= {option["key"]: option["text"] for option in question["options"]}
    return named


def options(frame: CodingFrame) -> dict[str, list[tuple[str, str]]]:
    """List what each filter offers: pairs of value and words, the first of them everything."""
    found = queries.languages_found()
    named = sorted((spoken(code).name, code) for code in found if code)
    unsure = [(queries.UNSURE, "Not sure")] if None in found else []
    themes = [(each.key, each.title + (" (retired)" if each.retired else "")) for each in frame.themes]
    return {
        "wave": [("", "All waves"), *((each.reference, named_wave(each)) for each in waves())],
        "theme": [("", "All themes"), *themes],
        "district": [("", "All districts"), *districts().items()],
        "language": [("", "All languages"), *((code, name) for name, code in named), *unsure],
        "sentiment": [("", "All"), *queries.SENTIMENTS.items()],
        "state": [("", "All"), *queries.STATES.items()],
    }


def named_wave(wave: Wave) -> str:
    """Name a wave in a list."""
    return wave.reference + (" (simulated)" if wave.simulated else "")


def wanted(form: Mapping[str, str]) -> queries.Filter:
    """Read what to look for; what no filter offers is left out."""
    words = "".join(c if c.isprintable() else " " for c in form.get("words", ""))[:LONGEST_SEARCH]
    chosen = {name: form.get(name, "") for name in ("wave", "theme", "district", "language", "sentiment", "state")}
    return queries.Filter(words=" ".join(words.split()), **{k: v if v.isprintable() else "" for k, v in chosen.items()})


def page_number(form: Mapping[str, str]) -> int:
    """Read which page of what was found is asked for."""
    return whole_number(form.get("page", "")) or 1


def whole_number(typed: str) -> int:
    """Read a number that our own pages wrote; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def measured() -> dict[str, Any]:
    """Say how right the scores were on the labelled comments that the platform ships, by sort of comment."""
    from app.analysis.text.measuring import measured as figures

    found = figures().sentiment
    lines = [
        f"{SORTS.get(sort, sort)}: {each.right} of {each.of} as people labelled them, {each.opposite} the opposite, "
        f"{each.not_scored} not scored"
        for sort, each in found.items()
    ]
    return {"comments": found["all"].of, "lines": lines}


def queue_measured() -> list[str]:
    """Say how many disclosures the lists missed on the shipped comments, and how often they alarmed falsely."""
    from app.analysis.text.measuring import measured as figures

    return [
        f"{HELD_OUT.get(code) or spoken(code).name}: missed {each.of - each.found} of {each.of}, "
        f"false alarms {each.wrong} of {each.traps}"
        for code, each in figures().harm.items()
    ]
