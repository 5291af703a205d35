"""What the tablet's tests share: an event, an officer, a server that lasts, a bad road, and a tablet that is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.database import db
from app.fieldwork.tablets import devices
from app.fieldwork.tablets.models import Device
from app.surveys import queries
from app.surveys.definition import Question
from tests.accounts.house import PASSWORD, address, hire, signed_in
from tests.fieldwork.tablets.device import Tablet
from tests.fieldwork.tablets.road import Road
from tests.fieldwork.test_events import planned
from tests.support.residents import USUAL
from tests.support.servers import Server

NewTablet = Callable[..., Tablet]
WAVE = "YV-2026-11"


@pytest.fixture
def roads() -> Iterator[Callable[..., Road]]:
    """Build roads to servers; they go when the test ends."""
    built: list[Road] = []

    def build(server: Server, **faults: Any) -> Road:
        built.append(Road(server.address, **faults))
        return built[-1]

    yield build
    for road in built:
        road.close()


@pytest.fixture
def new_tablet(app: Flask, both_surveys: None, browser: Browser, tmp_path: Path) -> Iterator[NewTablet]:
    """Hand out tablets, set up for an event by an officer through their own page."""
    hire(app)
    planned(signed_in(app, "officer"))
    made: list[Tablet] = []

    def make(at: str, name: str = "Tablet A", **more: Any) -> Tablet:
        tablet = Tablet(browser.browser_type, tmp_path / f"tablet-{len(made)}", at, **more)
        made.append(tablet)
        tablet.switch_on(event=1)
        tablet.set_up(address("officer"), PASSWORD, name)
        return tablet

    yield make
    for tablet in made:
        tablet.switch_off()
    assert [complaint for tablet in made for complaint in tablet.complaints] == []


@pytest.fixture
def usual_answers(app: Flask, both_surveys: None) -> dict[str, Any]:
    """Answer a whole wave as most people do."""
    with app.app_context():
        definition = queries.definition_of(queries.wave_named(WAVE))
    given = {question.key: usual_answer(question) for question in definition.questions}
    return {key: answer for key, answer in given.items() if answer}


def usual_answer(question: Question) -> Any:
    """Say what is usual, else the first thing that is offered."""
    first = next(iter(question.option_keys), None)
    if question.kind == "several":
        return [first]
    if question.kind == "scale_group":
        return {row.key: first for row in question.rows}
    return USUAL.get(question.key, first)


@pytest.fixture
def revoke(app: Flask) -> Callable[[], None]:
    """Take the first tablet's right to send away."""

    def take() -> None:
        with app.test_request_context():
            device = db.session.get(Device, 1)
            assert device is not None
            devices.revoke(device, "Lost on the bus")

    return take
