"""Every resident page, in every state, language, size, with forced colours, by keyboard and without script.

A language takes some ten minutes, so it is no part of ``make test``: ``make audit`` runs it.
"""

from __future__ import annotations

import os
import re

import pytest
from flask import Flask
from playwright.sync_api import Page

from app import DEFAULTS
from tests.support import windows
from tests.support.applications import command, file_of
from tests.support.browsers import Window
from tests.support.inspection import inspect, tab_through
from tests.support.servers import Server

SHIPPED = ["en", *sorted(path.parent.parent.name for path in DEFAULTS["TRANSLATIONS"].glob("*/LC_MESSAGES/*.po"))]
LANGUAGES = os.environ.get("LANGUAGES", "").split() or SHIPPED
PLAN, VIEWS = "your-priorities-your-plan", "your-views"
AROUND = ("", "/help", "/privacy", "/accessibility", "/resume", "/your-answers", "/news", "/timed-out", "/nothing-here")
RESULTS = ("/results", "/results/you-said-we-did", "/results/NONE-2026-01")
TABBED = {"none": (360, 740), "active": (320, 256)}
# The same page in the same state is looked at once: step, code and token do not make it another.
STATE = "() => document.title + document.body.innerText + document.querySelectorAll('*').length"
CHANGING = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d+")
pytestmark = [pytest.mark.audit, pytest.mark.usefixtures("both_surveys")]


