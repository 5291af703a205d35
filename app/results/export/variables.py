"""Which variables an export has, and what each of their values is called in one of the survey's languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from flask import current_app

from app import i18n
from app.analysis.columns import UNKNOWN
from app.results.export import labels
from app.results.reading.columns import DECILES, WRITTEN
from app.results.reading.subjects import SHAPES
from app.surveys.definition import Definition, Option, Question
from app.surveys.flags import COLUMN
from app.surveys.kinds import NONE_OF_THESE, OFF_SCALE
from app.surveys.models import CHANNELS

DONT_KNOW, PREFER_NOT_TO_SAY = OFF_SCALE
NOT_ASKED, NOT_ANSWERED, NO_EVENT = "not_asked", "not_answered", "no_event"
UNREAD = ("illegible", "ticked_too_many", "left_blank", "out_of_range", "answered_though_not_asked")
"""Why a sheet of paper has no answer, as who keyed it said."""
MISSING_CODES = {DONT_KNOW: -1, PREFER_NOT_TO_SAY: -2, NOT_ASKED: -8, NOT_ANSWERED: -9, NO_EVENT: -8} | dict(
    zip(UNREAD, range(-3, -8, -1), strict=True)
)
"""As in Understanding Society, the largest household panel of the UK, whose codes its analysts know by heart."""
BELOW_ANY_NUMBER = -(10**10)
RESIDENT = "resident"
COMMENT = "_comment"
"""Ends the name of a column that holds what people wrote."""
CELL = "weighting_cell"

CATEGORY, TICK, PLACE, NUMBER, MEASURE, TEXT = "category", "tick", "place", "number", "measure", "text"
Say = Callable[..., str]


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


@dataclass(frozen=True, slots=True)
class Contents:
    """What decides the variables of a file beside its questionnaire.

    ``margins`` are what was weighted to, each with its categories as they were weighted, small ones joined. Answers
    named in ``comments`` come as texts; that they were written is told no other way, or who is held would be known.
    ``unread``: whether any sheet of paper had what could not be read.
    """

    wave: str
    simulated: bool
    language: str = "en"
    margins: Sequence[tuple[str, Sequence[str]]] = ()
    comments: Collection[str] = ()
    unread: bool = False


def speaker(language: str) -> Say:
    """Speak one of the platform's languages outside of a page."""
    gettext = i18n.translations(current_app.config["TRANSLATIONS"], language).gettext

    def say(text: object, **values: object) -> str:
        return gettext(str(text)) % values if values else gettext(str(text))

    return say


def variables(definition: Definition, english: Definition, contents: Contents) -> tuple[Variable, ...]:
    """List the variables of a wave: how each response came, its design, its answers, and the weight last.

    ``english`` is the same questionnaire as margins were named from.
    """
    say = speaker(contents.language)
    unread = UNREAD if contents.unread else ()
    answers = (each for question in definition.questions for each in of_question(question, say, unread))
    told = (each for each in answers if each.name not in contents.comments)
    texts = (
        comment(question, key, say)
        for key in contents.comments
        for question in definition.questions
        if key in words_of(question)
    )
    weight = Variable("weight", say(labels.LABELS["weight"]), MEASURE)
    weighting = (*_margins(contents.margins, definition, english, say), _cell(say)) if contents.margins else ()
    return (*_about(definition, contents, say), *told, *texts, *weighting, weight)


def words_of(question: Question) -> tuple[str, ...]:
    """Name the answers in own words that a question takes."""
    return (question.key,) if question.kind == "text" else question.behaviour.companions(question)


def comment(question: Question, key: str, say: Say) -> Variable:
    """Describe what people wrote."""
    label = say(labels.LABELS["comment"], question=question.text)
    return Variable(f"{key}{COMMENT}", label, TEXT, question=question.key, source=key)


def _margins(
    margins: Sequence[tuple[str, Sequence[str]]], definition: Definition, english: Definition, say: Say
) -> Iterator[Variable]:
    spoken = _spoken(definition, english, say)
    for number, (name, categories) in enumerate(margins, start=1):
        asked = [definition.with_role(part.replace(" ", "_")) for part in name.split("*")]
        questions = " × ".join(each.text for each in asked if each)
        label = say(labels.LABELS["margin"], number=number, questions=questions)
        values = tuple(Value(code, key, _in_words(key, spoken)) for code, key in enumerate(categories, start=1))
        yield Variable(f"margin_{number}", label, CATEGORY, values, _why(say, NOT_ASKED), source=f"margin_{number}")


