"""The sample pages on a local port, and the system's own browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.frontend.pages import create_pages

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; without one, skip here and fail where `CI` is set."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("There is no Chromium: browser tests did not run.")
    return browser_type_launch_args | {"executable_path": found}


@pytest.fixture(scope="session")
def sample() -> Flask:
    """Make the sample pages' app."""
    return create_pages()


@pytest.fixture(scope="session")
def site(sample: Flask) -> Iterator[str]:
    """Serve the sample pages; give their address."""
    server = make_server("127.0.0.1", 0, sample, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a sample page in a window of a given size, with or without script; fail on what the console reports."""
    contexts, complaints = [], []

    def open_page(path: str, width: int = 360, height: int = 800, **context: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if "status of 500" not in text] == []


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """List what axe finds on a page, best practice included."""
    axe = Axe()

    def run(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]

    return run
