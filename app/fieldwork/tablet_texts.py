"""What the tablet's page says, by key: the bundle sends each text in every language.

The page shows ``interface[language][key]``. A text stands here so that translators find it in the catalogue.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Mark a text for translators; the bundle translates it."""
    return message


TEXTS: dict[str, str] = {
    "next": _("Continue"),
    "back": _("Back"),
}
