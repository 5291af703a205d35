"""What can be wrong with scans, by name: each answer says what it is about and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.fieldwork.paper.errors import PaperError
from app.fieldwork.scanning.limits import MOST_DOTS, MOST_PAGES


class CannotScan(PaperError):
    """Nothing of an upload was taken; each line says where, what and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


REFUSED = {
    "empty": "is empty: choose the file again",
    "bare": "has no pages: scan the sheets again, and look that they are in the file",
    "format": "is neither a PDF nor a picture that can be read: use PDF, JPEG, PNG, TIFF, WebP or BMP",
    "heic": "is a HEIC picture: set the phone's camera to JPEG (“most compatible”), or send it as JPEG",
    "encrypted": "is encrypted: save it without a password",
    "broken": "is damaged{at}: scan or save it again",
    "pages": f"has {{count:,}} pages: split it into files of at most {MOST_PAGES}",
    "huge": f"has a picture of more than {MOST_DOTS // 1_000_000} million dots: scan at 200 to 300 dots an inch",
    "exhausted": "took more memory or time than sheets do: scan at 200 to 300 dots an inch, and fewer pages at once",
}
FAULTS = {
    "blank": "is blank",
    "cover": "is {side}, which asks nothing",
    "strange": "is no sheet of ours: neither corner marks nor a code can be seen. If it is one, it is too "
    "dark or too blurred: take it again in better light",
    "marks": "{side_or_it} shows only {found} of its four corner marks: it is cut off, folded or covered. Scan the "
    "whole side again, flat, or key it from the sheet",
    "several": "shows the marks of more than one sheet: put one side on each picture",
    "coarse": "{side_or_it} is too small in its picture: scan at 200 dots an inch, or hold the camera nearer",
    "code": "has the corner marks of a form, but its code cannot be read. Scan it again, or key it by the serial on it",
    "wave": "is {side}, a sheet of another wave than {wave}: scan it into a batch of its own wave",
    "serial": "is {side}, but no form with this serial was printed",
}
BLACK_AND_WHITE = "This scan is black and white: light pencil can be lost. Scan in grey"
NEEDLESS = ("blank", "cover")
"""Sides that come along with every stack: they are counted, not complained about."""


def refusal(name: str, answer: Mapping[str, Any]) -> str:
    """Say why a file was refused."""
    at = f" at page {answer['count']}" if answer["count"] else ""
    return f"{name} {REFUSED[answer['refused']].format(count=answer['count'], at=at)}. Nothing was taken."


def fault(place: str, answer: Mapping[str, Any], wave: str) -> str:
    """Say what is wrong with one page."""
    side = side_named(answer) if "serial" in answer else ""
    told = FAULTS[answer["fault"]].format(
        side=side, side_or_it=f"({side})" if side else "", found=answer.get("found", 0), wave=wave
    )
    return f"{place} {told}.".replace("  ", " ")


def side_named(answer: Mapping[str, Any]) -> str:
    """Name a side as it is printed on the paper."""
    return f"{answer['wave']} / {answer['serial']:04d}, side {answer['side']}"
