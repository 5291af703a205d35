"""You said, we did: what people said, what was done, and the outcome of the Plan that it serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from app import clock, i18n
from app.accounts import audit
from app.database import db
from app.i18n import lazy as _l
from app.results.release.errors import CannotRelease
from app.results.release.models import Feedback
from app.surveys.models import Survey

OUTCOMES: dict[str, Any] = {
    "tackle-crime": _l("Tackle crime and anti-social behaviour"),
    "safeguard": _l("Safeguard vulnerable people"),
    "justice": _l("Make sure criminal justice works for communities"),
    "support-victims": _l("Support victims and witnesses"),
}
PARTS = ("theme", "said", "did")
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Answered:
    """One theme in one language: what people said, and what was done."""

    theme: str
    said: str
    did: str
    english: bool = False


def anything() -> bool:
    """Say whether anything is published."""
    return bool(db.session.scalar(select(exists().where(Feedback.published_at.is_not(None)))))


def listed() -> list[Feedback]:
    """List all themes, by survey and outcome."""
    return list(db.session.scalars(select(Feedback).order_by(Feedback.survey_id, Feedback.outcome, Feedback.id)))


def published(language: str) -> list[tuple[Any, list[Answered]]]:
    """Group what is published by outcome of the Plan, in a language; a theme without it is shown in English."""
    out = [each for each in listed() if each.published_at]
    groups = ((title, [_in(each, language) for each in out if each.outcome == key]) for key, title in OUTCOMES.items())
    return [(title, found) for title, found in groups if found]


def _in(each: Feedback, language: str) -> Answered:
    texts = each.texts.get(language)
    said = texts or each.texts[i18n.SOURCE]
    return Answered(said["theme"], said["said"], said["did"], english=not texts)


def languages_of(survey: Survey) -> tuple[str, ...]:
    """List the languages that a survey asks in, English first."""
    asked = survey.document.get("languages", [])
    return (i18n.SOURCE, *(code for code in i18n.languages() if code in asked and code != i18n.SOURCE))


def lacking(each: Feedback, survey: Survey) -> tuple[str, ...]:
    """List the languages in which a theme is not written yet."""
    return tuple(code for code in languages_of(survey) if not complete(each.texts.get(code, {})))


def complete(texts: Mapping[str, str]) -> bool:
    """Say whether a theme is written in full in one language."""
    return all(texts.get(part) for part in PARTS)


def keep(each: Feedback, survey: Survey, outcome: str, texts: Mapping[str, Mapping[str, str]], who: str) -> None:
    """Store a theme as it is written now. A published one that lacks a language from now on is taken down."""
    each.survey_id, each.outcome, each.changed_at, each.changed_by = survey.id, outcome, clock.now(), who
    each.texts = {code: dict(parts) for code, parts in texts.items() if complete(parts)}
    if lacking(each, survey):
        each.published_at = None
    db.session.add(each)
    audit.record("feedback.keep", f"{survey.slug} {outcome}")
    db.session.commit()


def show(each: Feedback, survey: Survey) -> None:
    """Publish a theme, which must be written in every language of its survey. Raises CannotRelease."""
    missing = lacking(each, survey)
    if missing:
        names = ", ".join(i18n.languages()[code].english for code in missing)
        raise CannotRelease(f"It cannot be published yet: write it in {names} too.")
    each.published_at = clock.now()
    audit.record("feedback.publish", f"{survey.slug} {each.outcome}")
    db.session.commit()


def hide(each: Feedback, survey: Survey) -> None:
    """Take a theme down."""
    each.published_at = None
    audit.record("feedback.hide", f"{survey.slug} {each.outcome}")
    db.session.commit()
