"""What stands on a form: from a definition in one language to the blocks that the layout sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.fieldwork.paper.routing import END, Jump, Routes
from app.fieldwork.paper.words import Words
from app.surveys.definition import Definition, Option, Question, Section
from app.surveys.kinds import KINDS, NONE_OF_THESE, AmountByBand, Field

A4, LARGE, EASY = "a4", "large", "easy"
FORMATS = {A4: "A4", LARGE: "Large print (18 pt)", EASY: "Easy Read"}
PICTURES = Path(__file__).with_name("pictures")
COVER = {
    **{"about": "speech-balloon", "back": "envelope", "how": "pencil", "support": "telephone-receiver"},
    **{"privacy": "locked", "slip": "clipboard"},
}
"""The pictures of what stands before the questions, in Easy Read."""
SINGLE = "123456789abcdefghijklmnopqrstuvwxyz"
SENTENCE_ENDS = re.compile(r"(?<=[.!?؟۔।])\s+")


def codes(count: int) -> tuple[str, ...]:
    """Name so many boxes with what a keyer presses: a digit or a letter each, or two digits where those run out."""
    return tuple(SINGLE[:count]) if count <= len(SINGLE) else tuple(f"{place:02d}" for place in range(1, count + 1))


def sentences(text: str) -> list[str]:
    """Take a text apart into its sentences."""
    return [each for each in SENTENCE_ENDS.split(text) if each]


@cache
def picture(name: str) -> str:
    """Read a picture as SVG; "" where there is none of this name."""
    path = PICTURES / f"{name}.svg"
    return path.read_text(encoding="utf-8") if re.fullmatch(r"[a-z0-9-]+", name) and path.exists() else ""


def blocks(definition: Definition, words: Words, style: str) -> list[dict[str, Any]]:
    """List the sections and questions of a form in the order of their numbers."""
    return list(Blocks(definition, words, style))


class Blocks:
    """Walks a questionnaire and writes down each section and question as a form shows it."""

    def __init__(self, definition: Definition, words: Words, style: str) -> None:
        self.definition, self.words, self.style = definition, words, style
        self.routes = Routes(definition)
        self._only: dict[int, list[str]] = {}
        for each in self.routes.only_if():
            self._only.setdefault(each.first, []).append(self._only_text(each))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Walk the blocks."""
        told = ""
        for section in sorted(self.definition.sections, key=lambda section: section.after_check):
            if section.title != told:
                yield {"kind": "section", "title": section.title, "intro": self._parts(section.intro)}
            told = section.title
            for question in section.questions:
                yield self._question(question, section)

    def _question(self, question: Question, section: Section) -> dict[str, Any]:
        number = self.routes.numbers[question.key]
        fields = question.behaviour.printed(question)
        return {
            "kind": "question",
            "key": question.key,
            "number": self.words("question", number=number),
            "only": self._only.get(number, []),
            "text": sentences(question.easy) if self.style == EASY and question.easy else [question.text],
            "hint": self._hint(question),
            "picture": picture(question.picture) if self.style == EASY else "",
            "instruction": self._instruction(question),
            "fields": [self._field(question, field) for field in fields],
            "matrix": bool(question.rows),
            "amounts": self._amounts(question),
            "jumps": [
                part for jump in self.routes.jumps(question) for part in self._parts(self._jump_text(question, jump))
            ],
        }

    def _parts(self, text: str) -> list[str]:
        """In Easy Read each sentence stands on a line of its own."""
        return (sentences(text) if self.style == EASY else [text]) if text else []

    def _hint(self, question: Question) -> list[str]:
        return self._parts(self.words("area") if question.kind == "area" else question.hint)

    def _instruction(self, question: Question) -> list[str]:
        if question.rows and self.style == A4:
            told = [self.words("tick_rows")]
        elif question.kind == "several":
            told = [self.words("tick_most", most=question.at_most) if question.at_most else self.words("tick_some")]
        elif question.kind == "order":
            told = [self.words("write_order")]
        elif question.kind == "number":
            told = [self.words("write_number")]
        else:
            told = [] if question.kind == "text" else [self.words("tick_one")]
        return [*told, *([] if question.required else [self.words("optional")])]

    def _field(self, question: Question, field: Field) -> dict[str, Any]:
        named = codes(len(field.options))
        row = next((row.text for row in question.rows if row.key == field.row), "")
        options = [self._option(question, key, code) for key, code in zip(field.options, named, strict=True)]
        return {
            "name": field.name,
            "mode": field.mode,
            "label": row or (self.words("write") if field.mode == "words" and field.name != question.key else ""),
            "options": options,
            "lines": field.lines,
            "places": self._places(question, field),
        }

    def _places(self, question: Question, field: Field) -> int:
        chosen = self.definition.question(question.of) if question.of else None
        return (chosen.at_most if chosen else None) or len(field.options)

    def _option(self, question: Question, key: str, code: str) -> dict[str, Any]:
        option = question.option(key)
        if option is None:
            text = question.none_of_these if key == NONE_OF_THESE else self.words(key)
            return {"key": key, "code": code, "text": text, "hint": []}
        return {"key": key, "code": code, "text": self._told(question, option), "hint": self._parts(option.hint)}

    def _told(self, question: Question, option: Option) -> str:
        """Print amounts for band D: paper does not know whose home it lies in. A table has those of the others."""
        behaviour = question.behaviour
        return behaviour.for_band(option, "d").text if isinstance(behaviour, AmountByBand) else option.text

    def _amounts(self, question: Question) -> dict[str, Any]:
        """List what each amount comes to a year in each council tax band."""
        behaviour = KINDS[question.kind]
        bands = self.definition.question(question.band) if isinstance(behaviour, AmountByBand) else None
        if bands is None or not isinstance(behaviour, AmountByBand):
            return {}
        known = [option for option in bands.options if option.key in behaviour.ratios]
        asked = [option for option in question.options if option.band_d is not None]
        by_band = [[f"£{each.band_d * behaviour.ratios[b.key] / 9:,.2f}" for b in known] for each in asked]  # type: ignore[operator]
        return {"head": [option.text for option in known], "rows": by_band}

    def _only_text(self, each: Any) -> str:
        asked = self.definition.question(each.condition.question)
        answers = self.words.any_of([self._named(asked, key) for key in each.condition.is_one_of]) if asked else ""
        name = "only_one" if each.first == each.last else "only_some"
        return self.words(name, first=each.first, last=each.last, answers=answers, number=each.number)

    def _jump_text(self, question: Question, jump: Jump) -> str:
        if not jump.answers:
            return self.words("end") if jump.number == END else self.words("jump", number=jump.number)
        answers = self.words.any_of([self._named(question, key) for key in jump.answers])
        if jump.ending:
            ending = self.definition.ending(jump.ending)
            return f"{self.words('stop_if', answers=answers)} {ending.text if ending else ''}".strip()
        name = "end_if" if jump.number == END else "jump_if"
        return self.words(name, answers=answers, number=jump.number)

    def _named(self, question: Question, key: str) -> str:
        return str(self._option(question, key, "")["text"])


