"""Months are released in any order, and no mean over months tells what another month hides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.results import services as runs
from app.results.reading.schemes import Scheme, schemes
from app.results.release import queries
from app.results.release.document import PROTECTED
from tests.results import waves

SignIn = Callable[[str], FlaskClient]
DISTRICTS = ("bradford", "calderdale", "kirklees", "leeds", "wakefield")
FIRST, SECOND = "YV-2025-04", "YV-2025-05"


@pytest.fixture
def two_months(app: Flask, tmp_path: Path) -> None:
    """Two months with a run each; in the first all but four of Calderdale's people feel safe."""
    with app.app_context():
        survey = waves.shipped("your-views", tmp_path)
        for reference in (FIRST, SECOND):
            wave = waves.opened(survey, reference.removeprefix("YV-"))
            unsafe = {"calderdale": 4} if reference == FIRST else {}
            people = [
                answers
                for seed, area in enumerate(DISTRICTS)
                for safe, n in (("tend_to_disagree", unsafe.get(area, 25)), ("tend_to_agree", 35))
                for answers in waves.crowd(wave, n, seed, district=area, safe_place=safe)
            ]
            waves.answered(wave, people)
            runs.run(wave)


def draft(client: FlaskClient, reference: str) -> None:
    assert client.post("/staff/releases", data={"wave": reference}).status_code == 303


def approve(client: FlaskClient, reference: str) -> tuple[int, str]:
    answer = client.post(f"/staff/releases/{reference}/approve", data={"confirm": "yes"})
    return answer.status_code, answer.text


def protected(app: Flask, reference: str, figure: str) -> set[str]:
    """Name the areas in which a released figure is hidden to protect people."""
    with app.app_context():
        found = queries.published(queries.named(reference)).find(figure)
        assert found
        return {area for area, value in found[1].areas.items() if value.withheld == PROTECTED}


def test_a_mean_tells_nothing_that_a_month_released_after_it_hides(
    app: Flask, two_months: None, signed_in: SignIn
) -> None:
    analyst, approver = signed_in("analyst"), signed_in("approver")
    draft(analyst, FIRST)
    draft(analyst, SECOND)
    assert approve(approver, SECOND)[0] == 303
    status, told = approve(approver, FIRST)
    assert status == 422 and f"{SECOND} came out since this was drafted" in told
    assert approver.post(f"/staff/releases/{FIRST}/discard", data={"reason": "Overtaken."}).status_code == 303
    draft(analyst, FIRST)
    assert approve(approver, FIRST)[0] == 303

    hidden = protected(app, FIRST, "feel-safe")
    assert "calderdale" in hidden and len(hidden) > 1, "one hidden district alone is the county less the others"
    assert hidden <= protected(app, SECOND, "feel-safe-over-months")
    assert protected(app, SECOND, "feel-safe") == set(), "so the first month would be twice the mean less the second"


@pytest.mark.parametrize("scheme", [each for each in schemes() if each.weights], ids=lambda scheme: scheme.name)
def test_no_scheme_weights_by_district_alone(scheme: Scheme) -> None:
    assert set(scheme.variables) > {"district"}, "shares would tell hidden counts: see docs/decisions/suppression.md"
