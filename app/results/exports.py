"""Writes a wave's weighted responses as CSV and a run as JSON."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import clock
from app.database import db
from app.results import figures, tables
from app.results.errors import CannotWrite
from app.results.models import AnalysisRun
from app.results.schemes import scheme_for
from app.results.services import refuse_unopened
from app.surveys import queries
from app.surveys.definition import Definition

if TYPE_CHECKING:
    from app.surveys.models import Wave

ABOUT = ("simulated", "channel", "assisted", "language", "apart")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(run: AnalysisRun, path: Path) -> int:
    """Write the responses of a run, each with its weight, and return how many there are.

    A column for each part of each question and the weight last (mean 1; blank for those who stand apart). No receipt,
    no time and no order of arrival: the rows are shuffled, in the same way for the same run.
    """
    wave = queries.wave_named(run.inputs["wave"])
    definition = queries.definition_of(wave)
    rows = list(_rows(run, wave.id, definition))
    db.session.commit()
    random.Random(run.inputs["seed"]).shuffle(rows)
    head = [*ABOUT, *names(definition), "weight"]
    with _opened(path) as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows:
            writer.writerow([_safe(row.get(name, "")) for name in head])
    return len(rows)


def _rows(run: AnalysisRun, wave_id: int, definition: Definition) -> Iterator[dict[str, Any]]:
    weights = iter(_weights(run, wave_id, definition))
    for row in queries.response_rows(wave_id, until=run.cut_off):
        about = {
            "simulated": "SIMULATED" if run.inputs["simulated"] else "",
            "channel": row.channel,
            "assisted": int(bool(row.assisted)),
            "language": row.language,
            "apart": row.apart or "",
            "weight": "" if row.apart else next(weights),
        }
        yield about | cells(definition, row.answers)


def _weights(run: AnalysisRun, wave_id: int, definition: Definition) -> list[float]:
    """Weigh again what the run weighed: the same responses by the same scheme give the same weights."""
    from app.results import columns, tabulation

    found = columns.read(definition, queries.response_rows(wave_id, until=run.cut_off))
    table = tabulation.weighed(definition, found.weighted, scheme_for(definition))
    return [float(weight) for weight in table.weighted.weights]


def names(definition: Definition) -> Iterator[str]:
    """Name the columns of all questions, in the order in which they are asked."""
    for question in definition.questions:
        yield from question.behaviour.columns(question)


def cells(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Spread the answers of one response over the columns of all questions."""
    spread: dict[str, Any] = {}
    for question in definition.questions:
        if question.key in answers:
            spread |= question.behaviour.cells(question, answers)
    return spread


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from running a text as a formula: an apostrophe goes before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def write_json(run: AnalysisRun, path: Path) -> None:
    """Write a run with its inputs; figures that must not be shown have their reason and no number."""
    with _opened(path) as file:
        json.dump(document(run), file, ensure_ascii=False, indent=1)
        file.write("\n")


def leave_extract(wave: Wave) -> Path:
    """Leave the extract of a wave, fresh, and say where. Raises NotEnough where nobody was asked yet."""
    from app.results import extract

    refuse_unopened(wave)
    source, definition = extract.source(wave), queries.definition_of(wave)
    db.session.commit()
    extract.responses(source, definition, clock.now(), keep=True)
    if not extract.fresh(source):
        raise CannotWrite(
            f"{source.path}: not written, or answers changed meanwhile. Try again; the log says why if it stays so."
        )
    return source.path


def write_counts(wave: Wave, path: Path) -> tuple[int, str]:
    """Write the counts that weights and shares need, from a fresh extract by DuckDB, else by the database.

    Returns how many groups there are and what counted them. Raises NotEnough where nobody was asked yet.
    """
    from app.results import extract, grouping

    refuse_unopened(wave)
    source, definition = extract.source(wave), queries.definition_of(wave)
    db.session.commit()
    subjects, variables = grouping.counted(definition), scheme_for(definition).variables
    kept = extract.fresh(source)
    if kept:
        found, engine = grouping.from_extract(kept, definition, variables, subjects), "DuckDB"
    else:
        found, engine = grouping.from_database(source.wave_id, definition, variables, subjects), db.engine.dialect.name
    with _opened(path) as file:
        writer = csv.writer(file)
        writer.writerow([*found.variables, *found.names])
        writer.writerows([*cell, *sums] for cell, sums in zip(found.cells, found.sums.tolist(), strict=True))
    return len(found.cells), engine


def document(run: AnalysisRun) -> dict[str, Any]:
    """Describe a run to another program."""
    results = figures.to_document(figures.from_document(run.results))
    return {
        "wave": run.inputs["wave"],
        "simulated": run.inputs["simulated"],
        "about": tables.SIMULATED if run.inputs["simulated"] else "",
        "intervals": tables.SAMPLING,
        "made_at": run.made_at.isoformat(),
        "cut_off": run.cut_off.isoformat(),
        "scheme": {"name": run.scheme, "version": run.scheme_version},
        "inputs": run.inputs,
        "results": figures.for_readers(results),
    }


def _opened(path: Path) -> Any:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(f"{path}: {reason}. Name a file in a directory that you may write to.") from error
