"""The pages on which people code: one comment at a time, the second coder blind; agreement, settling differences."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.comments import frames, queries, safeguarding, services, showing
from app.comments.errors import NotKept
from app.comments.models import AGREED, FIRST, SECOND, Comment
from app.comments.views import CODERS, NUMBER, READERS, comment_of, comments
from app.surveys import queries as surveys

if TYPE_CHECKING:
    from app.surveys.models import Wave

# The keys before the themes: 0 says that none fits, 1 to 3 stand before what was suggested.
KEYS = ascii_lowercase + "456789"


@comments.route("/<reference>/code", methods=["GET", "POST"])
@roles(*CODERS)
def code(reference: str) -> ResponseReturnValue:
    """Code the next comment; saving leads to the one after it."""
    return _coding(surveys.wave_named(reference), FIRST)


@comments.route("/<reference>/second", methods=["GET", "POST"])
@roles(*CODERS)
def second(reference: str) -> ResponseReturnValue:
    """Code a comment of the sample a second time, without seeing what the machine or the first coder said."""
    return _coding(surveys.wave_named(reference), SECOND)


def _coding(wave: Wave, round_: str) -> ResponseReturnValue:
    if request.method == "GET":
        return _coding_page(wave, round_, _next(wave, round_, showing.whole_number(request.args.get("after", ""))))
    found = comment_of(wave.reference, showing.whole_number(request.form.get("comment", "")))
    try:
        _do(found, round_, request.form.get("deed", "save"))
    except NotKept as error:
        return _coding_page(wave, round_, found, pages.anchored([str(error)], error.field or "themes")), 422
    return redirect(url_for(f".{_page(round_)}", reference=wave.reference, after=found.id), 303)


def _page(round_: str) -> str:
    return "second" if round_ == SECOND else "code"


def _next(wave: Wave, round_: str, after: int) -> Comment | None:
    if round_ == SECOND:
        return queries.next_to_code_again(wave.id, current_user.id, after)
    return queries.next_to_code(wave.id, after)


def _do(found: Comment, round_: str, deed: str) -> None:
    if deed == "safeguarding":
        safeguarding.send(found)
    elif deed != "skip":
        services.code(found, current_user, request.form.getlist("themes"), round_)


def _coding_page(wave: Wave, round_: str, found: Comment | None, errors: list[dict[str, str]] | None = None) -> str:
    frame = frames.current()
    suggested = _suggested(found, frame) if found and round_ == FIRST else []
    return render_template(
        "comments/code.html",
        wave=wave,
        round=round_,
        comment=found,
        row=showing.shown(found, frame) if found else None,
        suggested=suggested,
        letters=dict(zip((theme.key for theme in frame.open), KEYS, strict=False)),
        others=frame.grouped([theme.key for theme in suggested]),
        chosen=request.form.getlist("themes"),
        errors=errors or [],
        counts=queries.counts().get(wave.id, queries.WaveCounts()),
        simulated=wave.simulated,
        frame=frame,
    )


def _suggested(found: Comment, frame: frames.CodingFrame) -> list[frames.Theme]:
    known = [frame.by_key.get(each.theme) for each in found.suggestions]
    return [theme for theme in known if theme and not theme.retired]


@comments.get("/<reference>/agreement")
@roles(*READERS)
def agreement(reference: str) -> ResponseReturnValue:
    """Show how far two coders agree beyond chance, and where they do not."""
    wave = surveys.wave_named(reference)
    twice = queries.coded_twice(wave.id)
    return render_template(
        "comments/agreement.html",
        wave=wave,
        twice=twice,
        agreements=_agreements(twice),
        disagreements=[_difference(each) for each in services.disagreements(twice)],
        settled=sum(1 for each in twice if each.coding(AGREED)),
        titles=frames.every_title(),
        simulated=wave.simulated,
        may_code=current_user.has_any(CODERS),
    )


def _agreements(twice: list[Comment]) -> list[Any]:
    """Compute the agreement on whole codings and on each theme that somebody gave."""
    if not twice:
        return []
    from app.analysis.text.agreement import agreement as agree

    codings = [{round_: each.keys_of(round_) for round_ in (FIRST, SECOND)} for each in twice]
    given = sorted({key for each in codings for keys in each.values() for key in keys})
    return list(agree(codings, given))


def _difference(comment: Comment) -> dict[str, Any]:
    return {"comment": comment, **{round_: comment.coding(round_) for round_ in (FIRST, SECOND)}}


@comments.route(f"/<reference>/{NUMBER}/settle", methods=["GET", "POST"])
@roles(*CODERS)
def settle(reference: str, key: int) -> ResponseReturnValue:
    """Settle what two coders coded differently."""
    found, errors = comment_of(reference, key), []
    if request.method == "POST":
        try:
            services.code(found, current_user, request.form.getlist("themes"), AGREED)
            return pages.done("Settled.", url_for(".agreement", reference=reference))
        except NotKept as error:
            errors = pages.anchored([str(error)], error.field or "themes")
    frame = frames.current()
    page = render_template(
        "comments/settle.html",
        comment=found,
        row=showing.shown(found, frame),
        difference=_difference(found),
        titles=frames.every_title(),
        groups=frame.grouped(),
        chosen=request.form.getlist("themes"),
        errors=errors,
        simulated=found.wave.simulated,
    )
    return page, 422 if errors else 200
