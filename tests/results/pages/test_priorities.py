"""The office's pages: the home of results, the priorities, who chooses differently, and where next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.surveys import queries
from tests.results import waves

SignIn = Callable[[str], FlaskClient]
RESULTS = "/staff/results"


def words(client: FlaskClient, path: str) -> str:
    """Open a page and take its words."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(html.fromstring(answer.text).xpath("string(//main)").split())


@pytest.mark.parametrize("path", ["", "/priorities", "/priorities/YP-2025/differences", "/next", "/guard"])
def test_nobody_opens_the_pages_without_signing_in(filled_app: Flask, path: str) -> None:
    assert filled_app.test_client().get(RESULTS + path).status_code == 303


def test_the_home_answers_in_sentences_that_lead_on(office: FlaskClient) -> None:
    said = words(office, RESULTS)
    assert "What comes first?" in said and ("Clearly first:" in said or "None is clearly first." in said)
    assert "Bradford:" in said and "Wakefield:" in said
    assert "People feel safe:" in said and ("No clear change since" in said or "Rose since" in said or "Fell" in said)
    assert "a change of" in said and "could have been seen" in said
    assert "worth" in said and "design effect" in said
    links = html.fromstring(office.get(RESULTS).text).xpath("//main//a/@href")
    for page in ("/priorities", "/guard", "/next", "/priorities/YP-2025", "/next/YV-2025-06"):
        assert RESULTS + page in links


def test_every_priority_stands_in_a_tier_with_its_intervals(office: FlaskClient) -> None:
    page = html.fromstring(office.get(f"{RESULTS}/priorities/YP-2025").text)
    rows = page.xpath("//table[caption='Where each priority stands']/tbody/tr")
    assert len(rows) == 16
    table = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    could_be = sum(cells[5].split(" ")[0] == "1" for cells in table)
    lower = "clearly lower" if could_be == 1 else "cannot be first"
    assert could_be == 16 or f"{lower}: the other" in words(office, RESULTS).lower()
    for cells in table:
        assert cells[2].startswith("Tier ") and any(w in cells[2] for w in ("clearly", "cannot be"))
        if cells[5].split(" ")[0] != "1":
            assert cells[2].endswith(lower), "as the sentence of the home says, whatever tier it is in"
        assert "not shown" in cells[3] or ("% to " in cells[4] and cells[5])
    captions = [each.text_content() for each in page.xpath("//caption")]
    assert {"What would change", "Districts side by side"} <= set(captions)
    assert page.xpath("//svg[@role='img']")


def test_each_district_has_its_own_ranking(office: FlaskClient) -> None:
    said = words(office, f"{RESULTS}/priorities/YP-2025/bradford")
    assert "Priorities: Bradford" in said and "Tier 1" in said
    for otherwise in ("Weighted by the scheme “tracker”", "Without weights"):
        assert otherwise in said


def test_an_unknown_district_is_answered_with_those_there_are(office: FlaskClient) -> None:
    answer = office.get(f"{RESULTS}/priorities/YP-2025/sheffield")
    assert answer.status_code == 404
    assert "There is no district “sheffield”" in answer.text and "wakefield" in answer.text


@pytest.mark.parametrize("path", ["/priorities/XX-1", "/priorities/XX-1/differences", "/next/XX-1"])
def test_an_unknown_wave_is_a_plain_404(office: FlaskClient, path: str) -> None:
    answer = office.get(RESULTS + path)
    assert answer.status_code == 404 and "YP-2025" in answer.text


def test_groups_are_compared_or_left_out_with_the_reason(office: FlaskClient) -> None:
    said = words(office, f"{RESULTS}/priorities/YP-2025/differences")
    for name in ("District", "Age", "Sex", "Ethnic group", "Disability", "How they answered", "Language they answered"):
        assert name in said
    assert "fewer than two groups have enough responses" in said  # all came online, in English
    assert "Left out, since too few answered" in said and "more needed" in said


def test_where_next_names_kinds_of_people_and_hides_small_counts(office: FlaskClient) -> None:
    page = html.fromstring(office.get(f"{RESULTS}/next/YP-2025").text)
    rows = page.xpath("//table[caption='The next 50 interviews']/tbody/tr")
    assert sum(int(row.xpath("string(th)")) for row in rows) == 50
    for row in rows:
        so_far = row.xpath("string(td[last()])")
        assert so_far == "fewer than 10" or int(so_far.replace(",", "")) >= 10
    said = words(office, f"{RESULTS}/next/YP-2025")
    assert "instead of" in said and "As many with people like those who answered so far" in said


def test_the_order_that_people_gave_stands_beside_the_shares(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-priorities-your-plan", tmp_path), "2025")
        order = next(each for each in queries.definition_of(wave).questions if each.kind == "order")
        people = waves.crowd(wave, 700)
        chose = (each for each in people if each["priorities"] != ["none"])
        waves.answered(wave, ({**each, order.key: each["priorities"][::-1]} for each in chose))
    client = signed_in("office")
    assert client.post(f"{RESULTS}/YP-2025").status_code == 303
    page = html.fromstring(client.get(f"{RESULTS}/priorities/YP-2025").text)
    (table,) = page.xpath("//table[caption='By the order that people gave']")
    heads = " ".join(table.xpath("string(thead)").split())
    assert "Borda points (95% interval)" in heads and "Plackett-Luce worth (95% interval)" in heads
    assert len(table.xpath("tbody/tr")) == 16
    moved = [each for each in table.xpath("tbody/tr/td/text()") if each.strip().startswith("moves to ")]
    assert moved, "who is named first is put last"
