"""The registry of question kinds: how each is read from a form, checked, put into words and turned into columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from app.surveys.definition import Option, Question

NONE_OF_THESE = "none"
OFF_SCALE = ("dont_know", "prefer_not_to_say")
WRITE_IN_LENGTH = 200
LARGEST_NUMBER = 10**9


class Form(Protocol):
    """What a kind needs of a submitted form."""

    def getlist(self, name: str) -> list[str]:
        """List the values submitted under a name."""


class Invalid(ValueError):
    """An answer that cannot be stored; the code names the message, ``part`` the row or option concerned."""

    def __init__(self, code: str, part: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code, self.part, self.values = code, part, values


def single(form: Form, name: str) -> Any:
    """Read a field that should come once: nothing is None, several values stay a list (and fail the check)."""
    values = form.getlist(name)
    if len(values) > 1:
        return values
    return values[0].strip() or None if values else None


def clean_text(answer: Any, max_length: int) -> str:
    """Return a text as it is stored, in any script; refuse what no database can hold and what is too long."""
    if not isinstance(answer, str):
        raise Invalid("one_only")
    text = answer.replace("\r\n", "\n").replace("\r", "\n").strip()
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            raise Invalid("control_character", character=f"U+{ord(character):04X}")
    if len(text) > max_length:
        raise Invalid("too_long", length=len(text), max_length=max_length)
    return text


class Kind:
    """Behaviour that kinds share; a kind overrides what is its own."""

    attributes: frozenset[str] = frozenset()
    required = True
    has_options = True

    def off_scale(self, question: Question) -> tuple[str, ...]:
        """List the answers offered apart from the options."""
        offered = (question.dont_know, question.prefer_not_to_say)
        return tuple(key for key, yes in zip(OFF_SCALE, offered, strict=True) if yes)

    def applies(self, question: Question, before: Mapping[str, Any]) -> bool:
        """Say whether the question makes sense after the answers before it."""
        return True

    def missing(self, question: Question) -> str:
        """Name the message for a required question that was left."""
        return "choose_one"

    def companions(self, question: Question) -> tuple[str, ...]:
        """Name the answers that are stored beside this question's own."""
        return (f"{question.key}_text",) if any(option.write_in for option in question.options) else ()

    def read(self, question: Question, form: Form) -> dict[str, Any]:
        """Take the typed answer and its companions from a form; what was left empty is absent."""
        typed = {question.key: self.typed(question, form)}
        typed |= {name: single(form, name) for name in self.companions(question)}
        return {name: value for name, value in typed.items() if value not in (None, [], {})}

    def typed(self, question: Question, form: Form) -> Any:
        """Take the typed answer itself from a form."""
        return single(form, question.key)

    def check(self, question: Question, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer and its companions in stored form; raise Invalid where it cannot be stored."""
        answer = self.checked(question, given[question.key], before)
        return {question.key: answer, **self.written(question, answer, given)}

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> Any:
        """Return the answer itself in stored form."""
        return self.one_option(question, answer)

    def one_option(self, question: Question, answer: Any, part: str = "") -> str:
        """Return the key of one option; refuse anything else by name."""
        if not isinstance(answer, str):
            raise Invalid("one_only", part)
        if answer not in (*question.option_keys, *self.off_scale(question)):
            raise Invalid("unknown_option", part)
        return answer

    def written(self, question: Question, answer: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the write-in, if its option was chosen; what was written under another choice is dropped."""
        name = f"{question.key}_text"
        keys = answer if isinstance(answer, list) else [answer]
        if given.get(name) is None or not any(o.write_in for o in question.options if o.key in keys):
            return {}
        try:
            text = clean_text(given[name], WRITE_IN_LENGTH)
        except Invalid as error:
            raise Invalid(error.code, "text", **error.values) from None
        return {name: text} if text else {}

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name the columns of the microdata that this question fills."""
        return (question.key, *self.companions(question))

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Spread one stored answer over its columns; what was not answered is absent."""
        return {name: answers[name] for name in self.columns(question) if name in answers}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Put a stored answer into the words that the resident saw; ``words`` names the off-scale answers."""
        if question.key not in answers:
            return []
        return [self.named(question, answers[question.key], words), *self.own_words(question, answers)]

    def named(self, question: Question, key: Any, words: Mapping[str, str]) -> str:
        """Name one chosen option."""
        option = question.option(key)
        return option.text if option else words.get(key, str(key))

    def own_words(self, question: Question, answers: Mapping[str, Any]) -> list[str]:
        """List the write-in, if there is one."""
        name = f"{question.key}_text"
        return [answers[name]] if name in self.companions(question) and name in answers else []


class OneOf(Kind):
    """One of the options."""

    attributes = frozenset({"shuffle"})


class Scale(Kind):
    """One point of an ordered scale."""

    attributes = frozenset({"favourable"})


class Several(Kind):
    """Several options, perhaps at most a few; "none of these" excludes the others."""

    attributes = frozenset({"shuffle", "at_most", "at_least", "none_of_these"})

    def off_scale(self, question: Question) -> tuple[str, ...]:
        """Add "none of these" to the answers that stand apart."""
        none = (NONE_OF_THESE,) if question.none_of_these else ()
        return (*none, *super().off_scale(question))

    def missing(self, question: Question) -> str:
        """Ask for at least one."""
        return "choose_some"

    def typed(self, question: Question, form: Form) -> Any:
        """Take all ticked values."""
        return form.getlist(question.key)

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> list[str]:
        """Return the chosen keys, each once, in the definition's order."""
        if not isinstance(answer, list) or not answer:
            raise Invalid("choose_some")
        for key in answer:
            self.one_option(question, key)
        apart = [key for key in self.off_scale(question) if key in answer]
        if apart and len(set(answer)) > 1:
            raise Invalid("exclusive")
        keys = apart or [key for key in question.option_keys if key in answer]
        if question.at_most and len(keys) > question.at_most:
            raise Invalid("at_most", at_most=question.at_most, chosen=len(keys))
        if question.at_least and not apart and len(keys) < question.at_least:
            raise Invalid("at_least", at_least=question.at_least, chosen=len(keys))
        return keys

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one yes / no column for each option."""
        keys = (*question.option_keys, *self.off_scale(question))
        return (*(f"{question.key}_{key}" for key in keys), *self.companions(question))

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Spread the chosen options over 0 / 1 columns."""
        if question.key not in answers:
            return {}
        keys = (*question.option_keys, *self.off_scale(question))
        ticks: dict[str, Any] = {f"{question.key}_{key}": int(key in answers[question.key]) for key in keys}
        return ticks | {name: answers[name] for name in self.companions(question) if name in answers}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Name each chosen option."""
        chosen = [self.named(question, key, words) for key in answers.get(question.key, ())]
        return chosen + self.own_words(question, answers)


class ScaleGroup(Kind):
    """The same scale for each of several rows."""

    def missing(self, question: Question) -> str:
        """Ask for an answer to each row."""
        return "choose_each"

    def typed(self, question: Question, form: Form) -> Any:
        """Take the answer of each row."""
        rows = {row.key: single(form, f"{question.key}.{row.key}") for row in question.rows}
        return {row: point for row, point in rows.items() if point is not None}

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> dict[str, str]:
        """Return the point chosen in each row; a required group needs all of its rows."""
        rows = [row.key for row in question.rows]
        if not isinstance(answer, dict) or not set(answer) <= set(rows):
            raise Invalid("unknown_option")
        clean = {row: self.one_option(question, answer[row], row) for row in rows if row in answer}
        if question.required:
            for row in rows:
                if row not in clean:
                    raise Invalid("choose_each", row)
        return clean

    def check(self, question: Question, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the points by row; a group of which no row was answered is no answer."""
        return {key: points for key, points in super().check(question, given, before).items() if points}

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one column for each row."""
        return tuple(f"{question.key}_{row.key}" for row in question.rows)

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Spread the rows over their columns."""
        return {f"{question.key}_{row}": point for row, point in answers.get(question.key, {}).items()}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Say each row with its answer."""
        given = answers.get(question.key, {})
        rows = (row for row in question.rows if row.key in given)
        return [f"{row.text}: {self.named(question, given[row.key], words)}" for row in rows]


class Order(Kind):
    """Options put in order, top first; an order that was not touched is no answer."""

    attributes = frozenset({"of", "shuffle"})
    required = False
    has_options = False

    def applies(self, question: Question, before: Mapping[str, Any]) -> bool:
        """Ask only where there are two or more to put in order."""
        return not question.of or len(self.keys(question, before)) > 1

    def companions(self, question: Question) -> tuple[str, ...]:
        """Store nothing beside it: what was written in belongs to the question where it was chosen."""
        return ()

    def missing(self, question: Question) -> str:
        """Ask for the order."""
        return "order_all"

    def keys(self, question: Question, before: Mapping[str, Any]) -> list[str]:
        """List what is to be put in order: the options chosen before, or the question's own."""
        if not question.of:
            return list(question.option_keys)
        chosen = before.get(question.of)
        return [key for key in question.option_keys if key in chosen] if isinstance(chosen, list) else []

    def typed(self, question: Question, form: Form) -> Any:
        """Take the place given to each option, or the off-scale answer ticked instead."""
        places = {option.key: single(form, f"{question.key}.{option.key}") for option in question.options}
        given = {key: place for key, place in places.items() if place is not None}
        return given or single(form, f"{question.key}.apart")

    def checked(self, question: Question, answer: Any, before: Mapping[str, Any]) -> list[str] | str:
        """Return the keys top first, from places (``{key: place}``) or from a list that is in order already."""
        if isinstance(answer, str) and answer in self.off_scale(question):
            return answer
        keys = self.keys(question, before)
        order = self.placed(answer, keys) if isinstance(answer, dict) else answer
        if not isinstance(order, list) or not all(isinstance(key, str) for key in order):
            raise Invalid("order_all")
        if any(key not in keys for key in order):
            raise Invalid("unknown_option")
        if len(order) != len(keys) or len(set(order)) != len(order):
            raise Invalid("order_all")
        return order

    def placed(self, places: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
        """Sort options by their places; refuse two in one place, a gap and a place out of range."""
        taken: dict[int, str] = {}
        for key, text in places.items():
            if key not in keys:
                raise Invalid("unknown_option")
            place = whole_number(text, key)
            if not 1 <= place <= len(keys):
                raise Invalid("unknown_option", key)
            if place in taken:
                raise Invalid("order_twice", key, place=place)
            taken[place] = key
        for key in keys:
            if key not in places:
                raise Invalid("order_all", key)
        return [taken[place] for place in sorted(taken)]

    def columns(self, question: Question) -> tuple[str, ...]:
        """Name one column for each option: its place."""
        return tuple(f"{question.key}_{key}" for key in question.option_keys)

    def cells(self, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Give each option its place; what was not put in order has none, an off-scale answer stands in each column."""
        order = answers.get(question.key, ())
        if isinstance(order, str):
            return dict.fromkeys(self.columns(question), order)
        return {f"{question.key}_{key}": place for place, key in enumerate(order, start=1)}

    def said(self, question: Question, answers: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
        """Number the options from the top."""
        order = answers.get(question.key, ())
        if isinstance(order, str):
            return [self.named(question, order, words)]
        return [f"{place}. {self.named(question, key, words)}" for place, key in enumerate(order, start=1)]


THOUSANDS = re.compile(r"[-+]?\d{1,3}([,٬]\d{3})+")


def whole_number(answer: Any, part: str = "") -> int:
    """Read a whole number, in any script's digits; refuse anything else."""
    if isinstance(answer, int) and not isinstance(answer, bool):
        return answer
    if not isinstance(answer, str):
        raise Invalid("one_only", part)
    text = answer.strip()
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace("٬", "")
    try:
        number = int(text) if len(text) <= 12 and "_" not in text else None
    except ValueError:
        number = None
    if number is None:
        raise Invalid("not_a_number", part, typed=answer[:40])
    return number


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
        from dataclasses import replace

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


KINDS: dict[str, Kind] = {
    "one_of": OneOf(),
    "several": Several(),
    "scale": Scale(),
    "scale_group": ScaleGroup(),
    "order": Order(),
    "number": Number(),
    "amount_by_band": AmountByBand(),
    "area": Area(),
    "text": Text(),
}
