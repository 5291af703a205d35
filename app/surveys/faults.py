"""What is wrong with a questionnaire document: each fault with the place, the value and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.surveys.definition import ROLES
from app.surveys.kinds import KINDS, NONE_OF_THESE, OFF_SCALE, AmountByBand, Several

Path = tuple[str | int, ...]

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
OPTION_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
REFERENCE = re.compile(r"[A-Z]{2,6}")
LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
RESERVED = frozenset({"id", "weight", "wave", "channel", "language", "event", *OFF_SCALE, NONE_OF_THESE})
PAGES = frozenset({"resume", "your-answers", "news", "help", "privacy", "accessibility", "timed-out", "stay"})

SURVEY: dict[str, type] = {
    "survey": str,
    "reference": str,
    "title": str,
    "about": str,
    "purpose": str,
    "minutes": int,
    "asked": str,
    "languages": list,
    "endings": list,
    "sections": list,
}
SECTION: dict[str, type] = {
    "key": str,
    "title": str,
    "intro": str,
    "when": dict,
    "together": bool,
    "after_check": bool,
    "questions": list,
}
QUESTION: dict[str, type] = {
    **dict.fromkeys(("key", "kind", "text", "hint", "why", "source", "confirm", "context", "role"), str),
    **dict.fromkeys(("required", "dont_know", "prefer_not_to_say"), bool),
    "when": dict,
    "months": list,
}
OWN: dict[str, type] = {
    **dict.fromkeys(("of", "band", "unit", "none_of_these", "favourable"), str),
    **dict.fromkeys(("at_most", "at_least", "minimum", "maximum", "max_length", "lines"), int),
    "shuffle": bool,
}
OPTION: dict[str, type] = {
    **dict.fromkeys(("key", "text", "hint", "apart", "ends", "confirm"), str),
    "write_in": bool,
    "band_d": float,
}
ROW: dict[str, type] = {"key": str, "text": str}
ENDING: dict[str, type] = {"key": str, "title": str, "text": str}
CONDITION: dict[str, type] = {"question": str, "is_one_of": list}
TYPE_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "yes or no",
    list: "a list",
    dict: "a group",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where in the document, what, and what to do about it."""

    path: Path
    problem: str
    remedy: str


def faults(document: Any) -> list[Fault]:
    """List what keeps a document from being a questionnaire; an empty list means that it is one."""
    if not isinstance(document, dict):
        return [Fault((), "This is not a questionnaire", "begin the file with `survey: a-name`")]
    found = list(_survey_faults(document))
    if not found:
        found = list(_meaning_faults(document))
    return found


def _survey_faults(document: dict[str, Any]) -> Iterator[Fault]:
    yield from _attributes(
        document, SURVEY, (), ("survey", "reference", "title", "about", "minutes", "asked", "languages", "sections")
    )
    yield from _shape(document, "survey", SLUG, (), "use lower-case letters, digits and hyphens, as in your-street")
    if isinstance(document.get("survey"), str) and document["survey"] in PAGES:
        yield Fault(("survey",), f"{document['survey']!r} is the name of a page", "choose another name")
    yield from _shape(document, "reference", REFERENCE, (), "use two to six capital letters, as in YS")
    yield from _one_of(document, "asked", ("monthly", "once"), ())
    for position, language in enumerate(_items(document, "languages")):
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            yield Fault(("languages", position), f"{language!r} is no language code", "write codes such as en or ur")
    if isinstance(document.get("languages"), list) and "en" not in document["languages"]:
        yield Fault(("languages",), "English is missing", "add en: the English text is the authoritative one")
    for position, ending in enumerate(_items(document, "endings")):
        yield from _record(ending, ENDING, ("endings", position), ("key", "title", "text"))
    if document.get("sections") == []:
        yield Fault(("sections",), "There is no section", "add a section with a question")
    for position, section in enumerate(_items(document, "sections")):
        yield from _section_faults(section, ("sections", position))


