"""Theme figures: known shares come out, machine and people stand apart, and what is held is in neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import services as accounts
from app.comments import frames, queries, reading, safeguarding, services
from app.results import themes
from app.results.errors import NotEnough
from app.results.reading.schemes import targets
from app.surveys.models import Wave
from tests.results import waves
from tests.support.applications import command
from tests.support.person import Person

SPEEDING = "Too many speeding cars."
AGES = dict(targets("west-yorkshire-16-plus-census-2021")["age_band"])
CAMERAS = "More CCTV cameras, please."


@pytest.fixture
def tracker(app: Flask, tmp_path: Path) -> Iterator[Wave]:
    """A month in which the young write of speeding and the oldest of cameras; others write nothing."""
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-04")
        words = {"18_24": SPEEDING, "75_over": CAMERAS}
        waves.answered(wave, waves.everybody(wave, lambda who: said(words.get(who["age_band"]))))
        yield wave


def said(words: str | None) -> dict[str, str]:
    return {"anything_else": words} if words else {}


def test_shares_are_weighted_shares_of_those_who_wrote(app: Flask, tracker: Wave) -> None:
    reading.read_wave(tracker)
    results = themes.read(themes.run(tracker))
    confirmed, suggested = results.sets
    assert confirmed.themes == () and (results.written, suggested.n) == (440, 440)
    found = {each.key: each for each in suggested.themes}
    # In this wave a raked weight is a product of four ratios, so the share is that of the two Census sizes.
    table = {each.key: each.share.figure for each in suggested.themes}
    assert found["speeding"].share.figure.unweighted == pytest.approx(0.5)
    assert table["speeding"].value + table["cctv"].value == pytest.approx(1, abs=1e-9)
    young, old = AGES["16_24"], AGES["75_over"]
    assert table["speeding"].value == pytest.approx(young / (young + old), abs=1e-6)
    assert found["speeding"].share.districts["leeds"].n == 88
    assert themes.run(tracker).id == themes.run(tracker).id


def test_people_and_machine_stand_apart_and_what_is_held_is_in_neither(app: Flask, tracker: Wave) -> None:
    reading.read_wave(tracker)
    first = themes.run(tracker)
    coder = accounts.add_staff("coder@example.org", ["analyst"], "correct horse battery staple")
    chosen = queries.search(queries.Filter(wave=tracker.reference)).comments[:12]
    for comment in chosen:
        services.code(comment, coder, ["burglary"])
    safeguarding.send(queries.search(queries.Filter(wave=tracker.reference), 2).comments[0])
    assert themes.overtaken(first)
    results = themes.read(themes.run(tracker))
    confirmed, suggested = results.sets
    assert [each.key for each in confirmed.themes] == ["burglary"] and confirmed.n == 12
    assert "12 of 439" in confirmed.note.replace("People have coded ", "").replace("residents’ comments", "")
    assert suggested.n == 439 and "burglary" not in {each.key for each in suggested.themes}
    assert frames.current().version == results.frame


def test_nothing_is_counted_before_comments_are_read(app: Flask, tracker: Wave) -> None:
    with pytest.raises(NotEnough, match="flask comments YV-2025-04"):
        themes.run(tracker)


def test_the_page_and_the_command_show_the_stored_run(
    app: Flask, tracker: Wave, signed_in: Callable[..., Person]
) -> None:
    reading.read_wave(tracker)
    office = signed_in("office")
    page = "/staff/results/YV-2025-04/themes"
    assert "There is no theme run of this wave yet" in office.visit(page).text
    office.press("Make a theme run")
    assert "Action on speeding" in office.page.text and "illustrative" in office.page.text
    told = command(app, "results", "YV-2025-04", "--themes")
    assert "Action on speeding" in told and "SIMULATED" in told
