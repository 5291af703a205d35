"""What is awkward about a file, a name or an option neither corrupts a result nor gives a traceback."""

import csv
import os
import stat

import pytest

from tests.analysis import files
from tests.analysis.test_bad_files import refused, with_responses


@pytest.fixture
def folder(tmp_path):
    return files.Folder(tmp_path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("inside", ["a\rb", "a\nb", "a\r\nb", "a\r=1+1", "\r"])
def test_a_line_end_inside_a_cell_stays_inside_it(folder, inside, end):
    responses = files.text(files.rows()).replace("\n", end).replace("fine, thanks", inside, 1)
    result = with_responses(folder, responses.encode())
    assert result.exit_code == 0
    with (folder.path / "weighted.csv").open(newline="", encoding="utf-8") as written:
        header, *rows = list(csv.reader(written, strict=True))
    assert {len(row) for row in rows} == {len(header)}
    assert [row[0] for row in rows] == [row["id"] for row in files.rows()]
    assert rows[0][5] == (f"'{inside}" if inside == "\r" else inside)


def test_a_formula_after_a_line_end_begins_no_line_outside_quotation_marks(folder):
    responses = files.text(files.rows()).replace("fine, thanks", "\r=1+1", 1)
    assert with_responses(folder, responses.encode()).exit_code == 0
    assert b',"\'\r=1+1",' in (folder.path / "weighted.csv").read_bytes()


def test_an_output_that_is_a_pipe_is_refused_and_left_alone(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    os.mkfifo(elsewhere / "pipe")
    (elsewhere / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        refused(folder.run("weigh", "--out", str(elsewhere / name)), folder, name, "not a regular file", "Choose")
        refused(folder.run("estimate", "--items", "burglary", "--json", str(elsewhere / name)), folder, "not a regular")
    assert stat.S_ISFIFO((elsewhere / "pipe").stat().st_mode)
    assert (elsewhere / "link").is_symlink()


def test_an_input_that_is_a_pipe_is_refused_before_it_is_read(folder):
    os.mkfifo(folder.path / "later.csv")
    result = folder.run("estimate", "--items", "burglary", "--json", folder.json, responses=("later.csv",))
    refused(result, folder, "later.csv", "a pipe or a device", "Save it as a file")


@pytest.mark.parametrize("there", [True, False])
def test_an_output_that_is_a_link_to_a_file_is_written_through(folder, tmp_path_factory, there):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    if there:
        (elsewhere / "file.csv").write_text("old")
    (folder.path / "weighted.csv").symlink_to(elsewhere / "file.csv")
    assert folder.weigh().exit_code == 0
    assert (folder.path / "weighted.csv").is_symlink()
    assert (elsewhere / "file.csv").read_text().startswith("id,")
    assert [file.name for file in elsewhere.iterdir()] == ["file.csv"]


def test_an_output_that_is_a_link_to_itself_or_to_an_input_is_refused(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "round").symlink_to("round")
    (elsewhere / "input").symlink_to(folder.path / "responses.csv")
    refused(folder.run("weigh", "--out", str(elsewhere / "round")), folder, "leads back to itself", "Choose")
    refused(folder.run("weigh", "--out", str(elsewhere / "input")), folder, "read or written already", "Choose")


def test_an_output_whose_name_is_as_long_as_the_system_takes_is_written(folder):
    name = "w" * 251 + ".csv"
    assert folder.run("weigh", "--out", str(folder.path / name)).exit_code == 0
    assert folder.outputs == {name}


def test_an_output_whose_name_is_longer_is_refused_by_name(folder):
    name = "w" * 252 + ".csv"
    refused(folder.run("weigh", "--out", str(folder.path / name)), folder, name, "name too long", "Choose another name")


def test_an_output_has_the_rights_of_any_new_file(folder):
    folder.write("plain.txt", "")
    assert folder.weigh().exit_code == 0
    rights = {(folder.path / name).stat().st_mode for name in ("plain.txt", "weighted.csv", "results.json")}
    assert len(rights) == 1


@pytest.mark.parametrize("cap", ["inf", "-inf", "nan", "1e999"])
def test_a_cap_without_end_is_refused(folder, cap):
    refused(folder.weigh("--cap", cap), folder, "--cap", repr(cap), "not a finite number", "none")


@pytest.mark.parametrize("limit", ["nan", "inf", "500", "100.1", "-5"])
def test_a_limit_of_unknowns_that_is_no_percentage_is_refused(folder, limit):
    refused(folder.weigh("--unknown-limit", limit), folder, "--unknown-limit", repr(limit), "Give", "none")


@pytest.mark.parametrize("limit", ["0", "100", "none"])
def test_a_limit_of_unknowns_may_be_any_percentage(folder, limit):
    assert folder.weigh("--unknown-limit", limit).exit_code == 0


def test_a_category_without_a_target_is_named_before_totals_that_differ(folder):
    folder.write("targets.csv", files.TARGETS.replace("district,Bradford,400\n", ""))
    refused(folder.weigh(), folder, "'Bradford' of district", "add the category to the targets")
    folder.write("later.csv", files.text(files.rows()))
    folder.write("responses.csv", files.text([{**row, "district": "Leeds"} for row in files.rows()]))
    compared = folder.run("compare", "--items", "burglary", responses=("responses.csv", "later.csv"))
    refused(compared, folder, "'Bradford' of district")


def test_all_responses_in_one_event_names_the_column_of_events(folder):
    folder.write("responses.csv", files.text([{**row, "event": "market"} for row in files.rows()]))
    for result in (
        folder.estimate("burglary", "--cluster", "event"),
        folder.rank("burglary,good=safe:4|5", "--cluster", "event"),
    ):
        refused(result, folder, "Cluster column event", "all 200 responses are in 'market'", "leave it out")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line", [1, 2, 121, 1900])
def test_a_wrong_byte_is_named_with_its_line(folder, line, end):
    lines = files.text(files.rows(2000)).splitlines()
    lines[line - 1] += "\N{LATIN SMALL LETTER E WITH ACUTE}"
    result = with_responses(folder, end.join(lines).encode("latin-1"))
    refused(result, folder, f"Line {line} of responses.csv", "not UTF-8 text (byte 0xe9)", "Save it as CSV UTF-8")


@pytest.mark.parametrize("option", ["--by", "--cluster"])
def test_spellings_that_are_read_as_one_are_reported_for_breakdowns_and_clusters(folder, option):
    spellings = ["n", " n ", "N", "s"]
    folder.write("responses.csv", files.text([{**row, "half": spellings[i % 4]} for i, row in enumerate(files.rows())]))
    result = folder.estimate("burglary", option, "half")
    assert result.exit_code == 0
    assert "Column half: read ' n ' as 'n', 'N' as 'n'." in folder.results["warnings"]
    assert "Column half: read" in result.stderr


def test_what_was_mended_in_a_column_that_is_used_twice_is_said_once(folder):
    rows = [{**row, "half": [" n ", "n", "s", "t"][i % 4]} for i, row in enumerate(files.rows())]
    folder.write("responses.csv", files.text(rows))
    assert folder.estimate("burglary", "--by", "half", "--cluster", "half").exit_code == 0
    assert len([text for text in folder.results["warnings"] if text.startswith("Column half")]) == 1
