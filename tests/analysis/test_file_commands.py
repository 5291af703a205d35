"""The four commands on files that are as they should be."""

import csv
import json
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from tests.analysis import files, waves

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/analysis/results.schema.json").read_text())


@pytest.fixture
def folder(tmp_path):
    return files.Folder(tmp_path)


def described(folder):
    jsonschema.validate(folder.results, SCHEMA)
    return folder.results


def test_weigh_adds_a_weight_with_mean_one_and_changes_nothing_else(folder):
    assert folder.weigh().exit_code == 0
    before, after = (
        list(csv.reader((folder.path / name).read_text().splitlines())) for name in ("responses.csv", "weighted.csv")
    )
    assert after[0] == [*before[0], "weight"]
    assert [row[:-1] for row in after] == before
    weights = [float(row[-1]) for row in after[1:]]
    assert sum(weights) / len(weights) == pytest.approx(1, rel=1e-12)
    assert described(folder)["margin_error"] <= 1e-8


def test_a_long_file_gets_each_weight_in_its_row_whether_quoted_or_not(folder):
    plain = [{**row, "comment": "fine"} for row in files.rows(25_000)]
    mixed = [*plain[:12_000], {**plain[12_000], "comment": "yes, but"}, *plain[12_001:]]
    formula = [*plain[:12_000], {**plain[12_000], "comment": "=1+1"}, *plain[12_001:]]
    read = []
    for responses in (plain, mixed, formula):
        folder.write("responses.csv", files.text(responses))
        assert folder.weigh().exit_code == 0
        read.append(pd.read_csv(folder.path / "weighted.csv"))
    assert len(read[0]) == 25_000
    assert (read[0].groupby(["district", "sex"]).weight.nunique() == 1).all()
    for other in read[1:]:
        assert (other.drop(columns="comment") == read[0].drop(columns="comment")).all(axis=None)
    assert read[1].comment[12_000] == "yes, but"
    assert read[2].comment[12_000] == "'=1+1"


def test_weigh_gives_the_weights_of_r(folder):
    for name in ("wave_a.csv", "targets.csv"):
        folder.write(name, (waves.REFERENCE / name).read_bytes())
    assert folder.run("weigh", "--out", str(folder.path / "w.csv"), responses=("wave_a.csv",)).exit_code == 0
    theirs = pd.read_csv(waves.REFERENCE / "wave_a_weights.csv").weight
    assert pd.read_csv(folder.path / "w.csv").weight.to_numpy() == pytest.approx(
        (theirs / theirs.mean()).to_numpy(), rel=1e-8
    )


def test_estimate_gives_everyone_and_each_district(folder):
    assert folder.estimate("burglary,good=safe:4|5", "--by", "district").exit_code == 0
    estimates = described(folder)["estimates"]
    assert [(each["item"], each["group"]) for each in estimates] == [
        (item, group) for group in (None, "Leeds", "Bradford") for item in ("burglary", "good")
    ]
    assert all(0 < each["low"] < each["value"] < each["high"] < 1 for each in estimates)


def test_estimate_takes_other_numbers_as_a_mean(folder):
    assert folder.estimate("safe").exit_code == 0
    assert 2.5 < described(folder)["estimates"][0]["value"] < 3.5


def test_numbers_written_differently_are_one_answer(folder):
    folder.estimate("good=safe:4|5")
    whole = folder.results["estimates"]
    folder.write("responses.csv", files.text([{**row, "safe": f"{row['safe']}.0"} for row in files.rows()]))
    folder.estimate("good=safe:4|5")
    assert folder.results["estimates"] == whole


