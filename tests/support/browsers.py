"""The system's own Chromium: windows of a given width, with and without script, and axe on every page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOT_RUN = pytest.StashKey[list[str]]()
Window = Callable[..., Page]
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
# What a crowded machine does to a browser: such a test is run once more, and the summary names it.
CROWDED = (r"Timeout \d+ms exceeded", r"Target (page|crashed|closed)", r"net::ERR_(NETWORK_CHANGED|CONNECTION_RESET)")
# Axe leaves this rule of WCAG 2.2 out unless it is asked for.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def chromium() -> str | None:
    """Find the browser of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def needs_browser(item: pytest.Item) -> bool:
    """Say whether a test opens a browser."""
    return "browser" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that open a browser; where there is none skip them at a desk, fail them in CI."""
    for item in filter(needs_browser, items):
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=list(CROWDED)))
        if not chromium() and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="no browser"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly, at the end, what was not run."""
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if "no browser" in str(r.longrepr)]
    if left_out:
        terminalreporter.section("NOT EVERYTHING WAS RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(left_out)} tests need a browser, and this machine has none.")
        terminalreporter.write_line("Install chromium (on Debian: apt-get install chromium), then: make test")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's browser, quietly and without calling anybody."""
    found = chromium()
    if not found:
        pytest.fail(
            f"There is no browser: none of {', '.join(NAMES)} is installed. On Debian: apt-get install chromium"
        )
    return {**browser_type_launch_args, "executable_path": found, "args": list(SWITCHES)}


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """Open windows: ``window(width=360, script=False)``; what the console complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(width: int = 1280, height: int = 900, script: bool = True, **more: Any) -> Page:
        more.setdefault("reduced_motion", "reduce")
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script, **more)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(complaint(told)) if told.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    # A page that answers 4xx, or breaks, on purpose is no complaint.
    assert [text for text in complaints if "status of 4" not in text and "/breaks" not in text] == []


def complaint(told: ConsoleMessage) -> str:
    """Tell what the console complains of, and where."""
    return f"{told.text} ({told.location.get('url', '')})"


def assert_accessible(page: Page) -> None:
    """Let axe look at a page, best practice and the size of targets included; fail with each finding in a line."""
    found = Axe().run(page, options=AXE).response["violations"]
    lines = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n      {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not lines, f"{page.url}\n    " + "\n    ".join(lines)


def assert_fits(page: Page) -> None:
    """Fail when a page is wider than its window: nobody should have to scroll sideways."""
    wide, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= inner, f"{page.url} is {wide} pixels wide in a window of {inner}"


LOW = """() => [...document.querySelectorAll('a, button, select, summary, textarea, input:not([type=hidden])')]
  .filter(e => !e.matches('.govuk-skip-link, .govuk-visually-hidden, [type=radio], [type=checkbox]'))
  .filter(e => { const box = e.getBoundingClientRect(); return box.width && box.height < 24 })
  .map(e => e.outerHTML.slice(0, 160))"""


def assert_easy_to_touch(page: Page) -> None:
    """Fail where something to press is lower than 24 pixels, also where WCAG would let the room around it count."""
    assert page.evaluate(LOW) == [], page.url
