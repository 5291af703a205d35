"""Residents in a real browser: they click, or use the keyboard only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.support.residents import MOST_PAGES, USUAL

Look = Callable[[Page], None]


def attributes(locator: Locator, name: str) -> list[str]:
    """Read an attribute of each element."""
    return [element.get_attribute(name) or "" for element in locator.all()]


def begin(page: Page, address: str, look: Look) -> None:
    """Open a survey's start page and begin."""
    page.goto(address)
    look(page)
    page.locator("main form button").first.click()
    page.wait_for_url("**/q/**")


def fill(page: Page) -> None:
    """Answer the page at hand by pointing and typing."""
    form = page.locator("form#page")
    for name in dict.fromkeys(attributes(form.locator("input[type=radio]"), "name")):
        offered = attributes(form.locator(f"input[type=radio][name='{name}']"), "value")
        choice = USUAL.get(name) if USUAL.get(name) in offered else offered[0]
        form.locator(f"input[type=radio][name='{name}'][value='{choice}']").check(force=True)
    boxes = form.locator("input[type=checkbox]:not([name$='.apart'])")
    if boxes.count():
        boxes.nth(0).check(force=True)
        boxes.nth(1).check(force=True)
    for position, select in enumerate(form.locator("select").all(), start=1):
        select.select_option(str(position), force=True)
    for number in form.locator("input[inputmode=numeric]").all():
        number.fill("3")


def answer(page: Page, look: Look, until: str = "/check") -> list[str]:
    """Answer page after page until a step is reached; look at each."""
    met: list[str] = []
    for _ in range(MOST_PAGES):
        if page.url.split("?")[0].endswith(until):
            look(page)
            return met
        assert "/q/" in page.url, page.url
        assert page.url not in met, f"{page.url} came twice"
        met.append(page.url)
        look(page)
        fill(page)
        page.locator("form#page button.govuk-button").last.click()
        page.wait_for_load_state()
    raise AssertionError(f"no end in sight: {met[-3:]}")


def send(page: Page, look: Look) -> str:
    """Go from the check to the receipt; return its code."""
    if page.locator("main a[role=button]").count():
        page.locator("main a[role=button]").click()
        page.wait_for_load_state()
    if "/q/" in page.url:
        answer(page, look, until="/send")
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_url("**/receipt")
    look(page)
    return page.locator(".govuk-panel__body strong").inner_text().strip()


FOCUSED = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  return {tag: e.tagName.toLowerCase(), type: e.type || "", name: e.name || "", inputmode: e.inputMode || "",
          inForm: !!e.closest("form#page, main form"), main: !!e.closest("main"), role: e.getAttribute("role") || "",
          seen: box.width > 0 && box.height > 0};
}"""


def by_keyboard(page: Page) -> None:
    """Answer the page at hand with Tab, Space, arrows and Enter, and go on with its button."""
    done: set[str] = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        at: dict[str, Any] = page.evaluate(FOCUSED)
        if at["role"] == "button" and at["main"]:
            page.keyboard.press("Enter")
            return
        if not at["inForm"] or at["name"] == "_switch":
            continue
        if at["tag"] == "button" and at["type"] == "submit":
            page.keyboard.press("Enter")
            return
        if at["tag"] == "input" and at["type"] in ("radio", "checkbox") and at["name"] not in done:
            page.keyboard.press("Space")
            if at["name"] == "age_band":  # the first would end it
                page.keyboard.press("ArrowDown")
            done.add(at["name"])
        elif at["inputmode"] == "numeric":
            page.keyboard.type("3")
    raise AssertionError(f"{page.url}: Tab never reached a button to go on")
