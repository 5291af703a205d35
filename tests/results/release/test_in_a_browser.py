"""A release in a browser: approved without script, read on a phone in English and in Urdu; axe finds nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server

from app.accounts import services as accounts
from app.results import services as runs
from app.surveys import services as surveys
from tests.results import waves
from tests.results.conftest import PASSWORD
from tests.support.browsers import Window, assert_accessible, assert_fits

MONTH = "YV-2025-04"
PUBLIC = ("", f"/{MONTH}", f"/{MONTH}/feel-safe", f"/{MONTH}/feel-safe/bradford", "/you-said-we-did", "/nothing")


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the application to a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def in_nine_languages(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    """A month that 300 people answered, asked in nine languages, with a run and a draft."""
    with app.app_context():
        wave = waves.opened(surveys.import_definition(waves.SHIPPED / "your-views.yaml"), "2025-04")
        waves.answered(wave, waves.crowd(wave, 300))
        runs.run(wave)
        accounts.add_staff("approver@example.org", ["approver"], PASSWORD)
    assert signed_in("analyst").post("/staff/releases", data={"wave": MONTH}).status_code == 303


@pytest.mark.usefixtures("in_nine_languages")
def test_it_is_approved_without_script_and_read_on_a_phone(site: str, window: Window) -> None:
    tablet = window(width=360)
    sign_in(tablet, site)
    for path in ("/staff/releases", f"/staff/releases/{MONTH}"):
        looked_at(tablet, f"{site}{path}")
    desk = window(script=False)
    sign_in(desk, site)
    desk.goto(f"{site}/staff/releases/{MONTH}")
    desk.get_by_label("I have read the draft").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Tab")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert MONTH in desk.inner_text("main") and "No draft waits" in desk.inner_text("main")

    desk.goto(f"{site}/staff/results/{MONTH}")
    folded = desk.locator("details table").first
    assert not folded.is_visible()
    desk.emulate_media(media="print")
    assert folded.is_visible(), "nobody can unfold paper"
    tablet.goto(f"{site}/staff/results/{MONTH}")
    shut, unfolded = "details:not([open])", "details[open]"
    for event, still in (("beforeprint", shut), ("beforeprint", shut), ("afterprint", unfolded)):
        tablet.evaluate(f"dispatchEvent(new Event('{event}'))")
        assert tablet.locator(still).count() == 0, "older browsers know no other way to print what is folded"

    phone = window(width=360)
    for language in ("en", "ur"):
        for path in PUBLIC:
            looked_at(phone, f"{site}/{language}/results{path}")
    phone.goto(f"{site}/ur/results/{MONTH}/feel-safe")
    assert phone.get_attribute("html", "dir") == "rtl"
    words_stay_inside_the_chart(phone)


def looked_at(page: Page, address: str) -> None:
    """Open a page that axe finds nothing on and that fits a phone."""
    page.goto(address)
    assert_accessible(page)
    assert_fits(page)


def sign_in(page: Page, site: str) -> None:
    """Sign in as an approver, with the keyboard alone."""
    page.goto(f"{site}/login")
    page.locator("#email").focus()
    page.keyboard.type("approver@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation(url="**/staff"):
        page.keyboard.press("Enter")


def words_stay_inside_the_chart(page: Page) -> None:
    """Measure each text of the chart against the chart's own edges."""
    chart = page.locator("svg.site-chart").bounding_box()
    assert chart
    for text in page.locator("svg.site-chart text").all():
        box = text.bounding_box()
        assert box and box["x"] >= chart["x"] - 1 and box["x"] + box["width"] <= chart["x"] + chart["width"] + 1
