"""`flask analysis`: weigh, estimate, rank and compare any survey's CSV files with the platform's own core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from app.analysis.errors import AnalysisError
from app.results.commands.file_options import EXISTING, NEW, breakdown_options, estimating_options, weighting_options

if TYPE_CHECKING:
    from app.analysis.files.responses import Responses
    from app.analysis.scheme import WeightingScheme
    from app.analysis.weighting import Weighted

FILE_DRAWS = 50_000
WORTH_SHOWING = 5_000_000

analysis_cli = click.Group("analysis", help="Weigh, estimate, rank and compare responses in CSV files.")


class Refused(click.ClickException):
    """Tell standard error what was refused and what to do, and leave with 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the thing, its value and the remedy."""
        say(f"Error: {self.message}", err=True)


@analysis_cli.command("weigh")
@click.argument("responses", type=EXISTING)
@weighting_options
@click.option("--out", required=True, type=NEW, help="Write the rows with their weights here.")
def weigh_file(responses: Path, targets: Path, out: Path, json_file: Path | None, **options: Any) -> None:
    """Add a weight with mean 1 to each row of RESPONSES."""
    with refusing(), writing([responses, targets], out, json_file) as (weighted_file, *described):
        from app.analysis.files import output

        output.check_no_weight(responses)
        rows, weighted = read_and_weigh(responses, file_scheme(targets, [responses], **options))
        assert weighted.units.of_row is not None
        with reading(responses, "Writing") as progress:
            disarmed = output.write_weighted(
                responses, weighted_file, weighted.units.of_row, weighted.unit_weights, progress
            )
        finish(weighted, [*rows.warnings, *output.of_disarmed(disarmed)], described)


@analysis_cli.command("estimate")
@click.argument("responses", type=EXISTING)
@weighting_options
@estimating_options
@breakdown_options
def estimate_file(
    responses: Path,
    targets: Path,
    items: str,
    by: str | None,
    cluster: str | None,
    replicates: int,
    json_file: Path | None,
    **options: Any,
) -> None:
    """Estimate shares (columns of 0 and 1, or NAME=COLUMN:value|value) and means with intervals."""
    with refusing(), writing([responses, targets], json_file) as described:
        from app.analysis.estimation import estimate, estimate_overall_and_by
        from app.analysis.files import document, lines

        scheme = file_scheme(targets, [responses], **options)
        rows, weighted = read_and_weigh(responses, scheme, items, by, cluster, replicates)
        if rows.by is None:
            found = estimate(weighted, rows.items, None, rows.design)
        else:
            found = estimate_overall_and_by(weighted, rows.items, rows.by, rows.design)
        for each in found:
            say(lines.of_estimate(each))
        warnings = [*rows.warnings, *lines.of_constants(found)]
        finish(weighted, warnings, described, estimates=document.estimates(found))


@analysis_cli.command("rank")
@click.argument("responses", type=EXISTING)
@weighting_options
@estimating_options
@click.option("--top", type=click.IntRange(min=1), help="Which are among the top k?  [default: 5]")
@breakdown_options
def rank_file(
    responses: Path,
    targets: Path,
    items: str,
    top: int | None,
    by: str | None,
    cluster: str | None,
    replicates: int,
    json_file: Path | None,
    **options: Any,
) -> None:
    """Rank yes / no items with the ranks that each could hold."""
    with refusing(), writing([responses, targets], json_file) as described:
        from app.analysis.files import document, lines
        from app.analysis.ranking import rank_by

        scheme = file_scheme(targets, [responses], **options)
        rows, weighted = read_and_weigh(responses, scheme, items, by, cluster, replicates)
        asked = top or min(5, len(rows.items))
        found = rank_by(weighted, rows.items, None, asked, rows.design, FILE_DRAWS)
        if rows.by is not None:
            found += rank_by(weighted, rows.items, rows.by, asked, rows.design, FILE_DRAWS)
        for ranking in found:
            for line in lines.of_ranking(ranking):
                say(line)
        warnings = [*rows.warnings, *lines.of_constants(each.share for each in found[0].priorities)]
        finish(weighted, warnings, described, top=asked, draws=FILE_DRAWS, ranks=document.ranks(found))


@analysis_cli.command("compare")
@click.argument("earlier", type=EXISTING)
@click.argument("later", type=EXISTING)
@weighting_options
@estimating_options
def compare_files(
    earlier: Path, later: Path, targets: Path, items: str, replicates: int, json_file: Path | None, **options: Any
) -> None:
    """Compare LATER with EARLIER, each weighted to the same targets."""
    with refusing(), writing([earlier, later, targets], json_file) as described:
        from app.analysis.change import change
        from app.analysis.estimation import estimate
        from app.analysis.files import document, lines

        scheme = file_scheme(targets, [earlier, later], **options)
        files = (("earlier", earlier), ("later", later))
        waves, estimates = {}, {}
        for name, path in files:
            with naming(path):
                waves[name] = rows, weighted = read_and_weigh(path, scheme, items, replicates=replicates)
                estimates[name] = estimate(weighted, rows.items)
        found = change(estimates["earlier"], estimates["later"])
        for each in found:
            say(lines.of_difference(each))
        parts = {
            name: document.wave(
                weighted.report, [*rows.warnings, *lines.of_constants(estimates[name])], estimates[name]
            )
            for name, (rows, weighted) in waves.items()
        }
        both = document.of_both(parts["earlier"], parts["later"], document.differences(found))
        finish(waves["later"][1], [], described, **both)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal of the analysis into exit code 2."""
    try:
        yield
    except AnalysisError as error:
        raise Refused(f"{error.thing}: {error.value}.\n{error.remedy}") from error


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say in which of several files what is refused was found."""
    try:
        yield
    except AnalysisError as error:
        if path.name not in error.thing:
            error.thing = f"{error.thing} in {path.name}"
        raise


@contextmanager
def writing(inputs: list[Path], *outputs: Path | None) -> Iterator[list[Path]]:
    """Give temporary files that become the outputs only if all went well."""
    from app.analysis.files import output

    output.check_places(inputs, [path for path in outputs if path is not None])
    with output.whole(*outputs) as partial:
        yield partial


@contextmanager
def reading(path: Path, doing: str) -> Iterator[Callable[[int], None] | None]:
    """Show how far into a large file we are, on standard error."""
    size = path.stat().st_size
    if size < WORTH_SHOWING:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield tenths(f"{doing} {path.name}", size)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"{doing} {path.name}", total=size)
        yield lambda done: bar.update(task, completed=done)


def tenths(doing: str, size: int) -> Callable[[int], None]:
    """Say each tenth that is done, one line each, where there is no terminal to draw a bar on."""
    said = 0

    def progress(done: int) -> None:
        nonlocal said
        if done * 10 // size > said:
            said = done * 10 // size
            say(f"{doing}: {said * 10}%", err=True)

    return progress


def file_scheme(
    targets: Path, waves: list[Path], cap: float | None, collapse: bool, unknown_limit: float | None
) -> WeightingScheme:
    """Make the scheme of the file commands: the margins of the targets, untrimmed and not collapsed unless asked."""
    from app.analysis.files.targets import read_scheme

    limit = None if unknown_limit is None else unknown_limit / 100
    return read_scheme(targets, waves, cap, collapse, limit)


def read_and_weigh(
    path: Path,
    scheme: WeightingScheme,
    items: str | None = None,
    by: str | None = None,
    cluster: str | None = None,
    replicates: int = 0,
) -> tuple[Responses, Weighted]:
    """Read one file of responses and weigh it; where weights are trimmed, draw replicates for the errors."""
    from app.analysis.bootstrap import counting_the_trimming
    from app.analysis.files.responses import read_responses
    from app.analysis.weighting import weigh

    with reading(path, "Reading") as progress:
        rows = read_responses(path, scheme.margins, items, by, cluster, progress)
    weighted = weigh(rows.columns, scheme)
    return rows, counting_the_trimming(weighted, rows.design, replicates) if replicates else weighted


def finish(weighted: Weighted, warnings: list[str], described: list[Path], /, **more: Any) -> None:
    """Say what the weighting cost, warn, and write the JSON if it is asked for; `more` adds to the weighting's part."""
    from app.analysis.files import document, lines, output

    result = {**document.weighting(weighted.report, warnings), **more}
    say(lines.of_weighting(weighted.report))
    for warning in result["warnings"]:
        say(f"Warning: {warning}", err=True)
    for path in described:
        output.write_json(path, result)


def say(text: str, err: bool = False) -> None:
    """Print text, keeping control characters of a file away from the terminal."""
    click.echo("".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text), err=err)
