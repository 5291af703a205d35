"""Use cases of the coding frame: versions of it, each whole and never changed. Each commits once and is audited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import audit
from app.comments.errors import NotKept
from app.comments.models import Frame
from app.database import db

if TYPE_CHECKING:
    from app.analysis.text import frame as engine

FIRST_VERSION = 1
GROUPS = {
    "priority": "Priorities",
    "outcome": "Outcomes of the Plan",
    "safer": "What would make people feel safer",
    "other": "Other themes",
}
LONGEST = {"title": 120, "terms": 2000, "reason": 500}
BEGINS = "The 16 priorities and four outcomes of the Plan, and what would make people feel safer"


@dataclass(frozen=True)
class Theme:
    """One theme of one version: its key never changes its meaning; a retired one is read, and no longer given."""

    key: str
    title: str
    group: str
    terms: Mapping[str, Sequence[str]]
    retired: bool = False


@dataclass(frozen=True)
class CodingFrame:
    """One version of the frame."""

    version: int
    themes: tuple[Theme, ...]

    @cached_property
    def by_key(self) -> dict[str, Theme]:
        """Find themes by their keys, the retired ones too."""
        return {theme.key: theme for theme in self.themes}

    @property
    def open(self) -> tuple[Theme, ...]:
        """List the themes that can be given to a comment."""
        return tuple(theme for theme in self.themes if not theme.retired)

    def title(self, key: str) -> str:
        """Put a theme into words."""
        theme = self.by_key.get(key)
        return theme.title if theme else key

    def grouped(self, without: Sequence[str] = ()) -> dict[str, list[Theme]]:
        """List the themes that can be given, by group, in the frame's order."""
        found: dict[str, list[Theme]] = {}
        for theme in self.open:
            if theme.key not in without:
                found.setdefault(theme.group, []).append(theme)
        return found

    def for_engine(self) -> engine.Frame:
        """Give the analysis the themes that it may suggest."""
        from app.analysis.text.frame import frame_of

        return frame_of(_document(self.version, self.open))


def current() -> CodingFrame:
    """Read the newest version; before anybody has used the frame, the one that comes with the platform."""
    newest = db.session.scalar(select(Frame).order_by(Frame.version.desc()).limit(1))
    return _read(newest.document) if newest else shipped()


def versions() -> list[Frame]:
    """List all versions, the newest first."""
    return list(db.session.scalars(select(Frame).order_by(Frame.version.desc())))


def version(number: int) -> CodingFrame | None:
    """Read one version."""
    found = db.session.get(Frame, number)
    return _read(found.document) if found else None


def every_title() -> dict[str, str]:
    """Name every theme that there ever was, in its newest words."""
    known = [*reversed(versions())]
    titles = {theme.key: theme.title for each in known for theme in _read(each.document).themes}
    return titles or {theme.key: theme.title for theme in shipped().themes}


def shipped() -> CodingFrame:
    """Read the frame that comes with the platform."""
    from app.analysis.text.frame import document_of, shipped_frame

    return _read(document_of(shipped_frame()) | {"version": FIRST_VERSION})


def begin() -> CodingFrame:
    """Keep the frame that comes with the platform as the first version, unless there is one; the caller commits."""
    if db.session.scalar(select(func.count()).select_from(Frame)):
        return current()
    first = shipped()
    _keep(first, BEGINS)
    db.session.flush()
    return first


def change(key: str, title: str, terms: str, reason: str) -> CodingFrame:
    """Give a theme a new title and new hints, in a new version. Raises NotKept."""
    theme = _known(key)
    hints = {**theme.terms, "en": _terms(terms)}
    return _edited(key, Theme(key, _title(title, key), theme.group, hints, theme.retired), reason, "changed")


def add(title: str, group: str, terms: str, reason: str) -> CodingFrame:
    """Add a theme, in a new version. Raises NotKept."""
    if group not in GROUPS:
        raise NotKept("Choose one of the groups.", "group")
    key = re.sub(r"[^a-z0-9]+", "_", _title(title).casefold()).strip("_")[:60]
    if not key or key in every_title():
        raise NotKept("There is, or once was, a theme of this name: choose another.", "title")
    return _edited(key, Theme(key, _title(title), group, {"en": _terms(terms)}), reason, "added")


def retire(key: str, reason: str, again: bool = False) -> CodingFrame:
    """Stop giving a theme to comments, or begin again; what was coded with it stays. Raises NotKept."""
    theme = _known(key)
    if not again and len(current().open) == 1:
        raise NotKept("This is the only theme in use: add another first.", "reason")
    changed = Theme(key, theme.title, theme.group, theme.terms, retired=not again)
    return _edited(key, changed, reason, "used again" if again else "retired")


def _edited(key: str, theme: Theme, reason: str, deed: str) -> CodingFrame:
    why = " ".join(reason.split())
    if not why:
        raise NotKept("Say why, for those who compare figures later.", "reason")
    if len(why) > LONGEST["reason"]:
        raise NotKept(f"This has {len(why)} characters: shorten it to {LONGEST['reason']}.", "reason")
    before = begin()
    themes = {**before.by_key, key: theme}
    after = CodingFrame(before.version + 1, tuple(themes.values()))
    _keep(after, f"{theme.title}: {deed}. {why}")
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise NotKept("Somebody else changed the frame at the same moment: look at it and try again.") from error
    return after


def _keep(frame: CodingFrame, reason: str) -> None:
    event = audit.record("comments.frame", f"version {frame.version}", reason)
    document = _document(frame.version, frame.themes)
    kept = {"version": frame.version, "document": document, "reason": event.reason}
    db.session.add(Frame(**kept, made_at=event.at, made_by=event.actor))


def _document(number: int, themes: Sequence[Theme]) -> dict[str, Any]:
    listed = [
        {
            "key": each.key,
            "title": each.title,
            "group": each.group,
            "terms": {code: list(terms) for code, terms in each.terms.items()},
            "retired": each.retired,
        }
        for each in themes
    ]
    return {"version": number, "themes": listed}


def _read(document: Mapping[str, Any]) -> CodingFrame:
    return CodingFrame(int(document["version"]), tuple(Theme(**each) for each in document["themes"]))


def _known(key: str) -> Theme:
    theme = current().by_key.get(key)
    if theme is None:
        raise NotKept("There is no such theme.", "title")
    return theme


def _title(typed: str, key: str = "") -> str:
    title = " ".join(typed.split())
    if not title:
        raise NotKept("Enter a title.", "title")
    if len(title) > LONGEST["title"] or not title.isprintable():
        raise NotKept(f"Shorten it to {LONGEST['title']} characters that can be seen.", "title")
    if any(theme.title.casefold() == title.casefold() and theme.key != key for theme in current().themes):
        raise NotKept("Another theme has this title: choose another.", "title")
    return title


def _terms(typed: str) -> list[str]:
    terms = [" ".join(each.split()) for each in typed.split(",")]
    found = list(dict.fromkeys(term for term in terms if term))
    if not found:
        raise NotKept("Give at least one English word that hints at it, with commas between several.", "terms")
    if len(typed) > LONGEST["terms"]:
        raise NotKept(f"This has {len(typed)} characters: shorten it to {LONGEST['terms']}.", "terms")
    return found
