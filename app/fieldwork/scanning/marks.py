"""Reads the boxes of a side that lies flat: how much ink is in each, what it looks like, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from app.fieldwork.scanning.registering import DOTS, Flat, Image
from app.fieldwork.scanning.suggesting import EMPTY, FILLED, TICKED, WRITTEN, Reading

FARTHEST = 10
"""How many dots a printed box may lie off its place: paper bends."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What can be measured of one box, each from 0 to 1.

    ``inside``: share of its inside that is inked; ``core``: of its middle; ``reach``: how far the largest stroke
    through it reaches; ``around``: in how many directions ink lies at one distance; ``frame``: of its printed frame.
    """

    inside: float
    core: float
    reach: float
    around: float
    frame: float


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
    bare = bared(ink > level, marks, shifts)
    return [
        judged(measured(ink, bare, level, mark, shift)) if mark["code"] else _writing(ink, level, mark, shift)
        for mark, shift in zip(marks, shifts, strict=True)
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


def bared(dark: Image, marks: Sequence[dict[str, Any]], shifts: Sequence[tuple[int, int]]) -> Image:
    """Take all boxes and what is in them away, so that what is left around a box is print, or a circle."""
    bare = dark.astype(np.float32)
    for mark, (down, along) in zip(marks, shifts, strict=True):
        if mark["code"]:
            top, left = round(mark["y"] * DOTS) + down, round(mark["x"] * DOTS) + along
            side = round(mark["width"] * DOTS)
            bare[max(0, top - RIM) : top + side + RIM, max(0, left - RIM) : left + side + RIM] = 0
    return bare


def measured(ink: Image, bare: Image, level: float, mark: dict[str, Any], shift: tuple[int, int]) -> Ink:
    """Measure one box."""
    side = round(mark["width"] * DOTS)
    top, left = round(mark["y"] * DOTS) + shift[0], round(mark["x"] * DOTS) + shift[1]
    box = _part(ink, top, left, side, side) > level
    rim = max(4, round(side * 0.1))
    inside = box[rim:-rim, rim:-rim]
    deep = round(side * 0.25)
    return Ink(
        float(inside.mean()),
        float(box[deep:-deep, deep:-deep].mean()),
        min(1.0, _reach(inside)),
        _around(_part(bare, top - side, left - side, 3 * side, 3 * side) > 0, side),
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
"""A circle drawn by hand keeps its distance within so many dots, oval and off its middle as it is."""


def _around(bare: Image, side: int) -> float:
    """Say in how many of all directions ink lies at one and the same distance, as a circle around the box does."""
    radii = np.arange(round(side * 0.6), round(side * 1.5))
    y, x = ((1.5 * side + np.outer(turn(ANGLES), radii)).astype(int) for turn in (np.sin, np.cos))
    met = cv2.dilate(bare[y, x].astype(np.uint8), np.ones((1, BAND), np.uint8))
    return float(met.mean(axis=0).max())


STROKE, STEEP, MIDDLE = 0.08, 5, 0.75
"""A stroke counts as a mark from this product of ink and reach, the more surely the further from it. Ink in the middle
weighs more: a circle around the box above may graze this one."""
CIRCLE, SOFT = 0.72, 0.04
"""Ink in this share of directions counts as a circle around the box."""
FULL = 0.85
"""A box inked this far is filled in: an answer on its own, a correction beside another tick."""
SPECK = 1.8
"""What reaches no further than so many millimetres is a speck, nothing that somebody wrote."""
WHOLE = 0.6
"""Less of a printed frame than this is no box that can be judged."""


def judged(ink: Ink) -> Reading:
    """Say what a box looks like."""
    if ink.frame < WHOLE:
        return Reading(EMPTY, 0.5)
    stroke = ink.reach * (MIDDLE * ink.core + (1 - MIDDLE) * ink.inside)
    struck = stroke**STEEP / (stroke**STEEP + STROKE**STEEP)
    circled = 1 / (1 + float(np.exp((CIRCLE - ink.around) / SOFT)))
    marked = 1 - (1 - struck) * (1 - circled)
    if marked < 0.5:
        return Reading(EMPTY, 1 - marked)
    return Reading(FILLED if ink.inside > FULL else TICKED, marked)


def _writing(ink: Image, level: float, mark: dict[str, Any], shift: tuple[int, int]) -> Reading:
    """Say whether anything is written on a line or into a place."""
    top, left = round(mark["y"] * DOTS) + shift[0], round(mark["x"] * DOTS) + shift[1]
    part = _part(ink, top, left, round(mark["height"] * DOTS), round(mark["width"] * DOTS)) > level
    longest = _reach(part[6:-6, 6:-6]) * (part.shape[0] - 12) / DOTS
    return Reading(WRITTEN, 1.0) if longest > SPECK else Reading(EMPTY, 1.0)
