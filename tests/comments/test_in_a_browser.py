"""The pages of comments in a real browser: for axe on a phone and at a desk, and coding by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import services as accounts
from app.comments import queries, services
from app.comments.models import FIRST, SECOND, Coding
from app.database import db
from tests.comments.conftest import WAVE, Say
from tests.support.applications import PASSWORD
from tests.support.browsers import Window, assert_accessible, assert_fits
from tests.support.servers import Server

ReadIn = Callable[[], str]
HARM = "My husband beats me every week and I am afraid to go home."
SPEEDING = "Cars speed down our road every night. Ring me on 07700 900123."
READER, CODER = "reader@example.org", "coder@example.org"
HERE = f"/staff/comments/{WAVE}"


def sign_in(page: Page, server: Server, email: str) -> None:
    page.goto(f"{server.address}/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def commented(app: Flask, say: Say, read_in: ReadIn) -> int:
    """Comments of which one is held, one coded twice and quoted; gives the number of that one."""
    for words in ("Thank you for asking.", HARM, "گاڑیاں بہت تیز چلتی ہیں۔", "Lamps are broken.", SPEEDING):
        say(words)
    read_in()
    with app.app_context():
        reader = accounts.add_staff(READER, ["analyst", "approver", "unmasker", "safeguarding"], PASSWORD)
        coder = accounts.add_staff(CODER, ["analyst"], PASSWORD)
        found = queries.comment(queries.SECOND_CODED)
        services.code(found, coder, ["speeding"], FIRST)
        services.code(found, reader, ["road_safety"], SECOND)
        services.pick(found, coder, "Cars speed down our road")
        return found.id


def test_axe_finds_nothing_on_any_page_of_comments(live_server: Server, window: Window, commented: int) -> None:
    page = window()
    sign_in(page, live_server, READER)
    for path in (
        "/staff/comments",
        HERE,
        f"{HERE}/{commented}",
        f"{HERE}/code",
        f"{HERE}/second",
        f"{HERE}/agreement",
        f"{HERE}/{commented}/settle",
        "/staff/comments/quotes",
        "/staff/comments/frame",
        "/staff/comments/frame/add",
        "/staff/comments/frame/themes/speeding",
        "/staff/safeguarding",
    ):
        page.goto(f"{live_server.address}{path}")
        look(page)
    page.get_by_role("link", name="Entry").first.click()
    look(page)
    for path, press in (
        (HERE, "Find"),
        (f"{HERE}/code", "Save and next"),
        (f"{HERE}/{commented}", "Pick this quote"),
        (f"{HERE}/{commented}/unmask", "Show it"),
        ("/staff/comments/quotes", "Refuse"),
        ("/staff/comments/frame/add", "Add it"),
    ):
        page.goto(f"{live_server.address}{path}")
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=press).first.click()
        look(page)


def look(page: Page) -> None:
    """Let axe look at a page on a phone and at a desk; nobody should have to scroll sideways."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert_fits(page)


def test_ten_comments_are_coded_by_the_keyboard_alone_with_script_and_without(
    app: Flask, live_server: Server, window: Window, say: Say, read_in: ReadIn
) -> None:
    for number in range(20):
        say(f"Cars speed down our road, number {number}.")
    read_in()
    with app.app_context():
        accounts.add_staff(CODER, ["analyst"], PASSWORD)
    page = window()
    sign_in(page, live_server, CODER)
    page.goto(f"{live_server.address}{HERE}/code")
    keys = page.locator("[data-key]").evaluate_all("all => all.map(box => [box.value, box.dataset.key])")
    assert len(keys) == 29 and all(key for _, key in keys) and len({key for _, key in keys}) == 29
    first, (last, letter) = keys[0][0], keys[-1]
    for pressed in (["1"], ["0"], [letter], ["1", letter], ["a", "A", "b"], *[["1"]] * 5):
        code(page, pressed)
    coded = codings(app)
    assert coded[1:3] == [[], [last]] and coded[0] == [first] and coded[3] == sorted([first, last])
    assert len(coded) == 10 and len(coded[4]) == 1
    expect(page.locator("main")).to_contain_text("10 of 20 coded")
    plain = window(width=360, script=False)
    sign_in(plain, live_server, CODER)
    plain.goto(f"{live_server.address}{HERE}/code")
    for _ in range(10):
        code(plain, ["Space"])
    expect(plain.locator("main")).to_contain_text("Every comment of this wave is coded")
    assert codings(app)[10:] == [[first]] * 10


def code(page: Page, keys: list[str]) -> None:
    """Press the keys of some themes and Enter: that is all that a comment takes."""
    expect(page.locator("[autofocus]")).to_be_focused()
    for key in keys:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def codings(app: Flask) -> list[list[str]]:
    with app.app_context():
        return [sorted(each.keys) for each in db.session.scalars(select(Coding).order_by(Coding.comment_id))]
