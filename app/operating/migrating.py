"""Which code runs on which tables: whether a database is behind this code, or further ahead than it can follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, String, delete, insert, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model


class SchemaFloor(Model):
    """The oldest migration whose code runs on the tables at one version: one row, kept by the migrations."""

    __tablename__ = "schema_floor"

    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    floor: Mapped[str] = mapped_column(String(32))


@lru_cache
def newest(migrations: Path) -> str:
    """Tell the number of the newest migration that this code brings."""
    return max(path.name[:4] for path in (Path(migrations) / "versions").glob("[0-9]*.py"))


def version_fault(connection: Connection, wanted: str) -> str:
    """Say what is wrong with the database's version, if anything."""
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version is None or version < wanted:
        return f"The database is at migration {version or 'none'}, this code wants {wanted}: run `flask db upgrade`."
    if version > wanted and (floor_at(connection, version) or version) > wanted:
        return f"The database is at migration {version}, this code knows only {wanted}: run the newer code."
    return ""


def floor_at(connection: Connection, version: str) -> str | None:
    """Tell the oldest migration whose code runs on the tables at a version, where the database says so."""
    if "schema_floor" not in inspect(connection).get_table_names():
        return None
    return connection.scalar(select(SchemaFloor.floor).where(SchemaFloor.version == version))


def note_floor(*, ctx: Any, step: Any, **_: Any) -> None:
    """Raise the floor after a migration, to itself or to what it ``works_with``; lower it on the way back."""
    connection = ctx.connection
    if "schema_floor" not in inspect(connection).get_table_names():
        return
    before = connection.scalar(select(SchemaFloor.floor)) or ""
    if step.is_upgrade:
        version = step.up_revision_id
        floor = max(before, getattr(step.up_revision.module, "works_with", version))
    else:
        [version] = step.down_revision_ids
        floor = min(before, version)
    connection.execute(delete(SchemaFloor))
    connection.execute(insert(SchemaFloor).values(version=version, floor=floor))
