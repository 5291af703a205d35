"""Use cases of support lines: change one, confirm one. Each commits once and is audited."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.database import db
from app.surveys.models import SupportLine

NUMBER = re.compile(r"\+?[0-9]+(?: [0-9]+)*")
LONGEST = {"name": 120, "number": 40, "about": 300, "url": 300}


class InvalidLine(ValueError):
    """What was typed for a support line cannot be kept; pairs of field and message."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _, message in problems))
        self.problems = problems


def change(line: SupportLine, typed: dict[str, str]) -> bool:
    """Keep a line's new texts, which nobody has confirmed yet; says whether anything changed."""
    values = {name: " ".join(typed.get(name, "").split()) for name in LONGEST}
    problems = list(_problems(values))
    if problems:
        raise InvalidLine(problems)
    changed = [name for name, value in values.items() if getattr(line, name) != value]
    for name in changed:
        setattr(line, name, values[name])
    if changed:
        line.confirmed_at = line.confirmed_by = None
        audit.record("support_line.change", line.key, ", ".join(changed))
    db.session.commit()
    return bool(changed)


def confirm(line: SupportLine, by: str) -> None:
    """Note that somebody has called the number and checked name, hours, cost and address."""
    line.confirmed_at, line.confirmed_by = clock.now(), by
    audit.record("support_line.confirm", line.key)
    db.session.commit()


def named(key: str) -> SupportLine | None:
    """Find a support line by its key."""
    return db.session.scalar(select(SupportLine).where(SupportLine.key == key))


def _problems(values: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for name, words in (("name", "the name"), ("number", "the number"), ("about", "whom it is for")):
        if not values[name]:
            found.append((name, f"Enter {words}"))
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            found.append((name, f"This has {len(values[name])} characters: shorten it to {longest}"))
        elif not values[name].isprintable():
            found.append((name, "There is a hidden character here that cannot be stored: type the text again"))
    if values["number"] and not NUMBER.fullmatch(values["number"]):
        found.append(("number", "Write the number in digits with spaces between them, for example 0808 2000 247"))
    if values["url"] and not _is_web_address(values["url"]):
        found.append(("url", "Write the whole address, beginning with https://"))
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and " " not in text
