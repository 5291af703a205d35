"""The coding frame: the themes that people may write about, each with the words that hint at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.analysis.text.errors import InvalidFrame

SHIPPED = Path(__file__).parent / "data" / "frame.yaml"


@dataclass(frozen=True)
class Theme:
    """Hold one theme: its stable key, its title, what belongs to it, and hints by language."""

    key: str
    title: str
    group: str
    terms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Frame:
    """Hold the themes of one version of a coding frame, in order."""

    version: str
    themes: tuple[Theme, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """List the keys of its themes."""
        return tuple(theme.key for theme in self.themes)


def frame_of(document: Mapping[str, Any]) -> Frame:
    """Build a frame from a document: version, and themes with key, title, group and terms by language.

    Raises InvalidFrame for no themes, a missing or repeated key, a theme without a title or without any term.
    """
    entries = document.get("themes")
    if not isinstance(entries, list) or not entries:
        raise InvalidFrame("frame", "no themes", "Write at least one theme with a key, a title and terms.")
    themes = tuple(_theme(entry, number) for number, entry in enumerate(entries, start=1))
    for number, theme in enumerate(themes):
        if theme.key in {earlier.key for earlier in themes[:number]}:
            raise InvalidFrame("theme", theme.key, "Give each theme a key of its own.")
    return Frame(str(document.get("version", "")), themes)


def document_of(frame: Frame) -> dict[str, Any]:
    """Write a frame as the document that `frame_of` reads."""
    themes = [
        {
            "key": theme.key,
            "title": theme.title,
            "group": theme.group,
            "terms": {code: list(terms) for code, terms in theme.terms.items()},
        }
        for theme in frame.themes
    ]
    return {"version": frame.version, "themes": themes}


@cache
def shipped_frame() -> Frame:
    """Read the frame that comes with the platform: priorities, outcomes, what would make people feel safer."""
    return frame_of(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def _theme(entry: Any, number: int) -> Theme:
    if not isinstance(entry, Mapping) or not entry.get("key"):
        raise InvalidFrame("theme", f"number {number} has no key", "Give it a short key that will never change.")
    key = str(entry["key"])
    if not str(entry.get("title") or "").strip():
        raise InvalidFrame("theme", f"{key} has no title", "Say in a few words what it is about.")
    return Theme(key, str(entry["title"]).strip(), str(entry.get("group", "")), _terms(entry.get("terms"), key))


def _terms(given: Any, key: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, Mapping):
        raise InvalidFrame("theme", f"{key} has no terms", "List some words that hint at it, by language.")
    terms = {str(code): _words(listed) for code, listed in given.items()}
    if not any(terms.values()):
        raise InvalidFrame("theme", f"{key} has no terms", "List some words that hint at it, by language.")
    return terms


def _words(listed: Any) -> tuple[str, ...]:
    """Read terms from a list, or from one text with commas between them."""
    parts = listed.split(",") if isinstance(listed, str) else [str(part) for part in listed or ()]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
