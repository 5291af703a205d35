"""Copies the whole database into one file while the platform runs, and brings it back, with a check of both."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, delete, func, inspect, select, text

from app import clock
from app.accounts import chain
from app.database import db, one_moment
from app.operating import manifest as manifests
from app.operating import rotation
from app.operating.manifest import FORMAT, MANIFEST, SQLITE_FILE, BackupRefused
from app.operating.migrating import newest, version_fault

PIECE = 1024 * 1024
UNFINISHED, COPY = ".platform-backup.unfinished", ".platform-backup.copy"
"""How what is not yet a backup is called beside it: names that nothing else has, so that what a kill left may go."""
SQLITE_ENDS = ("-journal", "-wal", "-shm")
"""What SQLite writes beside a file."""
SEEDED = frozenset({"support_line", "schema_floor"})
"""Tables that the migrations fill: their rows give way to those of a backup."""
Tell = Callable[[str], None]


def make(path: Path, tell: Tell) -> dict[str, Any]:
    """Write a backup to a file that does not exist yet, readable by its owner only; returns its manifest.

    It holds the database of one moment. The file appears under its name only when it is whole.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists already: name another file, or move that one away.")
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                manifest = _from_sqlite(archive, path, tell) if _is_sqlite() else _from_postgresql(archive, tell)
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _keep_name(path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            raise BackupRefused(f"{path} cannot be written: the disk is full.") from error
        if not isinstance(error, OSError):
            raise
        raise BackupRefused(f"{path} cannot be written: {error.strerror}.") from error
    return manifest


def restore(path: Path, tell: Tell) -> dict[str, Any]:
    """Bring a backup back into a database that holds nothing yet, and return its manifest.

    Counts and chain are held to the manifest first: where they do not agree, the database stays empty.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = manifests.read(archive, path)
            manifests.refuse_other(manifest, path)
            refuse_filled(path)
            (_into_sqlite if _is_sqlite() else _into_postgresql)(archive, manifest, tell)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be brought back: {error.strerror}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BackupRefused(f"{path} is no whole backup ({error}): take another one.") from error
    return manifest


def refuse_filled(path: Path) -> None:
    """Refuse to write over a database in which somebody has done anything, or that is another role's."""
    with db.engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        if not _is_sqlite():
            _refuse_old_tables(connection, there)
            _refuse_strangers(connection, path)
        ours = [table for table in _tables() if table.name in there - SEEDED]
        filled = [table.name for table in ours if connection.scalar(select(table.c[0]).limit(1)) is not None]
    if filled:
        raise BackupRefused(f"The database is not empty ({filled[0]} has rows): name an empty one in DATABASE_URL.")


def _refuse_old_tables(connection: Connection, there: set[str]) -> None:
    fault = version_fault(connection, newest(current_app.config["MIGRATIONS"])) if "alembic_version" in there else ""
    if fault or "alembic_version" not in there:
        raise BackupRefused(fault or "The database has no tables: run `flask db upgrade` as their owner first.")


def _refuse_strangers(connection: Connection, path: Path) -> None:
    """Let only the owner of the tables go on: numbers that the database gives must go on after those of the backup."""
    owned = connection.execute(
        text(
            "SELECT current_user, pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE') FROM pg_class "
            "WHERE oid = 'audit_event'::regclass"
        )
    )
    role, owner, may = owned.one()
    if not may:
        raise BackupRefused(
            f"DATABASE_URL names the role {role!r}, but the tables belong to {owner!r}: restore as the owner: "
            f"DATABASE_URL=postgresql://{owner}:PASSWORD@HOST/{db.engine.url.database} flask restore {path}"
        )


def check(connection: Connection, manifest: dict[str, Any]) -> None:
    """Hold what was brought back to its manifest: the rows of each table, and the chain of the audit trail."""
    found = _counts(connection)
    verdict = chain.verify_stored(connection)
    wrong = [name for name, count in manifest["rows"].items() if found.get(name) != count]
    if wrong:
        raise BackupRefused(f"{wrong[0]} has {found.get(wrong[0])} rows, the backup had {manifest['rows'][wrong[0]]}.")
    if verdict.fault or verdict.head != manifest["audit_head"]:
        told = verdict.fault or f"It ends in {verdict.head[:16]}, not in {manifest['audit_head'][:16]}."
        raise BackupRefused(f"The audit trail in the backup does not hold. {told} Take another backup.")


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _tables() -> list[Any]:
    return list(db.metadata.sorted_tables)


def _counts(connection: Connection) -> dict[str, int]:
    return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in _tables()}