def test_clusters_change_the_error_and_not_the_figure(folder):
    folder.estimate("burglary")
    alone = folder.results["estimates"][0]
    folder.write("responses.csv", files.text([{**row, "event": str(i // 10)} for i, row in enumerate(files.rows())]))
    assert folder.estimate("burglary", "--cluster", "event").exit_code == 0
    together = described(folder)["estimates"][0]
    assert together["value"] == pytest.approx(alone["value"], rel=1e-12)
    assert together["standard_error"] != alone["standard_error"]


def test_rank_puts_items_in_order_with_the_ranks_they_could_hold(folder):
    assert folder.rank("burglary,high=safe:2|3|4|5,low=safe:1", "--top", "1").exit_code == 0
    ranks = described(folder)["ranks"]
    assert [each["item"] for each in ranks] == ["high", "burglary", "low"]
    assert [each["top"] for each in ranks] == ["yes", "no", "no"]
    assert [each["tier"] for each in ranks] == [1, 2, 3]


def test_compare_tells_later_minus_earlier(folder):
    folder.write("later.csv", files.text(files.rows(300, seed=2)))
    options = ("--items", "burglary,good=safe:4|5", "--json", folder.json)
    assert folder.run("compare", *options, responses=("responses.csv", "later.csv")).exit_code == 0
    results = described(folder)
    difference = results["differences"][0]
    values = [results[wave]["estimates"][0]["value"] for wave in ("earlier", "later")]
    assert difference["difference"] == pytest.approx(values[1] - values[0], abs=1e-12)
    assert results["n"] == 300


def test_case_and_space_are_mended_and_reported(folder):
    folder.write("responses.csv", files.text(files.rows()).replace("Leeds", " LEEDS ").replace("Female", "female "))
    assert folder.weigh().exit_code == 0
    warnings = " ".join(described(folder)["warnings"])
    assert "' LEEDS ' as 'Leeds'" in warnings
    assert "'female ' as 'Female'" in warnings


def test_an_accent_is_the_same_however_it_is_stored(folder):
    folder.write("targets.csv", files.TARGETS.replace("Leeds", "L\N{LATIN SMALL LETTER E WITH ACUTE}eds"))
    folder.write("responses.csv", files.text(files.rows()).replace("Leeds", "Le\N{COMBINING ACUTE ACCENT}eds"))
    assert folder.weigh().exit_code == 0


def test_prefer_not_to_say_and_blank_are_one_category_of_their_own(folder):
    responses = files.rows()
    for row in responses[:3]:
        row["sex"] = "Prefer not to say"
    for row in responses[3:6]:
        row["sex"] = ""
    folder.write("responses.csv", files.text(responses))
    assert folder.weigh().exit_code == 0
    (sex,) = [margin for margin in described(folder)["margins"] if margin["margin"] == "sex"]
    unknown = sex["categories"][-1]
    assert (unknown["category"], unknown["n"]) == ("Prefer not to say", 6)
    assert unknown["weighted_share"] == pytest.approx(6 / 200)


def test_a_crossing_is_read_from_joined_categories(folder):
    cells = {"Leeds*Female": 300, "Leeds*Male": 300, "Bradford*Female": 210, "Bradford*Male": 190}
    folder.write(
        "targets.csv", "variable,category,population\n" + "".join(f"district*sex,{k},{v}\n" for k, v in cells.items())
    )
    assert folder.weigh().exit_code == 0
    (margin,) = described(folder)["margins"]
    assert {each["category"]: each["weighted_share"] for each in margin["categories"]} == pytest.approx(
        {name: population / 1000 for name, population in cells.items()}
    )


def test_collapse_joins_small_categories_with_the_next_of_the_targets_and_says_so(folder):
    folder.write(
        "responses.csv",
        files.text([{**row, "sex": "Male" if i < 4 else "Female"} for i, row in enumerate(files.rows())]),
    )
    folder.write("targets.csv", files.TARGETS.replace("sex,Male,490", "sex,Male,400\nsex,Other,90"))
    assert folder.weigh().exit_code == 2
    assert folder.weigh("--collapse").exit_code == 0
    collapses = described(folder)["collapses"]
    assert collapses[0] == {"margin": "sex", "category": "Other", "n": 0, "into": "Male"}
    assert any("was collapsed into" in warning for warning in folder.results["warnings"])


def test_waves_that_are_collapsed_differently_are_warned_of(folder):
    folder.write("targets.csv", files.TARGETS.replace("sex,Male,490", "sex,Male,480\nsex,Other,10"))

    def compared(earlier, later):
        for name, count in (("responses.csv", earlier), ("later.csv", later)):
            some = [{**row, "sex": "Other"} if i < count else row for i, row in enumerate(files.rows())]
            folder.write(name, files.text(some))
        options = ("--collapse", "--items", "burglary", "--json", folder.json)
        return folder.run("compare", *options, responses=("responses.csv", "later.csv")).stderr

    assert "collapsed differently" in compared(15, 4)
    assert "collapsed differently" not in compared(5, 4)


def test_a_file_with_a_byte_order_mark_and_windows_lines_keeps_its_lines(folder):
    folder.write("responses.csv", b"\xef\xbb\xbf" + files.text(files.rows()).replace("\n", "\r\n").encode())
    assert folder.weigh().exit_code == 0
    assert (folder.path / "weighted.csv").read_bytes().startswith(b"id,district,sex,burglary,safe,comment,weight\r\n")


def test_progress_through_a_large_file_is_told_on_standard_error(folder, monkeypatch):
    monkeypatch.setattr("app.results.commands.files.WORTH_SHOWING", 0)
    folder.write("responses.csv", files.text(files.rows(25_000)))
    said = folder.weigh().stderr
    assert "Reading responses.csv: 100%" in said
    assert "Writing responses.csv: 100%" in said


def test_starting_flask_imports_no_pandas():
    import subprocess
    import sys

    check = (
        "import sys, app.results.commands.files; "
        "sys.exit(any(m in sys.modules for m in ('numpy', 'pandas', 'scipy', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
