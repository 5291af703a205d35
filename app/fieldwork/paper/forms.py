"""A form of one wave in one language and format: what stands on it, how its layout reads as data, and its PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app import i18n
from app.fieldwork.paper import contents, setting, sheets
from app.fieldwork.paper.words import Words
from app.surveys import queries
from app.surveys.definition import Definition
from app.surveys.models import Wave

QR = [sheets.QR_X, sheets.QR_Y, sheets.QR_WIDE]

HEADS = {contents.A4: 9, contents.LARGE: 18, contents.EASY: 12}
"""How large the serial is printed, in points."""
SIDE, SIDES, ADDRESS = "<side>", "<sides>", "<address>"
"""Where the layout puts what is known only as the form is set."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One form to be printed: its serial, and the receipt code on its slip."""

    serial: int
    receipt: str


class Form:
    """A wave's form in one language and format."""

    def __init__(self, wave: Wave, language: str, style: str) -> None:
        self.wave, self.style = wave, style
        self.language = i18n.languages()[language]
        self.definition: Definition = queries.definition_of(wave, language)
        self._words = Words(self.language, style == contents.EASY)

    def layout(self) -> dict[str, Any]:
        """Describe as data where each box and line stands on each side, so that a scan can be read."""
        return self._described(setting.geometry(self._contents(None), self.language))

    def pdf(self, printed: Printed | None = None) -> bytes:
        """Set one form as a tagged PDF; without a serial it has neither codes nor a receipt code."""
        return setting.pdf(self._contents(printed), self.language)[0]

    def both(self, printed: Printed | None = None) -> tuple[bytes, dict[str, Any]]:
        """Set one form and describe its layout: typst works once for both."""
        made, found = setting.pdf(self._contents(printed), self.language)
        return made, self._described(found)

    def _described(self, found: setting.Geometry) -> dict[str, Any]:
        return {
            "wave": self.wave.reference,
            "definition": self.wave.digest,
            "language": self.language.code,
            "format": self.style,
            "paper": {"width": 210, "height": 297, "unit": "mm"},
            "corners": {"dictionary": "4x4_50", "size": sheets.MARK, "edge": sheets.EDGE, "clockwise": [0, 1, 2, 3]},
            "code": {"x": sheets.QR_X, "y": sheets.QR_Y, "width": sheets.QR_WIDE},
            "sides": found.sides,
            "first": found.first,
            "receipt": found.receipt | {"size": 14 if self.style == contents.A4 else 25},
            "marks": list(found.marks),
        }

    def run(self, layout: dict[str, Any], printed: Sequence[Printed]) -> bytes:
        """Set a run for the printer: the same form again and again, each with its own serial."""
        forms = [self._sheet(each, layout["sides"]) for each in printed]
        return setting.stamped(
            self.pdf(), {"qr": QR, "label": HEADS[self.style], "receipt": layout["receipt"], "forms": forms}
        )

    def _contents(self, printed: Printed | None) -> dict[str, Any]:
        words = self._words
        lines = [(line.name, line.number, line.about) for line in queries.support_lines()]
        site = f"{current_app.config['PRODUCT_URL']}/{self.language.code}/your-answers"
        address = current_app.config["RETURN_ADDRESS"]
        named = ("back", "hand_back", "draft", "receipt", "slip", "slip_post", "thanks")
        return {
            "style": self.style,
            "mark": sheets.MARK,
            "edge": sheets.EDGE,
            "qr": QR,
            "words": {name: words(name) for name in named}
            | {
                "slip_web": words("slip_web", address=ADDRESS).split(ADDRESS),
                "side": words("side", side=SIDE, sides=SIDES),
            },
            "site": site,
            "cover": contents.cover(self.definition, words, self.style, lines),
            "blocks": contents.blocks(self.definition, words, self.style),
            "address": address.splitlines(),
            "draft": not current_app.config["RETURN_ADDRESS_CONFIRMED"],
            "sheet": self._sheet(printed, setting.MOST_SIDES) if printed else {"label": "", "receipt": "", "codes": []},
        }

    def _sheet(self, each: Printed, sides: int) -> dict[str, Any]:
        reference = self.wave.reference
        drawn = [sheets.Side(reference, each.serial, side).svg() for side in range(1, sides + 1)]
        return {"label": sheets.label(reference, each.serial), "receipt": each.receipt, "codes": drawn}
