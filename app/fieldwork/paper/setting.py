"""Sets forms with typst: as a tagged PDF (PDF/UA-1), to learn where each box stands, and again and again for a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import printing
from app.i18n import Language

FORM = Path(__file__).with_name("form.typ")
RUN = Path(__file__).with_name("run.typ")
MOST_SIDES = 60


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things stand on a form: how many sides it has, on which its questions begin, each box in millimetres."""

    sides: int
    first: int
    marks: tuple[dict[str, Any], ...]
    receipt: dict[str, Any]


def geometry(contents: Mapping[str, Any], language: Language) -> Geometry:
    """Learn where each box stands. Raises CannotSet where the form cannot be set."""
    with _ready(contents, language) as compiler:
        return _geometry(compiler)


def pdf(contents: Mapping[str, Any], language: Language) -> tuple[bytes, Geometry]:
    """Set a form, and learn where each box stands. Raises CannotSet where a character has no glyph."""
    with _ready(contents, language) as compiler:
        made = bytes(_with_names(lambda: compiler.compile(format="pdf", pdf_standards=["ua-1"])))
        return made, _geometry(compiler)


def _geometry(compiler: Any) -> Geometry:
    found = json.loads(_with_names(lambda: compiler.query("<mark>", field="value", format="json")))
    begins = next(each["begins"] for each in found if "begins" in each)
    ends = next(each["ends"] for each in found if "ends" in each)
    receipt = next(each for each in found if "receipt" in each)
    marks = tuple(each for each in found if "field" in each)
    sides = ends + ends % 2
    if sides > MOST_SIDES:
        raise printing.CannotSet(f"The form has {sides} sides: at most {MOST_SIDES} can be told apart.")
    return Geometry(sides, begins, marks, {name: receipt[name] for name in ("side", "x", "y")})


@contextmanager
def _ready(contents: Mapping[str, Any], language: Language) -> Iterator[Any]:
    """Make a compiler ready: what it has set once, it tells about without setting it again."""
    import typst

    speaking = {"code": language.code, "direction": language.direction, "faces": printing.faces(language)}
    inputs = {"contents": json.dumps(contents), "language": json.dumps(speaking)}
    with TemporaryDirectory() as folder:
        for file in (FORM, printing.SHARED):
            Path(folder, file.name).write_bytes(file.read_bytes())
        job: Any = {"input": Path(folder, FORM.name), "root": folder, "sys_inputs": inputs}
        yield typst.Compiler(**job, font_paths=_fonts(), ignore_system_fonts=True)


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


@cache
def _fonts() -> Any:
    """Look through the fonts once: every form would look through them anew."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[printing.FONTS])
