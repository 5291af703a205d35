"""Which shares are followed by name: the headline confidence measures, and the figures that the Plan reported."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.results.reading.subjects import subjects
from app.surveys.definition import Definition

HERE = Path(__file__).parent
MEASURES = HERE / "measures.yaml"
PLAN = HERE.parent / "targets" / "plan-figures.csv"


@dataclass(frozen=True, slots=True)
class Followed:
    """A named share: some options of one item, over those who gave an opinion."""

    key: str
    label: str
    item: str
    options: tuple[str, ...]
    about: str = ""
    headline: bool = False


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """What the Plan reported: a share between 0 and 1, for one district or (no district) for West Yorkshire.

    ``month`` is 1 to 12 where it speaks of one month of a monthly survey; without one it speaks of the year.
    """

    label: str
    survey: str
    month: int | None
    item: str
    options: tuple[str, ...]
    district: str
    value: float

    @property
    def key(self) -> str:
        """Name the share that it is compared with."""
        return f"{self.item}:{'|'.join(self.options)}"


def headline(survey: str) -> tuple[Followed, ...]:
    """List the headline measures of a survey, none for most surveys."""
    named = _measures().get(survey, ())
    return tuple(Followed(**{**values, "options": tuple(values["options"])}, headline=True) for values in named)


@lru_cache
def _measures() -> dict[str, list[dict[str, Any]]]:
    document: dict[str, list[dict[str, Any]]] = yaml.safe_load(MEASURES.read_text(encoding="utf-8"))
    return document


@lru_cache
def plan_figures() -> tuple[PlanFigure, ...]:
    """Read what the Plan reported."""
    if not PLAN.exists():
        return ()
    with PLAN.open(encoding="utf-8", newline="") as file:
        return tuple(
            PlanFigure(
                label=row["label"],
                survey=row["survey"],
                month=int(row["month"]) if row["month"] else None,
                item=row["item"],
                options=tuple(row["options"].split("|")),
                district=row["district"],
                value=float(row["value"]),
            )
            for row in csv.DictReader(file)
        )


def followed(survey: str) -> tuple[Followed, ...]:
    """List every named share of a survey: its headline measures, then what the Plan reported of it, each once."""
    found = {(each.item, frozenset(each.options)): each for each in headline(survey)}
    for figure in plan_figures():
        if figure.survey == survey:
            share = Followed(figure.key, figure.label, figure.item, figure.options)
            found.setdefault((figure.item, frozenset(figure.options)), share)
    return tuple(found.values())


def tracked(definition: Definition) -> tuple[Followed, ...]:
    """List the followed shares of a questionnaire; of a monthly one also the top two points of each other scale."""
    found = list(followed(definition.survey))
    known = {(each.item, frozenset(each.options)) for each in found}
    if definition.asked == "monthly":
        for subject in subjects(definition):
            if subject.top_two and (subject.key, frozenset(subject.top_two)) not in known:
                about = f"answer “{subject.label_of(subject.top_two)}”"
                label = subject.label.rpartition(" – ")[2]
                found.append(Followed(subject.key, label, subject.key, subject.top_two, about))
    return tuple(found)


def digest() -> str:
    """Digest what is followed, since it decides which figures a run holds."""
    content = MEASURES.read_bytes() + (PLAN.read_bytes() if PLAN.exists() else b"")
    return hashlib.sha256(content).hexdigest()
