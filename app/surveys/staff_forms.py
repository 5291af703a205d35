"""What staff type to open, to close and to enter a response, read and checked; errors are linked to their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.clock import LONDON
from app.surveys import queries
from app.surveys.models import Wave

PERIOD = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}")
FIELDS = ("opens", "closes", "freezes", "period", "reason", "confirm")
YEARS = range(2020, 2101)
LONGEST_REASON = 500


class Closing:
    """A reason, and the word that it is meant."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: list[dict[str, str]] = []
        self.reason = self._reason()
        if form.get("confirm") != "yes":
            self._wrong("confirm", "Tick the box to say that you mean it")

    def _reason(self) -> str:
        reason = " ".join(self.form.get("reason", "").split())
        if not reason:
            self._wrong("reason", "Enter the reason, for the audit log")
        elif len(reason) > LONGEST_REASON:
            self._wrong("reason", f"The reason has {len(reason)} characters: shorten it to {LONGEST_REASON}")
        return reason

    def _wrong(self, name: str, text: str) -> None:
        self.errors.append({"text": text, "anchor": name})


class Opening(Closing):
    """When a wave opens, closes and freezes; a monthly survey follows the calendar instead."""

    def __init__(self, form: Mapping[str, str], now: datetime, monthly: bool) -> None:
        super().__init__(form)
        self.dates: dict[str, Any] = {"reason": self.reason}
        if not monthly:
            self._read_dates(now)
        self.errors.sort(key=lambda error: FIELDS.index(error["anchor"]))

    def _read_dates(self, now: datetime) -> None:
        period = self.form.get("period", "").strip()
        if period and not PERIOD.fullmatch(period):
            self._wrong("period", "Write the name in letters, digits and hyphens, for example 2026 or 2026-spring")
        opens, closes, freezes = (self._moment(name) for name in ("opens", "closes", "freezes"))
        if opens and opens < now:
            self._wrong("opens", "This lies in the past: choose a later time, or leave it empty to open now")
        if closes and closes <= (opens or now):
            self._wrong("closes", "It must close after it opens: choose a later time")
        if closes and freezes and freezes < closes:
            self._wrong("freezes", "Answers can be changed at least until the close: choose a later time")
        self.dates |= {"period": period or None, "opens_at": opens, "closes_at": closes, "freezes_at": freezes}

    def _moment(self, name: str) -> datetime | None:
        """Read a time on West Yorkshire's clocks."""
        typed = self.form.get(name, "").strip()
        if not typed:
            return None
        try:
            read = datetime.fromisoformat(typed).replace(tzinfo=LONDON)
        except ValueError:
            read = None
        if read is None or read.year not in YEARS:
            self._wrong(name, f"“{typed[:30]}” is no time: write it as 2026-12-01T09:00")
            return None
        return read


class Entering:
    """Which survey somebody answers, in which language and how they reached us."""

    def __init__(self, form: Mapping[str, str], waves: Mapping[str, Wave], channels: Mapping[str, str]) -> None:
        self.errors: list[dict[str, str]] = []
        self.wave = waves.get(form.get("survey", ""))
        self.language = form.get("language", "")
        self.channel = form.get("channel", "")
        if self.wave is None:
            self.errors.append({"text": "Choose a survey that is open", "anchor": "survey"})
        elif self.language not in queries.definition_of(self.wave).languages:
            title = self.wave.survey.title
            self.errors.append({"text": f"Choose a language in which {title} can be answered", "anchor": "language"})
        if self.channel not in channels:
            self.errors.append({"text": "Choose how the person reached you", "anchor": "channel"})
