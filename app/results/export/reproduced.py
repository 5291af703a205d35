"""The figures of a run as a table that scripts reproduce from the responses, and the scripts that do."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template

from app.results.export.microdata import Microdata
from app.results.export.stata import LETTERS
from app.results.export.variables import Variable
from app.results.reading.subjects import TICKED, Subject, found_in, subjects
from app.results.run.figures import Figure, Results, Share
from app.surveys.definition import Definition

HERE = Path(__file__).parent / "scripts"
HEAD = ("figure", "label", "district", "columns", "answers", "base", "n", "value", "low", "high")
SCRIPTS = {"reproduce.py": "reproduce.py.txt", "reproduce.R": "reproduce.R.txt"}
VALUES, REPLICATES = "values.csv", "replicates.csv"
VALUES_HEAD = ("variable", "code", "stata", "key", "label")
Row = tuple[str | int | float | None, ...]


def write_figures(data: Microdata, results: Results, path: Path) -> None:
    """Write each figure of a run that may be shown, and from which columns and answers it is made."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(rows(data.definition, results))


def write_values(variables: Iterable[Variable], path: Path) -> None:
    """Write each variable with its values: the code in SPSS, that in Stata, the key in text files, and the label."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(VALUES_HEAD)
        for each in variables:
            writer.writerow((each.name, "", "", "", each.label))
            writer.writerows((each.name, v.code, v.code, v.key, v.label) for v in each.values)
            writer.writerows((each.name, v.code, LETTERS[v.key], v.key, v.label) for v in each.missing)


def rows(definition: Definition, results: Results) -> Iterator[Row]:
    """Walk the figures: rankings, distributions, means and followed measures, for the county and each district."""
    known = {subject.key: subject for subject in subjects(definition)}
    for ranking in results.rankings:
        for place in ranking.places:
            yield from of_share(known[ranking.key], (place.share.key,), place.share, f"{ranking.key}:{place.share.key}")
    for found in results.distributions:
        subject = known[found.key]
        for share in (*found.shares, *([found.top_two] if found.top_two else [])):
            options = subject.top_two if share is found.top_two else (share.key,)
            yield from of_share(subject, options, share, f"{found.key}:{share.key}")
    for mean in results.means:
        yield from _rows((mean.key, mean.label), mean.key, "", "", mean)
    for measure in results.measures:
        if named := found_in(known.values(), measure.item, measure.options):
            yield from of_share(*named, measure.share, measure.key)


def of_share(subject: Subject, options: tuple[str, ...], share: Share, name: str) -> Iterator[Row]:
    """Say which columns and answers make a share; it counts who gave one of the answers in any of the columns."""
    what = (name, share.label)
    if subject.shape == "ticks":
        columns = "|".join(subject.column(option) for option in options)
        yield from _rows(what, columns, TICKED[0], "0|1", share)
    else:
        yield from _rows(what, subject.key, "|".join(options), "|".join(subject.option_keys), share)


def _rows(what: tuple[str, str], columns: str, answers: str, base: str, share: Share) -> Iterator[Row]:
    everywhere: list[tuple[str, Figure]] = [("", share.figure), *share.districts.items()]
    for district, figure in everywhere:
        if figure.shown:
            yield (*what, district, columns, answers, base, figure.n, figure.value, figure.low, figure.high)


def script(name: str, data: Microdata) -> str:
    """Write a script that reads the responses and the figures beside it and reproduces these from those."""
    district = data.definition.with_role("district")
    return Template((HERE / SCRIPTS[name]).read_text(encoding="utf-8")).substitute(
        wave=data.wave,
        run=data.run_id,
        responses=data.file_stem,
        district=district.key if district else "",
        simulated="SIMULATED ANSWERS: for trying things out, not for decisions." if data.simulated else "",
    )
