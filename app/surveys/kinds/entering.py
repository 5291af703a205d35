"""Kinds that say how much, where, or in own words: a number, an amount, an area, a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from app.surveys.kinds.base import NUMBER, ONE, WORDS, Field, Form, Invalid, Kind, clean_text, single, whole_number

if TYPE_CHECKING:
    from app.surveys.definition import Option, Question

LARGEST_NUMBER = 10**9


class Number(Kind):
    """A whole number."""

    attributes = frozenset({"minimum", "maximum", "unit"})
    has_options = False

    def missing(self, question: Question) -> str:
        """Ask for a number."""
        return "enter_number"

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> int | str:
        """Return the number; refuse one out of range."""
        if isinstance(answer, str) and answer in self.off_scale(question):
            return answer
        number = whole_number(answer)
        low = question.minimum if question.minimum is not None else -LARGEST_NUMBER
        high = question.maximum if question.maximum is not None else LARGEST_NUMBER
        if not low <= number <= high:
            raise Invalid("out_of_range", typed=number, minimum=low, maximum=high)
        return number

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print a place for the number, and boxes for what stands apart from it."""
        return (Field(question.key, NUMBER), *self.apart_on_paper(question))

    def typed(self, question: Question, form: Form) -> Any:
        """Take the number, or the off-scale answer ticked instead of it."""
        number, apart = single(form, question.key), single(form, f"{question.key}.apart")
        return [number, apart] if number and apart else number or apart


class AmountByBand(Kind):
    """An amount a year, said for one's own council tax band."""

    attributes = frozenset({"band"})
    ratios: ClassVar[dict[str, int]] = {"a": 6, "b": 7, "c": 8, "d": 9, "e": 11, "f": 13, "g": 15, "h": 18}

    def for_band(self, option: Option, band: Any) -> Option:
        """Fill an option's text with what it costs in one band (D where the band is not known)."""
        if option.band_d is None:
            return option
        year = option.band_d * self.ratios.get(band, 9) / 9
        text = option.text.replace("{year}", f"£{year:,.2f}").replace("{week}", f"£{year / 52:,.2f}")
        return replace(option, text=text)

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Say the amount in the respondent's own band."""
        option = question.option(answers.get(question.key, ""))
        if option:
            return [self.for_band(option, answers.get(question.band)).text]
        return super().said(question, answers, words)


class Area(Kind):
    """The district, by postcode or by choice; the postcode is never part of the answer."""

    def missing(self, question: Question) -> str:
        """Ask for a postcode or a choice."""
        return "choose_area"

    def companions(self, question: Question) -> tuple[str, ...]:
        """Store the deprivation decile of the postcode beside the district."""
        return (f"{question.key}_decile",)

    def worded(self, question: Question) -> tuple[str, ...]:
        """Nothing here is written in own words."""
        return ()

    def check(self, question: Question, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the district, and the decile where the postcode gave one (1 to 10)."""
        clean: dict[str, Any] = {question.key: self.one_option(question, given[question.key])}
        name = f"{question.key}_decile"
        if name in given:
            decile = whole_number(given[name])
            if not 1 <= decile <= 10:
                raise Invalid("out_of_range", typed=decile, minimum=1, maximum=10)
            clean[name] = decile
        return clean

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print the districts only: a postcode on a sheet would say where somebody lives."""
        return (Field(question.key, ONE, (*question.option_keys, *self.off_scale(question))),)

    def read(self, question: Question, form: Form) -> dict[str, Any]:
        """Take the choice only: a decile comes from the postcode, never from the form."""
        district = single(form, question.key)
        return {question.key: district} if district is not None else {}


class Text(Kind):
    """Own words."""

    attributes = frozenset({"max_length", "lines"})
    required = False
    has_options = False

    def missing(self, question: Question) -> str:
        """Ask for some words."""
        return "enter_text"

    def worded(self, question: Question) -> tuple[str, ...]:
        """All of it is own words."""
        return (question.key,)

    def printed(self, question: Question) -> tuple[Field, ...]:
        """Print lines to write on, and boxes for what stands apart from them."""
        return (Field(question.key, WORDS, lines=question.lines), *self.apart_on_paper(question))

    def typed(self, question: Question, form: Form) -> Any:
        """Take the words, or the off-scale answer ticked instead of them."""
        return single(form, question.key) or single(form, f"{question.key}.apart")

    def check(self, question: Question, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the text as it was written, in any script."""
        text = clean_text(given[question.key], question.max_length)
        if not text and question.required:
            raise Invalid("enter_text")
        return {question.key: text} if text else {}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Repeat the words."""
        if question.key not in answers:
            return []
        text = answers[question.key]
        return [words.get(text, text) if text in self.off_scale(question) else text]
