"""Writes a run as JSON, and the counts that weights and shares need."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import clock
from app.database import db
from app.results.errors import CannotWrite
from app.results.models import AnalysisRun
from app.results.reading.schemes import scheme_for
from app.results.run import figures
from app.results.services import refuse_unopened
from app.results.telling import tables
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave


def write_json(run: AnalysisRun, path: Path) -> None:
    """Write a run with its inputs; figures that must not be shown have their reason and no number."""
    with _opened(path) as file:
        json.dump(document(run), file, ensure_ascii=False, indent=1)
        file.write("\n")


def leave_extract(wave: Wave) -> Path:
    """Leave the extract of a wave, fresh, and say where. Raises NotEnough where nobody was asked yet."""
    from app.results.reading import extract

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
    from app.results.computing import grouping
    from app.results.reading import extract

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
        "inputs": figures.for_readers(run.inputs),
        "results": figures.for_readers(results),
    }


def _opened(path: Path) -> Any:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(f"{path}: {reason}. Name a file in a directory that you may write to.") from error
