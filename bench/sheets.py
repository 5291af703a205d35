"""Draws simulated sheets from the real forms: marks by several pens; scanners, copiers, phones; all from a seed.

Nobody's answers are in them: who fills a sheet in, how, and what befalls it on its way follows from the seed alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

Image = np.ndarray[Any, Any]
Mark = dict[str, Any]
DPI = 240
MM = DPI / 25.4
HANDS = ("tick", "cross", "fill", "circle", "mixed")
PENS = {
    "blue": ((168, 74, 38), (0.4, 0.6), 0.9),
    "black": ((38, 34, 34), (0.4, 0.6), 0.95),
    "pencil": ((96, 96, 96), (0.4, 0.7), 0.7),
    "felt": ((60, 26, 22), (0.9, 1.3), 0.95),
}


@dataclass(frozen=True)
class Person:
    """Somebody who fills in a form: how they mark, with which pen."""

    hand: str
    pen: str


@dataclass
class Sheet:
    """One side as a camera or scanner gives it, and what is true of each of its marks, by their place in the layout."""

    image: Image
    about: str
    ticked: dict[int, bool] = field(default_factory=dict)
    written: dict[int, bool] = field(default_factory=dict)
    drawn: dict[int, str] = field(default_factory=dict)


def rendered(pdf: bytes, side: int) -> Image:
    """Render one side of a form at 240 dots an inch, in colour."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.array(document[side - 1].render(scale=DPI / 72).to_numpy()[:, :, :3])
    finally:
        document.close()


def somebody(rng: np.random.Generator) -> Person:
    """Meet somebody: most tick or cross, some fill in or circle; most have a ballpoint pen."""
    hand = rng.choice(HANDS, p=(0.42, 0.22, 0.12, 0.12, 0.12))
    return Person(str(hand), str(rng.choice(list(PENS), p=(0.4, 0.3, 0.15, 0.15))))


def filled_in(
    blank: Image, marks: Sequence[Mark], modes: Mapping[str, str], person: Person, rng: np.random.Generator
) -> Sheet:
    """Let somebody fill in one side. ``marks`` are those of the side, ``modes`` the mode of each field."""
    sheet = Sheet(blank.copy(), f"{person.hand}, {person.pen}")
    hand = Hand(sheet.image, person, rng)
    for name, places in _by_field(marks).items():
        mode = modes.get(name, "one")
        if marks[places[0]]["code"]:
            _tick(sheet, hand, marks, places, mode)
        else:
            _write(sheet, hand, marks, places, mode)
    return sheet


