"""Files of responses keyed elsewhere: through the same gate, all rows or none, and what is no such file is named."""

from __future__ import annotations

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys.models import Response
from tests.accounts.house import Visitor, hire, signed_in, text_of
from tests.fieldwork.paper.test_keying import opened, printed

pytestmark = pytest.mark.usefixtures("both_surveys")
PAGE = "/staff/paper/files"
ROW = {
    **{"wave": "YV-2026-11", "language": "pl", "district": "leeds", "age_band": "35 to 44", "sex": "illegible"},
    **{"ethnic_group": "White", "safe_day": "very_safe", "safe_dark": "a_bit_unsafe", "safe_place": "neither"},
    **{"good_job": "good", "prevent": "very", "partners": "neither", "informed": "dont_know"},
    **{f"police_statements_{row}": "neither" for row in ("rely_on", "respect", "fairly", "matters", "listen")},
    **{"contact_police": "no", "victim": "no", "three_things_burglary": "1", "topic_seeing_police": "never"},
    **{"anything_else": "=1+1 żółw", "equality_gate": "no"},
}


@pytest.fixture
def officer(app: Flask) -> Visitor:
    hire(app)
    return signed_in(app, "officer")


def as_csv(*rows: dict[str, str], columns: list[str] | None = None) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, columns or list(ROW))
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(*rows: list[Any], merge: bool = False, at: dict[str, str] | None = None) -> bytes:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for place, value in (at or {}).items():
        book.active[place] = value
    if merge:
        book.active.merge_cells("A1:B1")
    book.save(made)
    return made.getvalue()


def bring(officer: Visitor, content: bytes, name: str = "answers.csv", wave: str = "YV-2026-11") -> str:
    answer = officer.send(PAGE, wave=wave, event="", file=(io.BytesIO(content), name))
    assert answer.status_code in (200, 413, 422), text_of(answer)
    return text_of(answer)


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Response)) or 0


@pytest.mark.both_databases
def test_a_file_is_stored_once_whole_and_with_its_codes(app: Flask, officer: Visitor) -> None:
    content = as_csv(ROW, ROW | {"sex": "female"})
    assert "Storing 2 responses" in bring(officer, content)
    assert "again.csv was imported already: batch 1, by officer@example.org" in bring(officer, content, "again.csv")
    with app.app_context():
        first, second = db.session.scalars(select(Response).order_by(Response.id))
        assert (first.coded, first.sex, first.language, first.channel) == ({"sex": "illegible"}, None, "pl", "paper")
        assert first.said is not None and first.said["anything_else"] == "=1+1 żółw"
        assert (second.sex, second.age_band, second.batch_id) == ("female", "35_44", 1)


@pytest.mark.both_databases
def test_the_same_file_at_the_same_moment_is_stored_once(app: Flask, officer: Visitor) -> None:
    content = as_csv(*[ROW] * 300)
    people = [officer, signed_in(app, "officer"), signed_in(app, "admin")]
    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(lambda person: bring(person, content), people))
    assert sum("is stored" in each for each in told) == 1
    assert sum("was imported" in each for each in told) == 2, told
    assert count(app) == 300


def test_a_row_of_a_printed_form_is_in_its_language_unless_somebody_keys_it(app: Flask, officer: Visitor) -> None:
    sheet = {name: value for name, value in ROW.items() if name != "language"} | {"serial": "0002"}
    printed(officer)
    batch = opened(officer)
    officer.send(f"{batch}/claim", batch, serial="3")
    taken = bring(officer, as_csv(sheet, sheet | {"serial": "3"}, columns=list(sheet)))
    assert "Row 3, serial: Form 3 is keyed by officer@example.org, in batch 1: take the row out" in taken
    assert "Storing 1 responses" in bring(officer, as_csv(sheet, columns=list(sheet)))
    with app.app_context():
        assert list(db.session.scalars(select(Response.language))) == ["ur"]


def test_excel_in_europe_writes_semicolons_and_leaves_blank_rows(app: Flask, officer: Visitor) -> None:
    row = {name: value for name, value in ROW.items() if name != "anything_else"}
    content = as_csv(row, columns=list(row)).decode("utf-8-sig").replace(",", ";") + ";" * len(row) + "\r\n\r\n"
    assert "Storing 1 responses" in bring(officer, b"\r\n" + content.encode("utf-8-sig").removeprefix(b"\xef\xbb\xbf"))


def test_one_wrong_row_keeps_all_out_and_each_is_told(app: Flask, officer: Visitor) -> None:
    told = bring(
        officer, as_csv(ROW, ROW | {"sex": "purple"}, ROW | {"wave": "YV-2026-10"}, ROW | {"age_band": "under_16"})
    )
    assert "Nothing was stored: 3 problems" in told
    assert "Row 3, sex: “purple” is none of the answers: write female, male, prefer_not_to_say, illegible, " in told
    assert "Row 4, wave: “YV-2026-10” is another wave than YV-2026-11" in told
    assert "Row 5: The answers end the survey" in told
    assert count(app) == 0