def _section_faults(section: Any, path: Path) -> Iterator[Fault]:
    yield from _record(section, SECTION, path, ("key", "title", "questions"))
    if not isinstance(section, dict):
        return
    yield from _condition_faults(section, path)
    if section.get("questions") == []:
        yield Fault((*path, "questions"), f"Section {section.get('key')!r} asks nothing", "add a question or remove it")
    for position, question in enumerate(_items(section, "questions")):
        yield from _question_faults(question, (*path, "questions", position))


def _question_faults(question: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(question, dict):
        yield Fault(path, "A question is a group of attributes", "write `- key: ...` and what belongs to it below")
        return
    kind = KINDS.get(question.get("kind", "")) if isinstance(question.get("kind"), str) else None
    if kind is None:
        yield Fault(
            (*path, "kind") if "kind" in question else path,
            f"{question.get('kind')!r} is not a kind of question",
            f"use one of {', '.join(KINDS)}",
        )
        return
    allowed = QUESTION | {name: OWN[name] for name in kind.attributes} | {"options": list}
    allowed |= {"rows": list} if question["kind"] == "scale_group" else {}
    needed = ("key", "kind", "text") + (("options",) if kind.has_options else ())
    needed += ("rows",) if question["kind"] == "scale_group" else ()
    needed += ("band",) if question["kind"] == "amount_by_band" else ()
    yield from _record(question, allowed, path, needed)
    yield from _condition_faults(question, path)
    yield from _one_of(question, "role", ROLES, path)
    yield from _one_of(question, "favourable", ("first", "last"), path)
    for position, month in enumerate(_items(question, "months")):
        if not isinstance(month, int) or not 1 <= month <= 12:
            yield Fault((*path, "months", position), f"{month!r} is no month", "write numbers from 1 to 12")
    yield from _choices(question, "options", OPTION, path)
    yield from _choices(question, "rows", ROW, path)
    yield from _limits(question, path)


def _choices(question: dict[str, Any], name: str, attributes: dict[str, type], path: Path) -> Iterator[Fault]:
    """Check options or rows: their attributes, and that no two share a key or a text."""
    seen: dict[tuple[str, str], int] = {}
    if question.get(name) == []:
        yield Fault((*path, name), f"Question {question.get('key')!r} has no {name}", "add at least one")
    for position, choice in enumerate(_items(question, name)):
        place = (*path, name, position)
        yield from _record(choice, attributes, place, ("key", "text"), OPTION_KEY)
        if not isinstance(choice, dict):
            continue
        if choice.get("key") in (*OFF_SCALE, NONE_OF_THESE):
            yield Fault(
                (*place, "key"),
                f"{choice['key']!r} is offered apart from the options",
                f"write `{choice['key']}: yes`"
                if choice["key"] in OFF_SCALE
                else "write `none_of_these: TEXT` on the question",
            )
        yield from _one_of(choice, "apart", ("outside", "organisation"), place)
        for attribute in ("key", "text"):
            value = choice.get(attribute)
            if isinstance(value, str) and (attribute, value) in seen:
                yield Fault(
                    (*place, attribute),
                    f"{value!r} stands twice in question {question.get('key')!r}",
                    "make them differ",
                )
            seen[attribute, str(value)] = position


def _limits(question: dict[str, Any], path: Path) -> Iterator[Fault]:
    """Check that numbers which bound an answer leave room for one."""
    options = len(_items(question, "options"))
    for name in ("at_most", "at_least"):
        value = question.get(name)
        if isinstance(value, int) and not 1 <= value <= options:
            yield Fault((*path, name), f"{name} is {value}, with {options} options", f"choose from 1 to {options}")
    for low, high in (("at_least", "at_most"), ("minimum", "maximum")):
        if _is_int(question.get(low)) and _is_int(question.get(high)) and question[low] > question[high]:
            yield Fault((*path, low), f"{low} {question[low]} is above {high} {question[high]}", "exchange them")
    for name, most in (("max_length", 20_000), ("lines", 40)):
        if _is_int(question.get(name)) and not 1 <= question[name] <= most:
            yield Fault((*path, name), f"{name} is {question[name]}", f"choose from 1 to {most}")


def _condition_faults(owner: dict[str, Any], path: Path) -> Iterator[Fault]:
    if isinstance(owner.get("when"), dict):
        yield from _record(owner["when"], CONDITION, (*path, "when"), ("question", "is_one_of"), None)


def _record(
    value: Any, attributes: Mapping[str, type], path: Path, needed: tuple[str, ...], key: re.Pattern[str] | None = KEY
) -> Iterator[Fault]:
    """Check one group of attributes and, where it has one, its key."""
    if not isinstance(value, dict):
        yield Fault(path, f"{value!r} is not a group of attributes", f"write {', '.join(needed)} below each other")
        return
    yield from _attributes(value, attributes, path, needed)
    if key:
        first = ", a letter first" if key is KEY else ""
        yield from _shape(value, "key", key, path, f"use lower-case letters, digits and _, at most 32{first}")


def _attributes(
    value: dict[str, Any], attributes: Mapping[str, type], path: Path, needed: tuple[str, ...]
) -> Iterator[Fault]:
    for name in needed:
        if name not in value:
            yield Fault(path, f"{name!r} is missing", f"add `{name}: ...`")
    for name, given in value.items():
        if name not in attributes:
            yield Fault((*path, name), f"{name!r} is not an attribute here", f"use {', '.join(attributes)}")
        elif not _has_type(given, attributes[name]):
            remedy = f"write {TYPE_NAMES[attributes[name]]}" + (" in quotes" if attributes[name] is str else "")
            yield Fault((*path, name), f"{name} is {given!r}", remedy)
        elif attributes[name] is str and not given.strip():
            yield Fault((*path, name), f"{name} is empty", "write a text or remove the line")


def _has_type(value: Any, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
    if wanted is int:
        return _is_int(value) and abs(value) < 10**9
    return isinstance(value, wanted)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shape(value: dict[str, Any], name: str, pattern: re.Pattern[str], path: Path, remedy: str) -> Iterator[Fault]:
    given = value.get(name)
    if isinstance(given, str) and given.strip() and not pattern.fullmatch(given):
        yield Fault((*path, name), f"{name} is {given!r}", remedy)


def _one_of(value: dict[str, Any], name: str, allowed: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if isinstance(value.get(name), str) and value[name].strip() and value[name] not in allowed:
        yield Fault((*path, name), f"{name} is {value[name]!r}", f"use {' or '.join(allowed)}")


def _items(value: Any, name: str) -> list[Any]:
    items = value.get(name) if isinstance(value, dict) else None
    return items if isinstance(items, list) else []


# What the parts mean together: only looked at when each part is well formed.


def _meaning_faults(document: dict[str, Any]) -> Iterator[Fault]:
    endings = {ending["key"] for ending in document.get("endings", ())}
    seen: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for s, section in enumerate(document["sections"]):
        path: Path = ("sections", s)
        yield from _refers(section, path, seen)
        yield from _taken(section["key"], names, (*path, "key"))
        for q, question in enumerate(section["questions"]):
            place: Path = (*path, "questions", q)
            yield from _taken(question["key"], names, (*place, "key"))
            yield from _refers(question, place, seen)
            yield from _reaches(question, place, seen, endings)
            if question.get("role") in roles:
                other = roles[question["role"]]
                yield Fault((*place, "role"), f"{question['role']} is already filled by {other!r}", "keep one of them")
            roles[question.get("role", "")] = question["key"]
            roles.pop("", None)
            seen[question["key"]] = question
    yield from _column_faults(document)


def _taken(key: str, names: dict[str, str], path: Path) -> Iterator[Fault]:
    if key in RESERVED:
        yield Fault(path, f"{key!r} is a name that the platform uses", "choose another key")
    if key in names:
        yield Fault(path, f"{key!r} is used twice", "give each section and question a key of its own")
    names[key] = key


def _refers(owner: dict[str, Any], path: Path, seen: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    condition = owner.get("when")
    if not condition:
        return
    other = seen.get(condition["question"])
    if other is None:
        yield Fault(
            (*path, "when", "question"),
            f"{condition['question']!r} is not a question before this one",
            "name a question that stands earlier",
        )
        return
    known = _answers(other)
    remedy = f"use {', '.join(known)}" if known else "name a question with options"
    for position, key in enumerate(condition["is_one_of"]):
        if not isinstance(key, str) or key not in known:
            yield Fault(
                (*path, "when", "is_one_of", position),
                f"{key!r} is no answer to {condition['question']!r}",
                remedy,
            )
    if not condition["is_one_of"]:
        yield Fault((*path, "when", "is_one_of"), "The condition names no answer", remedy)


def _answers(question: dict[str, Any]) -> list[str]:
    known = [option["key"] for option in question.get("options", ())]
    known += [key for key in OFF_SCALE if question.get(key)]
    return known + ([NONE_OF_THESE] if question.get("none_of_these") else [])


def _reaches(
    question: dict[str, Any], path: Path, seen: dict[str, dict[str, Any]], endings: set[str]
) -> Iterator[Fault]:
    """Check what a question or its options point at: endings, chosen options, a council tax band."""
    for position, option in enumerate(question.get("options", ())):
        if "ends" in option and option["ends"] not in endings:
            remedy = f"use {', '.join(sorted(endings))}" if endings else "add it under endings"
            yield Fault((*path, "options", position, "ends"), f"{option['ends']!r} is not an ending", remedy)
        if option.get("write_in") and question["kind"] not in ("one_of", "several"):
            place = (*path, "options", position, "write_in")
            yield Fault(place, f"{question['kind']} has no write-in", "use it with one_of or several")
        if "band_d" in option and question["kind"] != "amount_by_band":
            place = (*path, "options", position, "band_d")
            yield Fault(place, "band_d is for amount_by_band", "change the kind or remove it")
    if question["kind"] == "order":
        yield from _order_faults(question, path, seen)
    if question["kind"] == "amount_by_band":
        yield from _band_faults(question, path, seen)


def _order_faults(question: dict[str, Any], path: Path, seen: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    if "of" in question and "options" in question:
        yield Fault((*path, "of"), "of and options exclude each other", "remove one of them")
    if "of" not in question and "options" not in question:
        yield Fault(path, "There is nothing to put in order", "add `of: KEY` or options")
    other = seen.get(question.get("of", ""))
    if "of" in question and (other is None or not isinstance(KINDS[other["kind"]], Several)):
        yield Fault((*path, "of"), f"{question['of']!r} is not a question of kind several before this one", "name one")


def _band_faults(question: dict[str, Any], path: Path, seen: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    other = seen.get(question["band"])
    bands = {option["key"] for option in other.get("options", ())} if other else set()
    if not set(AmountByBand.ratios) <= bands:
        yield Fault(
            (*path, "band"),
            f"{question['band']!r} does not ask for the bands a to h",
            "name a question before this one",
        )
    for position, option in enumerate(question["options"]):
        if ("{year}" in option["text"] or "{week}" in option["text"]) and "band_d" not in option:
            yield Fault((*path, "options", position), "The amount is missing", "add `band_d: POUNDS`")


def _column_faults(document: dict[str, Any]) -> Iterator[Fault]:
    """Check that no two questions would fill the same column of the microdata."""
    from app.surveys.definition import from_document

    taken: dict[str, str] = {}
    places = {
        question["key"]: ("sections", s, "questions", q, "key")
        for s, section in enumerate(document["sections"])
        for q, question in enumerate(section["questions"])
    }
    for question in from_document(document).questions:
        for column in (*question.behaviour.columns(question), *question.behaviour.companions(question)):
            if taken.setdefault(column, question.key) != question.key:
                yield Fault(
                    places[question.key], f"Column {column!r} is already filled by {taken[column]!r}", "rename the key"
                )
