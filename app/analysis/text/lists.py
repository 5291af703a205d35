"""The short lists of words that patterns and detectors leave out or look for, kept as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

SOURCE = Path(__file__).parent / "data" / "words.yaml"


@cache
def listed(name: str) -> frozenset[str]:
    """Return a list of the shipped ones by its name."""
    return frozenset(str(yaml.safe_load(SOURCE.read_text(encoding="utf-8"))[name]).split())
