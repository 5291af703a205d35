"""The staff's pages about support lines: see them, change one, confirm one."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.surveys import queries, support
from app.surveys.models import SupportLine
from app.surveys.staff import staff_surveys

KEEPERS = ("admin", "safeguarding")


@staff_surveys.get("/support-lines")
@roles(*KEEPERS)
def support_lines() -> ResponseReturnValue:
    """List where residents can turn to, and which of it has been confirmed."""
    return render_template("staff/support_lines.html", lines=queries.support_lines())


@staff_surveys.route("/support-lines/<key>", methods=["GET", "POST"])
@roles(*KEEPERS)
def support_line(key: str) -> ResponseReturnValue:
    """Change one support line."""
    line = _found(key)
    if request.method == "GET":
        typed = {name: getattr(line, name) for name in support.LONGEST}
        return render_template("staff/support_line.html", line=line, typed=typed, errors=[])
    try:
        changed = support.change(line, request.form)
    except support.InvalidLine as error:
        errors = [{"text": text, "anchor": name} for name, text in error.problems]
        return render_template("staff/support_line.html", line=line, typed=request.form, errors=errors), 422
    told = "was changed: confirm it now." if changed else "stays as it was."
    return pages.done(f"{line.name} {told}", url_for(".support_lines"))


@staff_surveys.post("/support-lines/<key>/confirm")
@roles(*KEEPERS)
def confirm_support_line(key: str) -> ResponseReturnValue:
    """Note that a support line was called and is right."""
    line = _found(key)
    support.confirm(line, current_user.email)
    return pages.done(f"{line.name} is confirmed.", url_for(".support_lines"))


def _found(key: str) -> SupportLine:
    return support.named(key) or abort(404)
