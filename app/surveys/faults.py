"""What is wrong with a questionnaire document: each fault with the place, the value and the remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from app.surveys import consistency
from app.surveys.definition import ROLES
from app.surveys.fault import Fault, Path
from app.surveys.kinds import KINDS, NONE_OF_THESE, OFF_SCALE

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
OPTION_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
REFERENCE = re.compile(r"[A-Z]{2,6}")
LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
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
    **dict.fromkeys(
        ("key", "kind", "text", "hint", "why", "source", "confirm", "context", "role", "easy", "picture"), str
    ),
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
LONGEST = {"survey": 80, "title": 300}
LONGEST_TEXT = 5000
TYPE_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "yes or no",
    list: "a list",
    dict: "a group",
}


def faults(document: Any) -> list[Fault]:
    """List what keeps a document from being a questionnaire; an empty list means that it is one."""
    if not isinstance(document, dict):
        return [Fault((), "This is not a questionnaire", "begin the file with `survey: a-name`")]
    found = list(_survey_faults(document))
    if not found:
        found = list(consistency.faults(document))
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
        elif attributes[name] is str and not _storable(given):
            yield Fault((*path, name), f"{name} holds a hidden character that cannot be stored", "remove it")
        elif attributes[name] is str and len(given) > LONGEST.get(name, LONGEST_TEXT):
            most = LONGEST.get(name, LONGEST_TEXT)
            yield Fault((*path, name), f"{name} has {len(given)} characters", f"shorten it to {most}")
        elif attributes[name] is str and not given.strip():
            yield Fault((*path, name), f"{name} is empty", "write a text or remove the line")


def _storable(text: str) -> bool:
    return all(character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs") for character in text)


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
