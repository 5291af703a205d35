"""Measure the analysis from a thousand responses to every adult of West Yorkshire: `make bench-analysis [PEERS=1]`."""

from __future__ import annotations

import gc
import importlib.util
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as wsgi.py does

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.analysis.columns import Column
from app.analysis.constraints import constraints_of
from app.analysis.estimation import estimate
from app.analysis.items import Item, choice, ticks
from app.analysis.margins import Margin, margin
from app.analysis.raking import rake
from app.analysis.ranking import rank, rank_by
from app.analysis.scheme import WeightingScheme
from app.analysis.units import units_of_rows
from app.analysis.weighting import weigh

SIZES = (1_000, 10_000, 100_000, 1_000_000, 1_880_497)
CENSUS = {
    "district": {"Bradford": 421577, "Calderdale": 166640, "Kirklees": 346276, "Leeds": 658471, "Wakefield": 287533},
    "age_band": dict(
        zip(
            ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"),
            (274720, 322589, 307549, 305580, 277560, 215841, 176658),
            strict=True,
        )
    ),
    "sex": {"Female": 970635, "Male": 909862},
    "ethnic_group": {"White": 1498250, "Asian": 265960, "Black": 52600, "Mixed": 34300, "Other": 29387},
}
PRIORITIES = [f"p{i:02d}" for i in range(1, 17)]
MEASURES = ("safe", "good_job", "prevent", "partners")


@dataclass(frozen=True)
class Responses:
    """Hold simulated responses as integer-coded columns."""

    columns: dict[str, Column]
    chosen: np.ndarray
    answers: dict[str, Column]


def simulated(n: int, seed: int = 1) -> Responses:
    """Draw n responses that select themselves: too few young people, too few from minority groups, 5% unknown."""
    rng = np.random.default_rng(seed)
    columns = {}
    for name, targets in CENSUS.items():
        share = np.array(list(targets.values()), float)
        share *= (
            np.linspace(0.6, 1.6, len(share)) if name != "ethnic_group" else np.r_[1.2, np.full(len(share) - 1, 0.6)]
        )
        share = np.r_[0.95 * share / share.sum(), 0.05]
        columns[name] = Column(name, rng.choice(len(share), n, p=share).astype(np.uint8), tuple(targets))
    chosen = np.empty((n, 16), bool)
    for j in range(16):
        chosen[:, j] = rng.random(n, np.float32) < 0.06 + 0.03 * j
    scale = ("1", "2", "3", "4", "5")
    answers = {name: Column(name, rng.integers(0, 6, n, np.uint8), scale) for name in MEASURES}
    return Responses(columns, chosen, answers)


def margins() -> tuple[Margin, ...]:
    """Build the four plain margins."""
    return tuple(margin(name, targets) for name, targets in CENSUS.items())


def items(responses: Responses) -> tuple[list[Item], list[Item]]:
    """Build the 16 priorities and the four measures."""
    measures = [choice(column, ["4", "5"]) for column in responses.answers.values()]
    return ticks(PRIORITIES, responses.chosen), measures


def raking(responses: Responses, scheme: WeightingScheme) -> None:
    """Rake from coded columns to one weight for each response."""
    units = units_of_rows(responses.columns, scheme.variables)
    raked = rake(units.count * units.start, constraints_of(scheme, units).margins)
    (raked.mass / units.count)[units.of_row]


def whole_run(responses: Responses, scheme: WeightingScheme) -> None:
    """Compute weights, 16 shares and ranks, 4 measures, all of it for five districts too, with intervals."""
    weighted = weigh(responses.columns, scheme)
    priorities, measures = items(responses)
    rank(weighted, priorities)
    rank_by(weighted, priorities, "district")
    estimate(weighted, measures)
    estimate(weighted, measures, by="district")


def one_pass(responses: Responses) -> None:
    """Read every column once: what memory alone costs."""
    for column in (*responses.columns.values(), *responses.answers.values()):
        column.codes.sum(dtype=np.int64)
    responses.chosen.sum(dtype=np.int64)


def best(run: Callable[..., None], times: int, *arguments: object) -> tuple[float, float]:
    """Return the shortest of several runs: seconds on the clock, and seconds of processor."""
    spent = []
    for _ in range(times):
        gc.collect()
        clock, processor = time.perf_counter(), time.process_time()
        run(*arguments)
        spent.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(spent)


def peak_megabytes() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peers(responses: Responses) -> dict[str, float]:
    """Rake with the packages that are installed, in seconds each; none is needed to run the platform."""
    known = {"weightipy": _weightipy, "svy": _svy}
    return {name: best(rake, 1, responses)[0] for name, rake in known.items() if importlib.util.find_spec(name)}


def _svy(responses: Responses) -> None:
    import polars
    import svy

    columns = responses.columns.values()
    known = np.all([column.codes < len(column.categories) for column in columns], axis=0)
    frame = polars.DataFrame({column.name: column.codes[known] for column in columns} | {"one": np.ones(known.sum())})
    shares = {name: {i: float(value) for i, value in enumerate(each.values())} for name, each in CENSUS.items()}
    svy.Sample(frame, svy.Design(wgt="one")).weighting.rake(shares=shares, tol=1e-8, max_iter=500)


def _weightipy(responses: Responses) -> None:
    import pandas as pd
    import weightipy

    frame = pd.DataFrame({name: column.codes for name, column in responses.columns.items()})
    known = frame[(frame < [len(column.categories) for column in responses.columns.values()]).all(axis=1)].copy()
    targets = {
        name: {i: 100 * value / sum(each.values()) for i, value in enumerate(each.values())}
        for name, each in CENSUS.items()
    }
    weightipy.weight_dataframe(known, weightipy.scheme_from_dict(targets), weight_column="weight")


def main() -> None:
    """Print one line for each size."""
    scheme = WeightingScheme("bench", "1", margins())
    sizes = [int(size) for size in os.environ.get("SIZES", "").split()] or list(SIZES)
    print("        n  raking s     cpu  whole s     cpu  one pass s  ratio  peak MB")
    for n in sizes:
        responses = simulated(n)
        times = 5 if n <= 100_000 else 3
        raked = best(raking, times, responses, scheme)
        whole = best(whole_run, times if n <= 100_000 else 2, responses, scheme)
        read, _ = best(one_pass, times, responses)
        print(
            f"{n:>9} {raked[0]:>9.4f} {raked[1]:>7.4f} {whole[0]:>8.3f} {whole[1]:>7.3f} {read:>11.4f} "
            f"{whole[0] / read:>6.0f} {peak_megabytes():>8.0f}",
            flush=True,
        )
        if os.environ.get("PEERS") and n <= 1_000_000:
            for name, seconds in peers(responses).items():
                print(f"{'':>9} {name} {seconds:.2f} s for raking alone", flush=True)
    from bench.database import FIGURES, report

    report(sizes, ("sqlite",), FIGURES)


if __name__ == "__main__":
    sys.exit(main())
