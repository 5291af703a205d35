"""What a report is made of, whether it is shown as a page or set as a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from app.results.run.figures import Results
from app.results.telling.tables import Table
from app.results.themes import ThemeFigures


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as SVG, its name, and what it shows in words."""

    svg: str
    about: str


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the report with what stands under it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a reader of the report sees, in order."""

    title: str
    about: str
    simulated: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One stored run that a report tells of."""

    title: str
    reference: str
    cut_off: str
    run: int
    results: Results
    themes: tuple[ThemeFigures, ...] = ()
    keying: str = ""
