"""The pages of answering: one thing a page, check, send, receipt. Every page saves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import current_app, get_template_attribute, redirect, render_template, request, url_for
from markupsafe import Markup

from app import clock, i18n
from app.i18n import language_switch
from app.surveys import drawn, forms, journey, queries, responding, services, visit
from app.surveys.definition import Definition, chosen
from app.surveys.errors import Overtaken
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
    route = journey.pages(definition, draft.answers)
    page = journey.page_named(route, key)
    if page is None:
        return redirect(address(slug, draft, definition))
    before = journey.neighbours(route, page)[0]
    steps, changing = journey.progress(route, page), is_changing()

    def context() -> dict[str, Any]:
        return around(slug, definition, route, page)

    def fields() -> Markup:
        return drawn_fields(forms.views(page, definition, draft.answers, draft.seed))

    of = (draft.wave.digest, page.key, tuple(page.keys), steps, before and before.key, changing)
    if page.alike_for_all(draft.answers):
        return drawn.once("resident/question.html", of, lambda: {**context(), "fields": fields()})
    return drawn.once("resident/question.html", of, context, fields=fields())


def asked_again(slug: str, draft: HeldDraft, definition: Definition, page: journey.Page, reading: forms.Reading) -> str:
    """Draw a page of questions with what was just typed, and what is wrong with it."""
    views = forms.views(page, definition, draft.answers, draft.seed, reading)
    errors = [error for view in views for error in view.errors]
    context = around(slug, definition, journey.pages(definition, draft.answers), page)
    return render_template("resident/question.html", **context, fields=drawn_fields(views), errors=errors)


def is_changing() -> bool:
    """Say whether somebody came from the check to change an answer, and goes back there."""
    return request.values.get("return") == "check"


def around(slug: str, definition: Definition, route: list[journey.Page], page: journey.Page) -> dict[str, Any]:
    """Gather what a page of questions shows around its fields."""
    progress = journey.progress(route, page)
    about = {"page": page, "changing": is_changing(), "progress": progress}
    about["number"] = number_on_paper(definition, page, progress[0])
    return frame(slug, definition, **about, back=way_back(slug, route, page), switch_form="page")


def way_back(slug: str, route: list[journey.Page], page: journey.Page) -> str:
    """Give the address of the page before: the check for somebody who is changing an answer."""
    before, changing = journey.neighbours(route, page)[0], is_changing()
    if changing or (before and page.after_check and not before.after_check):
        return url_for("resident.send" if changing and page.after_check else "resident.check", slug=slug)
    return url_for("resident.question", slug=slug, key=before.key) if before else url_for("resident.start", slug=slug)


def drawn_fields(views: list[forms.FieldView]) -> Markup:
    """Draw the questions of a page."""
    return Markup(get_template_attribute("fields/field.html", "fields")(views))  # nosec B704


def again_if_overtaken(view: Callable[..., Page]) -> Callable[..., Page]:
    """Do again what another page of the same draft was faster than: it was kept, and is read and joined now."""

    @wraps(view)
    def repeated(**values: Any) -> Page:
        while True:
            with suppress(Overtaken):
                return view(**values)

    return repeated


def number_on_paper(definition: Definition, page: journey.Page, step: int) -> int | None:
    """Number a question as the form on paper does, where that is not its step: routes leave questions out."""
    number = journey.numbers(definition)[page.questions[0].key]
    return number if page.single and number != step else None


@resident.post("/<lang:language>/<slug>/q/<key>")
@again_if_overtaken
def answer(slug: str, key: str) -> Page:
    """Keep what a page answered and lead on; what can't be kept is shown again with what to do."""
    try:
        draft, definition = open_draft(slug)
    except visit.TimedOut:
        return late_answer(slug, key)
    page = journey.page_named(journey.pages(definition, draft.answers), key)
    if page is None:
        return redirect(address(slug, draft, definition), 303)
    reading = forms.read(page, request.form, draft.answers)
    if "_switch" in request.form:
        if "_errors" not in request.form:
            reading.problems = []
        return asked_again(slug, draft, definition, page, reading)
    if reading.problems:
        return asked_again(slug, draft, definition, page, reading), 422
    ending = ending_of(page, reading)
    if ending:
        return end(slug, draft, definition, ending)
    return redirect(keep(slug, draft, definition, page, reading), 303)


def keep(slug: str, draft: HeldDraft, definition: Definition, page: journey.Page, reading: forms.Reading) -> str:
    """Save a page's answers and say where the way leads on."""
    asked_here = set(page.keys)
    others = {key: value for key, value in draft.answers.items() if key not in asked_here}
    answers = settled(definition, others | reading.answers)
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
    here = journey.page_named(route, page.key)
    if here is None:
        return "check"
    last = "send" if page.after_check else "check"
    if is_changing():
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
    page = journey.page_named(journey.pages(definition, draft.answers), key)
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
