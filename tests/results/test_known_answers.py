"""Figures that can be worked out by hand, and the weighted file that gives them again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask import Flask

from app.results.reading.schemes import targets
from tests.results import waves

Command = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.usefixtures("at_the_desk")
CENSUS = {name: dict(pairs) for name, pairs in targets("west-yorkshire-16-plus-census-2021").items()}
DISTRICT = {key: count / 1_880_497 for key, count in CENSUS["district"].items()}
SMALL = ("black", "mixed", "other")


def ratio(variable: str, members: tuple[str, ...], sample: float) -> float:
    """Divide the census share of some categories by their share of the sample."""
    population = CENSUS[variable]
    return sum(population[key] for key in members) / sum(population.values()) / sample


def by_hand(row: Any) -> float:
    """Weigh somebody of the crowd in which the four variables are independent."""
    age = {"18_24": "16_24"}.get(row.age_band, row.age_band)
    groups = SMALL if row.ethnic_group in SMALL else (row.ethnic_group,)
    share = sum(waves.ETHNIC[group] for group in groups) / 22
    return (
        ratio("district", (row.district,), 1 / 5)
        * ratio("age_band", (age,), 1 / 7)
        * ratio("sex", (row.sex,), 1 / 2)
        * ratio("ethnic_group", groups, share)
    )


def good_job_for_white_leeds(who: dict[str, str]) -> dict[str, Any]:
    """Say "excellent" in Leeds if white, "poor" otherwise; feel safe in Bradford only."""
    happy = who["district"] == "leeds" and who["ethnic_group"] == "white"
    safe = "strongly_agree" if who["district"] == "bradford" else "neither"
    return {"good_job": "excellent" if happy else "poor", "safe_place": safe}


@pytest.fixture
def independent(app: Flask, tmp_path: Path, run_command: Command) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The weighted file and the run of a month whose weights are products of four ratios."""
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.everybody(wave, good_job_for_white_leeds))
    code, said = run_command("YV-2025-03", "--csv", tmp_path / "out.csv", "--json", tmp_path / "out.json")
    assert code == 0, said
    return pd.read_csv(tmp_path / "out.csv"), json.loads((tmp_path / "out.json").read_text())


def test_each_weight_is_the_product_of_its_four_ratios(independent: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    frame, run = independent
    expected = [by_hand(row) for row in frame.itertuples()]
    assert frame.weight.to_numpy() == pytest.approx(expected, rel=1e-8)
    assert frame.columns[-1] == "weight"
    worth = len(frame) ** 2 / (frame.weight**2).sum()
    assert run["results"]["weighting"]["effective_n"] == pytest.approx(worth, rel=1e-9)


def test_a_share_is_what_the_census_makes_of_it(independent: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    measures = {each["key"]: each for each in independent[1]["results"]["measures"]}
    white = CENSUS["ethnic_group"]["white"] / sum(CENSUS["ethnic_group"].values())
    good_job = measures["good_job"]["share"]["figure"]
    assert good_job["value"] == pytest.approx(DISTRICT["leeds"] * white, abs=1e-9)
    assert good_job["unweighted"] == pytest.approx(1 / 5 * 16 / 22)
    assert good_job["low"] < good_job["value"] < good_job["high"]


def test_a_share_that_a_margin_fixes_is_its_own_interval(independent: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    measures = {each["key"]: each for each in independent[1]["results"]["measures"]}
    safe = measures["feel_safe"]["share"]["figure"]
    assert safe["value"] == pytest.approx(DISTRICT["bradford"], abs=1e-9)
    assert safe["low"] == safe["high"] == safe["value"]
    assert "fixed by a weighting margin" in safe["note"]


def weighted_share(frame: pd.DataFrame, column: str, wanted: set[Any], base: set[Any] | None = None) -> float:
    """Work a share out of the file, as somebody with a spreadsheet would."""
    inside = frame[frame.weight.notna() & ~frame[column].isin(["not_asked", "not_answered"])]
    inside = inside[inside[column].isin(base)] if base else inside
    return float((inside[column].isin(wanted) * inside.weight).sum() / inside.weight.sum())


def test_the_weighted_file_gives_every_share_again(filled_app: Flask, run_command: Command, tmp_path: Path) -> None:
    code, said = run_command("YP-2025", "--csv", tmp_path / "out.csv", "--json", tmp_path / "out.json")
    assert code == 0, said
    frame, results = pd.read_csv(tmp_path / "out.csv"), json.loads((tmp_path / "out.json").read_text())["results"]
    for ranking in results["rankings"]:
        for place in ranking["places"]:
            share = place["share"]
            if share["figure"]["value"] is not None:
                again = weighted_share(frame, f"{ranking['key']}_{share['key']}", {1, "1"})
                assert again == pytest.approx(share["figure"]["value"], abs=1e-12)
    importance = ["very_important", "fairly_important", "neither", "not_very_important", "not_at_all_important"]
    outcome = next(each for each in results["distributions"] if each["key"] == "outcomes_safeguard")
    again = weighted_share(frame, "outcomes_safeguard", set(importance[:2]), set(importance))
    assert again == pytest.approx(outcome["top_two"]["figure"]["value"], abs=1e-12)


def test_those_who_stand_apart_are_never_weighted(filled_app: Flask, run_command: Command, tmp_path: Path) -> None:
    _, said = run_command("YP-2025", "--csv", tmp_path / "out.csv", "--json", tmp_path / "out.json")
    frame, run = pd.read_csv(tmp_path / "out.csv"), json.loads((tmp_path / "out.json").read_text())
    apart = frame[frame.apart != "resident"]
    assert len(frame) == 900
    assert set(apart.apart) == {"outside"} and apart.weight.isna().all()
    assert frame[frame.apart == "resident"].weight.notna().all()
    assert frame.weight.mean() == pytest.approx(1, rel=1e-12)
    assert run["results"]["counts"] == {"received": 900, "weighted": 900 - len(apart), "outside": len(apart)}
    assert f"{len(apart)} from outside West Yorkshire, reported apart" in said


def test_the_file_tells_nothing_of_who_answered_when(filled_app: Flask, run_command: Command, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        run_command("YV-2025-06", "--csv", tmp_path / name)
    first, second = (tmp_path / name for name in ("one.csv", "two.csv"))
    assert first.read_bytes() == second.read_bytes()
    frame = pd.read_csv(first)
    assert set(frame.simulated) == {"SIMULATED"}
    assert not {"id", "receipt", "submission", "submitted_at", "started_at", "seed"} & set(frame.columns)
