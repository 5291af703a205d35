"""The way through a questionnaire: which pages there are, and which one comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.surveys.definition import Definition, Question, Section, check_question


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a questionnaire: one question, or a section asked together."""

    key: str
    section: Section
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        """Name the page as its heading does."""
        return self.questions[0].text if self.single else self.section.title

    @property
    def single(self) -> bool:
        """Say whether the page's only question is its heading."""
        return len(self.questions) == 1 and not self.section.together

    @property
    def after_check(self) -> bool:
        """Say whether the page comes after "check your answers"."""
        return self.section.after_check

    @property
    def keys(self) -> Iterator[str]:
        """Name every answer that this page gives."""
        for question in self.questions:
            yield from question.names

    def alike_for_all(self, answers: Mapping[str, Any]) -> bool:
        """Say whether all who come to it see the same: nothing is answered, and no option is anybody's own."""
        answered = any(key in answers for key in self.keys)
        return not answered and not any(question.varies for question in self.questions)


def pages(definition: Definition, answers: Mapping[str, Any]) -> list[Page]:
    """List the pages on the route that some answers take, those after the check last."""
    asked = {question.key for question in definition.asked_of(answers)}
    found: list[Page] = []
    for section in definition.sections:
        questions = tuple(question for question in section.questions if question.key in asked)
        if section.together and questions:
            found.append(Page(section.key, section, questions))
        else:
            found += [Page(question.key, section, (question,)) for question in questions]
    return sorted(found, key=lambda page: page.after_check)


def numbers(definition: Definition) -> dict[str, int]:
    """Number all questions in the order in which they are asked, those after the check last, whatever the route."""
    sections = sorted(definition.sections, key=lambda section: section.after_check)
    keys = [question.key for section in sections for question in section.questions]
    return {key: number for number, key in enumerate(keys, start=1)}


def page_named(route: list[Page], key: str) -> Page | None:
    """Find a page on a route by its key."""
    return next((page for page in route if page.key == key), None)


def neighbours(route: list[Page], page: Page) -> tuple[Page | None, Page | None]:
    """Find the pages before and after a page on its route."""
    position = [other.key for other in route].index(page.key)
    before = route[position - 1] if position else None
    after = route[position + 1] if position + 1 < len(route) else None
    return before, after


def first_unfinished(route: list[Page], answers: Mapping[str, Any], after_check: bool) -> Page | None:
    """Find the first page, before or after the check, that still needs an answer."""
    for page in route:
        if page.after_check == after_check and not finished(page, answers):
            return page
    return None


def finished(page: Page, answers: Mapping[str, Any]) -> bool:
    """Say whether a page's answers would pass the gate as they are."""
    for question in page.questions:
        given = {name: answers[name] for name in question.names if name in answers}
        if check_question(question, given, answers)[1]:
            return False
    return True


def progress(route: list[Page], page: Page) -> tuple[int, int]:
    """Say which step a page is and of how many, so far as the answers given so far can tell."""
    stage = [other.key for other in route if other.after_check == page.after_check]
    return stage.index(page.key) + 1, len(stage)
