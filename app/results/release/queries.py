"""Questions to the database about releases; nothing here writes or computes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app.database import db
from app.results.release.document import Item, Published, Table, from_document
from app.results.release.errors import UnknownRelease
from app.results.release.models import Release, ReleaseDraft


def releases() -> list[Release]:
    """List all releases, the newest first, with what they correct."""
    return list(db.session.scalars(select(Release).order_by(Release.id.desc())))


def newest_number() -> int:
    """Tell the number of the release that came out last; 0 where none has."""
    return db.session.scalar(select(func.max(Release.id))) or 0


def current() -> list[Release]:
    """List the newest edition of each wave that is out, the newest wave first."""
    newest = select(func.max(Release.id)).group_by(Release.wave_id)
    found = select(Release).where(Release.id.in_(newest)).options(undefer(Release.document))
    return sorted(db.session.scalars(found), key=lambda each: (each.wave.opens_at, each.id), reverse=True)


def named(reference: str) -> Release:
    """Find a release by its reference. Raises UnknownRelease, which says which there are."""
    found = db.session.scalar(select(Release).where(Release.reference == reference).options(undefer(Release.document)))
    if found is None:
        known = ", ".join(db.session.scalars(select(Release.reference).order_by(Release.reference))) or "none yet"
        raise UnknownRelease(f"There is no release {reference!r}. Releases: {known}.")
    return found


def newest_of(wave_id: int) -> Release | None:
    """Find the newest edition of a wave's release."""
    found = select(Release).where(Release.wave_id == wave_id).order_by(Release.edition.desc()).limit(1)
    return db.session.scalar(found.options(undefer(Release.document), undefer(Release.evidence)))


def editions(wave_id: int) -> list[Release]:
    """List what is out of a wave, the first release and its corrections, oldest first, with what is behind each."""
    found = select(Release).where(Release.wave_id == wave_id).order_by(Release.edition)
    return list(db.session.scalars(found.options(undefer(Release.evidence))))


def correction_of(release: Release) -> Release | None:
    """Find the newest release that replaces one, if any does."""
    found = select(Release).where(Release.wave_id == release.wave_id, Release.edition > release.edition)
    return db.session.scalar(found.order_by(Release.edition.desc()).limit(1))


def draft_of(wave_id: int) -> ReleaseDraft | None:
    """Find the draft of a wave."""
    return db.session.scalar(select(ReleaseDraft).where(ReleaseDraft.wave_id == wave_id))


def drafts() -> dict[int, ReleaseDraft]:
    """List the drafts by wave."""
    return {each.wave_id: each for each in db.session.scalars(select(ReleaseDraft))}


def published(release: Release) -> Published:
    """Read what a release says."""
    return from_document(release.document)


def figure(found: Published, identifier: str, area: str | None = None) -> tuple[Table, Item]:
    """Find a figure of a release, for an area if one is named. Raises UnknownRelease, which says which there are."""
    known = found.find(identifier)
    if known is None:
        listed = ", ".join(item.id for _, item in found.items)
        raise UnknownRelease(f"{found.reference} has no figure {identifier!r}. Figures: {listed}.")
    if area is not None and area not in known[1].areas:
        raise UnknownRelease(f"{identifier} is not there for {area!r}. Areas: {', '.join(known[1].areas)}.")
    return known
