"""The staff's pages of "You said, we did": what people said, what was done, in each language, and what is public."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.database import db
from app.results.errors import ResultsError
from app.results.release import feedback
from app.results.release.models import Feedback
from app.surveys import queries
from app.surveys.models import Survey

staff_feedback = Blueprint("staff_feedback", __name__, url_prefix="/staff/you-said-we-did")

Texts = dict[str, dict[str, str]]
NAMES = {"theme": "theme", "said": "what people said", "did": "what was done"}


@staff_feedback.get("")
@roles("analyst", "office", "approver")
def index() -> ResponseReturnValue:
    """List the themes of each survey, with the languages that each lacks."""
    by_id = {survey.id: survey for survey in queries.surveys()}
    listed = [
        (each, by_id[each.survey_id], feedback.lacking(each, by_id[each.survey_id])) for each in feedback.listed()
    ]
    return render_template(
        "releases/you_said.html",
        themes=listed,
        surveys=queries.surveys(),
        outcomes=feedback.OUTCOMES,
        names=i18n.languages(),
        may_write=current_user.has_any(("office",)),
    )


@staff_feedback.route("/new/<slug>", methods=["GET", "POST"])
@roles("office")
def add(slug: str) -> ResponseReturnValue:
    """Write a theme about a survey."""
    return _form(Feedback(texts={}, outcome=""), queries.survey_named(slug))


@staff_feedback.route("/<int:number>", methods=["GET", "POST"])
@roles("office")
def edit(number: int) -> ResponseReturnValue:
    """Change a theme."""
    each = _numbered(number)
    return _form(each, _survey_of(each))


@staff_feedback.post("/<int:number>/publish")
@roles("office")
def publish(number: int) -> ResponseReturnValue:
    """Publish a theme, or take it down."""
    each = _numbered(number)
    survey = _survey_of(each)
    if request.form.get("show") == "no":
        feedback.hide(each, survey)
        return pages.done("It is no longer public.", url_for(".index"))
    try:
        feedback.show(each, survey)
    except ResultsError as error:
        return pages.problem("It cannot be published yet", str(error), 422)
    return pages.done("It is public now, in every language of the survey.", url_for(".index"))


def _numbered(number: int) -> Feedback:
    return db.session.get(Feedback, number) or abort(404)


def _survey_of(each: Feedback) -> Survey:
    return next(survey for survey in queries.surveys() if survey.id == each.survey_id)


def _form(each: Feedback, survey: Survey) -> ResponseReturnValue:
    languages = feedback.languages_of(survey)
    outcome, texts = each.outcome, each.texts
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        outcome, texts = request.form.get("outcome", ""), _typed(languages)
        errors = _errors(outcome, texts)
        if not errors:
            feedback.keep(each, survey, outcome, texts, current_user.email)
            return pages.done("It is kept.", url_for(".index"))
    page = render_template(
        "releases/theme.html",
        survey=survey,
        languages=[i18n.languages()[code] for code in languages],
        outcomes=list(feedback.OUTCOMES.items()),
        outcome=outcome,
        texts=texts,
        names=NAMES,
        errors=errors,
    )
    return page, 422 if errors else 200


def _typed(languages: tuple[str, ...]) -> Texts:
    return {
        code: {part: request.form.get(f"{part}-{code}", "").strip() for part in feedback.PARTS} for code in languages
    }


def _errors(outcome: str, texts: Texts) -> list[dict[str, str]]:
    errors = [] if outcome in feedback.OUTCOMES else pages.anchored(["Choose the outcome of the Plan"], "outcome")
    for code, parts in texts.items():
        language = i18n.languages()[code].english
        begun = code == i18n.SOURCE or any(parts.values())
        for part, text in parts.items():
            if begun and not text:
                errors += pages.anchored([f"Write {NAMES[part]} in {language}"], f"{part}-{code}")
            elif len(text) > feedback.LONGEST:
                message = f"{NAMES[part].capitalize()} in {language} has {len(text)} characters: shorten it to 1,000"
                errors += pages.anchored([message], f"{part}-{code}")
    return errors
