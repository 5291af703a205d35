"""The formats that an export can have; what writes one is loaded only when it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app.results.errors import UnknownFormat

if TYPE_CHECKING:
    from app.results.export.microdata import Microdata

KEYS, LABELS, CODES = "keys", "labels", "codes"
SHOWN = {KEYS: "Keys, as very_safe", LABELS: "Labels, as Very safe", CODES: "Codes, as 1"}

NO_TEXT, MASKED, AS_WRITTEN = "none", "masked", "as_written"
TEXTS = {NO_TEXT: "Left out", MASKED: "Masked", AS_WRITTEN: "As written"}


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for people, the ending of its files, and where it is written."""

    key: str
    name: str
    suffix: str
    module: str
    mime: str
    writer: str = "write"

    def write(self, data: Microdata, path: Path, shown: str) -> None:
        """Write a file."""
        found: Callable[[Microdata, Path, str], None] = getattr(
            import_module(f"app.results.export.{self.module}"), self.writer
        )
        found(data, path, shown)


LISTED = (
    Format("csv", "CSV, for Excel and everything else", "csv", "delimited", "text/csv"),
    Format(
        "xlsx",
        "Excel workbook",
        "xlsx",
        "workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format("sav", "SPSS", "sav", "spss", "application/x-spss-sav"),
    Format("sps", "SPSS syntax that weights the file", "sps", "spss", "text/plain", "write_syntax"),
    Format("dta", "Stata", "dta", "stata", "application/x-stata-dta"),
    Format("parquet", "Parquet, for Python and R", "parquet", "parquet", "application/vnd.apache.parquet"),
    Format("codebook", "Codebook as a page", "html", "codebook", "text/html"),
    Format("ddi", "Codebook as DDI-Codebook 2.5", "xml", "ddi", "application/xml"),
    Format("zip", "Everything above in one ZIP, with scripts for Python and R", "zip", "bundle", "application/zip"),
)
FORMATS = {each.key: each for each in LISTED}


def format_named(key: str) -> Format:
    """Find a format. Raises UnknownFormat."""
    if key not in FORMATS:
        raise UnknownFormat(f"There is no format {key[:40]!r}. Formats: {', '.join(FORMATS)}.")
    return FORMATS[key]


def refuse_unknown(language: str, languages: tuple[str, ...], shown: str, text: str = NO_TEXT) -> None:
    """Raise UnknownFormat for a language that the survey does not have, or a way to show things that there is not."""
    if language not in languages:
        raise UnknownFormat(f"The survey has no language {language[:40]!r}. Languages: {', '.join(languages)}.")
    if shown not in SHOWN:
        raise UnknownFormat(f"Values cannot be shown as {shown[:40]!r}. They can be: {', '.join(SHOWN)}.")
    if text not in TEXTS:
        raise UnknownFormat(f"Own words cannot come as {text[:40]!r}. They can be: {', '.join(TEXTS)}.")
