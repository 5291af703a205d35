"""Names and labels that statistics programs accept: short, unique, and cut at a whole character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SPSS_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
STATA_RESERVED = {
    *("byte", "double", "float", "if", "in", "int", "long", "using", "with"),
    *(f"str{length}" for length in range(1, 2046)),
    "strl",
}


def short(names: Iterable[str], longest: int, reserved: set[str]) -> dict[str, str]:
    """Give each name one of at most so many bytes that none of the others has, however they are written.

    A name that is too long keeps its beginning and ends in a digest of the whole, so that it is the same in every file.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        found = fitting(name, longest, name.lower() in reserved)
        while found.lower() in taken:
            found = fitting(f"{found}_again", longest, True)
        taken.add(found.lower())
        given[name] = found
    return given


def fitting(name: str, longest: int, marked: bool = False) -> str:
    """Shorten a name to at most so many bytes."""
    if len(name) <= longest and not marked:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: longest - 7]}_{digest}"


def cut(text: str, longest: int) -> str:
    """Cut a label to at most so many bytes of UTF-8, at a whole character, and show that it was cut."""
    content = " ".join(text.split()).encode("utf-8")
    if len(content) <= longest:
        return content.decode("utf-8")
    return content[: longest - 3].decode("utf-8", "ignore").rstrip() + "…"
