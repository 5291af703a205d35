"""Made-up sets of linked tables: a district's answers to several questions, with sums across and down."""

from __future__ import annotations

import numpy as np

from app.analysis.disclosure.tables import Cell, Sum, Tables


def drawn(seed: int) -> Tables:
    """Draw some questions over some districts: answers of one kind, ticks, two answers together, people apart."""
    rng = np.random.default_rng(seed)
    districts = [f"d{number}" for number in range(rng.integers(2, 6))]
    sizes = rng.integers(8, 200, len(districts))
    cells: dict[str, Cell] = {}
    sums: list[Sum] = []
    for question in range(rng.integers(1, 3)):
        answers = int(rng.integers(2, 6))
        chances = rng.dirichlet(np.full(answers + 1, 1.2))
        counts = np.array([rng.multinomial(size, chances) for size in sizes])
        _question(cells, sums, f"q{question}", districts, counts)
        if rng.random() < 0.7:
            _ticked(cells, sums, f"t{question}", districts, rng.binomial(sizes, rng.random() * 0.6), sizes)
    return Tables(cells, tuple(sums))


def _question(cells: dict[str, Cell], sums: list[Sum], name: str, districts: list[str], counts: np.ndarray) -> None:
    """Add a question: its last answer is "don't know", who are beside its base; its first two stand together too."""
    answers = counts.shape[1] - 1
    for place, row in [*zip(districts, counts, strict=True), ("all", counts.sum(axis=0))]:
        cells[f"{name}/base/{place}"] = Cell(int(row[:-1].sum()), cost=100)
        for answer in range(answers):
            cells[f"{name}/a{answer}/{place}"] = Cell(int(row[answer]), f"{name}/base/{place}")
        sums.append(Sum(f"{name}/base/{place}", tuple(f"{name}/a{answer}/{place}" for answer in range(answers))))
        if answers > 2:
            cells[f"{name}/top/{place}"] = Cell(int(row[:2].sum()), f"{name}/base/{place}", cost=10)
            sums.append(Sum(f"{name}/top/{place}", (f"{name}/a0/{place}", f"{name}/a1/{place}")))
        cells[f"{name}/apart/{place}"] = Cell(int(row[-1]))
        cells.setdefault(f"n/{place}", Cell(int(row.sum()), cost=100))
        sums.append(Sum(f"n/{place}", (f"{name}/base/{place}", f"{name}/apart/{place}")))
    kinds = ["base", "apart", *(f"a{answer}" for answer in range(answers)), *(["top"] if answers > 2 else [])]
    sums.extend(Sum(f"{name}/{kind}/all", tuple(f"{name}/{kind}/{place}" for place in districts)) for kind in kinds)


def _ticked(
    cells: dict[str, Cell], sums: list[Sum], name: str, districts: list[str], yes: np.ndarray, sizes: np.ndarray
) -> None:
    for place, chosen in zip(districts, yes, strict=True):
        cells[f"{name}/{place}"] = Cell(int(chosen), f"n/{place}")
    cells[f"{name}/all"] = Cell(int(yes.sum()), "n/all")
    sums.append(Sum(f"{name}/all", tuple(f"{name}/{place}" for place in districts)))
