"""Sets forms with typst: first to learn where each box stands, then as a tagged PDF (PDF/UA-1), then for a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import printing
from app.i18n import Language

FORM = Path(__file__).with_name("form.typ")
RUN = Path(__file__).with_name("run.typ")


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things stand on a form: how many sides it has, on which its questions begin, each box in millimetres."""

    sides: int
    first: int
    marks: tuple[dict[str, Any], ...]
    receipt: dict[str, Any]


def geometry(contents: Mapping[str, Any], language: Language) -> Geometry:
    """Learn where each box stands. Raises CannotSet where the form cannot be set."""
    import typst

    job = _job({**contents, "noting": True}, language)
    found = json.loads(_with_names(lambda: typst.query(**job, selector="<mark>", field="value", format="json")))
    begins = next(each["begins"] for each in found if "begins" in each)
    ends = next(each["ends"] for each in found if "ends" in each)
    receipt = next(each for each in found if "receipt" in each)
    marks = tuple(each for each in found if "field" in each)
    return Geometry(ends + ends % 2, begins, marks, {name: receipt[name] for name in ("side", "x", "y")})


def pdf(contents: Mapping[str, Any], language: Language) -> bytes:
    """Set forms. Raises CannotSet where a character has no glyph."""
    import typst

    job = _job({**contents, "noting": False}, language)
    return bytes(_with_names(lambda: typst.compile(**job, pdf_standards=["ua-1"])))


def stamped(form: bytes, run: Mapping[str, Any]) -> bytes:
    """Repeat a form for each serial of a run; what all have in common stands in the file once, so it is for printers.

    ``run`` has the places of the code and of the receipt code, and of each form its label, codes and receipt.
    """
    import typst

    with TemporaryDirectory() as folder:
        Path(folder, "form.pdf").write_bytes(form)
        main = Path(folder, RUN.name)
        main.write_bytes(RUN.read_bytes())
        job = {"input": main, "root": folder, "font_paths": _fonts(), "ignore_system_fonts": True}
        return bytes(_with_names(lambda: typst.compile(**job, sys_inputs={"run": json.dumps(run)})))


def _with_names(work: Callable[[], Any]) -> Any:
    import typst

    try:
        return work()
    except typst.TypstError as error:
        raise printing.CannotSet(f"The form cannot be printed: {error}") from error


def _job(contents: Mapping[str, Any], language: Language) -> dict[str, Any]:
    speaking = {"code": language.code, "direction": language.direction, "faces": printing.faces(language)}
    return {
        "input": {"main.typ": FORM.read_bytes(), printing.SHARED.name: printing.SHARED.read_bytes()},
        "sys_inputs": {"contents": json.dumps(contents), "language": json.dumps(speaking)},
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
    }


@cache
def _fonts() -> Any:
    """Look through the fonts once: every form would look through them anew."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[printing.FONTS])
