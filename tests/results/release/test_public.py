"""What everybody may read of a release: its pages in each language, its files, and nothing about few people."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from app.accounts import services as accounts
from app.clock import london
from app.database import db
from app.results import services as runs
from app.results.release import lately, services
from app.results.release import queries as releases
from app.results.release.models import Release
from app.surveys import queries
from app.surveys import services as surveys
from app.surveys.models import Response
from tests.results import waves
from tests.support.clock import Clock
from tests.support.person import Person

MONTH = "YV-2025-04"


def rows(app: Flask, reference: str = MONTH) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(app.test_client().get(f"/results/{reference}/figures.csv").text)))


def test_every_figure_has_a_page_of_its_own_and_is_marked_simulated(library: Flask, reader: Person) -> None:
    page = reader.visit(f"/en/results/{MONTH}")
    assert "How to read these figures" in page.text and "not a random sample" in page.text
    reader.visit(f"/en/results/{MONTH}/feel-safe")
    chart = html.fromstring(reader.page.source).xpath("//svg[@role='img']")[0]
    assert chart.xpath("string(title)") and "West Yorkshire: " in chart.xpath("string(desc)")
    assert "simulated" in reader.page.source
    for row in rows(library)[::40]:
        shown = reader.visit(f"/en/results/{row['id']}").text
        assert row["id"] in shown and "simulated answers" in reader.page.source
        if row["share"]:
            assert f"{100 * float(row['share']):.1f}%" in shown


def test_no_released_number_is_about_few_people(library: Flask) -> None:
    with library.app_context():
        evidence = db.session.scalar(select(Release).where(Release.reference == MONTH)).evidence  # type: ignore[union-attr]
    counts, withheld = evidence["counts"], 0
    assert evidence["proofs"] and all(each["high"] - each["low"] >= 5 for each in evidence["proofs"])
    for row in rows(library):
        for column in ("n", "effective_n"):
            assert not row[column] or (int(row[column]) % 5 == 0 and int(row[column]) >= 10)
        cell = f"{row['figure']}/{row['area']}"
        if row["share"] and cell in counts:
            assert counts[cell] >= 10 and cell not in evidence["hidden"]
        withheld += row["withheld"] == "protected"
    assert withheld >= len(evidence["proofs"])
    document = library.test_client().get(f"/results/{MONTH}/figures.json").text
    assert "evidence" not in document and "example.org" not in document


def test_what_stands_beside_a_hidden_share_tells_nothing_of_it(library: Flask) -> None:
    bases: dict[tuple[str, str, str], set[tuple[int, int]]] = {}
    document = json.loads(library.test_client().get(f"/results/{MONTH}/figures.json").text)
    for table in document["tables"]:
        for item in table["items"]:
            for area, value in item["areas"].items():
                numbers = [value[name] for name in ("share", "low", "high")]
                assert (value["withheld"] is not None) == (numbers == [None, None, None])
                assert all(each is None or each == round(each, 3) for each in numbers)
                if table["kind"] == "rolling" and value["withheld"] == "protected":
                    assert (value["n"], value["effective_n"]) == (None, None), "months that are open would leave it"
                else:
                    kind = "rolling" if table["kind"] == "rolling" else ""
                    found = bases.setdefault((kind, table["question"]["en"], area), set())
                    found.add((value["n"], value["effective_n"]))
    assert bases and all(len(found) == 1 for found in bases.values()), "the same beside every answer, hidden or not"


def test_the_description_names_each_column_of_the_spreadsheet(library: Flask) -> None:
    answer = library.test_client().get(f"/results/{MONTH}/figures.csv-metadata.json")
    assert answer.mimetype == "application/csvm+json"
    described = json.loads(answer.text)
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"].endswith(f"/results/{MONTH}/figures.csv")
    columns = {each["name"]: each["datatype"] for each in described["tableSchema"]["columns"]}
    found = rows(library)
    assert list(columns) == list(found[0])
    read = {"decimal": float, "integer": int, "boolean": {"true": True, "false": False}.__getitem__, "string": str}
    for row in found:
        assert all(read[columns[name]](value) is not None for name, value in row.items() if value)  # type: ignore[operator]
    assert len({row["id"] for row in found}) == len(found)


def test_the_page_and_the_files_say_the_same(library: Flask) -> None:
    document = json.loads(library.test_client().get(f"/results/{MONTH}/figures.json").text)
    shares = {
        f"{MONTH}/{item['id']}/{area}": value["share"]
        for table in document["tables"]
        for item in table["items"]
        for area, value in item["areas"].items()
    }
    assert shares == {row["id"]: float(row["share"]) if row["share"] else None for row in rows(library)}


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/en/results/YV-1999-01", "Your Views"),
        ("/en/results/YV-2025-04/nothing", "safe place"),
        ("/en/results/YV-2025-04/feel-safe/york", "Bradford"),
    ],
)
def test_an_unknown_address_leads_to_what_there_is_and_tells_no_number(reader: Person, path: str, offered: str) -> None:
    page = reader.visit(path, 404)
    assert offered in page.text and "%" not in page.text


def test_nothing_is_public_before_it_is_released(drafted: str, resident: Person) -> None:
    assert "No results have been published yet" in resident.visit("/en/results").text
    resident.visit(f"/en/results/{drafted}", 404)
    assert resident.app.test_client().get(f"/results/{drafted}/figures.json").status_code == 404


def test_a_language_in_which_the_wave_did_not_ask_leads_to_english(reader: Person) -> None:
    assert reader.visit(f"/ur/results/{MONTH}").path == f"/en/results/{MONTH}"


def test_pages_may_be_kept_and_asked_for_again_by_their_tag(library: Flask) -> None:
    client = library.test_client()
    first = client.get(f"/en/results/{MONTH}")
    assert first.headers["Cache-Control"] == "public, max-age=300" and "Set-Cookie" not in first.headers
    again = client.get(f"/en/results/{MONTH}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


PAGES = """
import sys
from app import create_app
client = create_app({settings!r}).test_client()
for path in {paths!r}:
    assert client.get(path).status_code in (200, 404), path
