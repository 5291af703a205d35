"""A first view is light: few requests, compressed, and everything else cached for ever."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.support.person import Person

MOST_BYTES = 60_000
MOST_REQUESTS = 4


@pytest.mark.parametrize("path", ["/en", "/ur", "/en/your-views"])
def test_a_first_view_is_light(person: Person, both_surveys: None, path: str) -> None:
    browser = person.app.test_client()
    page = browser.get(path, headers={"Accept-Encoding": "gzip"})
    source = gzip.decompress(page.data).decode()
    assets = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', source)))
    fetched = [browser.get(asset, headers={"Accept-Encoding": "gzip"}, buffered=True) for asset in assets]
    assert all(asset.headers["Content-Encoding"] == "gzip" for asset in fetched)
    assert all("immutable" in asset.headers["Cache-Control"] for asset in fetched)
    assert 1 + len(fetched) <= MOST_REQUESTS
    assert len(page.data) + sum(len(asset.data) for asset in fetched) <= MOST_BYTES


def test_a_page_that_says_what_is_wrong_is_as_light(person: Person) -> None:
    for path, status in (("/ur/nothing/here", 404), ("/ur/your-views/q/age_band", 410)):
        page = person.app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
        assert page.status_code == status and page.headers["Content-Encoding"] == "gzip", path
        assert len(page.data) < 3_000


def test_a_browser_that_cannot_unpack_gets_the_plain_page(person: Person) -> None:
    plain = person.app.test_client().get("/en", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert b"<!doctype html>" in plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]
