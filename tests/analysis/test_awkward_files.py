"""What is awkward about a file, a name or an option neither corrupts a result nor gives a traceback."""

import csv

import pytest

from tests.analysis import files
from tests.analysis.test_bad_files import with_responses


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
