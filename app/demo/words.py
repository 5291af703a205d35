"""In which language simulated residents answer, and what they write in their own words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from app.demo.crowd import Crowd
from app.demo.model import document

COMMENTS = Path(__file__).with_name("comments.yaml")
DRAWN_FROM = ("en", "ur")


def languages(crowd: Crowd) -> list[str]:
    """Choose the language that each person answers in."""
    urdu = document()["urdu"]
    standing = crowd.standing("ethnic_group")
    chances = np.array([urdu.get(group, 0.0) for group in standing])
    first = ["ur" if yes else "en" for yes in crowd.some(chances)]
    own = _own(crowd, 1).random(len(crowd))
    return ["ur" if urdu == "ur" else _other(*each) for urdu, *each in zip(first, standing, own, strict=True)]


def _other(group: str, luck: float) -> str:
    for language, share in document()["other_languages"].get(group, {}).items():
        if luck < share:
            return str(language)
        luck -= share
    return "en"


def _own(crowd: Crowd, stream: int) -> np.random.Generator:
    """Draw from the same seed, but apart: whoever writes what, all other answers stay as they are."""
    return np.random.default_rng([stream, abs(int(crowd.disposition[0] * 2**40))])


def written(crowd: Crowd, spoken: list[str]) -> list[str | None]:
    """Let some say something, in their language; a few name somebody, and very few tell of harm."""
    rng, bank, own = crowd.rng, comments(), _own(crowd, 2)
    writes = crowd.some(document()["writes"])
    found: list[str | None] = []
    for language, yes in zip(spoken, writes, strict=True):
        number = 1 + int(rng.random() < 0.25)
        source = language if language in DRAWN_FROM else DRAWN_FROM[0]
        drawn = list(rng.choice(bank[source], number, replace=False)) if yes else []
        found.append(_said(own, bank, language, drawn) if yes else None)
    return found


def _said(own: np.random.Generator, bank: dict[str, Any], language: str, drawn: list[str]) -> str:
    """Say it in the language of the form, and perhaps more than one should."""
    sentences = drawn if language in DRAWN_FROM else list(own.choice(bank[language], len(drawn), replace=False))
    luck = own.random()
    more = "harm" if luck < document()["tells_of_harm"] else "naming" if luck > 1 - document()["names_somebody"] else ""
    told = bank[more].get(language, []) if more else []
    return " ".join([*sentences, *([str(own.choice(told))] if told else [])])


@lru_cache(maxsize=1)
def comments() -> dict[str, Any]:
    """Read the sentences that simulated residents write, by language, and those that name somebody or tell of harm."""
    read: dict[str, Any] = yaml.safe_load(COMMENTS.read_text(encoding="utf-8"))
    return read
