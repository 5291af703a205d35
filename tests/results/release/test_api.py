"""Released figures for programs: without a token, as the description says, the same as on the pages."""

from __future__ import annotations

import pytest
from flask import Flask

MONTH = "YV-2025-04"


def test_a_figure_is_the_same_for_programs_as_in_the_release(library: Flask) -> None:
    client = library.test_client()
    (listed,) = client.get("/api/v1/releases").json["releases"]  # type: ignore[index]
    assert (listed["reference"], listed["simulated"], listed["corrected_by"]) == (MONTH, True, None)
    whole = client.get(listed["url"]).json
    assert whole and "evidence" not in whole and len(whole["digest"]) == 64
    for table in whole["tables"]:
        item = table["items"][0]
        one = client.get(f"/api/v1/releases/{MONTH}/{item['id']}").json
        assert one and one["areas"] == item["areas"] and one["simulated"]
        single = client.get(f"/api/v1/releases/{MONTH}/{item['id']}/west-yorkshire").json
        assert single and single["value"] == item["areas"]["west-yorkshire"]
        assert single["id"] == f"{MONTH}/{item['id']}/west-yorkshire"


@pytest.mark.parametrize("path", ["YV-1999-01", f"{MONTH}/nothing", f"{MONTH}/feel-safe/york"])
def test_what_is_not_there_is_told_by_name_and_without_a_number(library: Flask, path: str) -> None:
    answer = library.test_client().get(f"/api/v1/releases/{path}")
    assert answer.status_code == 404 and answer.json
    assert answer.json["error"]["code"] == "release_unknown"
    assert "share" not in answer.text and "%" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/releases/%17/x", 404),
        ("GET", f"/runs/{10**40}", 404),
        ("TRACE", "/releases", 405),
        ("PUT", "/runs", 405),
    ],
)
def test_whatever_is_asked_of_the_api_is_refused_in_json(library: Flask, method: str, path: str, status: int) -> None:
    answer = library.test_client().open(f"/api/v1{path}", method=method)
    assert answer.status_code == status and answer.is_json and answer.json
    assert answer.json["error"]["code"] and "<" not in answer.json["error"]["message"]
    assert status != 405 or "GET" in answer.headers["Allow"]
