"""Which variables an export has, and what each of their values is called in one of the survey's languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from flask import current_app

from app import i18n
from app.i18n import lazy as _l
from app.results.reading.columns import DECILES, WRITTEN
from app.results.reading.subjects import SHAPES
from app.surveys.definition import Definition, Option, Question
from app.surveys.flags import COLUMN, FLAGS
from app.surveys.kinds import NONE_OF_THESE, OFF_SCALE
from app.surveys.models import CHANNELS

DONT_KNOW, PREFER_NOT_TO_SAY = OFF_SCALE
NOT_ASKED, NOT_ANSWERED, NO_EVENT = "not_asked", "not_answered", "no_event"
MISSING_CODES = {DONT_KNOW: -1, PREFER_NOT_TO_SAY: -2, NOT_ASKED: -8, NOT_ANSWERED: -9, NO_EVENT: -8}
"""As in Understanding Society, the largest household panel of the UK, whose codes its analysts know by heart."""
BELOW_ANY_NUMBER = -(10**10)
RESIDENT = "resident"
COMMENT = "_comment"
"""Ends the name of a column that holds what people wrote."""
NOT_ASKED_TEXT = _l("Not asked")
CELL = "weighting_cell"

CATEGORY, TICK, PLACE, NUMBER, MEASURE, TEXT = "category", "tick", "place", "number", "measure", "text"
CHANNEL_WORDS = {
    "online": "Online",
    "tablet": "On a tablet",
    "paper": "On paper",
    "phone": "By phone",
    "desk": "At the desk",
}
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its number in statistics programs, its key in text files, and what it is called."""

    code: int
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. ``kind`` is category, tick, place (in an order), number, measure (with a fraction) or text.

    ``source`` is the column that the answers stand in; ``question`` the key of what was asked, empty for the design.
    """

    name: str
    label: str
    kind: str
    values: tuple[Value, ...] = ()
    missing: tuple[Value, ...] = ()
    question: str = ""
    source: str = ""
    ordinal: bool = False

    @property
    def all_values(self) -> tuple[Value, ...]:
        """List every value, missing ones last."""
        return (*self.values, *self.missing)

    @property
    def discrete(self) -> bool:
        """Say whether every value has a label."""
        return self.kind in (CATEGORY, TICK, PLACE)

    @property
    def labels(self) -> dict[int, str]:
        """Name each code."""
        return {value.code: value.label for value in self.all_values}

    def code_of(self, reason: str) -> int:
        """Find the code of a reason why there is no answer."""
        return next(value.code for value in self.missing if value.key == reason)


def speaker(language: str) -> Say:
    """Speak one of the platform's languages outside of a page."""
    return i18n.translations(current_app.config["TRANSLATIONS"], language).gettext


def variables(
    definition: Definition,
    wave: str,
    simulated: bool,
    language: str,
    margins: Sequence[tuple[str, Sequence[str]]] = (),
    comments: Collection[str] = (),
) -> tuple[Variable, ...]:
    """List the variables of a wave: how each response came, its design, its answers, and the weight last.

    ``margins`` are what was weighted to, each with its categories as they were weighted, small ones joined. Answers
    named in ``comments`` come as texts; that they were written is told no other way, or who is held would be known.
    """
    say = speaker(language)
    answers = (each for question in definition.questions for each in of_question(question, say))
    told = (each for each in answers if each.name not in comments)
    texts = (
        comment(question, key) for key in comments for question in definition.questions if key in words_of(question)
    )
    weighting = (*_margins(margins, say), _cell(say), _WEIGHT) if margins else (_WEIGHT,)
    return (*_about(definition, wave, simulated, say), *told, *texts, *weighting)


def words_of(question: Question) -> tuple[str, ...]:
    """Name the answers in own words that a question takes."""
    return (question.key,) if question.kind == "text" else question.behaviour.companions(question)


def comment(question: Question, key: str) -> Variable:
    """Describe what people wrote."""
    return Variable(f"{key}{COMMENT}", f"{question.text} – what was written", TEXT, question=question.key, source=key)


def _margins(margins: Sequence[tuple[str, Sequence[str]]], say: Say) -> Iterator[Variable]:
    for number, (name, categories) in enumerate(margins, start=1):
        label = f"Weighting margin {number}: {name.replace('*', ' by ')}, as it was weighted"
        values = tuple(Value(code, key, key.replace("*", ", ")) for code, key in enumerate(categories, start=1))
        missing = (Value(MISSING_CODES[NOT_ASKED], NOT_ASKED, say(str(NOT_ASKED_TEXT))),)
        yield Variable(f"margin_{number}", label, CATEGORY, values, missing, source=f"margin_{number}")


def _cell(say: Say) -> Variable:
    missing = Value(MISSING_CODES[NOT_ASKED], NOT_ASKED, say(str(NOT_ASKED_TEXT)))
    return Variable(CELL, "Cell of the weighting: responses that are weighted alike", NUMBER, missing=(missing,))


_WEIGHT = Variable("weight", "Final weight, mean 1 over residents; empty for who stands apart", MEASURE)


