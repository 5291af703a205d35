"""What is written is what is read back, in every format: each value, label and reason for a missing one."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from flask import Flask

from app import clock
from app.surveys import queries, services
from app.surveys.definition import Definition, Question
from tests.results import waves
from tests.support.applications import command
from tests.support.r import scripted

pytestmark = pytest.mark.usefixtures("at_the_desk")
EVERYTHING = Path(__file__).parent / "everything.yaml"
REASONS = {
    "dont_know": "Don't know",
    "prefer_not_to_say": "Prefer not to say",
    "not_asked": "Not asked",
    "not_answered": "Not answered",
}
YES_NO = {"0": "No", "1": "Yes"}
SECRET = "=HYPERLINK(my neighbour Ada)"
LONG = "a_very_long_key_of_thirty_one_ch"
PEOPLE: list[dict[str, Any]] = [
    {"calm": "calm", "wishes": ["bins", "trees"], "wishes_order": ["trees", "bins"], "steps": -3, "cars": 2},
    {"calm": "loud", "wishes": ["none"], "steps": 99, "why_loud": "other", "why_loud_text": SECRET, "more": SECRET},
    {"calm": "rtl", "wishes": ["dont_know"], "steps": "dont_know", "agree": {"clean": "yes"}},
    {"calm": "dont_know", "wishes": ["bins", "lamps", "trees"], "wishes_order": ["lamps", "trees", "bins"], "steps": 0},
    {"calm": "prefer_not_to_say", "wishes": ["lamps"], "steps": -40, "cars": 0},
    {"calm": "loud", "wishes": ["bins", "lamps"], "steps": 7, "why_loud": "cars"},
    {"calm": "calm", "wishes": ["trees"], "steps": 1, "agree": {"clean": "no", LONG: "dont_know"}},
]


@pytest.fixture
def definition(app: Flask) -> Definition:
    """A wave of a survey that asks one question of each kind, answered by forty people."""
    wave = waves.opened(services.import_definition(EVERYTHING), "2025")
    waves.answered(wave, (PEOPLE * 6)[:40])
    return queries.definition_of(wave)


def rows(definition: Definition) -> Iterator[dict[str, str]]:
    """Say by plain steps what each person's row must hold, by key."""
    for answers in (PEOPLE * 6)[:40]:
        asked = {question.key for question in definition.asked_of(answers)}
        row: dict[str, str] = {}
        for question in definition.questions:
            none = "not_answered" if question.key in asked else "not_asked"
            row |= cells(definition, question, answers, none)
        yield row


def cells(definition: Definition, question: Question, answers: dict[str, Any], none: str) -> dict[str, str]:
    """Say what one question's columns must hold."""
    given = answers.get(question.key)
    if question.kind == "several":
        if given == ["dont_know"]:
            none, given = "dont_know", None
        keys = (*question.option_keys, "none")
        return {f"{question.key}_{key}": none if given is None else str(int(key in given)) for key in keys}
    if question.kind == "order":
        order = dict(zip(given or [], "123", strict=False))
        left = "not_asked" if given else none
        return {f"{question.key}_{key}": order.get(key, left) for key in question.option_keys}
    if question.rows:
        return {f"{question.key}_{row.key}": (given or {}).get(row.key, none) for row in question.rows}
    if question.kind == "text":
        return {question.key: "written" if given else none}
    return {question.key: none if given is None else str(given)}


def labels(definition: Definition, row: dict[str, str]) -> dict[str, str]:
    """Say what each value of a row must be called."""
    options = {option.key: option.text for question in definition.questions for option in question.options}
    named: dict[str, str] = {}
    for name, key in row.items():
        ticked = name.startswith("wishes_") and not name.startswith("wishes_order")
        words = {
            **options,
            "written": "Wrote something; the words are left out",
            **(YES_NO if ticked else {}),
            **REASONS,
        }
        named[name] = words.get(key, key)
    return named


def counted(found: Any) -> Counter[tuple[tuple[str, str], ...]]:
    """Count like rows: the order of rows says nothing."""
    return Counter(tuple(sorted(row.items())) for row in found)


def exported(app: Flask, folder: Path, format_: str, *more: str) -> Path:
    """Export the wave to a file."""
    path = folder / f"out.{format_}"
    said = command(app, "export", "EV-2025", "--format", format_, "--out", str(path), *more)
    assert "40 responses" in said
    return path


