"""The staff's pages of results, as a member of staff opens them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from tests.results import waves

SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize("path", ["/staff/results", "/staff/results/plan", "/staff/results/YP-2025"])
def test_nobody_sees_results_without_signing_in(filled_app: Flask, path: str) -> None:
    answer = filled_app.test_client().get(path)
    assert answer.status_code == 303 and "/login" in answer.location


def test_an_officer_does_not_read_results(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("officer").get("/staff/results").status_code == 403


def test_an_approver_reads_but_makes_no_run(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("approver")
    page = client.get("/staff/results/YV-2025-04")
    assert page.status_code == 200 and "Make a" not in page.text
    assert client.post("/staff/results/YV-2025-04").status_code == 403


def test_a_run_is_made_and_shown_as_chart_and_table(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    assert "There is no run of this wave yet" in client.get("/staff/results/YP-2025").text
    assert client.post("/staff/results/YP-2025").status_code == 303
    text = client.get("/staff/results/YP-2025").text
    page = html.fromstring(text)
    chart = page.xpath("//svg[@role='img']")[0]
    named = chart.get("aria-labelledby").split()
    assert [page.get_element_by_id(each).tag for each in named] == ["title", "desc"]
    captions = [caption.text_content() for caption in page.xpath("//caption")]
    assert "Shares and ranks – Which of these should be priorities?" in captions and "Weighting" in captions
    assert page.xpath("//form[@action='/staff/results/YP-2025']//input[@name='csrf_token']")
    assert text.count("These are simulated answers") == 1
    assert "They do not cover self-selection" in text
    assert " style=" not in text and "<script>" not in text


def test_a_chart_shows_every_place_in_words(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    client.post("/staff/results/YP-2025")
    text = client.get("/staff/results/YP-2025").text
    chart = etree.fromstring(re.findall(r"<svg.*?</svg>", text, re.DOTALL)[0])
    words = [" ".join(each.itertext()) for each in chart.iter("{*}text")]
    assert sum(bool(re.match(r"\d+\. ", each)) for each in words) == 16
    assert sum(each.startswith("Tier ") for each in words) >= 1
    assert sum(bool(re.search(r"% to .*%\), ranks? ", each)) for each in words) == 16


def test_the_measures_show_whether_they_changed(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    client.post("/staff/results/YV-2025-06")
    page = html.fromstring(client.get("/staff/results/YV-2025-06").text)
    rows = page.xpath("//table[starts-with(caption, 'Share, and change')]/tbody/tr")
    assert [row.xpath("string(th)") for row in rows] == [
        "People feel safe",
        "Good or excellent job",
        "Will prevent crime",
        "Partners deal with what matters",
    ]
    assert all(row.xpath("string(td[8])") in ("no clear change", "rose", "fell") for row in rows)


def test_the_list_shows_each_wave_with_its_newest_run(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("admin")
    client.post("/staff/results/YP-2025")
    text = client.get("/staff/results").text
    assert "YP-2025" in text and "YV-2025-06" in text and "SIMULATED" in text


def test_the_plan_stands_beside_ours(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    client.post("/staff/results/YP-2025")
    text = client.get("/staff/results/plan").text
    assert "Prepared to pay more for policing" in text and "79.4%" in text and "These are simulated answers" in text


def test_no_simulated_waves_leave_nothing_to_compare(app: Flask, signed_in: SignIn) -> None:
    text = signed_in("office").get("/staff/results/plan").text
    assert "No simulated wave has results yet" in text


def test_too_few_responses_are_told_on_the_page(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        waves.answered(wave, waves.crowd(wave, 3, district="leeds"))
    answer = signed_in("analyst").post("/staff/results/YV-2025-03")
    assert answer.status_code == 422
    assert "Not enough responses to say: YV-2025-03 has 3" in answer.text


def test_an_unknown_wave_is_a_plain_404(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    assert client.get("/staff/results/XX-1").status_code == 404
    assert client.post("/staff/results/XX-1").status_code == 404
