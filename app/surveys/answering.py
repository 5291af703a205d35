"""The pages of answering: one thing a page, check, send, receipt. Every page saves."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from app import clock, i18n
from app.i18n import language_switch
from app.surveys import drawn, forms, journey, queries, responding, services, visit
from app.surveys.definition import Definition, chosen
from app.surveys.kinds import Order
from app.surveys.queries import HeldDraft
from app.surveys.views import Page, resident


def open_draft(slug: str) -> tuple[HeldDraft, Definition]:
    """Find this browser's draft of a survey, and its definition in the language of the page."""
    draft = visit.draft(slug)
    return draft, queries.definition_of(draft.wave, i18n.spoken().code)


def frame(slug: str, definition: Definition, **more: Any) -> dict[str, Any]:
    """Gather what every page of a response shows around its content."""
    seconds = current_app.config["IDLE_MINUTES"] * 60
    return {
        "slug": slug,
        "definition": definition,
        "language_switch": language_switch(definition.languages),
        "timeout": {
            "seconds": seconds,
            "warn_seconds": min(300, seconds // 2),
            "extend_url": url_for("resident.stay"),
            "url": url_for("resident.timed_out"),
        },
        **more,
    }


@resident.get("/<lang:language>/<slug>/q/<key>")
def question(slug: str, key: str) -> Page:
    """Ask one thing."""
    draft, definition = open_draft(slug)
    page = journey.page_named(definition, draft.answers, key)
    if page is None:
        return redirect(address(slug, draft, definition))
    return question_page(slug, draft, definition, page)


def question_page(
    slug: str, draft: HeldDraft, definition: Definition, page: journey.Page, reading: forms.Reading | None = None
) -> str:
    """Draw a page of questions, with what is stored or with what was just typed."""
    route = journey.pages(definition, draft.answers)
    before = journey.neighbours(route, page)[0]
    progress = journey.progress(route, page)
    changing = request.values.get("return") == "check"
    back = url_for("resident.question", slug=slug, key=before.key) if before else url_for("resident.start", slug=slug)
    if changing or (before and page.after_check and not before.after_check):
        back = url_for("resident.send" if changing and page.after_check else "resident.check", slug=slug)

    def context() -> dict[str, Any]:
        views = forms.views(page, definition, draft.answers, draft.seed, reading)
        errors = [error for view in views for error in view.errors]
        about = {"page": page, "views": views, "back": back, "changing": changing, "progress": progress}
        return frame(slug, definition, **about, errors=errors, switch_form="page")

    if reading is None and page.alike_for_all(draft.answers):
        of = (draft.wave.digest, page.key, tuple(page.keys), progress, back, changing)
        return drawn.once("resident/question.html", of, context)
    return render_template("resident/question.html", **context())


@resident.post("/<lang:language>/<slug>/q/<key>")
def answer(slug: str, key: str) -> Page:
    """Keep what a page answered and lead on; what can't be kept is shown again with what to do."""
    try:
        draft, definition = open_draft(slug)
    except visit.TimedOut:
        return late_answer(slug, key)
    page = journey.page_named(definition, draft.answers, key)
    if page is None:
        return redirect(address(slug, draft, definition), 303)
    reading = forms.read(page, request.form, draft.answers)
    if "_switch" in request.form:
        if "_errors" not in request.form:
            reading.problems = []
        return question_page(slug, draft, definition, page, reading)
    if reading.problems:
        return question_page(slug, draft, definition, page, reading), 422
    ending = ending_of(page, reading)
    if ending:
        return end(slug, draft, definition, ending)
    return redirect(keep(slug, draft, definition, page, reading), 303)


def keep(slug: str, draft: HeldDraft, definition: Definition, page: journey.Page, reading: forms.Reading) -> str:
    """Save a page's answers and say where the way leads on."""
    answers = {key: value for key, value in draft.answers.items() if key not in set(page.keys)} | reading.answers
    answers = settled(definition, answers)
    route = journey.pages(definition, answers)
    following = next_step(definition, answers, route, page)
    responding.save_page(draft, answers, following, i18n.spoken().code)
    return step_address(slug, following)


def settled(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Drop an order that no longer fits what was chosen: it is asked for again rather than guessed."""
    stale = set()
    for question in definition.questions:
        if isinstance(question.behaviour, Order) and question.key in answers:
            order = answers[question.key]
            if isinstance(order, list) and set(order) != set(question.behaviour.keys(question, answers)):
                stale.add(question.key)
    return {key: value for key, value in answers.items() if key not in stale}


def next_step(definition: Definition, answers: dict[str, Any], route: list[journey.Page], page: journey.Page) -> str:
    """Name the step after a page: the next page, or back to the check for somebody who is changing an answer."""
    here = journey.page_named(definition, answers, page.key)
    if here is None:
        return "check"
    last = "send" if page.after_check else "check"
    if request.form.get("return") == "check":
        unfinished = journey.first_unfinished(route, answers, page.after_check)
        return unfinished.key if unfinished else last
    after = journey.neighbours(route, here)[1]
    if after is None or after.after_check != page.after_check:
        return last
    return after.key


def step_address(slug: str, step: str) -> str:
    """Give the address of a step."""
    if step in ("check", "send"):
        return url_for(f"resident.{step}", slug=slug)
    return url_for("resident.question", slug=slug, key=step)


def address(slug: str, draft: HeldDraft, definition: Definition) -> str:
    """Give the address of the page where a draft goes on."""
    route = journey.pages(definition, draft.answers)
    unfinished = journey.first_unfinished(route, draft.answers, after_check=False)
    return step_address(slug, unfinished.key if unfinished else "check")


def ending_of(page: journey.Page, reading: forms.Reading) -> str:
    """Name the ending that an answer of a page leads to, if one does."""
    options = (option for asked in page.questions for option in chosen(asked, reading.answers.get(asked.key)))
    return next((option.ends for option in options if option.ends), "")


def end(slug: str, draft: HeldDraft, definition: Definition, ending: str) -> Page:
    """Erase what somebody entered whom the survey does not ask, also what they had sent before."""
    responding.erase(draft)
    visit.leave()
    return ended_page(slug, definition, ending)


def late_answer(slug: str, key: str) -> Page:
    """Save a page that was sent after the visit had timed out: nothing typed is lost, but the code is asked for."""
    draft = queries.draft_with(visit.resume_code(slug), clock.now())
    definition = queries.definition_of(draft.wave, i18n.spoken().code)
    page = journey.page_named(definition, draft.answers, key)
    reading = forms.read(page, request.form, draft.answers) if page else None
    if page and reading and not reading.problems:
        ending = ending_of(page, reading)
        if ending:
            return end(slug, draft, definition, ending)
        keep(slug, draft, definition, page, reading)
    raise visit.TimedOut


@resident.post("/<lang:language>/<slug>/ended")
def ended(slug: str) -> Page:
    """Show an ending again, in another language."""
    survey = queries.survey_named(slug)
    wave = services.wave_open_now(survey)
    if wave is None:
        return redirect(url_for("resident.home"), 303)
    return ended_page(slug, queries.definition_of(wave, i18n.spoken().code), request.form.get("ending", ""))


@resident.get("/<lang:language>/<slug>/ended")
def ended_again(slug: str) -> Page:
    """Lead somebody who reloads the ending to the start page."""
    return redirect(url_for("resident.start", slug=slug))


def ended_page(slug: str, definition: Definition, key: str) -> Page:
    """Thank somebody whom the survey does not ask, and say where to turn to. Nothing is kept, in no address either."""
    ending = definition.ending(key)
    if ending is None:
        return redirect(url_for("resident.home"), 303)
    switch = [
        {**other, "url": url_for("resident.ended", slug=slug, language=other["code"])}
        for other in language_switch(definition.languages)
    ]
    return render_template(
        "resident/ended.html",
        slug=slug,
        ending=ending,
        switch_form="page",
        language_switch=switch,
        lines=queries.support_lines(),
    )


@resident.get("/<lang:language>/<slug>/saved")
def saved(slug: str) -> Page:
    """Show the code with which somebody can come back later."""
    draft, definition = open_draft(slug)
    return render_template(
        "resident/saved.html",
        **frame(slug, definition, code=visit.resume_code(slug)),
        draft=draft,
        onwards=address_of_stored(slug, draft, definition),
    )


def address_of_stored(slug: str, draft: HeldDraft, definition: Definition) -> str:
    """Give the address where the draft was last saved."""
    if draft.page is None:
        return step_address(slug, journey.pages(definition, draft.answers)[0].key)
    return step_address(slug, draft.page)
