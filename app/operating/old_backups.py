"""Backups that have had their time, and what one that was cut off left lying: erased after the next one is whole."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from app import clock
from app.operating.backup import COPY, SQLITE_ENDS, UNFINISHED
from app.operating.manifest import FORMAT, MANIFEST

KIND = FORMAT.rpartition("-")[0]
CUT_OFF = timedelta(days=1)
"""No backup takes so long: what is unfinished after that was cut off."""
OURS = (UNFINISHED, COPY, *(COPY + end for end in SQLITE_ENDS))
"""How the names end of what a backup writes before it is whole."""


class Old(NamedTuple):
    """What lay beside a backup: erased, or left since it is none that can be read, or by a fault of the disk."""

    name: str
    erased: bool
    fault: str = ""


def erase(beside: Path, days: int) -> Iterator[Old]:
    """Erase what lies beside a new backup and has had its time, and tell of each; never anything else.

    Backups go by the moment of which they are, so that copying a file does not prolong it. Folders and links are passed
    over. Whatever else cannot be read as a backup is told and left.
    """
    before = clock.now() - timedelta(days=days)
    for path in sorted(beside.parent.iterdir()):
        if path == beside or path.is_symlink() or path.is_dir():
            continue
        unfinished = path.name.endswith(OURS)
        made = None if unfinished else made_at(path)
        if _is_cut_off(path) if unfinished else made and made < before:
            yield _erased(path)
        elif not unfinished and not made:
            yield Old(path.name, erased=False)


def made_at(path: Path) -> datetime | None:
    """Read of which moment a backup is; None of whatever cannot be read as a backup of this platform."""
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(MANIFEST))
        made = datetime.fromisoformat(said["made_at"]) if said["format"].startswith(KIND) else None
        return made.astimezone(UTC) if made and made.tzinfo else None
    except Exception:  # damaged bytes raise whatever zipfile, its packers and json have
        return None


def _is_cut_off(path: Path) -> bool:
    return path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < clock.now() - CUT_OFF


def _erased(path: Path) -> Old:
    try:
        path.unlink()
    except OSError as error:
        return Old(path.name, erased=False, fault=error.strerror or type(error).__name__)
    return Old(path.name, erased=True)
