"""The figures of a run as a table that scripts reproduce from the responses, and the scripts that do."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from string import Template

from app.results.computing import tracking
from app.results.export.microdata import Microdata
from app.results.export.stata import LETTERS
from app.results.export.variables import Variable
from app.results.reading.subjects import TICKED, Subject, found_in, subjects
from app.results.run.figures import Figure, Results, Share
from app.results.run.lines import WEST_YORKSHIRE, Line
from app.surveys.definition import Definition

HERE = Path(__file__).parent / "scripts"
HEAD = ("figure", "label", "district", "columns", "answers", "base", "n", "value", "low", "high", "shared")
MONTHS_HEAD = ("figure", "district", "wave", "value", "standard_error", "effective_n")
SCRIPTS = {"reproduce.py": "reproduce.py.txt", "reproduce.R": "reproduce.R.txt"}
VALUES, REPLICATES, MONTHS = "values.csv", "replicates.csv", "months.csv"
VALUES_HEAD = ("variable", "code", "stata", "key", "label")
Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Mean:
    """A mean of several months: the share that this month adds, the months before it, and what the months share.

    ``earlier`` has, by area ("" is West Yorkshire), each month before with its figure; ``shared`` the variance that
    bridges give to several of them alike.
    """

    name: str
    share: Share
    earlier: Mapping[str, Sequence[tuple[str, Figure]]]
    shared: Mapping[str, float]


def write_figures(data: Microdata, results: Results, means: Sequence[Mean], path: Path) -> None:
    """Write each figure of a run that may be shown, and from which columns and answers it is made."""
    _write(path, HEAD, chain(rows(data.definition, results), rows_of_means(data.definition, results, means)))


def write_months(means: Iterable[Mean], path: Path) -> None:
    """Write what earlier months add to each mean: their shares with errors, as a bridge carries them over."""
    rows = (
        (mean.name, district, wave, each.value, each.standard_error, each.effective_n)
        for mean in means
        for district, months in mean.earlier.items()
        for wave, each in months
    )
    _write(path, MONTHS_HEAD, rows)


def _write(path: Path, head: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def write_values(variables: Iterable[Variable], path: Path) -> None:
    """Write each variable with its values: the code in SPSS, that in Stata, the key in text files, and the label."""
    _write(path, VALUES_HEAD, (row for each in variables for row in _values_of(each)))


def _values_of(variable: Variable) -> Iterator[Row]:
    name = variable.name
    yield name, "", "", "", variable.label
    yield from ((name, v.code, v.code, v.key, v.label) for v in variable.values)
    yield from ((name, v.code, LETTERS[v.key], v.key, v.label) for v in variable.missing)


def means_of(results: Results, lines: Mapping[str, Line]) -> Iterator[Mean]:
    """Walk the means of three and of twelve months that this month ends."""
    for measure in results.measures:
        if measure.key in lines:
            same = tracking.comparable(lines[measure.key].points)
            yield from _mean_of(f"{measure.key}:quarter", measure.quarter, tracking.within(same, tracking.QUARTER))
            yield from _mean_of(f"{measure.key}:year", measure.rolling, tracking.within(same, tracking.YEAR))


def _mean_of(name: str, share: Share | None, chosen: Sequence[tracking.Moved]) -> Iterator[Mean]:
    if share is None:
        return
    earlier, shared = {}, {}
    for area in (WEST_YORKSHIRE, *share.districts):
        months = tracking.answered_in(chosen, area)
        if months and months[0] is chosen[0]:  # else nobody of the district answered this month
            earlier[area] = [(each.point.wave, each.shifted(area)) for each in months[1:]]
            shared[area] = tracking.shared_variance(months)
    yield Mean(name, share, earlier, shared)


def rows_of_means(definition: Definition, results: Results, means: Iterable[Mean]) -> Iterator[Row]:
    """Walk the means of months: how this month's share is made, and what the mean is."""
    known = list(subjects(definition))
    asked = {each.key: each for each in results.measures}
    for mean in means:
        measure = asked[mean.name.rpartition(":")[0]]
        if named := found_in(known, measure.item, measure.options):
            for row in of_share(*named, mean.share, mean.name):
                if (district := str(row[2])) in mean.shared:
                    yield *row[:-1], mean.shared[district]


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
            yield (*what, district, columns, answers, base, figure.n, figure.value, figure.low, figure.high, "")


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
