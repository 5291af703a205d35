"""The process that reads scans: a job comes in on one side, a line for each page goes out on the other.

What is uploaded may be hostile, so this process has little memory and time, an empty environment and no database.
Run it as ``python -m app.fieldwork.scanning.reader``; ``process`` does.
"""

from __future__ import annotations

import base64
import json
import resource
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.fieldwork.scanning.registering import Flat, Image

MEMORY = 1536 * 1024**2
SECONDS, PAGE_SECONDS = 400, 20
PICTURE_DOTS, QUALITY, PAPER = 6, 60, 240
"""Pictures that people look at: dots a millimetre, quality, and how bright their paper is."""
BLANK = 0.002
WHITE_FROM, PAPER_FROM, INK_TO, BLACK_TO = 250, 170, 100, 12
PURE_PAPER, PURE_INK = 0.85, 0.5
"""Which greys are pure white, paper, ink, pure black; which share of paper and ink is pure on a scan without greys."""


def main() -> None:
    """Read the job, bind the process to its limits, and answer page by page."""
    job = json.loads(sys.stdin.buffer.readline())
    bind()
    for number, size in enumerate(job["sizes"]):
        content = sys.stdin.buffer.read(size)
        for answer in read(content, job["wave"], job["runs"]):
            print(json.dumps({"file": number} | answer), flush=True)
            if "refused" in answer:
                return
    print(json.dumps({"done": True}), flush=True)


def bind() -> None:
    """Take little memory and time: a page that needs more ends the process."""
    import cv2

    cv2.setNumThreads(1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes, wave: str, runs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Answer each page of a file, or refuse the file."""
    import cv2

    from app.fieldwork.scanning.opening import Refused, pages_of

    signal.alarm(PAGE_SECONDS)
    try:
        for number, image in enumerate(pages_of(content), start=1):
            signal.alarm(PAGE_SECONDS)
            yield {"page": number} | page(image, wave, runs)
    except Refused as refused:
        yield {"refused": refused.word, "count": refused.count}
    except (MemoryError, cv2.error):
        yield {"refused": "huge", "count": 0}
    finally:
        signal.alarm(0)


def page(image: Image, wave: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Read one page: which side of which form it is and what its marks look like, or what is wrong with it."""
    from app.fieldwork.paper import sheets
    from app.fieldwork.scanning import registering

    try:
        flat = registering.laid_flat(image)
    except registering.Unreadable as error:
        return unread(image, error.word, error.found, wave, runs)
    side = sheets.read(registering.code_of(flat))
    if side is None:
        return {"fault": "code"}
    about = {"wave": side.wave, "serial": side.serial, "side": side.side}
    if side.wave != wave.upper():
        return about | {"fault": "wave"}
    run = run_of(side.serial, runs)
    marks = [mark for mark in run["marks"] if mark["side"] == side.side] if run else []
    if run is None:
        return about | {"fault": "serial"}
    if not marks:
        return about | {"fault": "cover"}
    return about | judged(flat, marks, black_and_white(image))


def judged(flat: Flat, marks: list[dict[str, Any]], bilevel: bool) -> dict[str, Any]:
    """Read the marks of a side, and make the picture that people look at."""
    import cv2

    from app.fieldwork.scanning.marks import evened, readings
    from app.fieldwork.scanning.registering import DOTS

    even = evened(flat)
    found = [(_seen(each.look, bilevel), round(each.sure, 3)) for each in readings(even, flat.black, marks)]
    scale = PICTURE_DOTS / DOTS
    small = cv2.resize(
        (even * PAPER).clip(0, 255).astype("uint8"), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
    )
    _, made = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return {"readings": found, "picture": base64.b64encode(made.tobytes()).decode(), "bilevel": bilevel}


def _seen(look: str, bilevel: bool) -> str:
    from app.fieldwork.scanning.suggesting import EMPTY, UNSEEN

    return UNSEEN if bilevel and look == EMPTY else look


def black_and_white(image: Image) -> bool:
    """Say whether a page was scanned without greys: its paper is pure white and most of its ink pure black.

    A scan in grey has the grain of its paper, and print that is not quite black. Where a black and white scan was made
    smaller or kept as JPEG, the rims of its letters are grey, but its paper and the inside of its marks are not.
    """
    import cv2

    counts = cv2.calcHist([image], [0], None, [256], [0, 256]).ravel()
    paper, ink = counts[PAPER_FROM:].sum(), counts[:INK_TO].sum()
    return bool(counts[WHITE_FROM:].sum() > PURE_PAPER * paper and counts[:BLACK_TO].sum() > PURE_INK * ink)


def unread(image: Image, word: str, found: int, wave: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Say what a page without its corner marks is: blank, a cover, a side that is cut off, or none of ours."""
    from app.fieldwork.paper import sheets
    from app.fieldwork.scanning import registering

    side = sheets.read(registering.code_in(image))
    if side is None:
        return {"fault": "blank" if blank(image) else word if found else "strange", "found": found}
    about = {"wave": side.wave, "serial": side.serial, "side": side.side, "found": found}
    run = run_of(side.serial, runs)
    if side.wave != wave.upper():
        return about | {"fault": "wave"}
    if run and side.side < run["first"]:
        return about | {"fault": "cover"}
    return about | {"fault": word}


def run_of(serial: int, runs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Find the layout of the print run that a serial belongs to."""
    return next((run for run in runs if run["from"] <= serial <= run["to"]), None)


def blank(image: Image) -> bool:
    """Say whether a page is empty: hardly anything on it is darker than its paper."""
    import cv2
    import numpy as np

    small = cv2.resize(image, (210, 297), interpolation=cv2.INTER_AREA)
    inner = small[10:-10, 10:-10]
    paper = cv2.medianBlur(cv2.dilate(inner, np.ones((9, 9), np.uint8)), 31)
    return float(np.mean(inner < paper * 0.75)) < BLANK and float(np.median(inner)) > 90


if __name__ == "__main__":
    main()