print(*sorted(name for name in ("pandas", "scipy", "numpy", "textblob", "pyarrow") if name in sys.modules))
"""


def test_public_results_need_no_statistics(library: Flask) -> None:
    paths = ["/en/results", f"/en/results/{MONTH}/feel-safe", f"/results/{MONTH}/figures.csv", "/en/results/x"]
    url = library.config["SQLALCHEMY_DATABASE_URI"]
    script = PAGES.format(settings={"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "tests"}, paths=paths)
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []


REST = {"answers": {}, "channel": "online", "assisted": False, "language": "en", "seed": 1}


def test_a_public_count_never_moves_by_one(app: Flask, clock: Clock, tmp_path: Path) -> None:
    with app.app_context():
        survey = waves.shipped("your-priorities-your-plan", tmp_path)
        wave = surveys.open_wave(survey, "2026", clock(), clock() + timedelta(days=60))
        counts = []
        for number in range(60):
            day = london(clock()).date().isoformat()
            db.session.add(
                Response(wave_id=wave.id, submission=f"s{number}", receipt=f"r{number}", submitted_on=day, **REST)
            )
            db.session.commit()
            clock.advance(hours=5)
            counts.append(dict(lately.answered()).get("Your Priorities, Your Plan", 0))
    assert {count % 5 for count in counts} == {0} and 50 <= max(counts) < 60
    assert {later - earlier for earlier, later in pairwise(counts)} == {0, 5, 15}


def test_fewer_than_ten_answers_are_not_counted_in_public(app: Flask, clock: Clock, tmp_path: Path) -> None:
    with app.app_context():
        surveys.open_wave(
            waves.shipped("your-priorities-your-plan", tmp_path), "2026", clock(), clock() + timedelta(60)
        )
        assert lately.answered() == []


def test_the_summary_is_a_tagged_pdf_in_every_language_that_the_wave_ran_in(app: Flask) -> None:
    with app.app_context():
        wave = waves.opened(surveys.import_definition(waves.SHIPPED / "your-views.yaml"), "2025-04")
        waves.answered(wave, waves.crowd(wave, 300))
        runs.run(wave)
        languages = sorted(queries.definition_of(wave).languages)
        analyst, approver = (
            accounts.add_staff(f"{role}@example.org", [role], None) for role in ("analyst", "approver")
        )
        services.draft(wave, "", analyst)
        services.approve(releases.draft_of(wave.id), approver)  # type: ignore[arg-type]
    reader = app.test_client()
    for language in languages:
        page = html.fromstring(reader.get(f"/{language}/results/{MONTH}").text)
        [address] = page.xpath("//main//a[@type='application/pdf']/@href")
        answer = reader.get(address)
        assert answer.mimetype == "application/pdf" and "Set-Cookie" not in answer.headers
        assert b"/StructTreeRoot" in answer.data and b"pdfuaid" in answer.data
        assert f"/Lang({language}".encode() in answer.data
        assert f"{MONTH}-{language}-simulated.pdf" in answer.headers["Content-Disposition"]
    assert len(languages) == 9
    told = pdf_text(reader.get(f"/en/results/{MONTH}/summary.pdf").data)
    for row in rows(app):
        if row["kind"] == "measure" and row["share"]:
            assert f"{100 * float(row['share']):.1f}%" in told and f"{100 * float(row['high']):.1f}%" in told
    assert "simulated answers" in told
    assert reader.get("/en/results/YV-1999-01/summary.pdf").status_code == 404


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_range() for page in document)