def only(names: Any, found: Iterator[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """Keep the columns of questions, as text."""
    for row in found:
        yield {name: str(row[name]) for name in names}


def test_csv_gives_every_key_and_reads_in_excel(app: Flask, definition: Definition, tmp_path: Path) -> None:
    path = exported(app, tmp_path, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcase_id,wave,")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    expected = list(rows(definition))
    assert counted(only(expected[0], iter(frame.to_dict("records")))) == counted(expected)
    assert sorted(map(int, frame.case_id)) == list(range(1, 41))
    assert set(frame.weight) == {"1"} and frame.columns[-1] == "weight"
    assert SECRET not in path.read_text(encoding="utf-8")


def test_csv_makes_labels_harmless_and_keeps_negative_numbers(
    app: Flask, definition: Definition, tmp_path: Path
) -> None:
    frame = pd.read_csv(exported(app, tmp_path, "csv", "--values", "labels"), dtype=str, keep_default_na=False)
    guarded = {"=calm": "'=calm", "-loud, very 📢": "'-loud, very 📢"}
    expected = [
        {name: guarded.get(text, text) for name, text in labels(definition, row).items()} for row in rows(definition)
    ]
    assert counted(only(expected[0], iter(frame.to_dict("records")))) == counted(expected)
    assert {"-3", "-40"} <= set(frame.steps)


def test_an_excel_workbook_gives_every_key_and_label(app: Flask, definition: Definition, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(app, tmp_path, "xlsx"))
    head, *body = book["data"].iter_rows(values_only=True)
    found = [dict(zip(head, row, strict=True)) for row in body]
    expected = list(rows(definition))
    assert counted(only(expected[0], iter(found))) == counted(expected)
    assert {type(row["steps"]) for row in found} == {int, str} and {row["weight"] for row in found} == {1}
    listed = {(row[0], row[3]): row[4] for row in book["labels"].iter_rows(values_only=True)}
    assert listed["calm", "calm"] == "'=calm" or listed["calm", "calm"] == "=calm"
    assert listed["calm", "rtl"] == "بہت شور"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["about"]["A1"].value == "SIMULATED ANSWERS"


def test_spss_gives_every_label_and_each_missing_code(app: Flask, definition: Definition, tmp_path: Path) -> None:
    frame, meta = pyreadstat.read_sav(exported(app, tmp_path, "sav"), user_missing=True)
    expected = [labels(definition, row) for row in rows(definition)]
    assert counted(said(frame, meta, expected[0])) == counted(expected)
    assert meta.column_names_to_labels["calm"] == '=How calm is it, "really"?'
    assert meta.variable_value_labels["calm"][-1.0] == "Don't know"
    assert {meta.variable_value_labels["calm"][code] for code in (-8.0, -9.0)} == {"Not asked", "Not answered"}
    plain, _ = pyreadstat.read_sav(tmp_path / "out.sav")
    assert plain.calm.isna().sum() == frame.calm.isin([-1, -2]).sum() > 0
    assert plain.steps.min() == -40 and plain.cars.isna().sum() == frame.cars.isin([-9]).sum() > 0
    assert meta.variable_measure["calm"] == "ordinal" and meta.variable_measure["weight"] == "scale"


def said(frame: pd.DataFrame, meta: Any, names: Any) -> Iterator[dict[str, str]]:
    """Put every value of a labelled file into its label, or into its number where it has none."""
    for row in frame.to_dict("records"):
        known = meta.variable_value_labels
        yield {name: named(known.get(column, {}), row[column]) for name, column in columns(frame, names).items()}


def columns(frame: pd.DataFrame, names: Any) -> dict[str, str]:
    """Find the column of each name, some of which had to be shortened."""
    found = {name: name for name in names if name in frame.columns}
    for name in set(names) - set(found):
        [found[name]] = [each for each in frame.columns if each[-7:-6] == "_" and name.startswith(each[:-7])]
    return found


def named(known: dict[Any, str], value: Any) -> str:
    return known[value] if value in known else str(int(value))


def test_the_syntax_weights_the_file_and_says_that_it_is_simulated(
    app: Flask, definition: Definition, tmp_path: Path
) -> None:
    text = exported(app, tmp_path, "sps").read_text(encoding="utf-8-sig")
    assert "GET FILE='EV-2025-SIMULATED.sav'.\n" in text and "WEIGHT BY weight.\n" in text
    assert "* SIMULATED ANSWERS" in text


def test_stata_gives_every_label_and_its_own_missing_values(app: Flask, definition: Definition, tmp_path: Path) -> None:
    frame, meta = pyreadstat.read_dta(exported(app, tmp_path, "dta"), user_missing=True)
    expected = [labels(definition, row) for row in rows(definition)]
    assert counted(said(frame, meta, expected[0])) == counted(expected)
    assert meta.variable_value_labels["calm"]["d"] == "Don't know"
    plain, _ = pyreadstat.read_dta(tmp_path / "out.dta")
    assert plain.steps.min() == -40 and plain.steps.isna().sum() == sum(frame.steps == "d") > 0


HAVEN = """
arguments <- commandArgs(trailingOnly = TRUE)
spss <- grepl("sav$", arguments[1])
table <- if (spss) haven::read_sav(arguments[1], user_na = TRUE) else haven::read_dta(arguments[1])
told <- lapply(table, function(column) {
  labels <- attr(column, "labels")
  tag <- function(values) if (is.character(values)) NA else haven::na_tag(as.numeric(unclass(values)))
  text <- function(values) ifelse(is.na(tag(values)), as.character(unclass(values)), tag(values))
  list(label = attr(column, "label"), values = text(column), codes = text(labels), names = names(labels))
})
writeLines(jsonlite::toJSON(told, auto_unbox = FALSE, na = "null"), arguments[2], useBytes = TRUE)
"""


@pytest.mark.parametrize("format_", ["sav", "dta"])
def test_haven_of_r_reads_every_label_and_each_missing_code(
    app: Flask, definition: Definition, tmp_path: Path, format_: str
) -> None:
    (tmp_path / "read.R").write_text(HAVEN, encoding="utf-8")
    words = scripted(str(tmp_path / "read.R"), str(exported(app, tmp_path, format_)), str(tmp_path / "told.json"))
    subprocess.run(words, check=True, timeout=120)
    found = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert found["calm"]["label"] == ['=How calm is it, "really"?']
    known = {name: dict(zip(each["codes"], each["names"] or [], strict=True)) for name, each in found.items()}
    assert known["calm"]["d" if format_ == "dta" else "-1"] == "Don't know"
    expected = [labels(definition, row) for row in rows(definition)]
    at = columns(pd.DataFrame(columns=list(found)), expected[0])
    read = [
        {
            name: known[column].get(value, value)
            for name, column in at.items()
            for value in [found[column]["values"][row]]
        }
        for row in range(40)
    ]
    assert counted(read) == counted(expected)


def test_parquet_is_typed_and_carries_its_labels(app: Flask, definition: Definition, tmp_path: Path) -> None:
    table = pq.read_table(exported(app, tmp_path, "parquet"))
    expected = list(rows(definition))
    found = [{name: told(row, name) for name in expected[0]} for row in table.to_pylist()]
    assert counted(found) == counted(expected)
    assert str(table.schema.field("steps").type) == "int64" and str(table.schema.field("wishes_bins").type) == "bool"
    metadata = table.schema.field("calm").metadata
    assert json.loads(metadata[b"values"])["rtl"] == "بہت شور"
    assert json.loads(metadata[b"missing"]) == REASONS
    about = json.loads(table.schema.metadata[b"export"])
    assert about["simulated"] is True and about["weight"] == "weight"


def told(row: dict[str, Any], name: str) -> str:
    """Read a value, or why there is none."""
    value = row[name] if row[name] is not None else row[f"{name}_missing"]
    return str(int(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "sav", "dta", "parquet"])
def test_every_format_of_a_real_questionnaire_can_be_read(app: Flask, tmp_path: Path, format_: str) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
    waves.answered(wave, waves.crowd(wave, 200))
    path = tmp_path / f"out.{format_}"
    command(app, "export", "YV-2025-03", "--format", format_, "--out", str(path))
    read: dict[str, Callable[[Path], Any]] = {
        "csv": pd.read_csv,
        "xlsx": pd.read_excel,
        "sav": lambda path: pyreadstat.read_sav(path)[0],
        "dta": lambda path: pyreadstat.read_dta(path)[0],
        "parquet": pd.read_parquet,
    }
    frame = read[format_](path)
    assert len(frame) == 200 and len(set(map(str.lower, frame.columns))) == len(frame.columns)
    assert frame.weight.mean() == pytest.approx(1, abs=1e-9) and 0 < frame.weight.isna().sum() < 20


def test_labels_come_in_any_language_of_the_survey(app: Flask, tmp_path: Path) -> None:
    wave = waves.opened(services.import_definition(waves.SHIPPED / "your-views.yaml"), "2025-03")
    waves.answered(wave, waves.crowd(wave, 200))
    command(app, "export", "YV-2025-03", "--format", "sav", "--language", "ur", "--out", str(tmp_path / "out.sav"))
    _, meta = pyreadstat.read_sav(tmp_path / "out.sav")
    urdu = queries.definition_of(wave, "ur").question("safe_day")
    assert urdu and meta.column_names_to_labels["safe_day"] == urdu.text
    assert list(meta.variable_value_labels["safe_day"].values()) == [
        *(option.text for option in urdu.options),
        "معلوم نہیں",
        "بتانا پسند نہیں",
        "نہیں پوچھا گیا",
        "جواب نہیں دیا گیا",
    ]
    told = [
        *meta.column_names_to_labels.values(),
        *(w for v in meta.variable_value_labels.values() for w in v.values()),
    ]
    latin = {word for text in told for word in re.findall(r"[A-Za-z]{3,}", text)}
    assert latin <= {"SIMULATED", "PCSO", "PCC", "West", "Yorkshire", "YouTube"}, latin
    age = meta.variable_value_labels["margin_2"]
    assert "16 سے 24 سال" in age.values()


SHEET = {"calm": "calm", "wishes_none": "1", "steps": "-3", "agree_clean": "yes"}
SHEETS = [
    SHEET | {"steps": "illegible", "agree_clean": "ticked_too_many"},
    {"calm": "left_blank", "wishes_bins": "illegible", "steps": "99", "cars": "out_of_range"},
    *[SHEET] * 38,
]
UNREAD = {
    "calm": {"calm": 39, "left_blank": 1},
    "steps": {"-3": 38, "illegible": 1, "99": 1},
    "wishes_lamps": {"0": 39, "illegible": 1},
    "cars": {"not_answered": 39, "out_of_range": 1},
    "agree_clean": {"yes": 38, "ticked_too_many": 1, "not_answered": 1},
    "why_loud": {"not_asked": 40},
}


def test_what_could_not_be_read_on_paper_says_so_in_every_format(app: Flask, tmp_path: Path) -> None:
    survey = services.import_definition(EVERYTHING)
    services.open_wave(survey, "2026", clock.now() - timedelta(days=1), clock.now() + timedelta(days=9))
    sheets = tmp_path / "sheets.csv"
    pd.DataFrame(SHEETS).to_csv(sheets, index=False)
    assert "Batch 1 is stored" in command(app, "paper", "import", str(sheets), "--wave", "EV-2026")
    files = {kind: tmp_path / f"paper.{kind}" for kind in ("csv", "xlsx", "sav", "dta", "parquet", "codebook")}
    for kind, path in files.items():
        command(app, "export", "EV-2026", "--format", kind, "--out", str(path))

    plain = pd.read_csv(files["csv"], dtype=str, keep_default_na=False)
    book = pd.read_excel(files["xlsx"], dtype=str, keep_default_na=False)
    parquet = pq.read_table(files["parquet"]).to_pylist()
    for name, expected in UNREAD.items():
        assert plain[name].value_counts().to_dict() == expected, name
        assert book[name].value_counts().to_dict() == expected, name
        assert Counter(told(row, name) for row in parquet) == Counter(expected), name
    spss, meta = pyreadstat.read_sav(files["sav"], user_missing=True)
    assert (spss.calm == -5).sum() == 1 and meta.variable_value_labels["calm"][-5] == "On paper: left blank"
    assert (spss.steps == -(10**10) - 3).sum() == 1 and pyreadstat.read_sav(files["sav"])[0].steps.min() == -3
    stata, letters = pyreadstat.read_dta(files["dta"], user_missing=True)
    assert (stata.cars == "o").sum() == 1 and letters.variable_value_labels["cars"]["o"] == "On paper: out of range"
    assert "On paper: cannot be read" in files["codebook"].read_text(encoding="utf-8")
