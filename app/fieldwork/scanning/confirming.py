"""What a person confirms: for each field of a form its suggestion and its picture, and which forms of a batch wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.database import db
from app.fieldwork.paper import keying
from app.fieldwork.paper.entries import KEYS
from app.fieldwork.paper.errors import NotKeyed
from app.fieldwork.paper.models import Keying, PaperBatch, PaperForm
from app.fieldwork.scanning.models import ScannedSide
from app.fieldwork.scanning.suggesting import Reading, Suggestion, suggested

NEAR, FAR, ABOVE, BELOW = 9, 62, 2.5, 2.5
"""How much of the paper around the boxes of a field is shown, in millimetres: towards its codes, and its words."""
Marks = list[tuple[dict[str, Any], Reading]]


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be drawn over a picture: where it is, in millimetres, and "ticked" or "look" at it."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a scanned side that shows a field, in millimetres."""

    side_id: int
    x: float
    y: float
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it is confirmed: what is suggested, and its pictures. None where a side of it was not scanned."""

    suggestion: Suggestion | None
    crops: tuple[Crop, ...]

    @property
    def sure(self) -> bool:
        """Say whether the field only needs to be confirmed."""
        return self.suggestion is not None and self.suggestion.sure


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form of a batch that was scanned: which sides are there, which are not, and how many fields need a look."""

    form: PaperForm
    sides: tuple[ScannedSide, ...]
    absent: tuple[int, ...]
    unsure: int
    keyings: tuple[Keying, ...]


def sides_scanned(form: PaperForm) -> list[ScannedSide]:
    """List the sides of a form that were scanned."""
    asked = select(ScannedSide).where(ScannedSide.form_id == form.id).order_by(ScannedSide.side)
    return list(db.session.scalars(asked))


def shown(form: PaperForm) -> dict[str, Shown]:
    """Show every field of a form: what is suggested and where it stands on the scanned sides."""
    scans = {scan.side: scan for scan in sides_scanned(form)}
    marks = _marks(form, scans)
    known = keying.fields(keying.definition_of(form))
    reads_leftward = _leftward(form)
    return {
        name: _shown(known[name][1], found, scans, reads_leftward) for name, found in marks.items() if name in known
    }


def refuse_unread(mine: Keying, side: int, typed: Mapping[str, str]) -> None:
    """Refuse a first keying that passes over what somebody wrote. Raises NotKeyed."""
    if mine.number != keying.FIRST:
        return
    found = shown(mine.form)
    written = [name for name in keying.sides_of(mine.form)[side] if (read := found[name].suggestion) and read.by_hand]
    left = [name for name in written if not typed.get(name, "").strip()]
    if left:
        raise NotKeyed([(name, f"Something is written here: key what it says, or {KEYS}") for name in left])


def _leftward(form: PaperForm) -> bool:
    from app import i18n

    language = i18n.languages().get(form.run.language)
    return language is not None and language.direction == "rtl"


def _marks(form: PaperForm, scans: Mapping[int, ScannedSide]) -> dict[str, list[tuple[dict[str, Any], Reading | None]]]:
    """Put the reading of each mark beside it; None for those on a side that was not scanned."""
    read = {side: iter(scan.readings) for side, scan in scans.items()}
    found: dict[str, list[tuple[dict[str, Any], Reading | None]]] = {}
    for mark in form.run.layout["marks"]:
        reading = Reading(*next(read[mark["side"]])) if mark["side"] in read else None
        found.setdefault(mark["field"], []).append((mark, reading))
    return found


def _shown(field: Any, marks: list[Any], scans: Mapping[int, ScannedSide], leftward: bool) -> Shown:
    whole = all(reading is not None for _, reading in marks)
    boxes = {mark["code"] or mark["option"]: reading for mark, reading in marks}
    suggestion = suggested(field, boxes) if whole else None
    sides = dict.fromkeys(mark["side"] for mark, reading in marks if reading is not None)
    by_side = {side: [mark for mark, _ in marks if mark["side"] == side] for side in sides}
    crops = tuple(_crop(scans[side], some, suggestion, leftward) for side, some in by_side.items())
    return Shown(suggestion, crops)


def _crop(scan: ScannedSide, marks: list[dict[str, Any]], suggestion: Suggestion | None, leftward: bool) -> Crop:
    towards, away = (FAR, NEAR) if leftward and marks[0]["code"] else (NEAR, FAR)
    left = max(0.0, min(mark["x"] for mark in marks) - towards)
    right = min(210.0, max(mark["x"] + mark["width"] for mark in marks) + away)
    top = max(0.0, min(mark["y"] for mark in marks) - ABOVE)
    bottom = min(297.0, max(mark["y"] + mark["height"] for mark in marks) + BELOW)
    boxes = tuple(_boxes(marks, suggestion)) if suggestion else ()
    return Crop(scan.id, round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1), boxes)


def _boxes(marks: list[dict[str, Any]], suggestion: Suggestion) -> Iterator[Box]:
    for mark in marks:
        kind = "look" if mark["code"] in suggestion.flagged else "ticked" if mark["code"] in suggestion.ticked else ""
        if kind and mark["code"]:
            yield Box(mark["x"], mark["y"], mark["width"], mark["height"], kind)


def waiting(batch: PaperBatch) -> list[Waiting]:
    """List the scanned forms of a batch that are not stored yet, those with most to look at first."""
    scanned = select(ScannedSide.form_id).where(ScannedSide.batch_id == batch.id)
    forms = db.session.scalars(select(PaperForm).where(PaperForm.id.in_(scanned)).order_by(PaperForm.serial))
    return sorted((_waiting(form) for form in forms), key=lambda each: (-each.unsure, each.form.serial))


def _waiting(form: PaperForm) -> Waiting:
    sides = tuple(sides_scanned(form))
    there = {scan.side for scan in sides}
    absent = tuple(side for side in keying.sides_of(form) if side not in there)
    unsure = sum(1 for each in shown(form).values() if each.suggestion is not None and not each.sure)
    return Waiting(form, sides, absent, unsure, tuple(keying.keyings_of(form)))
