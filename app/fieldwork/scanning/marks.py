"""Reads the boxes of a side that lies flat: how much ink is in each, what it looks like, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from app.fieldwork.scanning.registering import DOTS, TALL, WIDE, Flat, Image
from app.fieldwork.scanning.suggesting import EMPTY, FILLED, TICKED, WRITTEN, Reading

FARTHEST = 10
"""How many dots a printed box may lie off its place: paper bends."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What can be measured of one box, each from 0 to 1.

    ``inside``: share of its inside that is inked; ``stroke``: the ink in it, more so in its middle, times how far the
    largest stroke reaches, without circles around other boxes; ``frame``: share of its printed frame that is there.
    """

    inside: float
    stroke: float
    frame: float


@dataclass(frozen=True, slots=True)
class Ring:
    """The oval around a box along which most ink lies: in which share of directions; where, in dots; the box's side."""

    share: float
    middle: tuple[int, int]
    axes: tuple[int, int]
    side: int

    @property
    def circled(self) -> float:
        """Say how surely somebody drew it."""
        return 1 / (1 + float(np.exp((CIRCLE - self.share) / SOFT)))


def evened(flat: Flat) -> Image:
    """Take light and shadow out: each dot against the paper around it, which is 1."""
    grey = flat.image
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    ratio: Image = grey.astype(np.float32) / np.maximum(paper, 1)
    return ratio


def inked(even: Image, black: float) -> Image:
    """Give each dot's ink: 0 is the paper around it, 1 is printed black."""
    ink: Image = np.clip((1 - cv2.GaussianBlur(even, (0, 0), 0.8)) / black, 0, 1.2)
    return ink


def level_of(ink: Image) -> float:
    """Choose how much ink is more than the grain of the paper."""
    middle = ink[40 * DOTS : 270 * DOTS : 3, 25 * DOTS : 185 * DOTS : 3]
    light = middle[middle < np.median(middle) + 0.2]
    grain = 1.4826 * float(np.median(np.abs(light - np.median(light))))
    return float(np.clip(np.median(light) + 5 * grain, 0.2, 0.5))


def readings(even: Image, black: float, marks: Sequence[dict[str, Any]]) -> list[Reading]:
    """Read every mark of a side, in the order of its layout."""
    ink = inked(even, black)
    level = level_of(ink)
    shifts = shifts_of(ink, marks)
    dark = (ink > level).astype(np.uint8)
    frames = frames_of(marks, shifts)
    rings = {place: ring_around(dark, frames, mark, shifts[place]) for place, mark in enumerate(marks) if mark["code"]}
    clear = cleared(dark, rings.values())
    return [
        judged(measured(ink, dark, clear, level, mark, shift), rings[place], mark["width"])
        if place in rings
        else _writing(ink, level, mark, shift)
        for place, (mark, shift) in enumerate(zip(marks, shifts, strict=True))
    ]


