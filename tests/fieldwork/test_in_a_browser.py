"""The staff's pages of events, tablets and flags in a real browser: on a phone and on a desk, for axe."""

from __future__ import annotations

from typing import Any

from flask import Flask
from playwright.sync_api import Page

from tests.accounts.house import hire, signed_in
from tests.accounts.test_in_a_browser import sign_in_by_keyboard
from tests.fieldwork.tablet import Tablet, outcomes
from tests.fieldwork.test_events import planned
from tests.fieldwork.test_sync import kept
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.servers import Server

PAGES = (
    "/staff/events",
    "/staff/events/plan",
    "/staff/events/1",
    "/staff/events/1/tablets",
    "/staff/events/1/tablets/import",
    "/staff/tablets/items/{conflict}",
    "/staff/tablets/items/{rejected}",
    "/staff/flags",
)
WIDTHS = (360, 1280)


def test_axe_finds_nothing_on_the_pages_of_fieldwork(
    app: Flask, both_surveys: None, live_server: Server, window: Window, flask_command: Any
) -> None:
    hire(app)
    officer = signed_in(app, "officer")
    planned(officer)
    tablet = Tablet(app, officer)
    first = tablet.inside()
    other = tablet.inside(id=first["id"], said={"district": "bradford"})
    sent = (first, other, tablet.inside(digest="0" * 64), *(tablet.inside(answers=first["answers"]),) * 2)
    told = tablet.send(*map(tablet.sealed, sent), waiting={"count": 7, "ids": [first["id"]]})
    assert outcomes(told)[:3] == ["stored", "conflict", "definition"]
    flask_command("flags")
    conflict, rejected = (
        next(each.id for each in kept(app) if each.outcome == name) for name in ("conflict", "rejected")
    )
    page = window()
    sign_in_by_keyboard(page, live_server)
    for path in PAGES:
        page.goto(live_server.address + path.format(conflict=conflict, rejected=rejected))
        look(page)
    for number, button in ((conflict, "Open"), (rejected, "Judge")):
        page.goto(f"{live_server.address}/staff/tablets/items/{number}")
        page.get_by_role("button", name=button).click()
        page.locator(".govuk-error-summary").wait_for()
        look(page)
    page.goto(f"{live_server.address}/staff/tablets/items/{conflict}")
    page.locator("#reason").fill("Two contents, one id: which is it?")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Differs").first.wait_for()
    look(page)


def look(page: Page) -> None:
    """Look at the page at hand on a phone and on a desk."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert_fits(page)
