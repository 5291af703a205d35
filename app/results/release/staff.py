"""The staff's pages of releases: draft one, read what it would say and why it is safe, approve or discard it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.fresh import fresh
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.results.errors import ResultsError
from app.results.pages.shown import READERS
from app.results.release import comparing, queries, services, words
from app.results.release.document import from_document
from app.results.release.models import ReleaseDraft
from app.results.services import newest
from app.surveys import queries as surveys
from app.surveys.errors import UnknownWave

releases = Blueprint("releases", __name__, url_prefix="/staff/releases")

DRAFTERS = ("analyst", "office")


@releases.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """List what is out, what waits for approval, and which waves have a run to release."""
    return _index()


def _index(errors: list[dict[str, str]] | None = None, wave: str = "", reason: str = "") -> str:
    runs, out = newest(), queries.releases()
    begun = [each for survey in surveys.surveys() for each in survey.waves if each.id in runs]
    return render_template(
        "releases/index.html",
        out=out,
        newest={each.wave_id: each.reference for each in reversed(out)},
        drafts=queries.drafts(),
        waves=begun,
        may_draft=current_user.has_any(DRAFTERS),
        errors=errors or [],
        chosen=wave,
        reason=reason,
    )


@releases.post("")
@roles(*DRAFTERS)
def draft() -> ResponseReturnValue:
    """Draft a release of a wave, or of a correction with its reason."""
    reference, reason = request.form.get("wave", ""), request.form.get("reason", "")
    try:
        wave = surveys.wave_named(reference)
        services.draft(wave, reason, current_user)
    except UnknownWave as error:
        return _index([{"text": str(error), "anchor": "wave"}], reference, reason), 422
    except ResultsError as error:
        anchor = "reason" if str(error).startswith("Say what") else "wave"
        return _index([{"text": str(error), "anchor": anchor}], reference, reason), 422
    return pages.done("The draft waits for somebody else to approve it.", url_for(".read", reference=reference))


@releases.get("/<reference>")
@roles(*READERS)
def read(reference: str) -> ResponseReturnValue:
    """Show the draft of a wave: what would be published, what is hidden and why, and what has changed."""
    waiting = _waiting(reference)
    return _none(reference) if waiting is None else _draft_page(waiting)


@releases.post("/<reference>/approve")
@roles("approver")
@fresh(".read")
def approve(reference: str) -> ResponseReturnValue:
    """Publish a draft that somebody else made."""
    waiting = _waiting(reference)
    if waiting is None:
        return _none(reference)
    if request.form.get("confirm") != "yes":
        return _draft_page(waiting, "Tick the box to say that it may be published", "confirm"), 422
    try:
        made = services.approve(waiting, current_user)
    except ResultsError as error:
        return _draft_page(waiting, str(error)), 422
    return pages.done(f"{made.reference} is published.", url_for(".index"))


@releases.post("/<reference>/discard")
@roles("analyst", "office", "approver")
def discard(reference: str) -> ResponseReturnValue:
    """Take a draft back, with the reason."""
    waiting = _waiting(reference)
    if waiting is None:
        return _none(reference)
    reason = " ".join(request.form.get("reason", "").split())
    if not reason:
        return _draft_page(waiting, "Enter the reason, for the audit log", "reason"), 422
    services.discard(waiting, reason)
    return pages.done("The draft is discarded.", url_for(".index"))


def _waiting(reference: str) -> ReleaseDraft | None:
    return queries.draft_of(surveys.wave_named(reference).id)


def _none(reference: str) -> ResponseReturnValue:
    return pages.problem("There is no draft here", f"{reference} has no draft. See the list of releases.", 404)


def _draft_page(waiting: ReleaseDraft, error: str = "", anchor: str = "") -> str:
    published = from_document(waiting.document)
    earlier = queries.newest_of(waiting.wave_id)
    before = queries.published(earlier) if earlier else None
    return render_template(
        "releases/draft.html",
        waiting=waiting,
        published=published,
        evidence=waiting.evidence,
        hidden=comparing.hidden_table(waiting.evidence),
        audit=comparing.audit_table(waiting.evidence),
        changed=comparing.changed_table(before, published) if before else None,
        own=waiting.drafted_by_id == current_user.id,
        may_approve=current_user.has_any(("approver",)),
        simulated=published.simulated,
        words=words,
        errors=[{"text": error, "anchor": anchor}] if error else [],
    )