def _by_field(marks: Sequence[Mark]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, mark in enumerate(marks):
        found.setdefault(mark["field"], []).append(place)
    return found


def _tick(sheet: Sheet, hand: Hand, marks: Sequence[Mark], places: list[int], mode: str) -> None:
    rng = hand.rng
    sheet.ticked.update(dict.fromkeys(places, False))
    if rng.random() < 0.07:
        return
    wanted = 1 if mode == "one" or len(places) < 3 else int(rng.integers(1, min(5, len(places))))
    chosen = [int(each) for each in rng.choice(places, size=wanted, replace=False)]
    if mode == "one" and len(places) > 1 and rng.random() < 0.015:
        chosen = [int(each) for each in rng.choice(places, size=2, replace=False)]
    for place in chosen:
        sheet.ticked[place] = True
        sheet.drawn[place] = hand.mark(marks[place])
    others = [place for place in places if place not in chosen]
    if others and mode == "one" and hand.person.hand != "fill" and rng.random() < 0.05:
        wrong = int(rng.choice(others))
        hand.mark(marks[wrong], hand.usual())
        hand.mark(marks[wrong], "fill")
        sheet.drawn[wrong] = "correction"


def _write(sheet: Sheet, hand: Hand, marks: Sequence[Mark], places: list[int], mode: str) -> None:
    some = len(places) if hand.rng.random() < 0.6 else 0
    for number, place in enumerate(places):
        sheet.written[place] = number < some
        if number < some:
            hand.write(marks[place], "0123456789abc" if mode in ("order", "number") else "")


class Hand:
    """A hand with a pen over one side: draws ticks, crosses, filled boxes, circles and scribbles."""

    def __init__(self, image: Image, person: Person, rng: np.random.Generator) -> None:
        self.image, self.person, self.rng = image, person, rng
        self.colour, thick, self.dark = PENS[person.pen]
        self.width = float(rng.uniform(*thick))
        self.shift = rng.normal(0, 0.06, size=2)

    def usual(self) -> str:
        """Say how this person marks a box, this time."""
        if self.person.hand == "mixed":
            return str(self.rng.choice(HANDS[:4]))
        return self.person.hand

    def mark(self, mark: Mark, kind: str = "") -> str:
        """Mark a box; returns how."""
        kind = kind or self.usual()
        strokes = getattr(self, f"_{kind}")()
        wide, tilt = float(mark["width"]), self.rng.normal(0, 0.12)
        turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
        middle = np.array([mark["x"] + wide / 2, mark["y"] + wide / 2])
        off = (self.shift + self.rng.normal(0, 0.09, size=2)) * (0.4 if kind in ("fill", "circle") else 1)
        for stroke in strokes:
            self._draw((np.array(stroke) @ turn.T + off) * wide + middle)
        return kind

    def write(self, mark: Mark, signs: str) -> None:
        """Write a sign into a place, or words onto a line."""
        x, y, wide, tall = (float(mark[name]) for name in ("x", "y", "width", "height"))
        if signs:
            size = min(wide, tall) * 0.6
            at = (int((x + size * 0.35) * MM), int((y + tall * 0.8) * MM))
            font, thick = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, max(1, round(self.width * MM * 0.8))
            layer = np.zeros(self.image.shape[:2], np.uint8)
            sign = str(self.rng.choice(list(signs)))
            cv2.putText(layer, sign, at, font, size * MM / 26, 255, thick, cv2.LINE_AA)
            self._ink(layer)
            return
        count = int(self.rng.integers(6, 30))
        across = np.linspace(x + 3, x + min(wide - 3, 3 + count * 4.0), count * 4)
        level = y + min(6.5, tall * 0.75)
        up = level - np.abs(self.rng.normal(0, 1.3, size=len(across)))
        self._draw(np.column_stack([across + self.rng.normal(0, 0.4, size=len(across)), up]))

    def _tick(self) -> list[Any]:
        reach = self.rng.uniform(0.65, 1.4)
        return [[(-0.32, 0.02), (-0.1, 0.33), (0.42 * reach, -0.42 * reach)]]

    def _cross(self) -> list[Any]:
        reach = self.rng.uniform(0.6, 1.2)
        half = 0.42 * reach
        return [[(-half, -half), (half, half)], [(half, -half), (-half, half)]]

    def _fill(self) -> list[Any]:
        rows = np.linspace(-0.44, 0.44, max(5, int(4.2 / self.width * 1.3)))
        across = self.rng.uniform(0.4, 0.5, size=len(rows))
        return [[((-1) ** n * wide, row) for n, (row, wide) in enumerate(zip(rows, across, strict=True))]]

    def _circle(self) -> list[Any]:
        around = np.linspace(0, 2 * np.pi * self.rng.uniform(0.97, 1.1), 40) + self.rng.uniform(0, 6)
        wide = self.rng.uniform(0.8, 1.3)
        tall = wide * self.rng.uniform(0.8, 1.15)
        drift = np.linspace(0, self.rng.normal(0, 0.05), 40)
        return [np.column_stack([np.cos(around) * (wide + drift), np.sin(around) * (tall + drift)])]

    def _draw(self, points: Any) -> None:
        """Draw a line through points in millimetres, as unsteady as a hand."""
        fine = _smooth(np.asarray(points, float))
        fine += cv2.GaussianBlur(self.rng.normal(0, 0.35, size=fine.shape), (1, 31), 0)
        layer = np.zeros(self.image.shape[:2], np.uint8)
        pixels = np.round(fine * MM * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(layer, [pixels], False, 255, max(1, round(self.width * MM)), cv2.LINE_AA, shift=4)
        self._ink(layer)

    def _ink(self, layer: Image) -> None:
        x, y, wide, tall = cv2.boundingRect(layer)
        if not wide:
            return
        cut = np.s_[y : y + tall, x : x + wide]
        cover = layer[cut].astype(np.float32) / 255 * self.dark
        if self.person.pen == "pencil":
            cover *= self.rng.uniform(0.55, 1.0, size=cover.shape).astype(np.float32)
        part = self.image[cut].astype(np.float32)
        colour = np.array(self.colour, np.float32)
        self.image[cut] = np.minimum(part, part * (1 - cover[..., None]) + colour * cover[..., None]).astype(np.uint8)


def _smooth(points: Image) -> Image:
    """Put points between the points, one each fifth of a millimetre or so."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    fine = np.linspace(0, along[-1], max(4, int(along[-1] / 0.2)))
    return np.column_stack([np.interp(fine, along, points[:, axis]) for axis in (0, 1)])


def seeds(first: int, count: int) -> Iterator[np.random.Generator]:
    """Begin so many streams of chance, each of a sheet of its own."""
    for each in range(first, first + count):
        yield np.random.default_rng(each)
