"""A resident in a real browser: on a phone and at a desk, with and without script, by keyboard only."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support import windows
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.servers import Server

PLAN, VIEWS = "your-priorities-your-plan", "your-views"
pytestmark = pytest.mark.usefixtures("both_surveys")


def look_closely(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize(
    ("slug", "language", "width"), [(PLAN, "en", 360), (PLAN, "ur", 1280), (VIEWS, "ur", 360), (VIEWS, "en", 1280)]
)
def test_every_page_of_a_journey_is_accessible(
    live_server: Server, window: Window, slug: str, language: str, width: int
) -> None:
    page = window(width=width)
    windows.begin(page, f"{live_server.address}/{language}/{slug}", look_closely)
    windows.answer(page, look_closely)
    code = windows.send(page, look_closely)
    page.goto(f"{live_server.address}/{language}/your-answers")
    look_closely(page)
    page.locator("input[name=code]").fill(code)
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_url("**/your-answers/see")
    look_closely(page)


@pytest.mark.parametrize(("slug", "language", "width"), [(PLAN, "ur", 360), (VIEWS, "en", 360)])
def test_a_journey_needs_no_script(live_server: Server, window: Window, slug: str, language: str, width: int) -> None:
    page = window(width=width, script=False)
    windows.begin(page, f"{live_server.address}/{language}/{slug}", lambda page: None)
    windows.answer(page, lambda page: None)
    assert windows.send(page, lambda page: None)


@pytest.mark.parametrize("slug", [PLAN, VIEWS])
def test_a_journey_needs_the_keyboard_only(live_server: Server, window: Window, slug: str) -> None:
    page = window()
    page.goto(f"{live_server.address}/en/{slug}")
    for _ in range(90):
        if page.url.endswith("/receipt"):
            break
        here = page.url
        with page.expect_navigation():
            windows.by_keyboard(page)
        assert page.url != here, f"{here} was not left: {page.locator('.govuk-error-summary').all_inner_texts()}"
    assert page.url.endswith("/receipt")


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_around_a_survey_are_accessible(
    live_server: Server, window: Window, language: str, width: int
) -> None:
    page = window(width=width)
    for place in (
        "",
        "/help",
        "/privacy",
        "/accessibility",
        "/resume",
        "/your-answers",
        "/news",
        "/timed-out",
        "/nothing-here",
    ):
        page.goto(f"{live_server.address}/{language}{place}")
        look_closely(page)


def test_an_error_is_read_out_and_leads_to_its_field(live_server: Server, window: Window) -> None:
    page = window(width=360)
    windows.begin(page, f"{live_server.address}/en/{VIEWS}", look_closely)
    page.locator("form#page button.govuk-button").last.click()
    summary = page.locator(".govuk-error-summary")
    summary.wait_for()
    look_closely(page)
    assert page.title().startswith("Error:")
    assert summary.evaluate("element => element === document.activeElement || element.contains(document.activeElement)")
    summary.locator("a").first.click()
    target = summary.locator("a").first.get_attribute("href") or ""
    assert page.evaluate(
        "id => document.activeElement.id === id || document.activeElement.closest('#' + CSS.escape(id))", target[1:]
    )


def test_an_error_takes_the_focus_without_script_too(live_server: Server, window: Window) -> None:
    page = window(width=360, script=False)
    page.goto(f"{live_server.address}/ur/resume")
    page.locator("form#page button.govuk-button").last.click()
    assert page.locator(".govuk-error-summary").evaluate("element => element === document.activeElement")


def test_a_text_of_twice_the_size_fits_a_phone(live_server: Server, window: Window) -> None:
    page = window(width=360)
    windows.begin(page, f"{live_server.address}/ur/{VIEWS}", lambda page: None)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)


def test_the_order_can_be_given_by_buttons(live_server: Server, window: Window) -> None:
    page = window(width=360)
    windows.begin(page, f"{live_server.address}/en/{PLAN}", lambda page: None)
    for _ in range(30):
        if page.locator("[data-order]").count():
            break
        windows.fill(page)
        page.locator("form#page button.govuk-button").last.click()
        page.wait_for_load_state()
    items = page.locator(".site-order__item")
    last = items.last.locator("label").inner_text()
    items.last.get_by_role("button").first.click()
    assert page.locator(".site-order__item").first.locator("label").inner_text() == last
    look_closely(page)
