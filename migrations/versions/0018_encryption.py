"""Own words, masked comments, notes and addresses are encrypted, drafts when next saved; waves know how long to keep."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from app import encryption
from app.operating import rotation
from app.comments import erasure
from app.database import Document
from app.surveys import own_words

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLD = sa.MetaData()
RESPONSE = sa.Table(
    "response",
    OLD,
    *(sa.Column(name, sa.Integer) for name in ("id", "revision")),
    *(sa.Column(name, sa.Text) for name in ("submission", "words")),
    sa.Column("answers", Document),
)


def sealed_column(table: str, name: str, *bound: sa.Column, kind: sa.types.TypeEngine = sa.Text()) -> sa.Column:
    """Name a column that is encrypted, as this migration finds it; the first of the others is its row's number."""
    column = sa.Column(name, kind, info={"sealed": tuple(each.name for each in bound[1:] or bound)})
    sa.Table(table, OLD, *bound, column)
    return column


def number(kind: type = sa.Integer) -> sa.Column:
    """Name the number of a row."""
    return sa.Column("id", kind, primary_key=True)


TEXTS = (
    sealed_column("comment", "masked", number(), sa.Column("response_id", sa.Integer), sa.Column("question", sa.Text)),
    sealed_column("comment_quote", "words", number()),
    sealed_column("disclosure_outcome", "note", number()),
    sealed_column("contact", "email", number(sa.Uuid)),
)
DOCUMENTS = (
    sealed_column("draft", "answers", number(), sa.Column("submission", sa.Uuid), kind=Document),
    sealed_column(
        "keying", "entries", number(), sa.Column("form_id", sa.Integer), sa.Column("number", sa.Integer), kind=Document
    ),
)


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("response", sa.Column("words", sa.Text(), nullable=True))
    op.add_column("wave", sa.Column("answers_months", sa.Integer(), nullable=True))
    op.add_column("wave", sa.Column("answers_erased_on", sa.String(10), nullable=True))
    op.drop_column("comment", "folded")
    if connection.dialect.name == "postgresql":
        op.alter_column("disclosure_outcome", "note", type_=sa.Text())
        op.alter_column("contact", "email", type_=sa.Text())
    else:
        with op.batch_alter_table("disclosure_outcome") as batch_op:
            batch_op.alter_column("note", type_=sa.Text())
        with op.batch_alter_table("contact", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
            batch_op.alter_column("email", type_=sa.Text())
    erasure.drop_triggers(connection)
    work = rotation.Work(within=connection)
    rotation.seal_responses(work)
    erasure.create_triggers(connection)
    for column in TEXTS:
        rotation.rotate_column(column, work)


def downgrade() -> None:
    """Decrypt everything again, as older code reads it; that needs every key that was ever used."""
    connection = op.get_bind()
    for column in (*TEXTS, *DOCUMENTS):
        table = column.table
        for row in connection.execute(
            sa.select(table.c.id, column, *(table.c[name] for name in column.info["sealed"]))
        ):
            identity, held, *bound = row
            if isinstance(held, str) and encryption.is_sealed(held):
                plain = encryption.opened(held, f"{table.name}.{column.name}", *bound)
                value = json.loads(plain) if column in DOCUMENTS else plain
                connection.execute(table.update().where(table.c.id == identity).values({column: value}))
    erasure.drop_triggers(connection)
    for row in connection.execute(sa.select(RESPONSE).where(RESPONSE.c.words != "")):
        said = own_words.opened(row.answers, row.words, row.submission)
        connection.execute(RESPONSE.update().where(RESPONSE.c.id == row.id).values(answers=said))
    op.drop_column("response", "words")
    op.drop_column("wave", "answers_months")
    op.drop_column("wave", "answers_erased_on")
    erasure.create_triggers(connection)
    op.add_column("comment", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE comment SET folded = lower(masked)")
    if connection.dialect.name == "postgresql":
        op.alter_column("disclosure_outcome", "note", type_=sa.String(2000))
        op.alter_column("contact", "email", type_=sa.String(254))
