"""What officers type about events, read and checked; errors are linked to their fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.fieldwork.models import DISTRICTS, VENUES, Event

LONGEST = {"place": 200, "target_groups": 300, "notes": 2000}
NAMED = {"place": "The place", "target_groups": "The groups", "notes": "The notes"}
YEARS = range(2020, 2101)
MOST_LINES, LONGEST_LINE, MOST_COUNTED = 50, 60, 100_000


class Form:
    """Values read so far, and what is wrong with the rest."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.typed = typed
        self.errors: list[dict[str, str]] = []

    def wrong(self, name: str, text: str) -> None:
        """Note what is wrong with a field."""
        self.errors.append({"text": text, "anchor": name})

    def lines(self, name: str) -> list[str]:
        """Read a list, one thing a line; the same twice counts once."""
        typed = (" ".join(line.split()) for line in self.typed.get(name, "").splitlines())
        found = list(dict.fromkeys(line for line in typed if line))
        if len(found) > MOST_LINES:
            self.wrong(name, f"There are {len(found)} lines: shorten the list to {MOST_LINES}")
        for line in found:
            if len(line) > LONGEST_LINE or not line.isprintable():
                self.wrong(name, f"“{line[:30]}” is too long or holds a hidden character: shorten it to {LONGEST_LINE}")
        return found


class EventForm(Form):
    """When and where an event is, who goes there and with what."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        super().__init__(typed)
        self.values: dict[str, Any] = {
            "held_on": self._day(),
            "place": self._text("place"),
            "district": self._one_of("district", DISTRICTS, "Choose the district where it is"),
            "venue": self._one_of("venue", VENUES, "Choose the kind of place"),
            "officers": self.lines("officers"),
            "devices": self.lines("devices"),
            "target_groups": self._text("target_groups"),
            "notes": self._text("notes"),
        }
        if not self.values["place"]:
            self.wrong("place", "Enter the place, for example Mirfield Library")
        self.errors.sort(key=lambda error: list(self.values).index(error["anchor"]))

    def _day(self) -> date | None:
        typed = self.typed.get("held_on", "").strip()
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            self.wrong("held_on", f"“{typed[:30]}” is no day: write it as 2026-12-01" if typed else "Enter the day")
            return None
        return day

    def _one_of(self, name: str, known: Mapping[str, str], remedy: str) -> str:
        typed = self.typed.get(name, "")
        if typed not in known:
            self.wrong(name, remedy)
        return typed

    def _text(self, name: str) -> str:
        text = self.typed.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST[name]:
            self.wrong(name, f"{NAMED[name]} has {len(text)} characters: shorten it to {LONGEST[name]}")
        elif not text.replace("\n", "").replace("\t", "").isprintable():
            self.wrong(name, "There is a hidden character here that cannot be stored: type the text again")
        return text


class CountForm(Form):
    """What was counted by hand at each source: the event's devices, and paper."""

    def __init__(self, typed: Mapping[str, str], sources: list[str]) -> None:
        super().__init__(typed)
        self.values: dict[str, int] = {}
        for place, source in enumerate(sources):
            self._count(f"count_{place}", source)

    def _count(self, name: str, source: str) -> None:
        typed = self.typed.get(name, "").strip()
        if not (typed.isdecimal() and len(typed) < 12 and int(typed) <= MOST_COUNTED):
            told = f"“{typed[:20]}” is no count" if typed else "Nothing is entered"
            self.wrong(name, f"{source}: {told}: enter a whole number, 0 if there was none")
        else:
            self.values[source] = int(typed)


def typed_of(event: Event) -> dict[str, str]:
    """Write an event as its form shows it."""
    return {
        "held_on": event.held_on.isoformat(),
        "place": event.place,
        "district": event.district,
        "venue": event.venue,
        "officers": "\n".join(event.officers),
        "devices": "\n".join(event.devices),
        "target_groups": event.target_groups,
        "notes": event.notes,
    }