def shifts_of(ink: Image, marks: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Say how far each printed box lies off its place: where its frame fits best, as its neighbours have it too."""
    if not marks:
        return []
    own = np.array([_fit(ink, mark) for mark in marks], float)
    places = np.array([[mark["x"], mark["y"]] for mark in marks], float)
    told = []
    for place in places:
        near = np.argsort(np.hypot(*(places - place).T))[:5]
        down, along = np.median(own[near], axis=0)
        told.append((round(float(down)), round(float(along))))
    return told


def _fit(ink: Image, mark: dict[str, Any]) -> tuple[float, float]:
    wide, tall = (max(6, round(mark[side] * DOTS)) for side in ("width", "height"))
    frame = np.zeros((tall + 8, wide + 8), np.float32)
    cv2.rectangle(frame, (4, 4), (wide + 3, tall + 3), 1.0, 3)
    frame -= frame.mean()
    top, left = round(mark["y"] * DOTS) - 4, round(mark["x"] * DOTS) - 4
    part = _part(ink, top - FARTHEST, left - FARTHEST, tall + 8 + 2 * FARTHEST, wide + 8 + 2 * FARTHEST)
    _, _, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(part, frame, cv2.TM_CCORR))
    return y - FARTHEST, x - FARTHEST


def _part(ink: Image, top: int, left: int, tall: int, wide: int) -> Image:
    """Cut a part out; beyond the paper there is no ink."""
    part = np.zeros((tall, wide), np.float32)
    y, x = max(0, top), max(0, left)
    seen = ink[y : max(y, top + tall), x : max(x, left + wide)]
    part[y - top : y - top + seen.shape[0], x - left : x - left + seen.shape[1]] = seen
    return part


def frames_of(marks: Sequence[dict[str, Any]], shifts: Sequence[tuple[int, int]]) -> Image:
    """Say where the frames of all boxes are printed: there nobody can tell what was drawn."""
    frames = np.zeros((TALL * DOTS, WIDE * DOTS), np.uint8)
    for mark, (down, along) in zip(marks, shifts, strict=True):
        if mark["code"]:
            top, left = round(mark["y"] * DOTS) + down, round(mark["x"] * DOTS) + along
            side = round(mark["width"] * DOTS)
            cv2.rectangle(frames, (left, top), (left + side - 1, top + side - 1), 1, 2 * RIM)
    return frames


def cleared(dark: Image, rings: Iterable[Ring]) -> Image:
    """Take circles away, as wide as they are drawn, save in their own boxes: a circle may run through the box above."""
    clear = dark.copy()
    for ring in rings:
        if ring.circled > 0.5:
            oval = np.zeros_like(dark)
            cv2.ellipse(oval, ring.middle, ring.axes, 0, 0, 360, 1, BAND)
            drawn = cv2.dilate(cv2.bitwise_and(oval, dark), WIDEST)
            (along, down), half = ring.middle, ring.side // 2
            drawn[max(0, down - half) : down + half, max(0, along - half) : along + half] = 0
            clear[drawn > 0] = 0
    return clear


def measured(ink: Image, dark: Image, clear: Image, level: float, mark: dict[str, Any], shift: tuple[int, int]) -> Ink:
    """Measure one box: in what is dark, and in what is left of it without circles."""
    side = round(mark["width"] * DOTS)
    top, left = round(mark["y"] * DOTS) + shift[0], round(mark["x"] * DOTS) + shift[1]
    rim, deep = max(4, round(side * 0.1)), round(side * 0.25)
    own = _part(clear, top, left, side, side) > 0
    core, inside = (own[edge:-edge, edge:-edge] for edge in (deep, rim))
    return Ink(
        float(_part(dark, top + rim, left + rim, side - 2 * rim, side - 2 * rim).mean()),
        min(1.0, _reach(inside)) * float(MIDDLE * core.mean() + (1 - MIDDLE) * inside.mean()),
        _frame(_part(ink, top - 3, left - 3, side + 6, side + 6) > level * 0.7),
    )


def _frame(box: Image) -> float:
    """Say how much of the printed frame is there: where it is torn off or covered, nothing can be read."""
    seen = [edge.any(axis=0).mean() for edge in (box[:7], box[-7:], box[:, :7].T, box[:, -7:].T)]
    return float(min(seen))


def _reach(inside: Image) -> float:
    """Say how far the largest stroke reaches, as a share of the box; a speck reaches nowhere."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    if count < 2:
        return 0.0
    wide, tall = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    return float(np.hypot(wide, tall).max()) / float(inside.shape[0])


RAYS = 60
ANGLES = np.linspace(0, 2 * np.pi, RAYS, endpoint=False)
RIM = 4
BAND = 13
"""A circle drawn by hand keeps to its oval within so many dots, off its middle as it is."""
OVALS = (0.8, 0.9, 1.0, 1.12)
"""How tall circles are, against their width."""
THICK = 23
"""What is thicker than so many dots is no stroke of a circle but a box that is filled in."""
SEEN = 0.75
"""The printed frames of other boxes hide an oval; at least so much of it counts as seen."""
WIDEST = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17))
"""The broadest pen goes so many dots beyond the band of its circle."""


