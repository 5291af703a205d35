"""Export a run: written whole or not at all, and noted in the audit trail: who, what, when, why, rows, digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from app.accounts import audit
from app.database import db
from app.results.errors import CannotWrite, NoReason
from app.results.export.formats import KEYS, NO_TEXT, Format, format_named, refuse_unknown
from app.results.models import AnalysisRun
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave

LONGEST_REASON = 300
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to have exported."""

    format: str
    language: str = "en"
    shown: str = KEYS
    text: str = NO_TEXT


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: a file's name, its rows and its digest (SHA-256)."""

    name: str
    format: Format
    rows: int
    digest: str


def export(run: AnalysisRun, wave: Wave, order: Order, path: Path, reason: str = "") -> Exported:
    """Write a run's responses to a file and note it. Raises ResultsErrors."""
    wanted = format_named(order.format)
    definition = queries.definition_of(wave)
    refuse_unknown(order.language, definition.languages, order.shown, order.text)
    from app.results.export.microdata import microdata

    run_id, reference = run.id, wave.reference
    data = microdata(run, wave, order.language, order.text)
    own = path.with_name(f"{path.name}.partial")
    try:
        wanted.write(data, own, order.shown)
        digest = _digest(own)
        own.replace(path)
    except OSError as error:
        own.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise CannotWrite(f"{path}: {why}. Name a file in a directory that you may write to.") from error
    shown = f"{wanted.key}, {order.language}, {order.shown}, own words {order.text}, {data.n} rows, sha256 {digest}"
    audit.record("export", f"{reference}, run {run_id}, {shown}", reason)
    db.session.commit()
    return Exported(f"{data.file_stem}.{wanted.suffix}", wanted, data.n, digest)


def to_send(run: AnalysisRun, wave: Wave, order: Order, reason: str) -> tuple[BinaryIO, Exported]:
    """Write a file that is gone from the disk once it has been read, for a browser to take. Raises ResultsErrors."""
    refuse_without_reason(reason)
    with TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / f"export.{order.format}"
        done = export(run, wave, order, path, reason)
        return path.open("rb"), done


def note_crossing(reference: str, row: str, column: str, reason: str) -> None:
    """Note that two questions were crossed: it shows what no page does."""
    audit.record("export.table", f"{reference}, {row} by {column}", reason)
    db.session.commit()


def refuse_without_reason(reason: str) -> None:
    """Raise NoReason unless somebody says what an export or a table is for."""
    said = " ".join(reason.split())
    if len(said) < SHORTEST_REASON:
        raise NoReason(f"Say in a few words what it is for: at least {SHORTEST_REASON} characters.")
    if len(said) > LONGEST_REASON:
        raise NoReason(f"The reason has {len(said)} characters: use at most {LONGEST_REASON}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
