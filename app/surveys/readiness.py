"""What stands between a survey and its launch: unconfirmed parts and support lines, incomplete languages."""

from __future__ import annotations

from dataclasses import dataclass

from app import i18n
from app.surveys import completeness, queries
from app.surveys.document import from_document, texts
from app.surveys.models import SupportLine, Survey
from app.translating import catalogues

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Readiness:
    """What to look at before a wave opens; only ``incomplete`` forbids it."""

    unconfirmed: list[tuple[str, str]]
    unconfirmed_lines: list[SupportLine]
    incomplete: list[str]

    @property
    def clear(self) -> bool:
        """Say whether nothing is left to do."""
        return not (self.unconfirmed or self.unconfirmed_lines or self.incomplete)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of some texts a language has."""

    subject: str
    total: int
    missing: list[str]

    @property
    def complete(self) -> bool:
        """Say whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class LanguageState:
    """How far a language is: who reviewed it, what changed since, what it covers, and which of its texts are stale."""

    language: i18n.Language
    reviewer: str
    changed: tuple[str, ...]
    stale: list[str]
    coverage: list[Coverage]

    @property
    def is_source(self) -> bool:
        """Say whether this is English, which the others translate."""
        return self.language.code == i18n.SOURCE


def readiness_of(survey: Survey) -> Readiness:
    """Gather what is unconfirmed or incomplete in a survey as it was last imported."""
    return Readiness(
        from_document(survey.document).unconfirmed,
        [line for line in queries.support_lines() if line.confirmed_at is None],
        completeness.incomplete(survey.document, survey.texts),
    )


def language_states() -> list[LanguageState]:
    """Describe every installed language, English first."""
    return [_state(language) for language in i18n.languages().values()]


def _state(language: i18n.Language) -> LanguageState:
    if language.code == i18n.SOURCE:
        return LanguageState(language, "", (), [], [])
    catalogue = i18n.catalogue(language.code)
    interface = Coverage("Pages", sum(1 for entry in catalogue if entry.id), i18n.untranslated(language.code))
    coverage = [interface, *_questionnaires(language.code)]
    changed = i18n.changed_since_review(language.code)
    return LanguageState(language, i18n.reviewer(language.code), changed, catalogues.stale(catalogue), coverage)


def _questionnaires(code: str) -> list[Coverage]:
    return [
        Coverage(
            survey.title, len(texts(survey.document)), completeness.translated(survey.document, survey.texts, code)[1]
        )
        for survey in queries.surveys()
        if code in survey.document["languages"]
    ]
