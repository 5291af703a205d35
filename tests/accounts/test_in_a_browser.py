"""The staff's pages in a real browser: on a phone and on a desk, for axe and for the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.accounts.house import PASSWORD, address, signed_in
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.servers import Server

PAGES = (
    "/staff",
    "/staff/waves/RT-2026",
    "/staff/waves/nowhere",
    "/staff/surveys/routes/open",
    "/staff/waves/RT-2026/close",
    "/staff/enter",
    "/staff/support-lines",
    "/staff/support-lines/samaritans",
    "/staff/languages",
    "/staff/people",
    "/staff/people/add",
    "/staff/people/1",
    "/staff/audit",
    "/staff/account",
)


def sign_in_by_keyboard(page: Page, server: Server) -> None:
    """Sign in as an admin, with the keyboard alone."""
    page.goto(f"{server.address}/staff")
    page.locator("#email").focus()
    page.keyboard.type(address("admin"))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation(url="**/staff"):
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_staff_page(app: Flask, live_server: Server, window: Window, width: int) -> None:
    file = Path(__file__).parents[1] / "support" / "questionnaires" / "routes.yaml"
    app.test_cli_runner().invoke(args=["survey", "open", str(file), "--period", "2026"])
    page = window(width=width)
    page.goto(f"{live_server.address}/login")
    assert_accessible(page)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".govuk-error-summary").wait_for()
    assert_accessible(page)
    sign_in_by_keyboard(page, live_server)
    for path in PAGES:
        page.goto(f"{live_server.address}{path}")
        assert_accessible(page)
        assert_fits(page)


def test_everything_works_without_script(app: Flask, live_server: Server, window: Window) -> None:
    page = window(width=360, script=False)
    sign_in_by_keyboard(page, live_server)
    page.goto(f"{live_server.address}/staff/support-lines")
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm Samaritans").click()
    assert "Samaritans is confirmed." in page.inner_text(".govuk-notification-banner")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert page.url.endswith("/login")
    assert signed_in(app, "admin").open("/staff").status_code == 200
