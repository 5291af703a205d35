"""Where one network floods: a browser with script does the work by itself, one without sees for how long to wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support import residents, windows
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.person import Person
from tests.support.servers import Server

pytestmark = pytest.mark.usefixtures("both_surveys")


def test_with_script_answers_are_sent_after_some_work_and_without_it_after_a_wait(
    app: Flask, serve: Callable[..., Server], window: Window
) -> None:
    server = serve(RESPONSES_PER_NETWORK=1)
    residents.respond(Person(app), "your-views")
    page = window(width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    windows.begin(page, f"{server.address}/en/your-views", lambda page: None)
    windows.answer(page, lambda page: None)
    assert windows.send(page, lambda page: None), "sent by the script, without a second press"
    assert any("/proof-worker." in url for url in asked)
    assert all(url.startswith((server.address, "data:")) for url in asked), "nothing is asked for elsewhere"

    page = window(width=360)
    page.route("**/proof*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    windows.begin(page, f"{server.address}/ur/your-views", lambda page: None)
    windows.answer(page, lambda page: None)
    page.locator("main a[role=button]").click()
    windows.answer(page, lambda page: None, until="/send")
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_load_state()
    assert page.locator("main strong").first.inner_text() == "0:30"
    assert not page.locator("[name=website]").is_visible() and not page.locator("[data-working]").is_visible()
    assert_fits(page)
    assert_accessible(page)
