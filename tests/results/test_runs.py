"""Runs are made once for their inputs, compare months that can be compared, and refuse what cannot be said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.results.models import AnalysisRun
from app.surveys import responding, services
from app.surveys.models import Response
from tests.results import waves

Command = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.usefixtures("at_the_desk")
STREET = """
survey: your-street
reference: YS
title: Your Street
about: What it is like to live here.
minutes: 3
asked: once
languages: [en]
sections:
  - key: all
    title: All
    questions:
      - key: clean
        kind: scale
        text: How clean is your street?
        dont_know: true
        favourable: last
        options: [{key: dirty, text: Dirty}, {key: fair, text: Fair}, {key: clean, text: Clean}, {key: spotless, text: Spotless}]
      - key: wishes
        kind: several
        text: What would help?
        none_of_these: None of these
        options: [{key: bins, text: More bins}, {key: lamps, text: Lamps}, {key: other, text: Other, write_in: yes}]
      - key: years
        kind: number
        text: How many years have you lived here?
        minimum: 0
        maximum: 99
"""  # noqa: E501


def street(folder: Path) -> Any:
    """Import a questionnaire that asks nothing that weighting needs."""
    path = folder / "your-street.yaml"
    path.write_text(STREET, encoding="utf-8")
    return services.import_definition(path)


def runs() -> int:
    """Count the stored runs."""
    return int(db.session.scalar(select(func.count(AnalysisRun.id))) or 0)


def document(run_command: Command, folder: Path, wave: str) -> dict[str, Any]:
    """Run a wave and read what it says to programs."""
    code, said = run_command(wave, "--json", folder / "run.json")
    assert code == 0, said
    found: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return found


@pytest.mark.both_databases
def test_nothing_new_makes_no_new_run(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, 300))
    first = document(run_command, tmp_path, "YV-2025-03")
    assert document(run_command, tmp_path, "YV-2025-03") == first
    assert runs() == 1


@pytest.mark.both_databases
def test_no_total_tells_how_few_are_from_outside(app: Flask, tmp_path: Path, run_command: Command) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        residents = [each for each in waves.crowd(wave, 220) if each["district"] != "outside"]
        waves.answered(wave, [*waves.crowd(wave, 4, district="outside"), *residents])
    said = run_command("YV-2025-03")[1]
    assert "fewer than 10 from outside West Yorkshire, reported apart" in said
    assert " responses" not in said.split("from outside")[0]


def test_a_withdrawn_response_makes_a_new_run_without_it(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, 300))
    before = document(run_command, tmp_path, "YV-2025-03")["results"]["counts"]["received"]
    responding.withdraw(db.session.scalars(select(Response)).first())
    assert document(run_command, tmp_path, "YV-2025-03")["results"]["counts"]["received"] == before - 1
    assert runs() == 2


def test_results_are_told_with_and_without_what_is_flagged(app: Flask, tmp_path: Path, run_command: Command) -> None:
    """Twelve copies of one response are flagged: the stored run counts them, and says what would change without."""
    wave = waves.opened(waves.shipped("your-priorities-your-plan", tmp_path), "2025")
    waves.answered(wave, [*waves.crowd(wave, 300), *list(waves.crowd(wave, 1, seed=9)) * 12])
    before = document(run_command, tmp_path, "YP-2025")["inputs"]["responses"]
    looked = app.test_cli_runner().invoke(args=["flags", "YP-2025"])
    assert "YP-2025: 12 of 312 flagged, 12 changed." in looked.output
    found = document(run_command, tmp_path, "YP-2025")
    assert found["inputs"]["responses"]["revisions"] == before["revisions"] + 12 and runs() == 2
    otherwise = [area for ranking in found["results"]["rankings"] for area in ranking["areas"].values()]
    n = {each["name"]: 0 for area in otherwise for each in area["variants"]}
    for each in (variant for area in otherwise for variant in area["variants"]):
        n[each["name"]] = max(n[each["name"]], each["n"])
    assert n["without responses that are flagged for a second look"] == n["without weights"] - 12
    code, said = run_command("YP-2025", "--without-flagged")
    assert code == 0 and "Without 12 responses that are flagged" in said and "not stored" in said and runs() == 2


def test_a_run_knows_what_it_was_made_from(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, 300))
    inputs = document(run_command, tmp_path, "YV-2025-03")["inputs"]
    assert inputs["scheme"]["name"] == "tracker" and inputs["scheme"]["version"] == "1"
    assert inputs["definition"] == wave.digest
    assert inputs["targets"]["name"] == "west-yorkshire-16-plus-census-2021" and len(inputs["targets"]["digest"]) == 64
    assert inputs["counts"]["received"] == 300
    assert {"seed", "code", "responses"} <= inputs.keys()


def opinion(good_job: str) -> dict[str, Any]:
    """Fix one answer."""
    return {"good_job": good_job}


def two_months(folder: Path, change: Callable[[str], str] = lambda text: text) -> None:
    """Fill two months, the second with more people who say that the police do a good job."""
    first = waves.opened(waves.shipped("your-views", folder), "2025-04")
    waves.answered(
        first, [*waves.crowd(first, 200, 1, **opinion("good")), *waves.crowd(first, 300, 2, **opinion("poor"))]
    )
    second = waves.opened(waves.shipped("your-views", folder, change), "2025-05")
    people = [*waves.crowd(second, 300, 3, **opinion("good")), *waves.crowd(second, 200, 4, **opinion("poor"))]
    waves.answered(second, people)


def test_a_change_is_only_called_one_when_it_is(app: Flask, tmp_path: Path, run_command: Command) -> None:
    two_months(tmp_path)
    measures = {each["key"]: each for each in document(run_command, tmp_path, "YV-2025-05")["results"]["measures"]}
    risen = measures["good_job"]["change"]
    assert risen["verdict"] == "rose" and risen["since"] == "YV-2025-04"
    assert risen["low"] > 0 and risen["p"] < 0.05
    assert measures["feel_safe"]["change"]["verdict"] == "no clear change"
    assert measures["feel_safe"]["change"]["detectable"] > 0


def test_a_changed_wording_begins_a_new_line(app: Flask, tmp_path: Path, run_command: Command) -> None:
    two_months(tmp_path, lambda text: text.replace("how good a job do you think", "how good a job would you say"))
    code, said = run_command("YV-2025-05")
    measures = {each["key"]: each for each in document(run_command, tmp_path, "YV-2025-05")["results"]["measures"]}
    assert code == 0 and "a new line begins" in said
    assert measures["good_job"]["change"] is None and measures["good_job"]["rolling"] is None
    assert measures["prevent"]["change"]["verdict"] == "no clear change"


def test_the_mean_of_the_months_counts_each_month_alike(
    filled_app: Flask, run_command: Command, tmp_path: Path
) -> None:
    monthly = []
    for wave in ("YV-2025-04", "YV-2025-05", "YV-2025-06"):
        measure = document(run_command, tmp_path, wave)["results"]["measures"][0]
        monthly.append(measure["share"]["figure"])
    rolling = measure["rolling"]["figure"]
    assert rolling["value"] == pytest.approx(sum(each["value"] for each in monthly) / 3)
    assert rolling["standard_error"] == pytest.approx(sum(each["standard_error"] ** 2 for each in monthly) ** 0.5 / 3)
    assert rolling["n"] == sum(each["n"] for each in monthly)


def test_a_survey_that_cannot_be_weighted_says_so(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(street(tmp_path), "2025")
    people = list(waves.crowd(wave, 200))
    people[0] |= {"wishes": ["other"], "wishes_text": '=HYPERLINK("http://example.org")'}
    waves.answered(wave, people)
    code, said = run_command("YS-2025", "--csv", tmp_path / "out.csv")
    assert code == 0
    assert "Unweighted: this survey does not ask district and age band and sex and ethnic group" in said
    results = document(run_command, tmp_path, "YS-2025")["results"]
    scale = results["distributions"][0]
    assert scale["top_two"]["label"] == "Clean or Spotless"
    figure = scale["top_two"]["figure"]
    assert figure["value"] == pytest.approx(figure["unweighted"])
    expected = (figure["value"] * (1 - figure["value"]) / (figure["n"] - 1)) ** 0.5
    assert figure["standard_error"] == pytest.approx(expected, rel=0.02)
    assert results["means"][0]["figure"]["value"] == pytest.approx(results["means"][0]["figure"]["unweighted"])
    assert results["means"][0]["figure"]["unweighted_low"] is None  # a mean of numbers is no share
    assert "HYPERLINK" not in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_few_answers_are_not_shown(filled_app: Flask, run_command: Command, tmp_path: Path) -> None:
    found = document(run_command, tmp_path, "YV-2025-04")["results"]
    places = next(each for each in found["rankings"] if each["key"] == "three_things")["places"]
    hidden = [figure for place in places for figure in place["share"]["districts"].values() if figure["reason"]]
    assert hidden
    assert all(figure["value"] is None and figure["low"] is None and figure["unweighted"] is None for figure in hidden)
    assert "not shown: fewer than 10" in run_command("YV-2025-04")[1]


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_too_few_responses_say_how_many_are_missing(app: Flask, tmp_path: Path, run_command: Command, n: int) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, n, district="leeds"))
    code, said = run_command("YV-2025-03")
    assert code == 1
    assert f"Not enough responses to say: YV-2025-03 has {n}" in said
    assert f"about {75 - n} more are needed" in said
    assert runs() == 0


def test_one_district_cannot_speak_for_five(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, 200, district="leeds"))
    code, said = run_command("YV-2025-03")
    assert code == 1
    assert "YV-2025-03 cannot be weighted" in said and "Margin district: every" in said


def test_a_month_too_small_to_say_breaks_no_later_month(app: Flask, tmp_path: Path, run_command: Command) -> None:
    tracker = waves.shipped("your-views", tmp_path)
    waves.answered(waves.opened(tracker, "2025-04"), [])
    wave = waves.opened(tracker, "2025-05")
    waves.answered(wave, waves.crowd(wave, 400))
    code, said = run_command("YV-2025-05")
    assert code == 0 and "there is no wave before it to compare with" in said


def test_weighting_speaks_of_people_in_words_not_in_keys(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-05")
    waves.answered(wave, waves.crowd(wave, 300))
    weighting = document(run_command, tmp_path, "YV-2025-05")["results"]["weighting"]
    told = " ".join([*weighting["warnings"], run_command("YV-2025-05")[1]])
    assert "Other ethnic group" in " ".join(weighting["warnings"])
    assert {"ethnic group", "age band"} < {each["name"] for each in weighting["margins"]}
    for key in ("ethnic_group", "age_band", "16_24", "75_over", "'white'", "prefer_not_to_say", "*"):
        assert key not in told
    assert "16 to 24" in [each["label"] for margin in weighting["margins"] for each in margin["categories"]]


def test_an_unknown_wave_is_answered_with_those_there_are(filled_app: Flask, run_command: Command) -> None:
    code, said = run_command("YV-1999-01")
    assert code == 2
    assert "There is no wave 'YV-1999-01'" in said and "YP-2025, YV-2025-04, YV-2025-05, YV-2025-06" in said
    assert run_command()[0] == 2


def test_a_file_that_cannot_be_written_is_named(filled_app: Flask, run_command: Command, tmp_path: Path) -> None:
    code, said = run_command("YV-2025-04", "--csv", tmp_path / "nowhere" / "out.csv")
    assert code == 1
    assert "nowhere/out.csv: No such file or directory. Name a file in a directory that you may write to." in said


def test_everything_printed_says_simulated_and_what_intervals_cover(filled_app: Flask, run_command: Command) -> None:
    for args in (["YP-2025"], ["YV-2025-06"], ["--plan"]):
        code, said = run_command(*args)
        assert code == 0 and "SIMULATED" in said
    said = run_command("YP-2025")[1]
    assert "They do not cover self-selection" in said
    assert "Rank interval" in said and "Effective n" in said and "Design effect (Kish)" in said


def test_the_plan_is_compared_with_simulated_waves(filled_app: Flask, run_command: Command) -> None:
    for wave in ("YP-2025", "YV-2025-06"):
        run_command(wave)
    said = run_command("--plan")[1]
    assert "Burglary should be a priority" in said and "50.0%" in said
    assert "3 months to YV-2025-06" in said
    june = next(line for line in said.splitlines() if "(June)" in line)
    assert "81.0%" in june and "months to" not in june


def test_no_page_needs_the_analysis_to_be_imported() -> None:
    heavy = "{'numpy', 'pandas', 'scipy', 'textblob'}"
    program = f"import sys, app.results.views, app.results.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
