"""Read the items that an analyst asks for: `p01,p02,confident=confidence:4|5`."""

from __future__ import annotations

from collections.abc import Sequence

from app.analysis.columns import is_unknown
from app.analysis.errors import InvalidItem, RepeatedItem
from app.analysis.files.coding import ChoiceCoder, ItemCoder, NumberCoder

HOW = "Write a column's name, or NAME=COLUMN:value|value."


def read_items(text: str) -> list[tuple[str, ItemCoder]]:
    """Return the column and a fresh coder for each item. Raises InvalidItem, RepeatedItem."""
    items = [_item(part.strip()) for part in text.split(",") if part.strip()]
    if not items:
        raise InvalidItem("Items", "none are given", HOW)
    names = [coder.name for _, coder in items]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise RepeatedItem(f"Item {repeated[0]}", "it is given more than once", "Give each item its own name.")
    return items


def _item(text: str) -> tuple[str, ItemCoder]:
    if "=" not in text:
        return text, NumberCoder(text)
    name, _, rest = (part.strip() for part in text.partition("="))
    column, colon, values = (part.strip() for part in rest.partition(":"))
    chosen = _values(values)
    if not (name and column and colon and chosen):
        raise InvalidItem(f"Item {text!r}", "it does not say which answers of which column mean yes", HOW)
    if unknown := [value for value in chosen if is_unknown(value)]:
        raise InvalidItem(
            f"Item {name}", f"{unknown[0]!r} is unknown, and outside the base of every item", "Name answers only."
        )
    return column, ChoiceCoder(name, column, chosen)


def _values(text: str) -> Sequence[str]:
    return [value.strip() for value in text.split("|") if value.strip()]
