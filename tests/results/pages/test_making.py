"""The button that makes a run: a page that is written step by step, and keeps nobody from writing meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Engine, create_engine, text

from app.results import services
from app.surveys import queries
from tests.results import waves

SignIn = Callable[[str], FlaskClient]
MARCH = "/staff/results/YV-2025-03"
STEPS = [
    "reading the responses",
    "weighting the responses",
    "shares and their intervals",
    "rankings, and what would change them",
    "who chooses what differently",
    "who answered",
    "storing the run",
]


def month(app: Flask, folder: Path, n: int, period: str = "2025-03", **fixed: str) -> None:
    """Fill a simulated month."""
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", folder), period)
        waves.answered(wave, waves.crowd(wave, n, **fixed))


def watched(client: FlaskClient, path: str = MARCH) -> tuple[str, list[str]]:
    """Press the button that the wave's page offers, and take the words and the steps of what comes."""
    (form,) = html.fromstring(client.get(path).text).xpath(f"//form[@action='{path}']")
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    answer = client.post(path, data=fields, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Accel-Buffering"] == "no"
    return answer.text, html.fromstring(answer.text).xpath("//*[@role='log']//li/text()")


def test_every_step_is_told_and_the_page_leads_on_to_the_results(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    month(app, tmp_path, 300)
    client = signed_in("office")
    page, steps = watched(client)
    assert steps == [f"YV-2025-03: {each}" for each in STEPS]
    assert "Done: run 1 is up to date." in page and "These are simulated answers" in page
    assert html.fromstring(page).xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={MARCH}"]
    assert html.fromstring(page).xpath(f"//main//a[@href='{MARCH}']")
    assert "Run 1." in client.get(MARCH).text
    page, steps = watched(client)
    assert steps == [] and "Done: run 1 is up to date." in page, "nothing has changed, so nothing is made"


def test_the_months_before_are_told_too(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    month(app, tmp_path, 3, "2025-02")
    month(app, tmp_path, 300)
    steps = watched(signed_in("office"))[1]
    assert steps[0] == "YV-2025-02: reading the responses" and steps[-1] == "YV-2025-03: storing the run"


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Engine]:
    """Reach the database as another process does, with little patience."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    patience = {"timeout": 0.2} if url.startswith("sqlite") else {"options": "-c lock_timeout=200"}
    engine = create_engine(url, connect_args=patience)
    yield engine
    engine.dispose()


@pytest.mark.both_databases
def test_a_step_is_seen_before_the_next_and_others_can_write_at_each(
    app: Flask, tmp_path: Path, signed_in: SignIn, elsewhere: Engine
) -> None:
    month(app, tmp_path, 300)
    client, seen, stored = signed_in("office"), "", []
    for chunk in client.post(MARCH, data={"watch": "yes"}).iter_encoded():
        seen += chunk.decode()
        if any(step in chunk.decode() for step in STEPS):
            with elsewhere.begin() as connection:
                connection.execute(text("UPDATE survey SET slug = slug"))
                stored.append(connection.scalar(text("SELECT count(*) FROM analysis_run")))
    assert stored == [0] * len(STEPS) and seen.rstrip().endswith("</html>")
    with app.app_context():
        assert services.latest(queries.wave_named("YV-2025-03").id)


def test_whoever_leaves_the_page_finds_the_run_made_all_the_same(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    month(app, tmp_path, 300)
    client = signed_in("office")
    answer = client.post(MARCH, data={"watch": "yes"})
    told = answer.iter_encoded()
    while STEPS[0] not in next(told).decode():
        continue
    del told
    answer.close()
    assert "Run 1." in client.get(MARCH).text


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "YV-2025-03 has 0 from residents; about 75 more are needed"),
        (1, "YV-2025-03 has 1 from residents; about 74 more are needed"),
        (200, "YV-2025-03 cannot be weighted, so nothing is published from it."),
    ],
)
def test_what_stands_in_the_way_is_told_with_a_way_on(
    app: Flask, tmp_path: Path, signed_in: SignIn, n: int, said: str
) -> None:
    month(app, tmp_path, n, district="leeds")
    client = signed_in("office")
    page = html.fromstring(watched(client)[0])
    assert said in page.xpath("string(//*[@class='govuk-error-summary'])")
    assert not page.xpath("//meta[@http-equiv='refresh']")
    links = page.xpath("//main//a/@href")
    assert {MARCH, "/staff/results/answered/YV-2025-03"} <= set(links)
    assert all(client.get(link).status_code == 200 for link in links)
    assert "There is no run of this wave yet" in client.get(MARCH).text


def test_a_database_that_fails_midway_is_told_on_the_page(
    app: Flask, tmp_path: Path, signed_in: SignIn, elsewhere: Engine
) -> None:
    month(app, tmp_path, 300)
    client, page = signed_in("office"), ""
    for chunk in client.post(MARCH, data={"watch": "yes"}).iter_encoded():
        page += chunk.decode()
        if STEPS[0] in chunk.decode():
            with elsewhere.begin() as connection:
                connection.execute(text("ALTER TABLE response RENAME TO gone"))
    assert "no run was stored. Try again" in page and page.rstrip().endswith("</html>")
    assert "no such table" not in page


def test_who_only_reads_cannot_watch_one_being_made(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    month(app, tmp_path, 0)
    assert signed_in("approver").post(MARCH, data={"watch": "yes"}).status_code == 403
    assert signed_in("office").post("/staff/results/XX-1", data={"watch": "yes"}).status_code == 404