def test_each_refusal_names_its_column_what_stands_there_and_what_to_write(app: Flask, officer: Visitor) -> None:
    blank = {name: "" for name in ROW if name.startswith("police_statements_")}
    rows = [
        ROW | blank,
        ROW | {"police_statements_fairly": "mars", "police_statements_matters": "left_blank"},
        ROW | {"district": "mars", "language": "xx"},
        ROW | {"district": "mars"},
        ROW | {"three_things_burglary": ""},
        ROW | {"three_things_burglary": "yes"},
    ]
    told = bring(officer, as_csv(*rows))
    said = [
        "Row 2, police_statements_rely_on: There is no answer about “They can be relied on to be there",
        "Row 2, police_statements_listen: There is no answer about “",
        "Row 3, police_statements_fairly: “mars” is none of the answers about “",
        "Row 4, language: “xx” is no language of the survey: write one of en, ",
        "Row 5, district: “mars” is none of the answers: write bradford, calderdale, kirklees, leeds, wakefield",
        "Row 6, three_things_burglary to three_things_none: No column says 1: write 1 for each that is ticked",
        "Row 7, three_things_burglary: “yes” is neither 0 nor 1: write 1 where",
    ]
    for line in said:
        assert line in told, line
    assert "“”" not in told
    assert "Nothing was stored: 10 problems" in told


def test_what_is_no_table_of_responses_is_named(app: Flask, officer: Visitor) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b"\0" * (1 << 20))
    head = list(ROW)
    cells = list(ROW.values())
    far = as_xlsx(head, [*cells[:2], "nowhere", *cells[3:]], at={"A1048576": "x", "XFD3": " "})
    lines = as_csv(ROW | {"anything_else": "one\ntwo"}, ROW | {"sex": "purple"})
    bad = {
        "far.xlsx": (far, "has more than 100,000 rows"),
        "lines.csv": (lines, "Row 3, sex: “purple” is none of"),
        "bomb.xlsx": (bomb.getvalue(), "would unpack to 314,572,"),
        "wide.csv": (as_csv(columns=[*head, *(f"x{n}" for n in range(40))]), "40 columns are none of YV-2026-11: “x0”"),
        "more.csv": (as_csv(ROW) + b"a" + b",b" * 80 + b"\r\n", "cells stand beyond the last column"),
        "latin.csv": (as_csv(ROW).decode("utf-8-sig").encode("iso-8859-2"), "is not UTF-8. Save it as “CSV UTF-8”"),
        "utf16.csv": (as_csv(ROW).decode("utf-8-sig").encode("utf-16"), "is UTF-16"),
        "sheets.csv": (b"%PDF-1.4 one", "is a PDF or a picture, no table: upload it at “Read scans"),
        "locked.xlsx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
            "is encrypted: save it as XLSX without a password",
        ),
        "other.csv": (officer.open(f"{PAGE}/YP-2026/template.csv").data, "are none of YV-2026-11"),
        "serial.csv": (
            as_csv(ROW | {"serial": "0007"}, columns=[*ROW, "serial"]),
            "Row 2, serial: “0007” is no form that was",
        ),
        "empty.csv": (b"", "empty.csv is empty"),
        "heading.csv": (as_csv(), "has a heading and no responses"),
        "twice.csv": (b"sex,sex\r\nmale,male\r\n", "These columns stand twice: sex"),
        "damaged.xlsx": (b"PK\x03\x04 and nothing else", "is damaged or encrypted"),
        "formula.xlsx": (as_xlsx(head, ["=A1", *cells[1:]], [*cells[:-1], "=1"]), "cell A2 holds a formula"),
        "formulas.xlsx": (as_xlsx(head, ["=A1", *cells[1:]], [*cells[:-1], "=1"]), "3 holds a formula"),
        "date.xlsx": (as_xlsx(head, [__import__("datetime").date(2026, 11, 1), *cells[1:]]), "cell A2 is a date"),
        "merged.xlsx": (as_xlsx(head, cells, merge=True), "has merged cells"),
    }
    for name, (content, said) in bad.items():
        told = bring(officer, content, name)
        assert said in told, (name, told[-600:])
    assert count(app) == 0


def test_the_template_comes_back_filled_in(app: Flask, officer: Visitor) -> None:
    from openpyxl import load_workbook

    made = officer.open(f"{PAGE}/YV-2026-11/template.xlsx").data
    book = load_workbook(io.BytesIO(made))
    head = [cell.value for cell in book["responses"][1]]
    assert head == next(
        csv.reader(io.StringIO(officer.open(f"{PAGE}/YV-2026-11/template.csv").data.decode("utf-8-sig")))
    )
    row = {k: v for k, v in ROW.items() if k != "anything_else"}
    for column, name in enumerate(head, start=1):
        book["responses"].cell(2, column, row.get(name))
    filled = io.BytesIO()
    book.save(filled)
    assert "Storing 1 responses" in bring(officer, filled.getvalue(), "filled.xlsx")
    assert count(app) == 1
