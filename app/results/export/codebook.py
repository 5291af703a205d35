"""Writes the codebook as one page that opens in any browser."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from app import i18n
from app.results.export.contents import FEW, entries
from app.results.export.microdata import Microdata


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write the page; it stands alone, without any other file."""
    spoken = i18n.languages().get(data.language)
    template = current_app.jinja_env.get_template("exports/codebook.html")
    page = template.render(
        data=data,
        entries=entries(data),
        few=FEW,
        direction=spoken.direction if spoken else "ltr",
        languages=[i18n.languages()[code].english for code in data.definition.languages if code in i18n.languages()],
    )
    path.write_text(page, encoding="utf-8")
