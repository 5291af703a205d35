"""What all kinds of question share: how an answer is read, checked, put into words and turned into columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from app.surveys.definition import Question

NONE_OF_THESE = "none"
OFF_SCALE = ("dont_know", "prefer_not_to_say")
WRITE_IN_LENGTH = 200
THOUSANDS = re.compile(r"[-+]?\d{1,3}([,٬]\d{3})+")


ONE, SOME, ORDER, NUMBER, WORDS = "one", "some", "order", "number", "words"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in on paper: boxes of which one or some are ticked, places of an order, a number, words.

    It is named as the field of the form on screen is; ``row`` is the key of the row that it belongs to.
    """

    name: str
    mode: str
    options: tuple[str, ...] = ()
    row: str = ""
    lines: int = 1


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

    def worded(self, question: Question) -> tuple[str, ...]:
        """Name those stored answers that are own words."""
        return self.companions(question)

    def read(self, question: Question, form: Form) -> dict[str, Any]:
        """Take the typed answer and its companions from a form; what was left empty is absent."""
        typed = {question.key: self.typed(question, form)}
        typed |= {name: single(form, name) for name in self.companions(question)}
        return {name: value for name, value in typed.items() if value not in (None, [], {})}

    def typed(self, question: Question, form: Form) -> Any:
        """Take the typed answer itself from a form."""
        return single(form, question.key)

    def printed(self, question: Question) -> tuple[Field, ...]:
        """List what is to be filled in on paper: boxes, then the line for own words."""
        boxes = Field(question.key, ONE, (*question.option_keys, *self.off_scale(question)))
        return (boxes, *self.lines_for_own_words(question))

    def lines_for_own_words(self, question: Question) -> tuple[Field, ...]:
        """Offer a line on paper for what is written in."""
        written = any(option.write_in for option in question.options)
        return (Field(f"{question.key}_text", WORDS),) if written else ()

    def apart_on_paper(self, question: Question) -> tuple[Field, ...]:
        """Offer boxes for what stands apart from a number, a text or an order."""
        apart = self.off_scale(question)
        return (Field(f"{question.key}.apart", ONE, apart),) if apart else ()

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

    def from_cells(self, question: Question, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Gather an answer from its columns, the other way round; empty cells are absent."""
        return {name: cells[name] for name in self.columns(question) if name in cells}

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
