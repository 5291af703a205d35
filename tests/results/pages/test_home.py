"""From the home of results every page is two clicks away, and waves that say nothing say why on each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.results import waves

SignIn = Callable[[str], FlaskClient]
HOME = "/staff/results"
WAVE = "YP-2025"
PAGES = (
    "",
    f"/{WAVE}",
    "/priorities",
    f"/priorities/{WAVE}",
    f"/priorities/{WAVE}/leeds",
    f"/priorities/{WAVE}/differences",
    "/guard",
    "/next",
    f"/next/{WAVE}",
    f"/answered/{WAVE}",
)


def links(client: FlaskClient, path: str) -> set[str]:
    """Open a page and take where it leads on to within the service."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = html.fromstring(answer.text).xpath("//main//a/@href")
    return {urlsplit(each).path for each in found if each.startswith("/")}


@pytest.mark.parametrize("role", ["office", "analyst", "approver"])
def test_every_answer_is_found_in_two_clicks(filled_app: Flask, signed_in: SignIn, role: str) -> None:
    maker, client = signed_in("office"), signed_in(role)
    for wave in (WAVE, "YV-2025-06"):
        maker.post(f"{HOME}/{wave}")
    first = links(client, HOME)
    second = first.union(*(links(client, each) for each in sorted(first) if each.startswith("/staff")))
    assert {f"{HOME}/{each}" for each in ("priorities", "measures", "answered", "guard", "next", "plan")} <= first
    assert "/staff/releases" in first and ("/staff/exports" in first) == (role == "analyst")
    assert {
        f"{HOME}/priorities/{WAVE}/bradford",
        f"{HOME}/priorities/{WAVE}/differences",
        f"{HOME}/measures/YV-2025-06/feel_safe",
        f"{HOME}/answered/YV-2025-06",
        f"{HOME}/{WAVE}/themes",
        f"{HOME}/report/YV-2025-06",
    } <= second


def said(client: FlaskClient, path: str) -> str:
    """Open a page and take its words; none of them is a number that could not be worked out."""
    answer = client.get(HOME + path)
    assert answer.status_code == 200, path
    words = " ".join(html.fromstring(answer.text).xpath("string(//main)").split())
    assert not re.search(r"\b(nan|inf|NaN)\b", words), words
    return words


def consultation(app: Flask, folder: Path, n: int, **fixed: object) -> None:
    """Fill a consultation."""
    with app.app_context():
        wave = waves.opened(waves.shipped("your-priorities-your-plan", folder), "2025")
        waves.answered(wave, waves.crowd(wave, n, **fixed))


@pytest.mark.parametrize(
    ("n", "why"),
    [
        (0, "Not enough responses to say: YP-2025 has 0"),
        (1, "Not enough responses to say: YP-2025 has 1"),
        (300, "YP-2025 cannot be weighted"),
    ],
)
def test_a_wave_that_says_nothing_says_why_on_every_page(
    app: Flask, tmp_path: Path, signed_in: SignIn, n: int, why: str
) -> None:
    consultation(app, tmp_path, n, district="leeds")
    client = signed_in("office")
    refused = client.post(f"{HOME}/{WAVE}")
    assert refused.status_code == 422 and why in refused.text
    for path in PAGES:
        words = said(client, path)
        assert "%" not in words, path
        assert re.search(r"Nothing has been worked out|no run|No run|has a run|no results yet", words), (path, words)


def test_nobody_chose_anything_is_no_ranking(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    consultation(app, tmp_path, 700, priorities=["none"])
    client = signed_in("office")
    assert client.post(f"{HOME}/{WAVE}").status_code == 303
    for path in PAGES:
        said(client, path)
    for path in ("", f"/priorities/{WAVE}", f"/priorities/{WAVE}/leeds"):
        words = said(client, path)
        assert "Clearly first" not in words and "too few chose any" in words
    verdict = client.post(f"{HOME}/guard", data={"sentence": "Burglary is the top priority"}).text
    assert "Supported:" not in verdict
