"""Writes a wave's weighted responses as CSV and a run as JSON."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from app import clock
from app.database import db, one_moment
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
BATCH = 5_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(run: AnalysisRun, path: Path) -> int:
    """Write the responses of a run, each with its weight, and return how many there are.

    A column for each part of each question and the weight last (mean 1; blank for those who stand apart). No receipt,
    no time and no order of arrival: the rows are shuffled, in the same way for the same run. Memory holds a number and
    a weight for each response, and the answers of one batch.
    """
    wave = queries.wave_named(run.inputs["wave"])
    definition, wave_id = queries.definition_of(wave), wave.id
    db.session.commit()
    head = [*ABOUT, *names(definition), "weight"]
    with one_moment() as connection, _opened(path) as file:
        weights = _weights(run, wave_id, definition, connection)
        writer = csv.writer(file)
        writer.writerow(head)
        for row in _rows(run, weights, connection):
            spread = _about(run, row) | cells(definition, row.answers) | {"weight": weights[row.id]}
            writer.writerow([_safe(spread.get(name, "")) for name in head])
    return len(weights)


def _rows(run: AnalysisRun, weights: Mapping[int, float | str], connection: Connection) -> Iterator[Any]:
    """Walk the responses in an order that only the run decides."""
    order = sorted(weights)
    random.Random(run.inputs["seed"]).shuffle(order)
    for start in range(0, len(order), BATCH):
        numbers = order[start : start + BATCH]
        found = {row.id: row for row in queries.numbered_rows(connection, numbers)}
        yield from map(found.__getitem__, numbers)


def _about(run: AnalysisRun, row: Any) -> dict[str, Any]:
    return {
        "simulated": "SIMULATED" if run.inputs["simulated"] else "",
        "channel": row.channel,
        "assisted": int(bool(row.assisted)),
        "language": row.language,
        "apart": row.apart or "",
    }


def _weights(run: AnalysisRun, wave_id: int, definition: Definition, connection: Connection) -> dict[int, float | str]:
    """Weigh again what the run weighed: the same responses by the same scheme give the same weights, by number."""
    from app.results import columns, tabulation

    weights: dict[int, float | str] = {}

    def numbered() -> Iterator[Any]:
        for row in queries.answer_texts(connection, wave_id, run.cut_off):
            weights[row.id] = "" if row.apart else 0.0
            yield row

    found = columns.read(definition, numbered())
    table = tabulation.weighed(definition, found.weighted, scheme_for(definition))
    residents = [number for number, weight in weights.items() if weight != ""]
    return weights | dict(zip(residents, table.weighted.weights.tolist(), strict=True))


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
