"""The safeguarding officer's pages: the queue, one entry with its outcomes, the words as they were written."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.fresh import fresh
from app.accounts.roles import roles
from app.comments import safeguarding as use_cases
from app.comments import showing
from app.comments.errors import NotKept, UnknownComment
from app.comments.models import OUTCOMES

safeguarding = Blueprint("safeguarding", __name__, url_prefix="/staff/safeguarding")

NUMBER = "<int(max=2147483647):key>"


@safeguarding.errorhandler(UnknownComment)
def unknown_entry(error: UnknownComment) -> ResponseReturnValue:
    """Say that an entry is not there."""
    return pages.problem("There is no such entry", str(error), 404)


@safeguarding.get("")
@roles("safeguarding")
def queue() -> ResponseReturnValue:
    """List the comments that may tell of harm, oldest first, then those that were decided."""
    waiting, done = use_cases.queue(), use_cases.queue(done=True)
    return render_template(
        "comments/queue.html",
        waiting=waiting,
        done=done,
        languages={each.id: showing.language(each.comment) for each in waiting},
        outcomes=OUTCOMES,
        measured=showing.queue_measured(),
        simulated=any(each.comment.wave.simulated for each in (*waiting, *done)),
    )


@safeguarding.route(f"/{NUMBER}", methods=["GET", "POST"])
@roles("safeguarding")
def entry(key: int) -> ResponseReturnValue:
    """Show one possible disclosure, and keep what was decided."""
    found, errors = use_cases.entry(key), []
    if request.method == "POST":
        try:
            use_cases.record(found, request.form.get("outcome", ""), request.form.get("note", ""))
            return pages.done("The outcome is recorded.", url_for(".queue"))
        except NotKept as error:
            errors = pages.anchored([str(error)], error.field)
    page = render_template(
        "comments/entry.html",
        entry=found,
        comment=found.comment,
        language=showing.language(found.comment),
        outcomes=OUTCOMES,
        typed=request.form,
        errors=errors,
        simulated=found.comment.wave.simulated,
    )
    return page, 422 if errors else 200


@safeguarding.route(f"/{NUMBER}/unmask", methods=["GET", "POST"])
@roles("safeguarding")
@fresh()
def unmask(key: int) -> ResponseReturnValue:
    """Show a possible disclosure as it was written, for a reason."""
    found = use_cases.entry(key)
    words, errors = None, []
    if request.method == "POST":
        try:
            words = use_cases.unmask(found, request.form.get("reason", ""))
        except NotKept as error:
            errors = pages.anchored([str(error)], error.field)
    page = render_template(
        "comments/unmask.html",
        row=showing.Shown.plain(found.comment),
        comment=found.comment,
        words=words,
        errors=errors,
        typed=request.form,
        back=url_for(".entry", key=key),
        simulated=found.comment.wave.simulated,
    )
    return page, 422 if errors else 200