def _about(definition: Definition, wave: str, simulated: bool, say: Say) -> Iterator[Variable]:
    spoken = i18n.languages()
    apart = dict.fromkeys(option.apart for question in definition.questions for option in question.options)
    yield Variable("case_id", "Number of the row in this file; it leads to nobody", NUMBER)
    yield _category("wave", "Wave", [(wave, wave)])
    yield _category("simulated", "Whether the answers are simulated", [("SIMULATED" if simulated else "real",) * 2])
    yield _category("channel", "How the response came", [(key, CHANNEL_WORDS.get(key, key)) for key in CHANNELS])
    yield _ticked("assisted", "Whether somebody helped to answer", say)
    yield _ticked("interpreted", "Whether somebody interpreted, on a tablet", say)
    codes = definition.languages
    names = [(code, spoken[code].english if code in spoken else code) for code in codes]
    yield _category("language", "Language of the pages", names)
    kinds = [(RESIDENT, "Resident, weighted"), *((key, f"{key.capitalize()}, never weighted") for key in apart if key)]
    yield _category("apart", "Who stands apart", kinds)
    yield Variable("stratum", "Stratum: one, since an open survey is not stratified", NUMBER)
    no_event = Value(MISSING_CODES[NO_EVENT], NO_EVENT, "Not at an event")
    yield Variable("event", "Number of the event where the response was given", NUMBER, missing=(no_event,))
    yield Variable("cluster", "Cluster: the event, else the response itself", TEXT)
    for flag, label in FLAGS.items():
        yield _ticked(COLUMN + flag, f"Flag for a second look: {label[0].lower()}{label[1:]}", say)
    yield Variable("base_weight", "Base weight, before raking; empty for who stands apart", MEASURE)


def _category(name: str, label: str, keys: list[tuple[str, str]]) -> Variable:
    values = tuple(Value(code, key, text) for code, (key, text) in enumerate(keys, start=1))
    return Variable(name, label, CATEGORY, values, source=name)


def _ticked(name: str, label: str, say: Say, missing: tuple[Value, ...] = (), question: str = "") -> Variable:
    values = (Value(0, "0", say("No")), Value(1, "1", say("Yes")))
    return Variable(name, label, TICK, values, missing, question, name)


def of_question(question: Question, say: Say) -> Iterator[Variable]:
    """List the variables of one question, in the words of the definition at hand."""
    shape = SHAPES.get(question.kind, question.kind)
    missing = _missing(question, say)
    if shape == "ticks":
        yield from _ticks(question, say, missing)
    elif shape == "order":
        yield from _places(question, missing)
    elif shape == "number":
        yield Variable(question.key, question.text, NUMBER, (), missing, question.key, question.key)
    elif shape == "words":
        values = (Value(1, WRITTEN, "Wrote something; the words are left out"),)
        yield Variable(question.key, question.text, CATEGORY, values, missing, question.key, question.key)
    elif question.rows:
        for row in question.rows:
            name, label = f"{question.key}_{row.key}", f"{question.text} – {row.text}"
            yield _chosen(question, name, label, missing)
    else:
        yield _chosen(question, question.key, question.text, missing)
        yield from _deciles(question, say)


def _chosen(question: Question, name: str, label: str, missing: tuple[Value, ...]) -> Variable:
    values = tuple(Value(code, each.key, _plain(each)) for code, each in enumerate(question.options, start=1))
    ordinal = question.kind in ("scale", "scale_group", "amount_by_band")
    return Variable(name, label, CATEGORY, values, missing, question.key, name, ordinal)


def _plain(option: Option) -> str:
    """Leave the amounts out of an option that names one for each council tax band."""
    return option.text.split(":")[0] if "{year}" in option.text or "{week}" in option.text else option.text


def _ticks(question: Question, say: Say, missing: tuple[Value, ...]) -> Iterator[Variable]:
    for option in question.options:
        label = f"{question.text} – {option.text}"
        yield _ticked(f"{question.key}_{option.key}", label, say, missing, question.key)
    if question.none_of_these:
        label = f"{question.text} – {question.none_of_these}"
        yield _ticked(f"{question.key}_{NONE_OF_THESE}", label, say, missing, question.key)


def _places(question: Question, missing: tuple[Value, ...]) -> Iterator[Variable]:
    values = tuple(Value(place, str(place), str(place)) for place in range(1, len(question.options) + 1))
    for option in question.options:
        label = f"{question.text} – {option.text}"
        yield Variable(f"{question.key}_{option.key}", label, PLACE, values, missing, question.key, question.key, True)


def _deciles(question: Question, say: Say) -> Iterator[Variable]:
    if question.kind == "area":
        [name] = question.behaviour.companions(question)
        values = tuple(Value(int(each), each, each) for each in DECILES)
        missing = tuple(each for each in _missing(question, say) if each.key in (NOT_ASKED, NOT_ANSWERED))
        label = "Deprivation of the neighbourhood, from the postcode: 1 is the most deprived tenth of England"
        yield Variable(name, label, CATEGORY, values, missing, question.key, name, True)


def _missing(question: Question, say: Say) -> tuple[Value, ...]:
    below = BELOW_ANY_NUMBER if question.kind == "number" and (question.minimum is None or question.minimum < 0) else 0
    offered = question.behaviour.off_scale(question)
    words = {
        DONT_KNOW: say("Don't know"),
        PREFER_NOT_TO_SAY: say("Prefer not to say"),
        NOT_ASKED: say(str(NOT_ASKED_TEXT)),
        NOT_ANSWERED: say("Not answered"),
    }
    wanted = [*(key for key in OFF_SCALE if key in offered), NOT_ASKED, NOT_ANSWERED]
    return tuple(Value(MISSING_CODES[key] + below, key, words[key]) for key in wanted)
