"""What is kept of what people wrote: masked comments, their themes, disclosures and quotes. Never the raw words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import encryption
from app.accounts.models import LONGEST_EMAIL, User
from app.database import Document, Model, UtcDateTime
from app.surveys.models import Response, Wave, one_of

FIRST, SECOND, AGREED = "first", "second", "agreed"
ROUNDS = (FIRST, SECOND, AGREED)
OUTCOMES = {
    "no_disclosure": "No disclosure: staff may read it again",
    "referred": "Passed on under the safeguarding procedure",
    "support": "Nobody can be identified: noted for support services",
    "no_action": "A disclosure, and nothing more can be done",
}
RELEASES = "no_disclosure"
PICKED, APPROVED, REFUSED = "picked", "approved", "refused"
LONGEST_NOTE = 2000


class Comment(Model):
    """One answer in own words, as staff may read it: masked, and encrypted. The words stay in the response alone.

    The database deletes it, and with it everything that hangs on it, in the statement that erases or changes the
    answer: see `app.comments.erasure`. ``held`` hides it from everybody but safeguarding. ``digest`` is of whatever
    decides the columns below it; ``note`` says what could not be read; themes were suggested from version ``frame``.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("response_id", "question"),
        CheckConstraint("sentiment IS NOT NULL OR note <> ''", name="unscored_says_why"),
        Index("ix_comment_wave_id_held", "wave_id", "held"),
        {"sqlite_autoincrement": True},  # a number that the audit log names is never given to another comment
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    question: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(12))
    sealed: Mapped[str] = mapped_column("masked", Text, info={"sealed": ("response_id", "question")})
    kinds: Mapped[list[str]] = mapped_column(Document)
    sentiment: Mapped[float | None]
    note: Mapped[str] = mapped_column(String(500))
    frame: Mapped[int] = mapped_column(ForeignKey("coding_frame.version"))
    held: Mapped[bool]
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship()
    response: Mapped[Response] = relationship()
    suggestions: Mapped[list[Suggestion]] = relationship(order_by="Suggestion.place", passive_deletes=True)
    codings: Mapped[list[Coding]] = relationship(passive_deletes=True, back_populates="comment")
    disclosure: Mapped[Disclosure | None] = relationship(passive_deletes=True, back_populates="comment")
    quotes: Mapped[list[Quote]] = relationship(order_by="Quote.id", passive_deletes=True, back_populates="comment")

    @property
    def masked(self) -> str:
        """Open the masked words. Raises Unreadable."""
        return masked_in(self)

    def coding(self, round_: str) -> Coding | None:
        """Find what was coded in one round."""
        return next((each for each in self.codings if each.round == round_), None)

    def keys_of(self, round_: str) -> frozenset[str]:
        """List the keys of the themes that were given in one round."""
        coding = self.coding(round_)
        return coding.keys if coding else frozenset()

    @property
    def confirmed(self) -> Coding | None:
        """Find the coding that counts: what two coders agreed on, else the first coder's."""
        return self.coding(AGREED) or self.coding(FIRST)


def masked_in(row: Any) -> str:
    """Open the masked words of a comment, or of a row with its response, question and sealed words."""
    return encryption.opened(row.sealed, *place_of(row.response_id, row.question))


def place_of(response_id: int, question: str) -> tuple[str, int, str]:
    """Name what the masked words of an answer are bound to."""
    return "comment.masked", response_id, question


class Suggestion(Model):
    """A theme that the machine suggests for a comment; the strongest has place 1."""

    __tablename__ = "comment_suggestion"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    place: Mapped[int]


class Frame(Model):
    """One version of the coding frame, whole. It never changes: an edit makes the next version."""

    __tablename__ = "coding_frame"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    reason: Mapped[str] = mapped_column(String(500))


class Coding(Model):
    """What one person says a comment is about, under one version of the frame; no theme is an answer too."""

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("comment_id", "round"), one_of("round", ROUNDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(10))
    coder_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    frame: Mapped[int] = mapped_column(ForeignKey("coding_frame.version"))
    coded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    comment: Mapped[Comment] = relationship(back_populates="codings")
    coder: Mapped[User] = relationship()
    themes: Mapped[list[CodedTheme]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    under: Mapped[Frame] = relationship()

    @property
    def keys(self) -> frozenset[str]:
        """List the keys of its themes."""
        return frozenset(each.theme for each in self.themes)

    @property
    def titles(self) -> list[str]:
        """Name its themes as the frame named them under which it was made, in the frame's order."""
        return [each["title"] for each in self.under.document["themes"] if each["key"] in self.keys]


class CodedTheme(Model):
    """A theme that a person gave a comment."""

    __tablename__ = "coding_theme"

    coding_id: Mapped[int] = mapped_column(ForeignKey("coding.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


class Disclosure(Model):
    """A comment that may tell of harm, for the safeguarding officer alone. ``kinds`` say why it was found."""

    __tablename__ = "disclosure"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), unique=True)
    kinds: Mapped[list[str]] = mapped_column(Document)
    found_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    comment: Mapped[Comment] = relationship(back_populates="disclosure")
    outcomes: Mapped[list[Outcome]] = relationship(order_by="Outcome.id", passive_deletes=True)

    @property
    def latest(self) -> Outcome | None:
        """Find the outcome that stands."""
        return self.outcomes[-1] if self.outcomes else None


class Outcome(Model):
    """What was decided about a possible disclosure, by whom and when; a later one overrules it and leaves it."""

    __tablename__ = "disclosure_outcome"
    __table_args__ = (one_of("outcome", tuple(OUTCOMES)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[str] = mapped_column("note", Text, info={"sealed": ("id",)})
    by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def note(self) -> str:
        """Open what was noted. Raises Unreadable."""
        return encryption.opened(self.sealed, "disclosure_outcome.note", self.id)

    def keep(self, note: str) -> None:
        """Encrypt a note, once the database has numbered the row."""
        self.sealed = encryption.seal(note, "disclosure_outcome.note", self.id)


class Quote(Model):
    """Masked words picked for publication; they may be published only once somebody else has approved them."""

    __tablename__ = "comment_quote"
    __table_args__ = (
        one_of("state", (PICKED, APPROVED, REFUSED)),
        CheckConstraint("(state = 'picked') = (reviewed_by_id IS NULL)", name="reviewed_by_somebody"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> picked_by_id", name="reviewed_by_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[str] = mapped_column("words", Text, info={"sealed": ("id",)})
    state: Mapped[str] = mapped_column(String(10))
    picked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    picked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")

    comment: Mapped[Comment] = relationship(back_populates="quotes")

    @property
    def words(self) -> str:
        """Open the quoted words. Raises Unreadable."""
        return encryption.opened(self.sealed, "comment_quote.words", self.id)

    def keep(self, words: str) -> None:
        """Encrypt the words, once the database has numbered the row."""
        self.sealed = encryption.seal(words, "comment_quote.words", self.id)

    picked_by: Mapped[User] = relationship(foreign_keys=[picked_by_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])
