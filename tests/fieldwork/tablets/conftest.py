"""What the tablet's tests share: an event, an officer, a server that lasts, a bad road, and a tablet that is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.accounts.house import PASSWORD, address, hire, signed_in
from tests.fieldwork.tablets.device import Tablet
from tests.fieldwork.tablets.road import Road
from tests.fieldwork.test_events import planned
from tests.support.servers import Server

NewTablet = Callable[..., Tablet]


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
