"""Where people stopped: drafts that were begun and not sent, by page. Counts only; no answer is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app import clock
from app.surveys import queries, tallies
from app.surveys.definition import Definition
from app.surveys.models import Wave

CHECK, SEND = "check", "send"
ENDS = {CHECK: "Check your answers", SEND: "Send your answers"}


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many drafts stand at each page, in the order of asking, and how many came by each channel and language."""

    pages: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Count the drafts."""
        return sum(count for _, count in self.pages)


def stopped(wave: Wave) -> Stopped:
    """Count the drafts of a wave as they are now; expired ones are gone."""
    rows = tallies.unfinished(wave.id, clock.now())
    pages, channels, languages = Counter[str](), Counter[str](), Counter[str]()
    names = dict(_pages(queries.definition_of(wave))) if rows else {}
    first = next(iter(names), "")
    for page, channel, language, count in rows:
        pages[page or first] += count
        channels[channel] += count
        languages[language] += count
    ordered = sorted(pages.items(), key=lambda each: [*names].index(each[0]) if each[0] in names else len(names))
    told = tuple((names.get(key, key), count) for key, count in ordered)
    return Stopped(told, tuple(channels.most_common()), tuple(languages.most_common()))


def _pages(definition: Definition) -> Iterator[tuple[str, str]]:
    """Name each page that there can be, in the order of asking."""
    for after in (False, True):
        for section in definition.sections:
            if section.after_check == after:
                if section.together:
                    yield section.key, section.title
                else:
                    yield from ((question.key, question.text) for question in section.questions)
        yield (SEND, ENDS[SEND]) if after else (CHECK, ENDS[CHECK])
