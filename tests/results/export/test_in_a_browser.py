"""The pages of exports in a real browser: on a phone and on a desk, for axe and for room."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from playwright.sync_api import Page

from app.accounts.services import add_staff
from tests.results import waves
from tests.results.conftest import PASSWORD
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.servers import Server

TABLE = "/staff/exports/YV-2025-03/table"
PAGES = ("/staff/exports", "/staff/exports/YV-2025-03", TABLE)


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/login")
    page.locator("#email").fill("ann@example.org")
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def assert_usable(page: Page) -> None:
    """Check a page on a phone and at a desk."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert_fits(page)


def test_axe_finds_nothing_on_the_pages_of_exports(
    app: Flask, live_server: Server, window: Window, tmp_path: Path
) -> None:
    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-03")
        waves.answered(wave, waves.crowd(wave, 200))
        add_staff("ann@example.org", ["analyst"], PASSWORD)
    page = window(width=360)
    sign_in(page, live_server)
    for path in PAGES:
        page.goto(f"{live_server.address}{path}")
        assert_usable(page)
    page.locator("#column").select_option("safe_day")
    page.locator("#reason").fill("A question of the Panel")
    page.get_by_role("button", name="Show the table").click()
    page.locator("table").wait_for()
    assert_usable(page)
    page.goto(f"{live_server.address}/staff/exports/YV-2025-03")
    assert page.locator("input:checked").evaluate_all("all => all.map(e => e.value)") == ["csv", "en", "keys", "none"]
    page.get_by_role("button", name="Make the file").click()
    page.locator(".govuk-error-summary").wait_for()
    assert_accessible(page)
