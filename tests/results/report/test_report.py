"""The quarterly report: a page and a tagged PDF that tell the same, from stored runs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.database import db
from app.results.report.counts import counted
from app.surveys import queries

SignIn = Callable[[str], FlaskClient]
REPORT = "/staff/results/report/YV-2025-06"


def test_a_report_tells_what_people_say_who_replied_and_how_it_was_done(office: FlaskClient) -> None:
    page = html.fromstring(office.get(REPORT).text)
    assert (
        page.xpath("string(//h1)")
        == "Policing and crime in West Yorkshire: what residents say, April 2025 to June 2025"
    )
    assert page.xpath("//h2[@class='govuk-heading-m']/text()") == [
        "Headline measures",
        "What changed",
        "Districts",
        "Priorities",
        "In people’s own words",
        "Who replied",
        "How results differ",
        "How this was done",
        "Words",
    ]
    said = " ".join(page.text_content().split())
    assert "nobody real gave them" in said
    assert "YP-2025 is weighted to the Census 2021 population aged 16 and over by district by age band" in said
    assert "They do not cover self-selection" in said
    assert len(page.xpath("//svg[@role='img']")) == 1


def test_the_pdf_is_tagged_and_holds_as_many_tables_as_the_page(office: FlaskClient) -> None:
    answer = office.get(f"{REPORT}.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    assert "report-YV-2025-06-simulated.pdf" in answer.headers["Content-Disposition"]
    assert b"/StructTreeRoot" in answer.data and b"/MarkInfo" in answer.data and b"pdfuaid" in answer.data
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_title_that_the_pdf_cannot_show_is_named_and_the_page_still_shows_it(
    filled_app: Flask, office: FlaskClient
) -> None:
    with filled_app.app_context():
        survey = queries.survey_named("your-views")
        kept, survey.title = survey.title, "你的看法"
        db.session.commit()
    try:
        refused, page = office.get(f"{REPORT}.pdf"), office.get(REPORT)
    finally:
        with filled_app.app_context():
            queries.survey_named("your-views").title = kept
            db.session.commit()
    assert refused.status_code == 422 and "Write the titles of surveys and themes in those letters" in refused.text
    assert page.status_code == 200 and "你的看法" in page.text


def test_no_count_of_a_report_can_tell_of_one_person(office: FlaskClient) -> None:
    page = html.fromstring(office.get(REPORT).text)
    seen = 0
    for table in page.xpath("//main//table"):
        heads = [" ".join(each.split()) for each in table.xpath("thead//th/text()")]
        for row in table.xpath("tbody/tr"):
            cells = dict(zip(heads, (cell.text_content() for cell in row), strict=True))
            count = cells.get("n", "")
            if count == "fewer than 10":
                assert not any(cells.get(name) for name in ("Replied", "Census", "Weighted")), cells
            elif count:
                assert int(count.replace(",", "")) % 5 == 0, cells
                seen += 1
    assert seen > 50
    assert all(int(n.replace(",", "")) % 5 == 0 for n in re.findall(r"\bn ([\d,]*\d)", page.text_content()))


@pytest.mark.parametrize(
    ("n", "written"),
    [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (12, "10"), (13, "15"), (4915, "4,915")],
)
def test_counts_are_written_to_the_nearest_five(n: int, written: str) -> None:
    assert counted(n) == written


def test_a_wave_without_headline_measures_says_what_to_do(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    for address in ("YP-2025", "YP-2025.pdf"):
        answer = client.get(f"/staff/results/report/{address}")
        assert answer.status_code == 404 and "make a run of it on its page of results" in answer.text
    assert client.get("/staff/results/report/YV-1066-01").status_code == 404


def test_an_officer_gets_no_report(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("officer").get(REPORT).status_code == 403
