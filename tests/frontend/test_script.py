"""What the script adds, by keyboard and pointer; it may only add."""

from __future__ import annotations

import ast
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def sent(page: Page) -> dict[str, str]:
    """Send the page; give what arrived."""
    page.get_by_role("button", name="Continue").click()
    page.wait_for_load_state()
    return dict(ast.literal_eval(page.locator("body").inner_text()))


def places(page: Page) -> list[str]:
    """List the places that the selects show, in the order on screen."""
    return page.locator(".site-order select").evaluate_all("all => all.map(select => select.value)")


def labels(page: Page) -> list[str]:
    """List the last character of each item, in the order on screen."""
    return [text[-1] for text in page.locator(".site-order label").all_inner_texts()]


def test_an_untouched_order_is_not_sent(visit):
    assert set(sent(visit("/en/order")).values()) == {""}


def test_the_keyboard_moves_an_item_and_keeps_its_focus(visit):
    page = visit("/en/order")
    down = page.get_by_role("button", name="Move down: Burglary and theft from homes 1")
    down.focus()
    down.press("Enter")
    assert labels(page) == ["2", "1", "3", "4", "5"]
    assert places(page) == ["1", "2", "3", "4", "5"]
    expect(down).to_be_focused()
    expect(page.locator("[aria-live=assertive]")).to_have_text("Burglary and theft from homes 1 is now at place 2 of 5")
    down.press("Space")
    assert sent(page)["order_q.o1"] == "3"


def test_the_ends_of_the_list_stay(visit):
    page = visit("/en/order")
    up = page.get_by_role("button", name="Move up: Burglary and theft from homes 1")
    expect(up).to_have_attribute("aria-disabled", "true")
    up.press("Enter")
    assert places(page) == [""] * 5


def test_an_order_can_be_kept_as_shown_and_cleared(visit):
    page = visit("/en/order")
    page.get_by_role("button", name="Keep this order").press("Enter")
    assert places(page) == ["1", "2", "3", "4", "5"]
    page.get_by_role("button", name="Clear the order").press("Enter")
    assert places(page) == [""] * 5


def test_a_pointer_drags_an_item(visit):
    page = visit("/ur/order", 1280)
    grip = page.locator(".site-order__grip")
    start, end = grip.nth(0).bounding_box(), grip.nth(2).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 40, steps=12)
    page.mouse.up()
    assert labels(page) == ["2", "3", "1", "4", "5"]
    assert places(page) == ["1", "2", "3", "4", "5"]


def test_a_drag_to_the_same_place_is_no_answer(visit):
    page = visit("/en/order", 1280)
    box = page.locator(".site-order__grip").first.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 14)
    page.mouse.up()
    assert places(page) == [""] * 5


def test_a_select_moves_its_item_once_all_have_a_place(visit):
    page = visit("/en/order")
    page.locator("[name='order_q.o2']").select_option("1")
    assert places(page) == ["", "1", "", "", ""]
    page.get_by_role("button", name="Keep this order").click()
    page.locator("[name='order_q.o5']").select_option("1")
    assert labels(page) == ["5", "1", "2", "3", "4"]
    assert places(page) == ["1", "2", "3", "4", "5"]


def test_chosen_options_are_counted(visit):
    page = visit("/en/several")
    live = page.locator("#several_q-live")
    expect(live).to_have_text("Chosen: 2 of 2")
    page.locator("#several_q-2").check()
    expect(live).to_have_text("Chosen: 3. Choose no more than 2.")
    page.locator("#several_q-5").check()
    expect(live).to_have_text("")
    assert page.locator("input:checked").count() == 1


def test_characters_are_counted(visit):
    page = visit("/en/text")
    page.locator("textarea").fill("😀" * 201)
    expect(page.locator("#text_q-info")).to_have_text("Characters too many: 1")


def test_the_error_summary_has_the_focus(visit):
    expect(visit("/en/one_of?wrong=1").locator(".govuk-error-summary")).to_be_focused()


@pytest.mark.parametrize("kind", ["one_of", "several", "scale", "scale_group", "order", "number", "area", "text"])
def test_each_error_leads_to_its_control(visit, kind):
    page = visit(f"/en/{kind}?wrong=1")
    link = page.locator(".govuk-error-summary a").first
    target = link.get_attribute("href").removeprefix("#")
    link.click()
    expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_a_postcode_is_shown_as_it_is_written(visit):
    page = visit("/ur/area")
    field = page.locator("#postcode")
    field.fill("bd1  1hy")
    field.blur()
    expect(field).to_have_value("BD1 1HY")
    field.fill("bd1 1hy, or near it")
    field.blur()
    expect(field).to_have_value("bd1 1hy, or near it")


def test_escape_pressed_three_times_leaves(visit):
    page = visit("/en/text")
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    page.locator("textarea").focus()
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/weather")


def test_the_exit_leaves_in_both_tabs_and_works_without_script(visit):
    page = visit("/en/text")
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    with page.context.expect_page() as opened:
        page.locator("[data-exit]").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert opened.value.url == "https://www.bbc.co.uk/weather"
    plain = visit("/en/text", java_script_enabled=False)
    plain.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    plain.locator("[data-exit]").click()
    plain.wait_for_url("https://www.bbc.co.uk/weather")


def test_the_time_can_be_extended(visit, sample):
    page = visit("/en/text?seconds=60")
    page.locator("textarea").focus()
    stay = page.get_by_role("button", name="Stay on this page")
    expect(stay).to_be_focused()
    assert re.match(r"^0:5\d|1:00$", page.locator("[data-clock]").inner_text())
    before = sample.extended
    stay.press("Enter")
    expect(page.locator("dialog")).not_to_be_visible()
    expect(page.locator("textarea")).to_be_focused()
    assert sample.extended == before + 1


def test_a_failed_extension_says_so(visit):
    page = visit("/en/text?seconds=60")
    page.route("**/extend", lambda route: route.fulfill(status=500))
    page.get_by_role("button", name="Stay on this page").click()
    expect(page.get_by_role("alert")).to_have_text("That did not work. Check your connection and try again.")


def test_the_page_closes_when_the_time_is_over(visit):
    page = visit("/en/text?seconds=2")
    page.wait_for_url("**/timed-out")


def test_a_double_click_sends_once_and_a_retry_is_never_blocked(visit):
    page = visit("/en/text")
    page.evaluate(
        """() => {
            window.sent = 0
            document.querySelector('form').addEventListener('submit', event => {
                if (!event.defaultPrevented) window.sent += 1
                event.preventDefault()
            })
        }"""
    )
    button = page.get_by_role("button", name="Continue")
    button.dblclick()
    assert page.evaluate("window.sent") == 1
    page.wait_for_timeout(2100)
    button.click()
    assert page.evaluate("window.sent") == 2
