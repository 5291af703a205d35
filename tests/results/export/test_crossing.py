"""Crossing two questions: the test is R's, small cells are hidden, and what cannot be crossed is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import select

from app.accounts.models import AuditEvent
from app.analysis.columns import Column
from app.analysis.crosstab import cross
from app.analysis.domains import compare_domains
from app.database import db
from app.results.export.crossing import hidden, told
from tests.analysis import waves
from tests.analysis.test_domains import district

SignIn = Callable[[str], FlaskClient]


def test_with_two_answers_it_is_the_test_between_districts_that_agrees_with_r() -> None:
    weighted, item = waves.weighted("wave_a"), waves.measures("wave_a")[0]
    by = district("wave_a")
    base = np.ones(len(by), bool) if item.base is None else item.base
    answer = Column("answer", np.where(base, np.where(item.values == 1, 0, 1), 2), ("yes", "no"))
    known = Column(by.name, by.codes, (*by.categories, "Prefer not to say")) if (by.codes == 5).any() else by
    mine, theirs = cross(weighted, known, answer), compare_domains(weighted, item, by).independence
    found = mine.independence
    assert (found.f, found.ndf, found.ddf, found.p) == pytest.approx(
        (theirs.f, theirs.ndf, theirs.ddf, theirs.p), rel=1e-9
    )
    turned = cross(weighted, answer, known).independence
    assert (turned.f, turned.p) == pytest.approx((found.f, found.p), rel=1e-9)
    assert all(abs(sum(share.value or 0 for share in row) - 1) < 1e-12 for row in mine.shares)


def test_where_most_combinations_are_empty_there_are_shares_and_no_test() -> None:
    weighted, by = waves.weighted("wave_a"), district("wave_a")
    table = cross(weighted, by, Column("the same again", by.codes, by.categories))
    assert [row[place].value for place, row in enumerate(table.shares)] == pytest.approx([1.0] * len(table.rows))
    assert told(table) == "There is no test: too many of these combinations were given by nobody."


@pytest.mark.parametrize(
    "counts", [((50, 4, 60), (70, 80, 90)), ((3, 40), (50, 60)), ((1, 2, 30), (40, 50, 60)), ((50, 60), (70, 80))]
)
def test_no_hidden_cell_is_alone_in_its_row_or_column(counts: tuple[tuple[int, ...], ...]) -> None:
    marks, table = np.array(hidden(counts)), np.array(counts)
    assert marks[table < 10].all()
    for lines, numbers in ((marks, table), (marks.T, table.T)):
        for line, row in zip(lines, numbers, strict=True):
            assert not line.any() or line.all() or (line.sum() > 1 and row[line].sum() >= 10)


@pytest.mark.parametrize(
    "counts",
    [((23, 16, 37), (14, 10, 1)), ((10, 40, 47), (2, 52, 14)), ((0, 21, 12), (36, 61, 9)), ((50, 4), (70, 80))],
)
def test_nobody_solves_a_small_cell_from_the_size_of_its_row_or_column(counts: tuple[tuple[int, ...], ...]) -> None:
    marks = np.array(hidden(counts))
    for row, column in np.argwhere(np.array(counts) < 10):
        known = possible(np.array(counts), marks, (int(row), int(column)))
        assert max(known) - min(known) >= 5, "to within 1, or 2, of the truth"


def possible(counts: NDArray[np.int64], marks: NDArray[np.bool_], cell: tuple[int, int]) -> list[int]:
    """Try every number in a small cell: which leave whole people for the others, of which it is known whether small."""
    names = np.argwhere(marks)
    shown = ((axis, line) for axis in (0, 1) for line in np.flatnonzero(~marks.all(axis=1 - axis)))
    totals = [names[:, axis] == line for axis, line in shown]
    left = [counts[tuple(names[each].T)].sum() for each in totals]
    small = counts[marks] < 10
    least, most = np.where(small, 0, 10), np.where(small, 9, np.inf)
    target = (names == cell).all(axis=1)

    def fits(n: int) -> bool:
        bounds = Bounds(np.where(target, n, least), np.where(target, n, most))
        sums = LinearConstraint(np.array(totals, float), left, left) if totals else ()
        return bool(
            milp(np.zeros(len(names)), integrality=np.ones(len(names)), bounds=bounds, constraints=sums).success
        )

    return [n for n in range(10) if fits(n)]


def test_a_table_shows_each_share_or_why_not(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    offered = html.document_fromstring(client.get("/staff/exports/YP-2025/table").text).xpath("//select[@id='row']")[0]
    names = [each.text_content() for each in offered]
    assert len(names) == len(set(names)) > 10, "each can be told from the others"
    asked = {"row": "district", "column": "outcomes_safeguard", "reason": "A question of the Panel"}
    answer = client.post("/staff/exports/YP-2025/table", data=asked)
    assert answer.status_code == 200 and "Rao-Scott F =" in answer.text
    page = html.document_fromstring(answer.text)
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert len(rows) >= 20
    assert all((cells[3] and cells[4] and cells[5]) or cells[2].startswith("not shown: ") for cells in rows)
    assert any("hidden to protect" in cells[2] for cells in rows)
    with filled_app.app_context():
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "export.table")).all()
    assert [(each.subject, each.reason) for each in noted][-1:] == [
        ("YP-2025, district by outcomes_safeguard", "A question of the Panel")
    ]
    assert "nan" not in page.text_content().lower().split() and "simulated" in answer.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"row": "nothing"}, "There is no question"),
        ({"row": "sex"}, "Choose two different questions"),
        ({"row": "priorities"}, "There is no question"),
        ({"reason": " "}, "Say in a few words what it is for"),
    ],
)
def test_what_cannot_be_crossed_is_told(filled_app: Flask, signed_in: SignIn, asked: dict[str, str], said: str) -> None:
    data = {"row": "district", "column": "sex", "reason": "A question of the Panel"} | asked
    answer = signed_in("analyst").post("/staff/exports/YP-2025/table", data=data)
    assert answer.status_code == 422 and said in answer.text
