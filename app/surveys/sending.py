"""The last steps of answering: check, send, and the receipt."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from app import i18n
from app.surveys import journey, messages, queries, responding, visit
from app.surveys.answering import frame, open_draft, step_address
from app.surveys.definition import Definition
from app.surveys.errors import DraftGone, NotAccepted
from app.surveys.views import Page, resident

BACK_TO_CHECK: dict[str, Any] = {"return": "check"}


@resident.get("/<lang:language>/<slug>/check")
def check(slug: str) -> Page:
    """Show all answers before they are sent, each with a way to change it."""
    draft, definition = open_draft(slug)
    unfinished = journey.first_unfinished(journey.pages(definition, draft.answers), draft.answers, after_check=False)
    if unfinished:
        return redirect(step_address(slug, unfinished.key))
    route = journey.pages(definition, draft.answers)
    after = next((page for page in route if page.after_check), None)
    onwards = step_address(slug, after.key if after else "send")
    back = [page for page in route if not page.after_check][-1]
    return render_template(
        "resident/check.html",
        **frame(slug, definition, onwards=onwards, back=step_address(slug, back.key)),
        sections=summary(slug, definition, draft.answers, after_check=False),
    )


def summary(
    slug: str, definition: Definition, answers: dict[str, Any], after_check: bool
) -> list[tuple[str, list[Any]]]:
    """List sections with their questions, the answers in words, and the address to change each."""
    words = messages.off_scale_words()
    sections: dict[str, list[Any]] = {}
    for page in journey.pages(definition, answers):
        if page.after_check != after_check:
            continue
        for asked in page.questions:
            named = words | ({"none": asked.none_of_these} if asked.none_of_these else {})
            sections.setdefault(page.section.title, []).append(
                {
                    "question": asked.text,
                    "answers": asked.behaviour.said(asked, answers, named),
                    "change_url": url_for("resident.question", slug=slug, key=page.key, **BACK_TO_CHECK),
                    "change_text_hidden": asked.text,
                }
            )
    return list(sections.items())


@resident.get("/<lang:language>/<slug>/send")
def send(slug: str) -> Page:
    """Ask for the last word before the answers are sent."""
    draft, definition = open_draft(slug)
    route = journey.pages(definition, draft.answers)
    for after_check in (False, True):
        unfinished = journey.first_unfinished(route, draft.answers, after_check)
        if unfinished:
            return redirect(step_address(slug, unfinished.key))
    last = [page for page in route if page.after_check]
    back = step_address(slug, last[-1].key if last else "check")
    return render_template(
        "resident/send.html",
        **frame(slug, definition, back=back, draft=draft),
        sections=summary(slug, definition, draft.answers, after_check=True),
    )


@resident.post("/<lang:language>/<slug>/send")
def submit(slug: str) -> Page:
    """Store the response once and show its receipt; whoever repeats it gets the same receipt."""
    stored = responding.already_stored(request.form.get("submission", ""))
    if stored:
        return show_receipt(slug, stored)
    try:
        draft, definition = open_draft(slug)
        response_id = draft.amends_id
        receipt = responding.submit(draft) or visit.receipt()
    except NotAccepted:
        return redirect(url_for("resident.send", slug=slug), 303)
    except DraftGone:
        stored = responding.already_stored(request.form.get("submission", "")) or visit.receipt()
        if not stored:
            raise
        return show_receipt(slug, stored)
    if not receipt:
        return change_sent(slug, definition, response_id)
    return show_receipt(slug, receipt)


def change_sent(slug: str, definition: Definition, response_id: int | None) -> Page:
    """Thank somebody whose change was sent from a browser that does not know the receipt code."""
    visit.let_go(slug)
    response = queries.response_numbered(response_id)
    return render_template("resident/receipt.html", slug=slug, code="", response=response, definition=definition)


def show_receipt(slug: str, receipt: str) -> Page:
    """Lead to the receipt; the draft is over."""
    visit.let_go(slug)
    visit.hold_receipt(receipt)
    return redirect(url_for("resident.receipt", slug=slug), 303)


@resident.get("/<lang:language>/<slug>/receipt")
def receipt(slug: str) -> Page:
    """Show the receipt code, and what can be done with it."""
    response = visit.response()
    return render_template(
        "resident/receipt.html",
        slug=slug,
        code=visit.receipt(),
        response=response,
        definition=queries.definition_of(response.wave, i18n.spoken().code),
        assisted=response.assisted,
    )
