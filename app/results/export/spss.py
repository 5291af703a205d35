"""Writes an export for SPSS: the file with labels and missing values, and the syntax that weights it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.results.export.frames import frame
from app.results.export.microdata import Microdata
from app.results.export.names import SPSS_RESERVED, cut, short
from app.results.export.variables import MEASURE, NUMBER, TEXT, Variable

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL = 64, 250, 115


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write a .sav: don't know, prefer not to say, not asked and not answered are user-missing, each with its code."""
    import pyreadstat

    names = short((each.name for each in data.variables), LONGEST_NAME, SPSS_RESERVED)
    pyreadstat.write_sav(
        frame(data).rename(columns=names),
        path,
        file_label=cut(data.title, 60),
        row_compress=True,
        **dictionary(data.variables, names),
    )


def dictionary(variables: tuple[Variable, ...], names: dict[str, str]) -> dict[str, Any]:
    """Describe the variables as SPSS does."""
    labelled = [each for each in variables if each.values or each.missing]
    return {
        "column_labels": {names[each.name]: cut(each.label, LONGEST_LABEL) for each in variables},
        "variable_value_labels": {
            names[each.name]: {code: cut(label, LONGEST_VALUE_LABEL) for code, label in each.labels.items()}
            for each in labelled
        },
        "missing_ranges": {names[each.name]: [_range(each)] for each in labelled if each.missing},
        "variable_measure": {names[each.name]: _level(each) for each in variables},
        "variable_format": {
            names[each.name]: "F12.8" if each.kind == MEASURE else "F8.0" for each in variables if each.kind != TEXT
        },
    }


def _range(variable: Variable) -> dict[str, int]:
    codes = [value.code for value in variable.missing]
    return {"lo": min(codes), "hi": max(codes)}


def _level(variable: Variable) -> str:
    if variable.kind in (MEASURE, NUMBER):
        return "scale"
    return "ordinal" if variable.ordinal else "nominal"


def syntax(data: Microdata, file: str) -> str:
    """Write the syntax that opens a file and weights it: a .sav cannot name its own weight."""
    simulated = "* SIMULATED ANSWERS: for trying things out, not for decisions.\n" if data.simulated else ""
    return (
        f"* Encoding: UTF-8.\n* {data.wave}, run {data.run_id}.\n{simulated}"
        f"GET FILE='{file}'.\n"
        "* The weight is empty for people from outside and for organisations, who are never weighted.\n"
        "* SPSS leaves them out of weighted tables by itself.\n"
        "WEIGHT BY weight.\n"
        "* Shares come out right. Standard errors of FREQUENCIES and CROSSTABS do not: they take weights for counts.\n"
        "* Use Complex Samples, or the R or Python script of this export.\n"
    )


def write_syntax(data: Microdata, path: Path, shown: str = "") -> None:
    """Write the syntax as a file of its own."""
    path.write_text(syntax(data, f"{data.file_stem}.sav"), encoding="utf-8-sig")
