"""The pages of the coding frame: its themes, its versions, and changing it."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.comments import frames
from app.comments.errors import NotKept
from app.comments.views import CODERS, READERS, comments

NEXT = "The next run of “flask comments” suggests themes from it. What was coded before stays as it is."


@comments.get("/frame")
@roles(*READERS)
def frame() -> ResponseReturnValue:
    """Show the themes of the newest version, and all versions."""
    return render_template(
        "comments/frame.html",
        frame=frames.current(),
        versions=frames.versions(),
        groups=frames.GROUPS,
        may_edit=current_user.has_any(CODERS),
    )


@comments.get("/frame/versions/<int(max=2147483647):key>")
@roles(*READERS)
def frame_version(key: int) -> ResponseReturnValue:
    """Show one version as it was."""
    found = frames.version(key) or abort(404)
    return render_template(
        "comments/frame.html", frame=found, versions=frames.versions(), groups=frames.GROUPS, may_edit=False
    )


@comments.route("/frame/add", methods=["GET", "POST"])
@roles(*CODERS)
def add_theme() -> ResponseReturnValue:
    """Add a theme."""
    typed = request.form
    return _edited(
        lambda: frames.add(typed["title"], typed.get("group", ""), typed.get("terms", ""), typed.get("reason", ""))
    )


@comments.route("/frame/themes/<key>", methods=["GET", "POST"])
@roles(*CODERS)
def theme(key: str) -> ResponseReturnValue:
    """Change a theme's title and hints, retire it, or use it again."""
    known = frames.current().by_key.get(key) or abort(404)
    reason = request.form.get("reason", "")
    if request.form.get("deed") in ("retire", "use"):
        return _edited(lambda: frames.retire(key, reason, again=request.form["deed"] == "use"), known)
    return _edited(
        lambda: frames.change(key, request.form.get("title", ""), request.form.get("terms", ""), reason), known
    )


def _edited(edit: Callable[[], frames.CodingFrame], theme: frames.Theme | None = None) -> ResponseReturnValue:
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            return pages.done(f"Version {edit().version} is in use. {NEXT}", url_for(".frame"))
        except NotKept as error:
            errors = pages.anchored([str(error)], error.field)
    page = render_template("comments/theme.html", theme=theme, typed=request.form, errors=errors, groups=frames.GROUPS)
    return page, 422 if errors else 200
