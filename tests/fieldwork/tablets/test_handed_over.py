"""A tablet that goes from hand to hand: nothing of whoever had it before is left, and staff pages need the PIN."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.surveys.models import Response
from tests.fieldwork.tablets.conftest import NewTablet
from tests.fieldwork.tablets.device import PIN, Tablet
from tests.support.browsers import assert_accessible, assert_fits
from tests.support.servers import Server

WORDS = "the bins by the canal"
TARGETS = "button, select, summary, .govuk-radios__label, .govuk-checkboxes__label"
SMALL = """targets => [...document.querySelectorAll(targets)]
  .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44)
  .map(each => each.outerHTML.slice(0, 200))"""


def look(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)
    assert page.evaluate(SMALL, TARGETS) == [], "targets under 44 pixels"


def at_name(server: Server) -> str:
    return server.address.replace("127.0.0.1", "localhost")


def test_nothing_of_before_is_left_when_the_tablet_is_handed_on(
    app: Flask, live_server: Server, new_tablet: NewTablet
) -> None:
    tablet = new_tablet(at_name(live_server), width=360, height=740)
    page = tablet.page
    page.clock.install()
    tablet.open()
    look(page)
    expect(page.locator(".tablet-asked > [lang=ur][dir=rtl]")).to_have_text("اپنی زبان چنیں")
    expect(page.locator(".tablet-asked > li")).to_have_count(page.locator(".tablet-choice").count() - 1)
    tablet.begin("YV", "en")
    tablet.fill()
    expect(page.locator(".govuk-caption-l")).to_contain_text("Step 2")
    page.go_back()
    expect(page.locator(".govuk-caption-l")).to_contain_text("Step 1")
    page.locator("[data-do=language][data-language=ur]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("[data-do=language][data-language=en]").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    page.locator("[name=district]").first.evaluate("each => { each.form.reset(); each.form.district.value = '' }")
    page.evaluate("document.querySelectorAll('input').forEach(each => { each.checked = false })")
    page.locator("form[data-do=answer] button.govuk-button").last.click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose your district")
    look(page)
    tablet.answer(look, words=WORDS)
    receipt = tablet.send()
    look(page)
    page.clock.run_for(31_000)
    page.locator(".tablet-choices").wait_for()
    for step in (page.go_back, page.go_forward, page.go_back):
        step()
        page.wait_for_load_state()
        assert receipt not in page.content()
        assert WORDS not in page.content()
    tablet.open()

    tablet.begin("YV", "en")
    tablet.fill()
    tablet.fill(age_band="under_16")
    expect(page.locator("main")).to_contain_text("Childline")
    look(page)
    tablet.press("done")
    page.locator(".tablet-choices").wait_for()

    tablet.begin("YV", "en")
    tablet.fill()
    page.clock.run_for(95_000)
    expect(page.locator("dialog")).to_be_visible()
    look(page)
    page.locator("dialog button").click()
    expect(page.locator("dialog")).to_be_hidden()
    page.clock.run_for(121_000)
    expect(page.locator("main")).to_contain_text("Nothing that you entered was kept")
    look(page)
    page.clock.run_for(121_000)
    page.locator(".tablet-choices").wait_for()
    with app.app_context():
        assert len(list(db.session.scalars(select(Response)))) == 1


def test_the_pin_slows_whoever_guesses_also_after_a_restart(live_server: Server, new_tablet: NewTablet) -> None:
    tablet = new_tablet(at_name(live_server))
    tablet.press("staff")
    look(tablet.page)
    for guess in ("111111", "123456", "000000"):
        try_pin(tablet, guess)
    expect(tablet.page.locator(".govuk-error-message")).to_contain_text("Wait 30 seconds")
    look(tablet.page)
    tablet.restart()
    tablet.page.clock.install()
    tablet.open()
    tablet.press("staff")
    try_pin(tablet, PIN)
    expect(tablet.page.locator(".govuk-error-message")).to_contain_text("Wait")
    tablet.page.clock.run_for(31_000)
    try_pin(tablet, PIN)
    expect(tablet.page.locator("main")).to_contain_text("Waiting to be sent")
    look(tablet.page)
    tablet.page.goto(f"{at_name(live_server)}/staff")
    expect(tablet.page.locator("[name=password]")).to_be_visible()


def try_pin(tablet: Tablet, pin: str) -> None:
    tablet.page.locator("#pin").fill(pin)
    tablet.page.locator("form[data-do=pin] button.govuk-button").click()
    tablet.page.wait_for_function("() => !document.getElementById('pin')?.value")


def test_with_an_interpreter_both_languages_stand_side_by_side_and_help_is_recorded(
    app: Flask, live_server: Server, new_tablet: NewTablet
) -> None:
    tablet = new_tablet(at_name(live_server), width=360, height=740)
    page = tablet.page
    tablet.enter_office()
    tablet.press("interpreter")
    tablet.begin("YP", "ur")
    own, english = page.locator("h1 .tablet-pair > span").all_inner_texts()
    assert english.isascii()
    assert not own.isascii()
    tablet.answer(look)
    tablet.send()
    look(page)
    page.wait_for_function("() => document.getElementById('waiting').textContent === '0'")
    with app.app_context():
        (found,) = db.session.scalars(select(Response))
    assert (found.channel, found.assisted, found.language) == ("tablet", True, "ur")
