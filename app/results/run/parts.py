"""The parts of a run that only one page shows: kept beside its results, each read by itself, once in a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import select

from app.database import db
from app.results.models import AnalysisRun, RunPart
from app.results.run.answered import Answered
from app.results.run.figures import from_document
from app.results.run.lines import Line
from app.results.run.ranked import Breakdowns

LINE, DIFFERENCES, ANSWERED = "line:", "differences:", "answered"
Part = TypeVar("Part")
MOST_PARTS, MOST_LINES = 64, 8
"""How many a process remembers; a month has some thirty lines, which pages mostly read together."""


def of_run(lines: Mapping[str, Line], differences: Mapping[str, Breakdowns], who: Answered) -> list[RunPart]:
    """Turn parts into what the database keeps with a new run."""
    kept = {ANSWERED: asdict(who)}
    kept |= {LINE + key: asdict(line) for key, line in lines.items()}
    kept |= {DIFFERENCES + key: asdict(found) for key, found in differences.items()}
    return [RunPart(name=name, document=document) for name, document in kept.items()]


def part(run: AnalysisRun, name: str, kind: type[Part]) -> Part | None:
    """Read one part of a run; none where the run was made before there was such a part."""
    once: Callable[..., Part | None] = _part_once
    return once(run.id, run.fingerprint, run.made_at, name, kind)


@lru_cache(maxsize=MOST_PARTS)
def _part_once(run_id: int, fingerprint: str, made_at: datetime, name: str, kind: type[Any]) -> Any:
    found = db.session.get(RunPart, (run_id, name))
    return from_document(found.document, kind) if found else None


def line(run: AnalysisRun, measure: str) -> Line | None:
    """Read the line of one measure."""
    return part(run, LINE + measure, Line)


def differences(run: AnalysisRun, question: str) -> Breakdowns | None:
    """Read who chooses what differently of one ranked question."""
    return part(run, DIFFERENCES + question, Breakdowns)


def answered(run: AnalysisRun) -> Answered | None:
    """Read who answered."""
    return part(run, ANSWERED, Answered)


def lines(run: AnalysisRun) -> Mapping[str, Line]:
    """Read all lines of a run, by measure."""
    return _lines_once(run.id, run.fingerprint, run.made_at)


@lru_cache(maxsize=MOST_LINES)
def _lines_once(run_id: int, fingerprint: str, made_at: datetime) -> Mapping[str, Line]:
    kept = select(RunPart).where(RunPart.run_id == run_id, RunPart.name.startswith(LINE, autoescape=True))
    found = {each.name.removeprefix(LINE): from_document(each.document, Line) for each in db.session.scalars(kept)}
    return MappingProxyType(found)
