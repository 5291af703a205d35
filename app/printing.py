"""Sets a document as a tagged PDF (PDF/UA-1) with typst, in the letters and the direction of any of our languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.i18n import Language

FONTS = Path(__file__).with_name("paper_fonts")
SHARED = Path(__file__).with_name("spoken.typ")
LATIN = "Noto Sans"
ARABIC = "Noto Naskh Arabic"
SCRIPTS = {
    "ar": ARABIC,
    "ur": ARABIC,
    "bn": "Noto Sans Bengali",
    "gu": "Noto Sans Gujarati",
    "pa": "Noto Sans Gurmukhi",
}
"""The family of each language whose letters Noto Sans lacks."""


class CannotSet(ValueError):
    """A text holds a letter that none of our fonts has."""


def faces(language: Language) -> list[str]:
    """List the families of a language, its own first; the others set names and quotations in other scripts."""
    own = SCRIPTS.get(language.code, LATIN)
    return list(dict.fromkeys([own, LATIN, *SCRIPTS.values()]))


def pdf(layout: Path, contents: dict[str, Any], language: Language) -> bytes:
    """Set a layout with its contents.

    A layout begins with ``#import "spoken.typ": contents, spoken`` and ``#show: spoken``. Raises CannotSet where a
    character has no glyph.
    """
    import typst

    # typst takes "pa" for a language that is written from the right: the direction is always ours.
    speaking = {"code": language.code, "direction": language.direction, "faces": faces(language)}
    inputs = {"contents": json.dumps(contents), "language": json.dumps(speaking)}
    files: Any = {"main.typ": layout.read_bytes(), SHARED.name: SHARED.read_bytes()}
    try:
        made = typst.compile(
            files, sys_inputs=inputs, font_paths=[FONTS], ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    except typst.TypstError as error:
        raise CannotSet(str(error)) from error
    return bytes(made)