def _described(connection: Connection, digests: dict[str, str]) -> dict[str, Any]:
    verdict = chain.verify_stored(connection)
    if verdict.fault:
        raise BackupRefused(f"The audit trail does not hold: {verdict.fault} See `flask audit verify`.")
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "database": connection.dialect.name,
        "migration": connection.scalar(text("SELECT version_num FROM alembic_version")),
        "rows": _counts(connection),
        "audit_head": verdict.head,
        "keys": sorted(rotation.keys_in_use(connection).keys() - {rotation.PLAIN}),
        "digests": digests,
    }


def _from_sqlite(archive: zipfile.ZipFile, path: Path, tell: Tell) -> dict[str, Any]:
    """Copy the file with SQLite's own backup, which waits for nobody and sees one moment."""
    copy = path.with_name(path.name + COPY)
    _clear(copy)
    try:
        _copy_file(copy)
        tell("The database is copied; packing it.")
        archive.write(copy, SQLITE_FILE)
        with copy.open("rb") as file:
            digests = {SQLITE_FILE: hashlib.file_digest(file, "sha256").hexdigest()}
        engine = db.create_engine(f"sqlite:///{copy}")
        with engine.connect() as connection:
            described = _described(connection, digests)
        engine.dispose()
    finally:
        _clear(copy)
    return described


def _clear(copy: Path) -> None:
    for end in ("", *SQLITE_ENDS):
        copy.with_name(copy.name + end).unlink(missing_ok=True)


def _copy_file(copy: Path) -> None:
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(str(db.engine.url.database))) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _from_postgresql(archive: zipfile.ZipFile, tell: Tell) -> dict[str, Any]:
    """Copy each table out, all in one transaction that sees one moment."""
    digests = {}
    with one_moment() as connection:
        for table in _tables():
            name = f"{table.name}.copy"
            with archive.open(name, "w", force_zip64=True) as piece:
                digests[name] = _written(_copied_out(connection, table), piece)
            tell(f"{table.name} is copied.")
        return _described(connection, digests)


def _copied_out(connection: Connection, table: Any) -> Iterator[bytes]:
    with connection.connection.cursor().copy(f"COPY {_listed(table)} TO STDOUT") as out:
        yield from (bytes(piece) for piece in out)


def _written(pieces: Iterable[bytes], file: Any) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()


def _into_sqlite(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    """Put the copied file in the place of the empty one."""
    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    fresh = target.with_name(f"{target.name}.restored")
    try:
        _unpack(archive, fresh)
        _check_file(fresh, manifest)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    fresh.replace(target)
    _keep_name(target)
    tell("The database is back.")


def _unpack(archive: zipfile.ZipFile, fresh: Path) -> None:
    private = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with archive.open(SQLITE_FILE) as piece, os.fdopen(os.open(fresh, private, 0o600), "wb") as file:
        for part in _pieces(piece):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _check_file(file: Path, manifest: dict[str, Any]) -> None:
    engine = db.create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            check(connection, manifest)
    finally:
        engine.dispose()


def _keep_name(path: Path) -> None:
    """See to it that a file is found under its new name after a power cut too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _into_postgresql(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    """Copy each table in, all or nothing, and let numbers go on where they were."""
    with db.engine.begin() as connection:
        for table in _tables():
            if table.name in SEEDED:
                connection.execute(delete(table))
            cursor = connection.connection.cursor()
            with archive.open(f"{table.name}.copy") as piece, cursor.copy(f"COPY {_listed(table)} FROM STDIN") as into:
                for part in _pieces(piece):
                    into.write(part)
            _count_on(connection, table)
            tell(f"{table.name} is back.")
        check(connection, manifest)


def _count_on(connection: Connection, table: Any) -> None:
    """Let the numbers that the database gives go on after the greatest that is there."""
    for column in table.primary_key.columns:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table.name}"', "column": column.name}
        )
        greatest = connection.scalar(select(func.max(column))) if sequence else None
        if greatest is not None:
            connection.execute(
                text("SELECT setval(:sequence, :greatest)"), {"sequence": sequence, "greatest": greatest}
            )


def _listed(table: Any) -> str:
    return f'"{table.name}" ({", ".join(f"{chr(34)}{column.name}{chr(34)}" for column in table.columns)})'


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
