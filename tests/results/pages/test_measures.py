"""The pages of the confidence measures, as the office and an analyst open them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app import create_app
from app.accounts.models import AuditEvent
from app.database import db
from app.results import services
from tests.results import waves
from tests.results.conftest import SETTINGS

SignIn = Callable[[str], FlaskClient]
MEASURES = "/staff/results/measures"


def as_it_is(text: str) -> str:
    """Leave the questionnaire alone."""
    return text


def reworded(text: str) -> str:
    """Ask differently whether the police do a good job."""
    changed = text.replace("how good a job do you think the police in your area are doing?", "how good are the police?")
    assert changed != text
    return changed


def rows(page: str, caption: str) -> list[list[str]]:
    """Read the rows of a table."""
    tables = html.fromstring(page).xpath("//table")
    found = next(table for table in tables if table.xpath("string(caption)").startswith(caption))
    return [[cell.text_content() for cell in row.xpath("th|td")] for row in found.xpath("tbody/tr")]


@pytest.fixture(scope="module")
def filled_app(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Flask]:
    """An application with three months of the tracker; the wording of one question changed with the third."""
    folder = tmp_path_factory.mktemp("measures")
    shutil.copyfile(sqlite_template, folder / "results.db")
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'results.db'}"})
    with app.app_context():
        for month, change in (("2025-04", as_it_is), ("2025-05", as_it_is), ("2025-06", reworded)):
            wave = waves.opened(waves.shipped("your-views", folder, change), month)
            waves.answered(wave, waves.crowd(wave, 420, seed=int(month[-2:])))
        services.run(wave)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_the_newest_month_opens_with_the_four_measures_and_the_rest(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    page = client.get(MEASURES).text
    assert "Confidence measures, June 2025 (simulated)" in page
    assert [row[0] for row in rows(page, "The four measures")] == [
        "People feel safe",
        "Good or excellent job",
        "Will prevent crime",
        "Partners deal with what matters",
    ]
    assert len(rows(page, "The rest of the tracker")) == 8
    assert page.count("<svg") == 4 and "These are simulated answers" in page
    assert f'href="{MEASURES}/YV-2025-06/feel_safe"' in page and f'href="{MEASURES}/YV-2025-04"' in page


def test_a_measure_shows_each_area_on_a_chart_with_a_table_under_it(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    page = client.get(f"{MEASURES}/YV-2025-06/feel_safe").text
    charts = html.fromstring(page).xpath("//svg[@role='img']")
    assert len(charts) == 7, "West Yorkshire, five districts, and the map"
    for chart in charts:
        about = html.fromstring(page).get_element_by_id(chart.get("aria-labelledby").split()[1])
        assert "%" in about.text_content() or "not enough responses" in about.text_content()
    for name in ("West Yorkshire", "Bradford", "Calderdale", "Kirklees", "Leeds", "Wakefield"):
        months = rows(page, f"People feel safe: {name}")
        assert [month[0] for month in months] == ["June 2025", "May 2025", "April 2025"]
    assert "licensed under the Open Government Licence" in page


def test_every_answer_is_shown_with_dont_know_and_adds_up_to_everybody(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("office")
    page = client.get(f"{MEASURES}/YV-2025-06/good_job").text
    found = {row[0]: row[1] for row in rows(page, "Taking everything into account")}
    assert {"Excellent", "Good", "Fair", "Poor", "Very poor", "Don’t know", "Prefer not to say"} == set(found)
    shown = [float(share.rstrip("%")) for share in found.values() if share.endswith("%")]
    assert sum(shown) == pytest.approx(100, abs=1.0) or any("not shown" in share for share in found.values())


def test_a_district_without_its_base_says_how_many_more_are_needed(
    app: Flask, tmp_path: Path, signed_in: SignIn
) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-06")
        people = [each for each in waves.crowd(wave, 700) if each["district"] != "calderdale"]
        few = list(waves.crowd(wave, 12, seed=5, district="calderdale"))
        waves.answered(wave, [*people, *few])
        services.run(wave)
    page = signed_in("office").get(f"{MEASURES}/YV-2025-06/feel_safe").text
    told = rows(page, "People feel safe, by district")[1]
    needed = re.fullmatch(r"not enough responses, about (\d+) more needed", told[1])
    assert told[0] == "Calderdale" and needed and int(needed[1]) > 12
    assert told[2] == told[3] == "", "no number leaks"
    assert f"{needed[1]} more needed" in page and 'fill="url(#map-feel_safe-hatch)"' in page


def test_a_changed_wording_begins_a_new_line_that_no_mean_crosses(filled_app: Flask, signed_in: SignIn) -> None:
    page = signed_in("analyst").get(f"{MEASURES}/YV-2025-06/good_job").text
    months = rows(page, "Good or excellent job: West Yorkshire")
    assert months[0][-1] == "its wording changed: a new line begins"
    assert months[0][5:7] == ["1 month only", "1 month only"]
    assert "its wording changed after YV-2025-05: a new line begins" in page
    assert ">new line</text>" in page and "Record a bridge" in page
    other = signed_in("analyst").get(f"{MEASURES}/YV-2025-06/feel_safe").text
    assert ">new line</text>" not in other and "asked alike in every month" in other


def test_a_bridge_joins_the_line_until_it_is_withdrawn(filled_app: Flask, signed_in: SignIn) -> None:
    client = signed_in("analyst")
    address = f"{MEASURES}/YV-2025-06/good_job"
    typed = {"kind": "shift", "shift": "2", "error": "1.5", "reason": "Half of May’s sample was asked both ways"}
    assert client.post(f"{address}/bridge", data=typed).status_code == 303
    page = client.get(address).text
    months = rows(page, "Good or excellent job: West Yorkshire")
    assert months[0][-1] == "its wording changed: bridged" and months[0][5] != "1 month only"
    assert "+2.0 points are added to all earlier months, with a standard error of 1.5 points" in page
    assert "Recorded by analyst@example.org" in page and "asked both ways" in page and ">bridged</text>" in page
    with filled_app.app_context():
        event = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "results.bridge")).one()
        assert event.actor == "analyst@example.org" and event.subject == "YV-2025-06/good_job"
    again = client.post(f"{address}/bridge", data=typed)
    assert again.status_code == 422 and "withdraw it first" in again.text
    refused = client.post(f"{address}/bridge/withdraw", data={"reason": " "})
    assert refused.status_code == 422 and "Say why" in refused.text
    assert client.post(f"{address}/bridge/withdraw", data={"reason": "More than half"}).status_code == 303
    assert "a new line begins" in client.get(address).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose whether earlier months are shifted"),
        ({"kind": "none"}, "Say why"),
        (
            {"kind": "shift", "shift": "a lot", "error": "1", "reason": "x"},
            "The shift is “a lot”: enter percentage points",
        ),
        ({"kind": "shift", "shift": "nan", "error": "1", "reason": "x"}, "The shift is nan"),
        ({"kind": "shift", "shift": "2", "error": "0", "reason": "x"}, "no shift is known exactly"),
        ({"kind": "shift", "shift": "200", "error": "1", "reason": "x"}, "enter a number from -100 to 100"),
    ],
)
def test_a_bridge_that_says_too_little_is_refused_and_what_was_typed_stays(
    filled_app: Flask, signed_in: SignIn, typed: dict[str, str], said: str
) -> None:
    answer = signed_in("analyst").post(f"{MEASURES}/YV-2025-06/good_job/bridge", data=typed)
    assert answer.status_code == 422 and said in answer.text
    assert f'value="{typed.get("shift", "")}"' in answer.text


def test_only_analysts_build_bridges_and_only_over_breaks(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("office").get(f"{MEASURES}/YV-2025-06/good_job/bridge").status_code == 403
    assert signed_in("analyst").get(f"{MEASURES}/YV-2025-06/feel_safe/bridge").status_code == 404


@pytest.mark.parametrize("path", ["/XX-1", "/XX-1/feel_safe", "/YV-2025-06/no-such", "/XX-1/feel_safe/bridge"])
def test_an_unknown_wave_or_measure_is_told_and_leaks_nothing(filled_app: Flask, signed_in: SignIn, path: str) -> None:
    answer = signed_in("analyst").get(MEASURES + path)
    assert answer.status_code == 404 and not re.search(r"\d%", answer.text)


def test_without_responses_the_page_says_what_is_missing(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    assert "No month of a monthly survey has results yet" in signed_in("office").get(MEASURES).text
    with app.app_context():
        waves.opened(waves.shipped("your-views", tmp_path), "2025-06")
    client = signed_in("office")
    assert "YV-2025-06" in client.get(MEASURES).text
    assert "YV-2025-06 has no results yet" in client.get(f"{MEASURES}/YV-2025-06").text
    assert "YV-2025-06 has no results yet" in client.get(f"{MEASURES}/YV-2025-06/feel_safe").text
