"""The registry of question kinds: a new kind is one class, and one line here."""

from __future__ import annotations

from app.surveys.kinds.base import NONE_OF_THESE, OFF_SCALE, Field, Form, Invalid, Kind
from app.surveys.kinds.choosing import OneOf, Scale, ScaleGroup, Several
from app.surveys.kinds.entering import AmountByBand, Area, Number, Text
from app.surveys.kinds.ordering import Order

KINDS: dict[str, Kind] = {
    "one_of": OneOf(),
    "several": Several(),
    "scale": Scale(),
    "scale_group": ScaleGroup(),
    "order": Order(),
    "number": Number(),
    "amount_by_band": AmountByBand(),
    "area": Area(),
    "text": Text(),
}

__all__ = [
    "KINDS",
    "NONE_OF_THESE",
    "OFF_SCALE",
    "AmountByBand",
    "Field",
    "Form",
    "Invalid",
    "Kind",
    "Order",
    "Several",
]
