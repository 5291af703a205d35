"""Every kind of question in a real browser: accessible, narrow, mirrored, and the same form without script."""

from __future__ import annotations

import pytest

from tests.frontend.pages import views

pytestmark = pytest.mark.browser

KINDS = list(views("en"))
PAGES = ["all", "all?wrong=1&simulated=1", "answers?links=1", "staff"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", ["en", "ur"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(visit, violations, width, code, path):
    assert violations(visit(f"/{code}/{path}", width)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_that_heads_its_page_is_clean_too(visit, violations, kind):
    page = visit(f"/en/{kind}?wrong=1")
    assert violations(page) == []
    assert page.locator("h1").count() == 1


def test_the_timeout_dialog_is_clean(visit, violations):
    page = visit("/ur/text?seconds=50")
    page.locator("dialog[open]").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("code", ["en", "ur"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(visit, code, path):
    page = visit(f"/{code}/{path}", 320, 256)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("code", ["en", "ur"])
def test_targets_are_at_least_24_pixels(visit, code):
    page = visit(f"/{code}/all")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary, textarea')]
            .filter(e => e.checkVisibility() && !e.closest('p, .govuk-visually-hidden, .govuk-skip-link'))
            .filter(e => !e.matches('.govuk-visually-hidden, .govuk-skip-link'))
            .map(e => [e.outerHTML, (e.closest('li') || e).getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24)"""
    )
    assert small == []
    boxes = [select.bounding_box() for select in page.locator("select:visible").all()]
    assert boxes and min(box["height"] for box in boxes) >= 44


def test_focus_is_never_under_the_quick_exit(visit):
    page = visit("/en/all", 360, 640)
    for _ in range(60):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const e = document.activeElement, bar = document.querySelector('.site-exit')
                if (bar.contains(e) || e === document.body) return null
                const a = e.getBoundingClientRect(), b = bar.getBoundingClientRect()
                const inside = a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom
                return inside ? e.outerHTML : null
            }"""
        )
        assert covered is None


@pytest.mark.parametrize("code", ["en", "ur"])
def test_nothing_moves_while_a_page_loads(visit, code):
    page = visit("/en/text")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 20})
    page.goto(page.url.replace("/en/text", f"/{code}/all"))
    page.wait_for_timeout(500)
    shift = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list =>
            done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
            .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 300))"""
    )
    assert shift == 0


@pytest.mark.parametrize("code", ["en", "ur"])
def test_a_page_makes_few_requests_and_none_elsewhere(browser, site, code):
    page = browser.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{site}/{code}/all")
    page.wait_for_load_state("networkidle")
    page.close()
    fonts = [url for url in requests if url.endswith(".woff2")]
    assert all(url.startswith((site, "data:")) for url in requests)
    assert len([url for url in requests if url.startswith("http")]) - len(fonts) <= 3
    assert len(fonts) <= (code != "en")


def test_a_font_that_never_comes_hides_nothing(browser, site):
    page = browser.new_page()
    page.route("**/*.woff2", lambda route: None)
    page.goto(f"{site}/ur/text", wait_until="commit")
    page.locator("h1").wait_for(timeout=5000)
    page.close()


def test_the_page_is_mirrored_for_urdu(visit):
    page = visit("/ur/one_of?wrong=1", 1280)
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ur", "rtl")
    label = page.locator(".govuk-radios__label").first.bounding_box()
    radio = page.locator(".govuk-radios__input").first.bounding_box()
    assert radio["x"] > label["x"]
    assert page.locator("[data-exit]").bounding_box()["x"] < 200


def test_forced_colours_keep_every_control_visible(visit):
    page = visit("/en/order", forced_colors="active")
    for button in page.locator(".site-order__buttons button").all():
        assert button.evaluate("e => getComputedStyle(e).borderTopWidth") == "2px"
    assert (
        page.locator(".site-order__grip").first.evaluate("e => getComputedStyle(e, '::before').borderTopStyle")
        == "dotted"
    )


def test_paper_has_the_questions_and_no_buttons(visit):
    page = visit("/en/all")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator("[data-exit]").is_visible()
    assert not page.get_by_role("button", name="Continue").is_visible()


def test_enter_in_a_field_sends_the_form_and_leaves_the_language(visit):
    for script in (True, False):
        page = visit("/ur/number", java_script_enabled=script)
        page.locator("input[name=number_q]").press("Enter")
        page.wait_for_load_state()
        assert "_switch" not in page.content()
        assert "number_q" in page.content()


def test_the_language_switch_takes_typed_input_along(visit):
    page = visit("/en/text", java_script_enabled=False)
    page.locator("textarea").fill("half a thought")
    button = page.locator("button[name=_switch][value=ur]")
    assert button.get_attribute("lang") == "ur"
    button.click()
    assert "half a thought" in page.content()


def test_own_words_open_with_their_option_without_script(visit):
    page = visit("/en/one_of", java_script_enabled=False)
    line = page.get_by_label("In your own words")
    assert line.is_visible()
    page.locator("input[type=radio]").first.check()
    assert not line.is_visible()


def test_an_order_can_be_given_without_script(visit):
    page = visit("/en/order", java_script_enabled=False)
    assert page.locator(".site-order button").count() == 0
    for place, key in enumerate(["o3", "o1", "o2", "o5", "o4"], start=1):
        page.locator(f"[name='order_q.{key}']").select_option(str(place))
    page.get_by_role("button", name="Continue").click()
    assert "('order_q.o1', '2')" in page.content()
    assert "('order_q.o3', '1')" in page.content()


def test_the_language_switch_shows_no_boxes(visit):
    page = visit("/en/text")
    page.evaluate("document.fonts.ready")
    shown = "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family.replaceAll('\"', ''))"
    assert {"Own pa", "Name pa"} & set(page.evaluate(shown))
    assert "Site pa" not in page.evaluate(shown)