class Auditor:
    """Looks at page after page and keeps what is wrong."""

    def __init__(self, script: bool) -> None:
        self.script = script
        self.found: list[str] = []
        self.states: set[str] = set()
        self.known: dict[str, set[str]] = {"none": set(), "active": set()}

    def look(self, page: Page, tabs: tuple[str, ...] = ("none", "active")) -> None:
        """Look at one page: by axe in every size and colour, then with the Tab key alone on a phone and at 400%.

        The Tab key takes the same way without our script, where it is pressed at 400% only.
        """
        state = CHANGING.sub("", page.evaluate(STATE))
        if state in self.states:
            return
        self.states.add(state)
        self.found += inspect(page)
        for forced in tabs if self.script else [forced for forced in tabs if forced == "active"]:
            width, height = TABBED[forced]
            page.emulate_media(forced_colors=forced)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            self.found += tab_through(page, self.known[forced])
        page.emulate_media(forced_colors="none")
        page.set_viewport_size({"width": 360, "height": 740})

    def look_at_errors(self, page: Page) -> None:
        """Look at a page that came back with errors; its summary has the focus."""
        inside = "e => e === document.activeElement || e.contains(document.activeElement)"
        if not page.locator(".govuk-error-summary").evaluate(inside):
            self.found.append(f"{page.url}: the error summary has no focus, script {self.script}")
        self.look(page, ("active",))

    def __enter__(self) -> Auditor:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Fail with all that was found, each once; where the walk itself broke off, tell it too."""
        found = sorted(set(self.found))
        told = f"{len(found)} findings on {len(self.states)} pages:\n" + "\n".join(found[:200])
        if error is not None:
            error.add_note(told)
        assert error is not None or not found, told


def opened(window: Window, script: bool) -> Page:
    """Open a window on a phone. Without script ours is left out: axe itself needs a browser that runs scripts."""
    page = window(width=360, height=740)
    if not script:
        page.route("**/site.*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    return page


def press(page: Page, within: str = "form#page") -> None:
    """Press the last button of a form, and wait for the page that comes."""
    with page.expect_navigation():
        page.locator(f"{within} button.govuk-button").last.click()


def spoil(page: Page) -> None:
    """Fill in what will be refused: no choice, words for a number, no postcode, the same place twice."""
    for field in page.locator("form#page input[inputmode=numeric]").all():
        field.fill("many")
    for field in page.locator("form#page input[name=postcode]").all():
        field.fill("ZZ99")
    for select in page.locator("form#page select").all():
        if select.is_visible():
            select.select_option("1")
    for box in page.locator("form#page input[type=checkbox]").all():
        box.check(force=True)
    for text in page.locator("form#page textarea").all():
        text.fill("x" * 6000)


def answer(page: Page, auditor: Auditor, until: str, said: dict[str, str] | None = None) -> None:
    """Answer page after page; look at each as it comes, refused, and filled in."""
    for _ in range(80):
        if page.url.split("?")[0].endswith(until):
            return
        here = page.url
        auditor.look(page, ("none",))
        spoil(page)
        press(page)
        if page.locator(".govuk-error-summary").count():
            auditor.look_at_errors(page)
        if page.url == here:
            for box in page.locator("form#page input[type=checkbox]").all():
                box.uncheck(force=True)
            for text in page.locator("form#page textarea, form#page input[name=postcode]").all():
                text.fill("")
            page.evaluate("() => scrollTo(0, 0)")  # what is chosen next must not lie under the bar that stays
            windows.fill(page)
            for name, value in (said or {}).items():
                for control in page.locator(f"form#page input[name='{name}'][value='{value}']").all():
                    control.evaluate("e => e.scrollIntoView({block: 'center'})")  # not under the bar that stays
                    control.check(force=True)
            press(page)
        assert page.url != here, f"{here} was not left: {page.locator('.govuk-error-summary').all_inner_texts()}"
    raise AssertionError("no end in sight")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_journey(live_server: Server, window: Window, language: str, script: bool) -> None:
    page = opened(window, script)
    with Auditor(script) as auditor:
        walk(page, auditor, f"{live_server.address}/{language}")


def walk(page: Page, auditor: Auditor, home: str) -> None:
    """Answer both surveys, look at all that comes, change, send, and see it again."""
    for slug, said in ((VIEWS, {"equality_gate": "yes"}), (PLAN, {"equality_gate": "no"})):
        page.goto(f"{home}/{slug}")
        auditor.look(page)
        press(page, "main form")
        answer(page, auditor, "/check", said)
        auditor.look(page)
        page.goto(f"{home}/{slug}/saved")
        auditor.look(page)
        page.goto(f"{home}/{slug}/check")
        page.locator("main a[role=button]").click()
        page.wait_for_load_state()
        answer(page, auditor, "/send", said)
        auditor.look(page)
        press(page, "main form")
        auditor.look(page)
        after_sending(page, auditor, home)


def after_sending(page: Page, auditor: Auditor, home: str) -> None:
    """See, change and withdraw what was sent, and ask for news."""
    page.goto(f"{home}/your-answers/see")
    auditor.look(page)
    press(page, "main form")
    auditor.look(page)
    page.goto(f"{home}/your-answers/withdraw")
    auditor.look(page)
    press(page, "main form")
    auditor.look(page)
    page.goto(f"{home}/news")
    press(page)
    auditor.look_at_errors(page)
    page.locator("input[name=email]").fill("somebody@example.org")
    press(page)
    auditor.look(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_around_a_survey(
    app: Flask, live_server: Server, window: Window, language: str, script: bool
) -> None:
    command(app, "survey", "import", str(file_of("your-street")))
    page = opened(window, script)
    with Auditor(script) as auditor:
        look_around(page, auditor, f"{live_server.address}/{language}")


def look_around(page: Page, auditor: Auditor, home: str) -> None:
    """See the pages around a survey, those of errors, and the end for somebody who is too young."""
    for place in (*AROUND, *RESULTS, "/your-street", "/stay", "/breaks"):
        page.goto(home + place)
        auditor.look(page)
    for place in ("/resume", "/your-answers"):
        page.goto(home + place)
        page.locator("input[name=code]").fill("NOSUCHCODE12")
        press(page)
        auditor.look_at_errors(page)
    page.locator("input[name=code]").fill("x" * 300_000)
    press(page)
    auditor.look(page)
    too_young(page, auditor, f"{home}/{VIEWS}")


def too_young(page: Page, auditor: Auditor, start: str) -> None:
    """End a response as somebody under 16."""
    page.goto(start)
    press(page, "main form")
    while not page.locator("input[name=age_band]").count():
        windows.fill(page)
        press(page)
    page.locator("input[name=age_band][value=under_16]").check(force=True)
    press(page)
    auditor.look(page)
