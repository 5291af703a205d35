"""Turns what the boxes of a field look like into what a keyer would press, and says what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.surveys.kinds import Field

EMPTY, TICKED, FILLED, WRITTEN = "empty", "ticked", "filled", "written"
UNSEEN = "unseen"
"""Nothing to be seen on a scan in pure black and white, which loses light pencil: it may be empty, or not."""
SURE = 0.9
"""A mark that is read with less certainty is flagged, and keyed by a person. `make bench-scan` measures it."""
MANY, BLANK = "+", "-"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a box looks like, and how sure that is: 0.5 is a guess, 1 is certain."""

    look: str
    sure: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a field seems to say: the entry, the boxes taken as ticked, and those that a person must look at."""

    entry: str
    ticked: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    by_hand: bool = False
    corrected: bool = False
    unseen: bool = False

    @property
    def sure(self) -> bool:
        """Say whether the entry can be filled in beforehand, to be confirmed."""
        return not self.flagged and not self.by_hand and not self.unseen


def suggested(field: Field, boxes: Mapping[str, Reading]) -> Suggestion:
    """Suggest an entry for a field from its boxes by their keys (of what is written by hand: by their places)."""
    if field.mode not in ("one", "some"):
        by_hand = any(box.look == WRITTEN or box.sure < SURE for box in boxes.values())
        return Suggestion("", by_hand=by_hand, unseen=not by_hand and _unseen(boxes))
    if _unseen(boxes):
        return Suggestion(_blank(field), unseen=True)
    marked = tuple(key for key, box in boxes.items() if box.look not in (EMPTY, UNSEEN))
    doubtful = tuple(key for key, box in boxes.items() if box.sure < SURE)
    filled = tuple(key for key in marked if boxes[key].look == FILLED)
    kept = tuple(key for key in marked if key not in filled)
    if field.mode == "one":
        return _one(field, marked, kept, doubtful)
    if kept and filled:
        return Suggestion(" ".join(kept), kept, tuple(dict.fromkeys(doubtful + filled)))
    return Suggestion(" ".join(marked) or _blank(field), marked, doubtful)


def _unseen(boxes: Mapping[str, Reading]) -> bool:
    return all(box.look == UNSEEN for box in boxes.values())


def _one(field: Field, marked: tuple[str, ...], kept: tuple[str, ...], doubtful: tuple[str, ...]) -> Suggestion:
    """Take the form at its word: who errs fills in the whole box and ticks the right one."""
    if len(marked) > 1 and len(kept) != 1:
        return Suggestion(MANY, marked, tuple(dict.fromkeys(doubtful + marked)))
    ticked = kept or marked
    return Suggestion(ticked[0] if ticked else _blank(field), ticked, doubtful, corrected=len(marked) > 1)


def _blank(field: Field) -> str:
    """Code what was left blank; boxes that stand apart from what is written say nothing when they are empty."""
    return "" if field.name.endswith(".apart") else BLANK
