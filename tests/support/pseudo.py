"""A language that is none: every translatable text in ⟦brackets⟧, right to left; the rest cannot be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

CODE = "he"
OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans("aeiouyAEIOUYcnCN", "àéîöüýÀÉÎÖÜÝçñÇÑ")
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w+\}|</?[a-z][^>]*>|&\w+;)")
LETTERS = re.compile(r"[^\W\d_]{2,}")
NAMES = re.compile(r"English|[^\x00-\x7f]+")


def pseudo(text: str) -> str:
    """Write a text in the language that is none; what is filled in later stays as it is."""
    parts = KEPT.split(text)
    return OPEN + "".join(part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in parts) + CLOSE


def write_translations(template: Catalog, folder: Path) -> Path:
    """Write and compile a catalogue that has every text of the template."""
    catalog = Catalog(locale=CODE, fuzzy=False)
    catalog.update(template)
    for message in catalog:
        if message.id:
            ids = message.id if isinstance(message.id, list | tuple) else [message.id]
            forms = [pseudo(ids[-1])] * catalog.num_plurals if len(ids) > 1 else pseudo(ids[0])
            message.string = tuple(forms) if isinstance(forms, list) else forms
    path = folder / CODE / "LC_MESSAGES"
    path.mkdir(parents=True)
    with (path / "messages.po").open("wb") as file:
        write_po(file, catalog)
    with (path / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    return folder


def untranslated(document: Any) -> Iterator[str]:
    """Name each text on a page that did not come from the catalogue."""
    from tests.support import markup

    depth = 0
    for element, text in markup.texts(document):
        if element.xpath("ancestor-or-self::*[@lang and local-name() != 'html']"):
            continue  # it says itself which language it is in, as the names of languages do
        outside = []
        for part in re.split(f"([{OPEN}{CLOSE}])", text):
            if part in (OPEN, CLOSE):
                depth += 1 if part == OPEN else -1
            elif depth <= 0:
                outside.append(part)
        if element.xpath("ancestor-or-self::bdi[@dir='ltr']"):
            continue
        words = LETTERS.findall(" ".join(outside))
        if words:
            yield f"not from the catalogue: {text.strip()[:100]!r}"