def cover(definition: Definition, words: Words, style: str, lines: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Write what stands before the questions: what it is about, how to fill it in, privacy notice, support lines."""

    def told(*texts: str) -> list[str]:
        return [part for text in texts for part in (sentences(text) if style == EASY else [text])]

    about = (words("about"),) if style == EASY else (definition.about, definition.purpose)
    return {
        "title": definition.title,
        "about": told(*about, words.minutes(definition.minutes)),
        "warning": told(words("names_crimes")),
        "how": words("how"),
        "how_points": told(words("pen"), words("mistake"), words("helped"), words("skip")),
        "privacy": words("privacy"),
        "notice": _notice(words, told),
        "support": words("support"),
        "help": told(words("danger", emergency="999", silent="55"), words("crime", police="101"), words("no_report")),
        "pictures": {name: picture(file) for name, file in COVER.items()} if style == EASY else {},
        "lines": [{"name": name, "number": number, "about": words.about_line(about)} for name, number, about in lines],
    }


def _notice(words: Words, told: Any) -> list[dict[str, Any]]:
    return [
        {"head": words("who"), "text": told(words("who_text"))},
        {"head": words("kept"), "text": told(words("kept_text"), words("long"), words("shredded"))},
        {"head": "", "text": told(words("sensitive"), words("counted"), words("read"))},
        {"head": words("rights"), "text": told(words("rights_text", number="0303 123 1113"))},
    ]
