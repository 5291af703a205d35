"""What a release calls questions, answers and districts, in each language that its wave ran in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import i18n
from app.results.reading.subjects import Subject, districts, subjects
from app.surveys import queries

if TYPE_CHECKING:
    from app.surveys.models import Wave


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a wave's frozen definition: subjects by key and districts by key, for each language."""

    subjects: Mapping[str, Mapping[str, Subject]]
    districts: Mapping[str, Mapping[str, str]]
    titles: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """List the languages, English first."""
        return tuple(self.subjects)

    def question(self, key: str) -> dict[str, str]:
        """Say a question in each language."""
        return {language: known[key].label for language, known in self.subjects.items()}

    def answers(self, key: str, options: Sequence[str]) -> dict[str, str]:
        """Say an answer, or several that are counted together, in each language."""
        return {
            language: " / ".join(dict(known[key].options).get(option, option) for option in options)
            for language, known in self.subjects.items()
        }

    def areas(self) -> dict[str, dict[str, str]]:
        """Name each district in each language."""
        keys = self.districts[i18n.SOURCE]
        return {key: {language: known[key] for language, known in self.districts.items()} for key in keys}


def labels_of(wave: Wave) -> Labels:
    """Read the words of a wave in every language that it ran in."""
    english = queries.definition_of(wave)
    codes = [i18n.SOURCE, *(code for code in english.languages if code != i18n.SOURCE)]
    definitions = {code: queries.definition_of(wave, code) for code in codes}
    return Labels(
        {code: {each.key: each for each in subjects(found)} for code, found in definitions.items()},
        {code: districts(found) for code, found in definitions.items()},
        {code: found.title for code, found in definitions.items()},
    )
