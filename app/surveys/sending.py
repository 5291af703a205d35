"""The last steps of answering: check, send, and the receipt."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

from flask import get_template_attribute, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from app import clock
from app.surveys import drawn, journey, messages, responding, traffic, visit
from app.surveys.answering import again_if_overtaken, frame, open_draft, step_address
from app.surveys.errors import Crowded, DraftGone, NotAccepted
from app.surveys.views import Page, resident

BACK_TO_CHECK: dict[str, Any] = {"return": "check"}


@resident.get("/<lang:language>/<slug>/check")
def check(slug: str) -> Page:
    """Show all answers before they are sent, each with a way to change it; where nothing follows, send them here."""
    draft, definition = open_draft(slug)
    route = journey.pages(definition, draft.answers)
    unfinished = journey.first_unfinished(route, draft.answers, after_check=False)
    if unfinished:
        return redirect(step_address(slug, unfinished.key))
    onwards = next((page.key for page in route if page.after_check), None)
    back = [page.key for page in route if not page.after_check][-1]

    def context() -> dict[str, Any]:
        address = step_address(slug, onwards) if onwards else None
        return frame(slug, definition, onwards=address, back=step_address(slug, back))

    answers = drawn_summary(summary(slug, route, draft.answers, after_check=False))
    own = {"answers": answers, "submission": draft.submission}
    return drawn.once("resident/check.html", (draft.wave.digest, onwards, back), context, **own)


def drawn_summary(sections: list[tuple[str, list[Any]]]) -> Markup:
    """Draw answers in words, by section."""
    drawn_by = get_template_attribute("components/summary.html", "summary_by_section")
    return Markup(drawn_by(sections))  # nosec B704


def summary(
    slug: str, route: list[journey.Page], answers: dict[str, Any], after_check: bool
) -> list[tuple[str, list[Any]]]:
    """List sections with their questions, the answers in words, and the address to change each."""
    words = messages.off_scale_words()
    sections: dict[str, list[Any]] = {}
    for page in route:
        if page.after_check != after_check:
            continue
        change_url = url_for("resident.question", slug=slug, key=page.key, **BACK_TO_CHECK)
        for asked in page.questions:
            named = words | ({"none": asked.none_of_these} if asked.none_of_these else {})
            said = asked.behaviour.said(asked, answers, named)
            row = {"question": asked.text, "answers": said, "change_url": change_url}
            sections.setdefault(page.section.title, []).append(row)
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
    back = next((page.key for page in reversed(route) if page.after_check), "check")

    def context() -> dict[str, Any]:
        return frame(slug, definition, back=step_address(slug, back))

    answers = drawn_summary(summary(slug, route, draft.answers, after_check=True))
    own = {"answers": answers, "submission": draft.submission}
    return drawn.once("resident/send.html", (draft.wave.digest, back), context, **own)


@resident.post("/<lang:language>/<slug>/check")
@resident.post("/<lang:language>/<slug>/send")
@again_if_overtaken
def submit(slug: str) -> Page:
    """Store the response once and show its receipt; whoever repeats it gets the same receipt."""
    stored = responding.already_stored(request.form.get("submission", ""))
    if stored:
        return show_receipt(slug, stored)
    try:
        draft = visit.draft(slug)
        proof, trapped = request.form.get("altcha", ""), bool(request.form.get(traffic.TRAP))
        receipt = responding.submit(draft, proof, trapped) or visit.receipt()
    except Crowded as crowded:
        return wait(slug, crowded.due_at)
    except NotAccepted:
        return redirect(url_for("resident.send", slug=slug), 303)
    except DraftGone:
        stored = responding.already_stored(request.form.get("submission", "")) or visit.receipt()
        if not stored:
            raise
        return show_receipt(slug, stored)
    if not receipt:
        return change_sent(slug, draft.sendable_until)
    return show_receipt(slug, receipt)


def wait(slug: str, due_at: datetime) -> Page:
    """Say how long to wait where many answers come from one network, and set a browser with script some work."""
    draft, definition = open_draft(slug)
    seconds = max(1, ceil((due_at - clock.now()).total_seconds()))
    tried = bool(request.form.get("altcha"))
    work = "" if tried else traffic.as_json(traffic.work_for(draft.submission))
    own = {"submission": draft.submission, "seconds": seconds, "work": work, "trapped": request.form.get(traffic.TRAP)}
    page = make_response(render_template("resident/wait.html", **frame(slug, definition, **own)), 429)
    page.headers["Retry-After"] = str(seconds)
    return page


def change_sent(slug: str, freezes_at: datetime) -> Page:
    """Thank somebody whose change was sent from a browser that does not know the receipt code."""
    visit.let_go(slug)
    return render_template("resident/receipt.html", code="", freezes_at=freezes_at)


def show_receipt(slug: str, receipt: str) -> Page:
    """Lead to the receipt; the draft is over."""
    visit.let_go(slug)
    visit.hold_receipt(receipt)
    return redirect(url_for("resident.receipt", slug=slug), 303)


@resident.get("/<lang:language>/<slug>/receipt")
def receipt(slug: str) -> Page:
    """Show the receipt code, and what can be done with it."""
    sent = visit.sent()
    return drawn.once("resident/receipt.html", sent, sent._asdict, code=visit.receipt())