def ring_around(dark: Image, frames: Image, mark: dict[str, Any], shift: tuple[int, int]) -> Ring:
    """Find the oval around a box along which ink lies in most directions, as a circle drawn by hand has it."""
    side = round(mark["width"] * DOTS)
    down, along = round(mark["y"] * DOTS) + shift[0] + side // 2, round(mark["x"] * DOTS) + shift[1] + side // 2
    far = 2 * side
    ink, frame = (_part(image, down - far, along - far, 2 * far, 2 * far).astype(np.uint8) for image in (dark, frames))
    own = slice(far - side // 2 - RIM, far + side // 2 + RIM + 1)
    ink[own, own] = frame[own, own] = 0
    radii = np.arange(round(side * 0.6), round(side * 1.5))
    best = Ring(0.0, (along, down), (0, 0), side)
    for tall in OVALS:
        shares = _shares(ink, frame, radii, tall)
        place = int(shares.argmax())
        if shares[place] > best.share:
            axes = int(radii[place]), int(radii[place] * tall)
            best = Ring(float(shares[place]), (along, down), axes, side)
    return best


def _shares(ink: Image, frame: Image, radii: Image, tall: float) -> Image:
    """Say for ovals of these sizes in which share of the directions that can be seen ink lies along them."""
    middle = len(ink) // 2
    y, x = ((middle + np.outer(turn(ANGLES), radii * by)).astype(int) for turn, by in ((np.sin, tall), (np.cos, 1)))
    seen = 1 - frame[y, x]
    met = ink[y, x] & seen
    met -= cv2.morphologyEx(met, cv2.MORPH_OPEN, np.ones((1, THICK), np.uint8))
    met = cv2.dilate(met, np.ones((1, BAND), np.uint8))
    shares: Image = met.sum(axis=0) / np.maximum((met | seen).sum(axis=0), RAYS * SEEN)
    return shares


SMALL = 4.2
"""How wide the boxes of the A4 form are, in millimetres: the two limits below are for them."""
STROKE, STEEP, MIDDLE = 0.1, 5, 0.5
"""A stroke counts as a mark from this product of ink and reach, the more surely the further from it. In a larger box
the same stroke has less of the ink, a speck less still: the limit falls with the square of the width."""
FULL = 0.9
"""A box inked this far is filled in: an answer on its own, a correction beside another tick. A larger box is left with
more gaps: the limit falls with the root of the width."""
CIRCLE, SOFT = 0.72, 0.03
"""Ink in this share of directions counts as a circle around the box."""
SPECK = 1.8
"""What reaches no further than so many millimetres is a speck, nothing that somebody wrote."""
WHOLE = 0.6
"""Less of a printed frame than this is no box that can be judged."""


def judged(ink: Ink, ring: Ring, width: float) -> Reading:
    """Say what a box of this width in millimetres looks like."""
    if ink.frame < WHOLE:
        return Reading(EMPTY, 0.5)
    small = SMALL / width
    least = STROKE * small**2
    struck = ink.stroke**STEEP / (ink.stroke**STEEP + least**STEEP)
    marked = 1 - (1 - struck) * (1 - ring.circled)
    if marked < 0.5:
        return Reading(EMPTY, 1 - marked)
    return Reading(FILLED if ink.inside > FULL * small**0.5 else TICKED, marked)


def _writing(ink: Image, level: float, mark: dict[str, Any], shift: tuple[int, int]) -> Reading:
    """Say whether anything is written on a line or into a place."""
    top, left = round(mark["y"] * DOTS) + shift[0], round(mark["x"] * DOTS) + shift[1]
    part = _part(ink, top, left, round(mark["height"] * DOTS), round(mark["width"] * DOTS)) > level
    longest = _reach(part[6:-6, 6:-6]) * (part.shape[0] - 12) / DOTS
    return Reading(WRITTEN, 1.0) if longest > SPECK else Reading(EMPTY, 1.0)
