"""Keying in a real browser: by the keyboard alone, in few strokes, and every page of paper under axe."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page

from tests.accounts.house import hire, signed_in
from tests.accounts.test_in_a_browser import sign_in_by_keyboard
from tests.fieldwork.paper.test_keying import SHEET, key, opened, printed, stored
from tests.fieldwork.test_in_a_browser import look
from tests.support.browsers import Window
from tests.support.servers import Server

TEN = 10


class Keyer:
    """Somebody who has only a keyboard, and counts how often a key goes down."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for each in keys:
            self.page.keyboard.press(each)
            self.strokes += 1

    @property
    def field(self) -> str:
        """Name the field that the next key goes to."""
        return str(self.page.evaluate("document.activeElement.name"))

    def fill_in(self, entry: str) -> None:
        """Key one field and move on: a digit or letter only chooses, and Enter ends it."""
        words = self.page.evaluate("document.activeElement.dataset.mode === 'words'")
        self.press(*entry)
        self.press("Control+Enter" if words and entry else "Enter")

    @property
    def typed(self) -> str:
        """Say what stands in the field that the next key goes to."""
        return str(self.page.evaluate("document.activeElement.value"))


def test_a_sheet_is_keyed_by_the_keyboard_alone_in_few_strokes(
    app: Flask, both_surveys: None, live_server: Server, window: Window
) -> None:
    hire(app)
    officer = signed_in(app, "officer")
    run = printed(officer)
    batch = opened(officer)
    page = window()
    sign_in_by_keyboard(page, live_server)
    page.goto(live_server.address + batch)
    keyer = Keyer(page)
    with page.expect_navigation():
        keyer.press(*"0001", "Enter")
    entries = {name: entry for name, entry in SHEET.items() if name != "religion"}
    strokes_at_ten = 0
    corrected = False
    questions: set[str] = set()
    while "/side/" in page.url:
        fields = page.locator("[data-mode]").evaluate_all("found => found.map(each => each.name)")
        with page.expect_navigation():
            for name in fields:
                assert keyer.field == name, "the keyboard is where the eye is"
                if name == fields[-1] and not corrected and len(entries.get(name, "")) == 1:
                    slipped, corrected = Keyer(page), True
                    slipped.press("?", entries[name])
                    assert (slipped.field, slipped.typed) == (name, entries[name]), "a slip on the last is put right"
                    slipped.press("Backspace")
                keyer.fill_in(entries.get(name, ""))
                questions.add(name.split(".")[0])
                strokes_at_ten = strokes_at_ten or (keyer.strokes if len(questions) == TEN else 0)
    assert corrected
    assert strokes_at_ten == 5 + TEN * 2, "ten questions cost the serial, and a key and Enter each"
    assert keyer.field == "serial", "the next form can be begun at once"
    assert "a second person" in page.content() and stored(app) == []
    key(officer, batch, "1", sex="2")
    shown = f"{live_server.address}{batch}"
    for path in ("/staff/paper", run, batch, f"{batch}/settle/1", "/staff/paper/files"):
        page.goto(live_server.address + path)
        look(page)
    page.goto(f"{shown}/settle/1")
    page.get_by_role("button", name="Settle").click()
    page.locator(".govuk-error-summary").wait_for()
    look(page)
    page.goto(shown)
    page.locator("#serial").fill("2")
    page.get_by_role("button", name="Key this form").click()
    look(page)
    page.get_by_role("button", name=re.compile("Keep")).click()
    page.locator(".govuk-error-summary").wait_for()
    look(page)
