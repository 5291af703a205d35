"""What a refused answer is told: one translated sentence for each of the gate's codes, saying what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import i18n
from app.i18n import gettext as _
from app.i18n import lazy as _l

MESSAGES: dict[str, Any] = {
    "choose_one": _l("Choose one of the answers"),
    "choose_some": _l("Choose at least one answer"),
    "choose_each": _l("Choose an answer to “%(row)s”"),
    "choose_area": _l("Enter your postcode, or choose your district"),
    "enter_number": _l("Enter a number"),
    "enter_text": _l("Write your answer"),
    "one_only": _l("More than one answer arrived. Choose one"),
    "unknown_option": _l("Choose one of the answers shown"),
    "exclusive": _l("Choose either the last answer alone, or some of the others"),
    "at_most": _l("You chose %(chosen)s. Choose no more than %(at_most)s"),
    "at_least": _l("You chose %(chosen)s. Choose at least %(at_least)s"),
    "order_all": _l("Give each one a place of its own, or leave all places empty"),
    "order_needed": _l("Give each a place: 1 is the most important."),
    "order_all_row": _l("Give “%(row)s” a place, or leave all places empty"),
    "order_twice": _l("Two have place %(place)s. Give “%(row)s” another place"),
    "not_a_number": _l("“%(typed)s” is not a whole number. Write it in digits, for example 12"),
    "out_of_range": _l("%(typed)s is not between %(minimum)s and %(maximum)s"),
    "too_long": _l("You wrote %(length)s characters. Shorten it to %(max_length)s or fewer"),
    "control_character": _l(
        "There is a hidden character here that we can't store (%(character)s). Remove it and try again"
    ),
    "companion_alone": _l("Choose an answer, then write your words"),
    "off_route": _l("This question was not asked"),
    "postcode_unknown": _l("We do not know the district of %(postcode)s. Choose your district from the list"),
    "postcode_straddles": _l("%(postcode)s lies in more than one district. Choose yours from the list"),
    "postcode_malformed": _l("“%(postcode)s” is not a postcode. Write it like %(example)s, or choose your district"),
    "postcode_elsewhere": _l("%(postcode)s is in %(found)s, but you chose %(chosen)s. Change one of them"),
}


def message(code: str, values: Mapping[str, Any], row: str = "") -> str:
    """Say a problem in the language of the page."""
    if code == "order_all" and row:
        code = "order_all_row"
    return str(MESSAGES[code]) % {name: i18n.isolated(value) for name, value in {**values, "row": row}.items()}


def off_scale_words() -> dict[str, str]:
    """Name the answers that stand apart from every scale."""
    return {
        "dont_know": _("Don't know"),
        "prefer_not_to_say": _("Prefer not to say"),
        "none": _("None of these"),
    }
