"""Measures the reading of scans on simulated sheets: precision and recall per mark, what is flagged, time a sheet.

The sheets are simulated: real forms, filled in by ``bench.sheets`` and sent by ``bench.sending``, all from seeds.
Thresholds were chosen on the first set; the second has seeds that nobody looked at, and is told apart.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from flask_migrate import upgrade

from app import create_app
from app.fieldwork.paper import keying
from app.fieldwork.paper.contents import FORMATS
from app.fieldwork.paper.forms import Form, Printed
from app.fieldwork.paper.quality import rate_of
from app.fieldwork.scanning import reader
from app.fieldwork.scanning.opening import pages_of
from app.fieldwork.scanning.suggesting import SURE, Reading, suggested
from app.surveys import queries, services
from app.surveys.kinds import Field
from app.surveys.models import Wave
from bench import sending, sheets

DEFINITIONS = Path(__file__).resolve().parent.parent / "app" / "surveys" / "definitions"
LANGUAGES = ("en", "ur", "bn", "pl")
CHOSEN, HELD_OUT = 1, 500_001
"""The first seeds of the set on which thresholds were chosen, and of the one that was held out."""
SERIAL = 7


@dataclass(frozen=True)
class Paper:
    """One form as printed: its layout, its PDF, and how each of its fields is filled in."""

    wave: str
    layout: dict[str, Any]
    pdf: bytes
    fields: dict[str, Field]


@dataclass
class Tally:
    """What was read of some sheets, mark by mark: right or wrong, ticked or not, flagged or not."""

    sides: int = 0
    unread: int = 0
    marks: int = 0
    flagged: int = 0
    right_ticks: int = 0
    wrong_ticks: int = 0
    missed: int = 0
    fields: int = 0
    flagged_fields: int = 0
    by_sheet: list[tuple[int, int]] = field(default_factory=list)
    kinds: dict[str, list[int]] = field(default_factory=dict)
    ways: dict[str, list[int]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.db", "SECRET_KEY": "bench" * 8})
        with app.app_context():
            upgrade()
            print(f"Two surveys, {', '.join(LANGUAGES)}, {', '.join(FORMATS)}. All sheets are simulated.")
            waves = opened()
            for name, first in (("Set on which thresholds were chosen", CHOSEN), ("Held-out set", HELD_OUT)):
                _tell(f"{name}, seeds {first} to {first + count - 1}", measured(waves, first, count))


def opened() -> list[Wave]:
    """Open both surveys."""
    surveys = [
        services.import_definition(DEFINITIONS / f"{name}.yaml") for name in ("your-priorities-your-plan", "your-views")
    ]
    return [services.open_monthly(each) if each.monthly else services.open_wave(each) for each in surveys]


@cache
def printed(wave: Wave, language: str, style: str) -> Paper:
    """Print a form, once."""
    known = keying.fields(queries.definition_of(wave))
    pdf, layout = Form(wave, language, style).both(Printed(SERIAL, "0000-0000-0000"))
    return Paper(wave.reference, layout, pdf, {key: field for key, (_, field) in known.items()})


def measured(waves: list[Wave], first: int, count: int) -> Tally:
    """Draw so many sides, send them in and read them."""
    tally, styles = Tally(), list(FORMATS)
    for number, rng in enumerate(sheets.seeds(first, count)):
        wave, language, style = (group[int(rng.integers(len(group)))] for group in (waves, LANGUAGES, styles))
        paper = printed(wave, language, style)
        side = int(rng.choice(sorted({mark["side"] for mark in paper.layout["marks"]})))
        marks = [mark for mark in paper.layout["marks"] if mark["side"] == side]
        modes = {name: each.mode for name, each in paper.fields.items()}
        person, way = sheets.somebody(rng), sending.WAYS[number % len(sending.WAYS)]
        filled = sheets.filled_in(sheets.rendered(paper.pdf, side), marks, modes, person, rng)
        sheet = sending.sent(filled, way, rng)
        run = {"from": 1, "to": 99, "first": paper.layout["first"], "marks": paper.layout["marks"]}
        content = sending.as_jpeg(sheet.image, int(rng.integers(60, 92)))
        began = time.process_time()
        answer = reader.page(next(pages_of(content)), paper.wave, [run])
        tally.seconds.append(time.process_time() - began)
        _count(tally, paper, marks, sheet, answer, side)
    return tally


def _count(
    tally: Tally, paper: Paper, marks: list[dict[str, Any]], sheet: sheets.Sheet, answer: dict[str, Any], side: int
) -> None:
    tally.sides += 1
    if answer.get("side") != side or "readings" not in answer:
        tally.unread += 1
        return
    read = [Reading(*each) for each in answer["readings"]]
    seen = wrong = 0
    for name in dict.fromkeys(mark["field"] for mark in marks):
        places = [place for place, mark in enumerate(marks) if mark["field"] == name]
        if not marks[places[0]]["code"]:
            continue
        told = suggested(paper.fields[name], {marks[place]["code"]: read[place] for place in places})
        tally.fields += 1
        tally.flagged_fields += bool(told.flagged)
        for place in places:
            code, truth = marks[place]["code"], sheet.ticked[place]
            tally.marks += 1
            if code in told.flagged:
                tally.flagged += 1
                continue
            ticked = code in told.ticked
            seen, wrong = seen + 1, wrong + (ticked != truth)
            tally.right_ticks += ticked and truth
            tally.wrong_ticks += ticked and not truth
            tally.missed += truth and not ticked
            for kind, group in (
                (sheet.drawn.get(place, "empty"), tally.kinds),
                (sheet.about.split(",")[0], tally.ways),
            ):
                pair = group.setdefault(kind, [0, 0])
                pair[0] += 1
                pair[1] += ticked != truth
    tally.by_sheet.append((seen, wrong))


def _tell(name: str, tally: Tally) -> None:
    rate = rate_of(tally.by_sheet)
    ticks = tally.right_ticks
    print(f"\n{name}: {tally.sides} sides, {tally.marks:,} marks (boxes), {tally.unread} sides not read")
    print(f"  flagged (certainty below {SURE}): {tally.flagged / tally.marks:.2%} of marks,", end=" ")
    print(f"{tally.flagged_fields / tally.fields:.2%} of {tally.fields:,} questions or rows with boxes")
    print(f"  of {rate.fields:,} marks that were not flagged, right: {1 - rate.wrong / rate.fields:.2%}", end=" ")
    print(f"(95% interval {1 - rate.high:.2%} to {1 - rate.low:.2%}; effective base {rate.effective:,.0f})")
    print(f"  precision of ticks {_share(ticks, tally.wrong_ticks)}, recall {_share(ticks, tally.missed)}")
    for group in (tally.kinds, tally.ways):
        print("  wrong: " + "; ".join(f"{kind} {bad} of {all_:,}" for kind, (all_, bad) in sorted(group.items())))
    pairs = 2 * np.array(tally.seconds)
    print(f"  a sheet (two sides) on one core: {pairs.mean():.2f} s on average, slowest {pairs.max():.2f} s")


def _share(hits: int, others: int) -> str:
    return f"{hits / (hits + others):.2%} ({hits:,} of {hits + others:,})" if hits + others else "none"


if __name__ == "__main__":
    main()
