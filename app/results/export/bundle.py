"""Puts everything that an analyst needs of a wave into one ZIP: data, codebooks, figures, and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from app.database import db
from app.results.errors import TooLarge
from app.results.export.formats import KEYS, LISTED, TEXTS
from app.results.export.microdata import Microdata
from app.results.export.replicates import replicated, write_replicates
from app.results.export.reproduced import (
    MONTHS,
    REPLICATES,
    SCRIPTS,
    VALUES,
    means_of,
    script,
    write_figures,
    write_months,
    write_values,
)
from app.results.models import AnalysisRun
from app.results.run import figures, parts

ABOUT = """{wave}, run {run}, {n:,} responses. {simulated}

Confidential: single people's answers. Keep these files where only those who need them can open them.

{listed}
reproduce.py and reproduce.R read {stem}.csv, or the .sav or .dta that is named after them, and work every figure of
the run in figures.csv out again. values.csv lists each variable with its values in every format; replicates.csv, where
weights were trimmed, has replicate weights for each cell of the weighting: all errors come from them. months.csv, in a
monthly survey, has what earlier months add to the means of up to three and twelve months.
{text}
{left_out}"""


def write(data: Microdata, path: Path, shown: str = "") -> None:
    """Write the ZIP; a format that cannot hold so many responses is left out, and the readme says so."""
    with TemporaryDirectory(prefix="bundle-") as folder, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=4) as bundle:
        left_out = []
        for name, written, problem in _files(data, Path(folder)):
            if problem:
                left_out.append(f"Left out: {name}. {problem}\n")
            else:
                bundle.write(written, name)
                written.unlink()
        bundle.writestr("readme.txt", _readme(data, left_out))


def _files(data: Microdata, folder: Path) -> Iterator[tuple[str, Path, str]]:
    for each in LISTED:
        if each.module == "bundle":
            continue
        name, written = f"{data.file_stem}.{each.suffix}", folder / f"{each.key}.{each.suffix}"
        try:
            each.write(data, written, KEYS)
        except TooLarge as error:
            yield name, written, str(error)
        else:
            yield name, written, ""
    yield from _scripts(data, folder)


def _scripts(data: Microdata, folder: Path) -> Iterator[tuple[str, Path, str]]:
    run = db.session.get_one(AnalysisRun, data.run_id)
    results = figures.from_document(run.results)
    means = [*means_of(results, parts.lines(run))]
    db.session.commit()
    write_figures(data, results, means, folder / "figures.csv")
    yield "figures.csv", folder / "figures.csv", ""
    if means:
        write_months(means, folder / MONTHS)
        yield MONTHS, folder / MONTHS, ""
    write_values(data.variables, folder / VALUES)
    yield VALUES, folder / VALUES, ""
    if found := replicated(data.weighted):
        write_replicates(found, data.weighted, folder / REPLICATES)
        yield REPLICATES, folder / REPLICATES, ""
    for name in SCRIPTS:
        (folder / name).write_text(script(name, data), encoding="utf-8")
        yield name, folder / name, ""


def _readme(data: Microdata, left_out: list[str]) -> str:
    listed = "".join(f"{data.file_stem}.{each.suffix}: {each.name}\n" for each in LISTED if each.module != "bundle")
    simulated = "SIMULATED ANSWERS: for trying things out, not for decisions." if data.simulated else ""
    return ABOUT.format(
        wave=data.wave,
        run=data.run_id,
        n=data.n,
        simulated=simulated,
        listed=listed,
        stem=data.file_stem,
        text=f"Own words: {TEXTS[data.text].lower()}.",
        left_out="".join(left_out),
    )
