"""Backups that have had their time, and what one that was cut off left lying: erased after the next one is whole."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import clock
from app.operating.backup import FORMAT, MANIFEST, SQLITE_FILE

KIND = FORMAT.rpartition("-")[0]
CUT_OFF = timedelta(days=1)
"""No backup takes so long: what is unfinished after that was cut off."""


def erase(beside: Path, days: int) -> Iterator[str]:
    """Erase what lies beside a new backup and has had its time, and tell the name of each; never anything else.

    Backups go by the moment of which they are, so that copying a file does not prolong it. Raises OSError.
    """
    before = clock.now() - timedelta(days=days)
    for path in sorted(beside.parent.iterdir()):
        made = made_at(path)
        if path != beside and made and made < before:
            path.unlink()
            yield path.name
        elif _is_cut_off(path):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            yield path.name


def made_at(path: Path) -> datetime | None:
    """Read of which moment a backup is; None of a file that is no backup of this platform."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(MANIFEST))
        return datetime.fromisoformat(said["made_at"]) if said["format"].startswith(KIND) else None
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError):
        return None


def _is_cut_off(path: Path) -> bool:
    ours = path.suffix == ".unfinished" or (path.name.startswith("backup-") and (path / SQLITE_FILE).is_file())
    return ours and datetime.fromtimestamp(path.stat().st_mtime, UTC) < clock.now() - CUT_OFF
