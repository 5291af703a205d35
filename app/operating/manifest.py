"""What a backup says of itself: read, held to what is in the file, and to the database that it is brought back into."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from flask import current_app

from app.database import db
from app.operating.migrating import newest

FORMAT = "platform-backup-1"
MANIFEST = "manifest.json"
SQLITE_FILE = "platform.db"
SAID = {"made_at": str, "database": str, "migration": str, "rows": dict, "audit_head": str, "digests": dict}
"""What every manifest says beside its format, and as what."""


class BackupRefused(Exception):
    """A backup cannot be made or brought back like this; the message says what to do."""


def read(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """Read what a backup says of itself, and hold its pieces to it."""
    try:
        manifest: Any = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, RecursionError) as error:
        raise BackupRefused(f"{path} says nothing of itself: it is no backup of this platform.") from error
    _refuse_incomplete(manifest, path)
    for name, digest in manifest["digests"].items():
        if name not in archive.namelist():
            raise BackupRefused(f"{path} is damaged: {name} is not in it. Take another one.")
        with archive.open(name) as piece:
            if hashlib.file_digest(piece, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                raise BackupRefused(f"{path} is damaged: {name} in it is not what it was. Take another one.")
    return manifest  # type: ignore[no-any-return]


def _refuse_incomplete(manifest: Any, path: Path) -> None:
    said = manifest if isinstance(manifest, dict) else {}
    if said.get("format") != FORMAT:
        raise BackupRefused(f"{path} has the format {said.get('format')!r}; this code reads {FORMAT}.")
    for name, kind in SAID.items():
        if not isinstance(said.get(name), kind):
            raise BackupRefused(f"{path} is damaged: it says {said.get(name)!r} as its {name}. Take another one.")


def refuse_other(manifest: dict[str, Any], path: Path) -> None:
    """Refuse a backup of another kind of database or another version of the platform, or one that is not all there."""
    kind, wanted = db.engine.dialect.name, newest(current_app.config["MIGRATIONS"])
    if manifest["database"] != kind:
        raise BackupRefused(
            f"{path} is of {manifest['database']}, DATABASE_URL names {kind}: restore it where it is from."
        )
    if manifest["migration"] != wanted:
        raise BackupRefused(
            f"{path} is of migration {manifest['migration']}, this code is at {wanted}: restore it with the code that "
            "made it, then run `flask db upgrade` with this one."
        )
    tables = list(db.metadata.tables)
    pieces = [SQLITE_FILE] if kind == "sqlite" else [f"{table}.copy" for table in tables]
    for told, wanted_names in (("digests", pieces), ("rows", tables)):
        if lacking := [name for name in wanted_names if name not in manifest[told]]:
            raise BackupRefused(f"{path} is damaged: its {told} say nothing of {lacking[0]}. Take another one.")