def _spoken(definition: Definition, english: Definition, say: Say) -> dict[str, str]:
    """Map what the weighting calls answers, which is English, to the language at hand."""
    pairs = zip(english.questions, definition.questions, strict=True)
    answers = (pair for one, other in pairs if one.role for pair in zip(one.options, other.options, strict=True))
    joined = {text: say(label) for text, label in labels.JOINED_AGES.items()}
    unknown = {UNKNOWN: say(labels.MISSING[PREFER_NOT_TO_SAY])}
    return {one.text: other.text for one, other in answers} | joined | unknown


def _in_words(key: str, spoken: dict[str, str]) -> str:
    cells = [[spoken.get(part, part) for part in cell.split("*")] for cell in key.split(" + ")]
    return " + ".join(", ".join(cell) for cell in cells)


def _cell(say: Say) -> Variable:
    return Variable(CELL, say(labels.LABELS[CELL]), NUMBER, missing=_why(say, NOT_ASKED))


def _why(say: Say, *reasons: str, below: int = 0) -> tuple[Value, ...]:
    return tuple(Value(MISSING_CODES[key] + below, key, say(labels.MISSING[key])) for key in reasons)


def _about(definition: Definition, contents: Contents, say: Say) -> Iterator[Variable]:
    def told(keys: Iterable[str], words: Mapping[str, object]) -> list[tuple[str, str]]:
        return [(key, say(words.get(key, key.capitalize()))) for key in keys]

    name = {key: say(label) for key, label in labels.LABELS.items() if key not in ("margin", "flag", "comment")}
    kinds = dict.fromkeys(option.apart for question in definition.questions for option in question.options)
    yield Variable("case_id", name["case_id"], NUMBER)
    yield _category("wave", name["wave"], [(contents.wave, contents.wave)])
    simulated = "SIMULATED" if contents.simulated else "real"
    yield _category("simulated", name["simulated"], told([simulated], labels.SIMULATED))
    yield _category("channel", name["channel"], told(CHANNELS, labels.CHANNELS))
    yield _ticked("assisted", name["assisted"], say)
    yield _ticked("interpreted", name["interpreted"], say)
    spoken = [(code, _language(code, contents.language)) for code in definition.languages]
    yield _category("language", name["language"], spoken)
    yield _category("apart", name["apart"], told([RESIDENT, *filter(None, kinds)], labels.APART))
    yield Variable("stratum", name["stratum"], NUMBER)
    yield Variable("event", name["event"], NUMBER, missing=_why(say, NO_EVENT))
    yield Variable("cluster", name["cluster"], TEXT)
    for flag, why in labels.FLAGS.items():
        yield _ticked(COLUMN + flag, say(labels.LABELS["flag"], why=say(why)), say)
    yield Variable("base_weight", name["base_weight"], MEASURE)


def _language(code: str, language: str) -> str:
    """Call a language as another does, by Unicode's CLDR; in English as Britain does."""
    locale = Locale.parse(code.replace("-", "_"))
    if language == i18n.SOURCE:
        return i18n.in_english(locale)
    return locale.get_display_name(language.replace("-", "_")) or code


def _category(name: str, label: str, keys: list[tuple[str, str]]) -> Variable:
    values = tuple(Value(code, key, text) for code, (key, text) in enumerate(keys, start=1))
    return Variable(name, label, CATEGORY, values, source=name)


def _ticked(name: str, label: str, say: Say, missing: tuple[Value, ...] = (), question: str = "") -> Variable:
    values = tuple(Value(int(key), key, say(text)) for key, text in labels.YES_OR_NO.items())
    return Variable(name, label, TICK, values, missing, question, name)


def of_question(question: Question, say: Say, unread: Sequence[str] = ()) -> Iterator[Variable]:
    """List the variables of one question, in the words of the definition at hand."""
    shape = SHAPES.get(question.kind, question.kind)
    missing = _missing(question, say, unread)
    if shape == "ticks":
        yield from _ticks(question, say, missing)
    elif shape == "order":
        yield from _places(question, missing)
    elif shape == "number":
        yield Variable(question.key, question.text, NUMBER, (), missing, question.key, question.key)
    elif shape == "words":
        values = (Value(1, WRITTEN, say(labels.WRITTEN)),)
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
        missing = _why(say, NOT_ASKED, NOT_ANSWERED)
        yield Variable(name, say(labels.LABELS["decile"]), CATEGORY, values, missing, question.key, name, True)


def _missing(question: Question, say: Say, unread: Sequence[str]) -> tuple[Value, ...]:
    below = BELOW_ANY_NUMBER if question.kind == "number" and (question.minimum is None or question.minimum < 0) else 0
    offered = question.behaviour.off_scale(question)
    wanted = [*(key for key in OFF_SCALE if key in offered), *unread, NOT_ASKED, NOT_ANSWERED]
    return _why(say, *wanted, below=below)
