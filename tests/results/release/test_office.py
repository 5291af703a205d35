"""The office's pages, print and file hide the same small counts as a release does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

SignIn = Callable[[str], FlaskClient]


def test_no_small_count_stands_on_the_page_of_a_run(library: Flask) -> None:
    client = library.test_client()
    client.post("/login", data={"email": "approver@example.org", "password": "correct horse battery staple 12"})
    page = html.fromstring(client.get("/staff/results/YV-2025-04").text)
    columns = [
        (row, [header.text_content() for header in table.xpath("./thead/tr/th")].index("n"))
        for table in page.xpath("//table[thead/tr/th = 'n']")
        for row in table.xpath("./tbody/tr")
    ]
    told = [row.xpath("./th|./td")[place].text_content().replace(",", "") for row, place in columns]
    assert len(told) > 40
    assert [each for each in told if each != "fewer than 10" and int(each) < 10] == []
    assert "fewer than 10 prefer not to say" in page.text_content()


def test_no_small_count_stands_in_the_file_of_a_run(library: Flask, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    done = library.test_cli_runner().invoke(args=["results", "YV-2025-04", "--json", str(file)])
    assert done.exit_code == 0, done.output
    assert "fewer than 10 prefer not to say" in done.output
    small = [n for n in bases(json.loads(file.read_text(encoding="utf-8"))["results"]) if n < 10]
    assert small == []


def bases(document: object) -> list[int]:
    """List every base and every count beside one."""
    if isinstance(document, list):
        return [n for each in document for n in bases(each)]
    if not isinstance(document, dict):
        return []
    here = [document["n"]] if isinstance(document.get("n"), int) else []
    beside = [n for n in (document.get("apart") or {}).values() if n is not None]
    return here + beside + [n for each in document.values() for n in bases(each)]
