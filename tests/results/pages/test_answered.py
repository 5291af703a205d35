"""Who answered a wave, as the office opens it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app import clock, create_app
from app.database import db
from app.results import services
from app.surveys import queries, responding
from app.surveys.models import Draft, Survey, Wave
from tests.results import waves
from tests.results.conftest import SETTINGS

SignIn = Callable[[str], FlaskClient]
ANSWERED = "/staff/results/answered"


def two_languages(text: str) -> str:
    """Ask in Slovak too."""
    return text.replace("languages: [en]", "languages: [en, sk]")


def came(wave: Wave, *crowds: tuple[int, str, str, dict[str, str]]) -> None:
    """Store crowds: how many, in which language, by which channel, and what all of them say."""
    people = (
        {"answers": each, "language": language, "channel": channel, "seed": 1, "submitted_at": wave.opens_at}
        for seed, (n, language, channel, fixed) in enumerate(crowds, 1)
        for each in waves.crowd(wave, n, seed=seed, **fixed)
    )
    responding.store_simulated(wave, list(people))


def draft(wave: Wave, page: str | None) -> None:
    """Begin a response and stop at a page."""
    now = clock.now()
    times = {"started_at": now, "saved_at": now, "expires_at": now + timedelta(days=1)}
    db.session.add(
        Draft(resume=uuid4().hex, submission=uuid4(), wave_id=wave.id, language="en", seed=1, page=page, **times)
    )


@pytest.fixture(scope="module")
def filled_app(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Flask]:
    """An application with a month in two languages; who answers in Slovak says that the police do an excellent job."""
    folder = tmp_path_factory.mktemp("answered")
    shutil.copyfile(sqlite_template, folder / "results.db")
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'results.db'}"})
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", folder), "2025-06")
        leeds = {"district": "leeds"}
        came(wave, (500, "en", "online", {}), (60, "en", "paper", {}), (3, "en", "phone", leeds))
        for page in [*["good_job"] * 12, *["district"] * 3, None]:
            draft(wave, page)
        db.session.commit()
        services.run(wave)
    yield app
    with app.app_context():
        db.engine.dispose()


def rows(page: str, caption: str) -> list[list[str]]:
    """Read the rows of a table."""
    found = next(t for t in html.fromstring(page).xpath("//table") if t.xpath("string(caption)").startswith(caption))
    return [[cell.text_content() for cell in row.xpath("th|td")] for row in found.xpath("tbody/tr")]


def test_each_group_stands_beside_its_share_of_the_census(filled_app: Flask, signed_in: SignIn) -> None:
    page = signed_in("office").get(f"{ANSWERED}/YV-2025-06").text
    bradford = rows(page, "District, against the Census")[0]
    assert bradford[0] == "Bradford" and bradford[3] == "22.4%", "421,577 of 1,880,497"
    share, census, ratio = (float(each.rstrip("%")) for each in bradford[2:5])
    assert ratio == pytest.approx(share / census, abs=0.01)
    for row in rows(page, "Age band, against the Census"):
        assert row[5] == row[3], "weighting meets the Census in every age band"
    shares = [float(row[2].rstrip("%")) for row in rows(page, "Sex, against the Census")]
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_crossed_groups_of_fewer_than_ten_are_counted_and_not_shown(filled_app: Flask, signed_in: SignIn) -> None:
    page = signed_in("office").get(f"{ANSWERED}/YV-2025-06").text
    crossed = rows(page, "District, age band, sex and ethnic group")
    assert crossed and all(int(row[1]) >= 10 for row in crossed)
    assert "groups have fewer than 10 responses and are not shown" in page


def test_channels_and_drafts_below_ten_are_not_counted_out(filled_app: Flask, signed_in: SignIn) -> None:
    page = signed_in("office").get(f"{ANSWERED}/YV-2025-06").text
    channels = {row[0]: row[1:] for row in rows(page, "Residents by channel")}
    assert channels["On the phone"] == ["fewer than 10", "", ""]
    assert int(channels["Paper"][0]) >= 50 and channels["Paper"][1].endswith("%")
    stopped = rows(page, "Drafts by page")
    assert stopped[0] == ["Where do you live?", "fewer than 10"], "one that saved no page stands at the first"
    assert stopped[1][0].startswith("Taking everything into account") and stopped[1][1] == "12"


def test_weighting_says_what_it_cost_everywhere(filled_app: Flask, signed_in: SignIn) -> None:
    page = signed_in("approver").get(f"{ANSWERED}/YV-2025-06").text
    worth = {row[0]: row[1:] for row in rows(page, "What weighting cost")}
    assert {"West Yorkshire", "Bradford", "Calderdale", "Kirklees", "Leeds", "Wakefield"} <= set(worth)
    n, effective, design_effect = (float(each.replace(",", "")) for each in worth["West Yorkshire"])
    assert design_effect == pytest.approx(n / effective, rel=0.01) and design_effect > 1
    assert "Everybody answered in one language" in page


@pytest.fixture
def in_two_languages(app: Flask, tmp_path: Path) -> Callable[[int], Survey]:
    """Fill a month of which so many answered in Slovak, all saying that the police do an excellent or a poor job."""

    def fill(slovak: int) -> Survey:
        with app.app_context():
            survey = waves.shipped("your-views", tmp_path, two_languages)
            survey.texts = {**survey.texts, "sk": survey.texts.get("sk") or survey.texts.get("en", {})}
            wave = waves.opened(survey, "2025-06")
            most, fewer = slovak * 4 // 5, slovak - slovak * 4 // 5
            well, ill = {"good_job": "excellent", "district": "leeds"}, {"good_job": "poor", "district": "leeds"}
            came(wave, (500, "en", "online", {}), (most, "sk", "online", well), (fewer, "sk", "online", ill))
            services.run(queries.wave_named("YV-2025-06"))
            return survey

    return fill


def test_an_item_that_behaves_differently_in_a_language_is_found(
    in_two_languages: Callable[[int], Survey], signed_in: SignIn
) -> None:
    in_two_languages(80)
    tested = rows(signed_in("analyst").get(f"{ANSWERED}/YV-2025-06").text, "Items by language")
    assert {row[0] for row in tested} == {"Slovak"} and len(tested) == 12
    found = next(row for row in tested if row[1] == "Good or excellent job")
    assert float(found[3]) > 2 and found[6] == "yes"


def test_a_language_with_few_answers_is_refused_by_name(
    in_two_languages: Callable[[int], Survey], signed_in: SignIn
) -> None:
    in_two_languages(20)
    (row,) = rows(signed_in("analyst").get(f"{ANSWERED}/YV-2025-06").text, "Items by language")
    assert row[:2] == ["Slovak", "All items"] and row[6] == "not enough responses, about 10 more needed"
    assert row[3:6] == ["", "", ""]


def test_a_wave_without_a_run_says_what_is_missing(app: Flask, tmp_path: Path, signed_in: SignIn) -> None:
    client = signed_in("office")
    assert "There is no survey yet" in client.get(ANSWERED).text
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        waves.answered(wave, waves.crowd(wave, 1, district="leeds"))
    page = client.get(f"{ANSWERED}/YV-2025-03").text
    assert "YV-2025-03 has no results yet" in page and "<table" not in page
    assert "YV-2025-03" in client.get(ANSWERED).text


def test_an_unknown_wave_and_a_wrong_role_are_told(filled_app: Flask, signed_in: SignIn) -> None:
    assert signed_in("office").get(f"{ANSWERED}/XX-1").status_code == 404
    assert signed_in("officer").get(ANSWERED).status_code == 403
