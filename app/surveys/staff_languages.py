"""The staff's pages about languages: how far each is, its catalogue to take away and bring back, who reviewed it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock, i18n
from app.accounts import audit, pages
from app.accounts.models import current_user
from app.accounts.roles import EVERYBODY, roles
from app.database import db
from app.surveys import readiness
from app.surveys.staff import staff_surveys
from app.translating import bringing_back
from app.translating.bringing_back import Offer, Refused

# As a form sends it, a catalogue is longer than its file: each of its signs may take nine.
LARGEST_FORM = 3 * bringing_back.LARGEST


@staff_surveys.url_value_preprocessor
def let_catalogues_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take a catalogue's size from an admin where other forms end; this runs before anything reads the form."""
    if endpoint == "staff_surveys.bring_back" and current_user.is_authenticated and current_user.has_any(("admin",)):
        request.max_content_length = request.max_form_memory_size = LARGEST_FORM
        if (request.content_length or 0) > LARGEST_FORM:
            errors = pages.anchored([bringing_back.too_large(request.content_length or 0)], "file")
            page = _bring_back_page(_translated((values or {})["code"]), None, errors)
            abort(Response(page, 413, mimetype="text/html"))


@staff_surveys.get("/languages")
@roles(*EVERYBODY)
def languages() -> ResponseReturnValue:
    """Show how far each language is."""
    return _languages_page([])


@staff_surveys.get("/languages/<code>.po")
@roles(*EVERYBODY)
def catalogue(code: str) -> ResponseReturnValue:
    """Hand out a language's catalogue, for a translator to take away."""
    language = _translated(code)
    path = i18n.catalogue_file(language.code)
    return send_file(path, mimetype="text/x-gettext-translation", as_attachment=True, download_name=f"{code}.po")


@staff_surveys.route("/languages/<code>/bring-back", methods=["GET", "POST"])
@roles("admin")
def bring_back(code: str) -> ResponseReturnValue:
    """Check a catalogue that came back, show what it would change, and take it once that was confirmed."""
    language = _translated(code)
    if request.method == "GET":
        return _bring_back_page(language, None, [])
    try:
        offer = bringing_back.offered(_folder(language), _sent())
        if request.form.get("compared_with") != offer.compared_with:
            return _bring_back_page(language, offer, _overtaken())
        _take(language, offer)
    except Refused as refused:
        return _bring_back_page(language, None, pages.anchored(refused.reasons, "file")), 422
    return pages.done(f"{language.english}: {len(offer.changes)} texts changed.", url_for(".languages"))


@staff_surveys.post("/languages/<code>/reviewed")
@roles("admin")
def reviewed(code: str) -> ResponseReturnValue:
    """Note which fluent speaker reviewed a language."""
    language, name = _translated(code), request.form.get("name", "")
    try:
        bringing_back.record_review(_folder(language), name, clock.london(clock.now()).date())
    except Refused as refused:
        return _languages_page(pages.anchored(refused.reasons, f"name-{code}")), 422
    audit.record("translations.review", code, name)
    db.session.commit()
    return pages.done(
        f"{language.english} was reviewed by {name}. Its pages no longer say draft.", url_for(".languages")
    )


@staff_surveys.post("/languages/<code>/draft")
@roles("admin")
def draft(code: str) -> ResponseReturnValue:
    """Make a language a draft again, where its review does not hold."""
    language = _translated(code)
    try:
        was = bringing_back.withdraw_review(_folder(language))
    except Refused as refused:
        return _languages_page(pages.anchored(refused.reasons, f"name-{code}")), 422
    audit.record("translations.draft", code, was)
    db.session.commit()
    return pages.done(f"{language.english} is a draft again, and its pages say so.", url_for(".languages"))


def _take(language: i18n.Language, offer: Offer) -> None:
    bringing_back.take(offer)
    changed = "; ".join(change.english for change in offer.changes)
    audit.record("translations.take", f"{language.code}: {len(offer.changes)} texts", changed)
    db.session.commit()


def _sent() -> bytes:
    """Read the file, or, once its changes were seen, the same catalogue as the page sends it back."""
    file = request.files.get("file")
    content = file.read() if file and file.filename else request.form.get("catalogue", "").encode()
    if not content:
        raise Refused("Choose the PO file that came back")
    return content


def _overtaken() -> list[dict[str, str]]:
    """Say, to somebody who had confirmed, that the catalogue in use has changed since."""
    if "compared_with" not in request.form:
        return []
    return [
        {"text": "Somebody changed this language since you looked. See again what would change", "anchor": "changes"}
    ]


def _translated(code: str) -> i18n.Language:
    found = i18n.languages().get(code)
    return found if found and code != i18n.SOURCE else abort(404)


def _folder(language: i18n.Language) -> str:
    return language.code.replace("-", "_")


def _languages_page(errors: list[dict[str, str]]) -> str:
    return render_template(
        "staff/languages.html",
        states=readiness.language_states(),
        examples=readiness.EXAMPLES,
        may_manage=current_user.has_any(("admin",)),
        errors=errors,
        typed=request.form,
    )


def _bring_back_page(language: i18n.Language, offer: Offer | None, errors: list[dict[str, str]]) -> str:
    return render_template("staff/bring_back.html", translated=language, offer=offer, errors=errors)
