"""The staff's pages of comments: which there are, finding and reading them, unmasking, quotes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.fresh import fresh
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.comments import frames, picked_quotes, queries, safeguarding, services, showing
from app.comments.errors import NotKept, UnknownComment
from app.comments.models import PICKED, Comment
from app.surveys import queries as surveys

comments = Blueprint("comments", __name__, url_prefix="/staff/comments")

READERS = ("analyst", "office", "approver", "unmasker")
CODERS = ("analyst", "office")
UNMASKERS = ("unmasker",)
REVIEWERS = ("analyst", "office", "approver")
NUMBER = "<int(max=2147483647):key>"


@comments.url_value_preprocessor
def refuse_hidden_characters(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Find nothing under names that no wave or theme can have; a database may not even take the question."""
    if any(isinstance(value, str) and not value.isprintable() for value in (values or {}).values()):
        abort(404)


@comments.errorhandler(UnknownComment)
def unknown_comment(error: UnknownComment) -> ResponseReturnValue:
    """Say that a comment is not there; whether safeguarding holds it is not said."""
    return pages.problem("There is no such comment", str(error), 404)


@comments.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """List the waves that have begun, with their comments and how far they are coded."""
    begun = [(survey, [wave for wave in survey.waves if wave.digest]) for survey in surveys.surveys()]
    waiting = len(picked_quotes.listed(PICKED))
    return render_template(
        "comments/index.html",
        surveys=begun,
        counts=queries.counts(),
        no_comments=queries.WaveCounts(),
        waiting=waiting,
        may_code=current_user.has_any(CODERS),
        may_review=current_user.has_any(REVIEWERS),
    )


@comments.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show the comments of one wave, and the form to look for some."""
    return _found(queries.Filter(wave=surveys.wave_named(reference).reference))


@comments.post("/search")
@roles(*READERS)
def search() -> ResponseReturnValue:
    """Find comments; what is looked for travels in the form and is in no address."""
    return _found(showing.wanted(request.form), showing.page_number(request.form))


def _found(wanted: queries.Filter, number: int = 1) -> str:
    frame = frames.current()
    found = queries.search(wanted, number)
    chosen = next((each for each in showing.waves() if each.reference == wanted.wave), None)
    return render_template(
        "comments/search.html",
        wanted=wanted,
        found=found,
        options=showing.options(frame),
        rows=[showing.shown(each, frame) for each in found.comments],
        wave=chosen,
        simulated=any(each.wave.simulated for each in found.comments),
        may_code=current_user.has_any(CODERS),
        measured=showing.measured(),
    )


@comments.get(f"/<reference>/{NUMBER}")
@roles(*READERS)
def comment(reference: str, key: int) -> ResponseReturnValue:
    """Show one comment with all that is known of it."""
    return _comment_page(comment_of(reference, key), [])


def comment_of(reference: str, number: int) -> Comment:
    """Find a comment under the address of its wave."""
    found = queries.comment(number)
    if found.wave.reference != reference:
        raise UnknownComment("There is no such comment: it may have been changed or withdrawn.")
    return found


def _comment_page(found: Comment, errors: list[dict[str, str]]) -> str:
    return render_template(
        "comments/comment.html",
        comment=found,
        row=showing.shown(found, frames.current()),
        errors=errors,
        typed=request.form,
        measured=showing.measured(),
        simulated=found.wave.simulated,
        may_code=current_user.has_any(CODERS),
        may_unmask=current_user.has_any(UNMASKERS),
        may_pick=current_user.has_any(REVIEWERS),
    )


@comments.route(f"/<reference>/{NUMBER}/unmask", methods=["GET", "POST"])
@roles(*UNMASKERS)
@fresh()
def unmask(reference: str, key: int) -> ResponseReturnValue:
    """Show a comment as it was written, for a reason."""
    found = comment_of(reference, key)
    words, errors = None, []
    if request.method == "POST":
        try:
            words = services.unmask(found, request.form.get("reason", ""))
        except NotKept as error:
            errors = pages.anchored([str(error)], error.field)
    page = render_template(
        "comments/unmask.html",
        row=showing.shown(found, frames.current()),
        comment=found,
        words=words,
        errors=errors,
        typed=request.form,
        back=url_for(".comment", reference=reference, key=key),
        simulated=found.wave.simulated,
    )
    return page, 422 if errors else 200


@comments.post(f"/<reference>/{NUMBER}/safeguarding")
@roles(*READERS)
def send_to_safeguarding(reference: str, key: int) -> ResponseReturnValue:
    """Hand a comment that tells of harm over to the safeguarding officer."""
    safeguarding.send(comment_of(reference, key))
    return pages.done(
        "The safeguarding officer has it now. Nobody else sees it.", url_for(".wave", reference=reference)
    )


@comments.post(f"/<reference>/{NUMBER}/quote")
@roles(*REVIEWERS)
def pick_quote(reference: str, key: int) -> ResponseReturnValue:
    """Pick words for publication."""
    found = comment_of(reference, key)
    try:
        services.pick(found, current_user, request.form.get("words", ""))
    except NotKept as error:
        return _comment_page(found, pages.anchored([str(error)], error.field)), 422
    message = "Picked. Somebody else must review it before it can be published."
    return pages.done(message, url_for(".comment", reference=reference, key=key))


@comments.get("/quotes")
@roles(*REVIEWERS)
def quotes() -> ResponseReturnValue:
    """List the quotes that wait for a second person, those that may be published, and those that may not."""
    return _quotes_page([])


def _quotes_page(errors: list[dict[str, str]]) -> str:
    listed = picked_quotes.listed()
    return render_template(
        "comments/quotes.html",
        quotes=listed,
        shown={each.id: showing.quoted(each) for each in listed},
        errors=errors,
        simulated=any(each.comment.wave.simulated for each in listed),
    )


@comments.post(f"/quotes/{NUMBER}")
@roles(*REVIEWERS)
def review_quote(key: int) -> ResponseReturnValue:
    """Approve or refuse a quote that somebody else has picked."""
    quote = picked_quotes.waiting(key)
    if quote is None:
        return pages.done("That quote waits for nobody any more.", url_for(".quotes"))
    approve = request.form.get("decision") == "approve"
    try:
        services.review(quote, current_user, approve, request.form.get("reason", ""))
    except NotKept as error:
        return _quotes_page(pages.anchored([str(error)], f"{error.field or 'quote'}-{key}")), 422
    return pages.done("It may be published." if approve else "It will not be published.", url_for(".quotes"))


from app.comments import coding_pages, frame_pages  # noqa: E402, F401  (their pages belong to this blueprint)
