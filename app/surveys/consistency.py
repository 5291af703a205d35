"""What the parts of a questionnaire mean together: references, routes, and columns that two questions would fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.surveys.document import from_document
from app.surveys.fault import Fault, Path
from app.surveys.flags import COLUMN, FLAGS
from app.surveys.kinds import KINDS, NONE_OF_THESE, OFF_SCALE, AmountByBand, Several

COLUMNS = frozenset(
    {
        *("id", "case_id", "weight", "base_weight", "stratum", "cluster", "wave", "simulated", "channel", "assisted"),
        *("interpreted", "language", "event", "apart", *OFF_SCALE, NONE_OF_THESE),
        *("flags", *(f"{COLUMN}{flag}" for flag in FLAGS)),
    }
)
PAGES_AND_FIELDS = frozenset({"check", "send", "postcode", "return", "csrf_token", "submission", "code"})
RESERVED = COLUMNS | PAGES_AND_FIELDS


def faults(document: dict[str, Any]) -> Iterator[Fault]:
    """List where the parts of a well-formed document do not fit together."""
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
    yield from _empty_months(document)


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


def _empty_months(document: dict[str, Any]) -> Iterator[Fault]:
    """Check that every wave has a question for everybody before the answers are checked."""
    always = [
        question.get("months") or range(1, 13)
        for section in document["sections"]
        if not section.get("after_check") and "when" not in section
        for question in section["questions"]
        if "when" not in question and question["kind"] != "order"
    ]
    empty = [month for month in range(1, 13) if not any(month in months for months in always)]
    if empty:
        when = "" if len(empty) == 12 else f" in months {', '.join(map(str, empty))}"
        yield Fault(
            ("sections",), f"Nothing is asked of everybody{when}", "add a question before the check, without when"
        )
