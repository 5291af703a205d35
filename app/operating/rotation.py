"""Brings everything that is encrypted under the newest key, in batches, while the platform runs.

Columns say themselves that they hold sealed texts (see `app.encryption`), so a new one is found here without a word.
A batch is one transaction, and takes only what is not under the newest key: whatever ends it, the next run goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    case,
    func,
    select,
    update,
)

from app import encryption
from app.database import db
from app.surveys import own_words, queries
from app.surveys.queries import RESPONSES, WAVES

BATCH = 500
PLAIN = "none"
"""Stands for the key of what is not encrypted yet."""
SHAPE = f"{encryption.FORMAT}{'_' * encryption.NAME}.%"
OLD = (RESPONSES.c.answers.is_not(None), RESPONSES.c.words.is_(None))
UNSEALED = (
    select(*(RESPONSES.c[name] for name in ("id", "wave_id", "submission", "answers", "revision")), WAVES.c.digest)
    .join_from(RESPONSES, WAVES)
    .where(*OLD, RESPONSES.c.id > bindparam("after"))
    .order_by(RESPONSES.c.id)
    .limit(BATCH)
)
TAKE_OUT = (
    update(RESPONSES)
    .where(RESPONSES.c.id == bindparam("held"), RESPONSES.c.revision == bindparam("seen"), *OLD)
    .values(answers=bindparam("marked"), words=bindparam("sealed"))
)
Tell = Callable[[str], None]


@dataclass
class Done:
    """What a run did in one column: how many texts it brought under the newest key, and which it could not open."""

    column: str
    sealed: int = 0
    left: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Work:
    """Where a run works: in transactions of its own, or within that of a migration."""

    within: Connection | None = None
    tell: Tell = lambda line: None

    def run(self, statement: Executable, values: Any = None) -> Any:
        """Carry out a statement."""
        return (self.within or db.session).execute(statement, values)

    def keep(self, done: Done) -> None:
        """Commit a batch, and tell how far the run is."""
        if self.within is None:
            db.session.commit()
        if done.sealed:
            self.tell(f"{done.column}: {done.sealed:,} encrypted anew.")


def columns() -> Iterator[Column[Any]]:
    """Walk the columns that hold sealed texts."""
    for table in db.metadata.sorted_tables:
        yield from (column for column in table.columns if "sealed" in column.info)


def rotate(tell: Tell = lambda line: None) -> list[Done]:
    """Bring everything under the newest key, and say of each column what was done; commits each batch."""
    work = Work(tell=tell)
    return [seal_responses(work), *(rotate_column(column, work) for column in columns())]


def seal_responses(work: Work) -> Done:
    """Encrypt the own words of responses that are from before there was encryption."""
    done, after = Done("response.answers"), 0
    while rows := list(work.run(UNSEALED, {"after": after})):
        changes = [_taken_out(row) for row in rows]
        done.sealed += work.run(TAKE_OUT, changes).rowcount
        after = rows[-1].id
        work.keep(done)
    return done


def _taken_out(row: Any) -> dict[str, Any]:
    definition = queries.definition_of(queries.FrozenWave(row.wave_id, "", row.digest, ""))
    kept = own_words.kept(definition, row.answers, row.submission)
    return {"held": row.id, "seen": row.revision, "marked": kept["answers"], "sealed": kept["words"]}


def rotate_column(column: Column[Any], work: Work) -> Done:
    """Bring the texts of one column under the newest key."""
    table = column.table
    done, after = Done(f"{table.name}.{column.name}"), None
    keys = list(table.primary_key.columns)
    while rows := list(work.run(_batch(column, keys, after))):
        after = tuple(rows[-1])[: len(keys)]
        _reseal(column, keys, rows, done, work)
        work.keep(done)
    return done


def _batch(column: Column[Any], keys: list[Column[Any]], after: tuple[Any, ...] | None) -> Select[Any]:
    bound = [column.table.c[name] for name in column.info["sealed"]]
    rows = select(*keys, column.label("held"), *(each.label(f"bound_{each.name}") for each in bound))
    rows = rows.where(column.is_not(None), *_not_newest(column)).order_by(*keys).limit(BATCH)
    return rows if after is None else rows.where(keys[0] > after[0])


def _not_newest(column: Column[Any]) -> tuple[ColumnElement[bool], ...]:
    """Let the database leave out what is under the newest key; in documents, of which there are few, Python does."""
    if isinstance(column.type, JSON):
        return ()
    return column != "", ~column.startswith(encryption.keyring().start, autoescape=True)


def _reseal(column: Column[Any], keys: list[Column[Any]], rows: list[Any], done: Done, work: Work) -> None:
    changes = []
    for row in rows:
        number, held, *bound = row
        try:
            fresh = _fresh(held, (done.column, *bound))
        except encryption.KeyMissing as missing:
            done.left[missing.name] += 1
            continue
        if fresh is not None:
            changes.append({"of_row": number, "before": held, "fresh": fresh})
    if changes:
        # Whoever wrote the row meanwhile has encrypted it with the newest key: theirs stands.
        same = (keys[0] == bindparam("of_row", type_=keys[0].type), column == bindparam("before", type_=column.type))
        writing = update(column.table).where(*same).values({column: bindparam("fresh", type_=column.type)})
        done.sealed += work.run(writing, changes).rowcount


def _fresh(held: Any, place: tuple[Any, ...]) -> str | None:
    """Seal a text or a document anew; None where there is nothing to do. Raises Unreadable."""
    if not held or (isinstance(held, str) and held.startswith(encryption.keyring().start)):
        return None
    if not isinstance(held, str):
        return encryption.seal_document(held, *place)
    return encryption.seal(encryption.opened(held, *place), *place)


def keys_in_use(connection: Connection) -> dict[str, int]:
    """Count the texts under each key, by the key's name; of those that are not encrypted yet, under PLAIN."""
    found: Counter[str] = Counter()
    for column in columns():
        if isinstance(column.type, JSON):
            held = connection.execute(select(column).where(column.is_not(None))).scalars()
            found.update(_key_of(each) for each in held if each)
            continue
        name = case((column.like(SHAPE), func.substr(column, len(encryption.FORMAT) + 1, encryption.NAME)), else_=PLAIN)
        under = select(name.label("name"), func.count()).where(column.is_not(None), column != "").group_by("name")
        found.update({key: count for key, count in connection.execute(under)})
    found[PLAIN] += connection.scalar(select(func.count()).where(*OLD)) or 0
    return {name: count for name, count in found.items() if count}


def _key_of(held: Any) -> str:
    return encryption.key_named_in(held) if isinstance(held, str) else PLAIN


def missing(connection: Connection) -> list[str]:
    """Name the keys that the newest texts need and that are not at hand; cheap enough to ask all the time."""
    wanted: set[str] = set()
    for column in columns():
        filled = column.is_not(None) if isinstance(column.type, JSON) else column.like(SHAPE)
        newest = select(column).where(filled).order_by(*(key.desc() for key in column.table.primary_key.columns))
        held = connection.scalar(newest.limit(1))
        if isinstance(held, str):
            wanted.add(encryption.key_named_in(held))
    return sorted(wanted - set(encryption.keyring().names))
