"""A tablet in a real browser whose store outlives it: set up by an officer, filled in by residents, sent, restarted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page

from tests.support.browsers import SWITCHES, chromium
from tests.support.residents import USUAL

PIN = "274951"
MOST_PAGES = 60
MODULE = "const app = await import(document.querySelector('script[type=module]').src);"

FILL = """said => {
  const form = document.querySelector('form[data-do=answer]')
  const all = selector => [...form.querySelectorAll(selector)]
  const names = new Set(all('input[type=radio]').map(each => each.name))
  for (const name of names) {
    const offered = all('input[type=radio]').filter(each => each.name === name)
    const wish = offered.find(each => each.value === said[name]) ?? offered[0]
    wish.click()
  }
  all("input[type=checkbox]:not([name$='.apart'])").slice(0, 2).forEach(each => each.checked || each.click())
  all('select').forEach((each, index) => { each.value = index + 1; each.dispatchEvent(new Event('change')) })
  const seen = all('textarea, input[type=text][dir=auto]').filter(each => each.offsetParent)
  seen.forEach(each => { each.value = said.words })
}"""


class Tablet:
    """A browser with a folder of its own."""

    def __init__(
        self, browser_type: BrowserType, folder: Path, address: str, width: int = 800, height: int = 1280
    ) -> None:
        self.browser_type, self.folder, self.address = browser_type, folder, address
        self.size = {"width": width, "height": height}
        self.context: BrowserContext | None = None
        self.page: Page
        self.complaints: list[str] = []

    def switch_on(self, event: int = 0, full: bool = False) -> Page:
        """Start the browser and open the page; ``full`` leaves it no space to write."""
        self.context = self.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=list(SWITCHES),
            viewport=self.size,  # type: ignore[arg-type]
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if full:
            self.disk(1)
        self.open(event)
        return self.page

    def disk(self, size: int | None) -> None:
        """Allow the page so many bytes on the disk; None is as many as there are."""
        assert self.context is not None
        limit = {} if size is None else {"quotaSize": size}
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("Storage.overrideQuotaForOrigin", {"origin": self.address, **limit})

    def open(self, event: int = 0) -> None:
        """Open the tablet's page."""
        self.page.goto(f"{self.address}/tablet/" + (f"?event={event}" if event else ""))
        self.page.locator("h1").first.wait_for()

    def switch_off(self) -> None:
        """Close the browser with everything in it."""
        if self.context:
            self.context.close()
        self.context = None

    def restart(self) -> Page:
        """Close the browser and start it again."""
        self.switch_off()
        return self.switch_on()

    def set_up(self, email: str, password: str, name: str = "Tablet A") -> None:
        """Sign in as an officer, choose the event, a name and the PIN."""
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form button").first.click()
        self.page.locator("#name").fill(name)
        self.page.locator("#pin").fill(PIN)
        self.page.locator("#again").fill(PIN)
        self.page.get_by_role("button", name="Set up").click()
        self.page.get_by_text("Waiting to be sent").wait_for()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.press("lock")

    def press(self, doing: str) -> None:
        """Press the button that does something."""
        self.page.locator(f"[data-do={doing}]").first.click()

    def enter_office(self, pin: str = PIN) -> None:
        """Go to the staff pages with the PIN."""
        self.press("staff")
        self.page.locator("#pin").fill(pin)
        self.page.get_by_role("button", name="Continue").click()

    def waiting(self) -> int:
        """Read how many wait, as the officer sees it."""
        return int(self.page.locator("#waiting").inner_text())

    def begin(self, survey: str, language: str = "en") -> None:
        """Choose a language and a survey, read the start page, and agree."""
        self.page.locator(f".tablet-choice[data-language={language}]").click()
        self.page.locator(f".tablet-choice[data-wave^={survey}]").click()
        self.press("start")
        self.page.locator("form[data-do=answer]").wait_for()

    def fill(self, **said: str) -> None:
        """Answer the page at hand as most people do, or as ``said``, and go on."""
        self.page.evaluate(FILL, {**USUAL, "words": "بتیاں ٹھیک کریں", **said})
        self.turn("form[data-do=answer] button.govuk-button:not([type])")

    def turn(self, button: str) -> None:
        """Press a button and wait for the page that it leads to."""
        before = self.page.locator("main").inner_text()
        self.page.locator(button).last.click()
        self.page.wait_for_function("before => document.querySelector('main').innerText !== before", arg=before)

    def answer(self, look: Any = lambda page: None, **said: str) -> None:
        """Answer page after page until the answers can be sent, or are not wanted; look at each."""
        for _ in range(MOST_PAGES):
            look(self.page)
            if self.page.locator("[data-do=send], [data-do=done]").count():
                return
            if self.page.locator("[data-do=onwards]").count():
                self.turn("[data-do=onwards]")
            else:
                self.fill(**said)
        raise AssertionError("no end in sight")

    def send(self) -> str:
        """Send the answers; return the receipt code."""
        self.press("send")
        return self.page.locator(".tablet-code").inner_text()

    def respond(self, survey: str, language: str = "en", **said: str) -> str:
        """Fill a whole survey in and clear the page; return the receipt code."""
        self.begin(survey, language)
        self.answer(**said)
        code = self.send()
        self.press("done")
        self.page.locator(".tablet-choices").wait_for()
        return code

    def save_many(self, count: int, wave: str, answers: dict[str, Any], mode: str = "hand_over") -> list[str]:
        """Save responses as the page itself does, without drawing its pages; return their ids."""
        found: list[str] = self.page.evaluate(
            f"""async ([count, wave, answers, mode]) => {{ {MODULE}
                const bundle = await app.kept('bundle')
                const survey = bundle.surveys.find(each => each.wave === wave)
                const ids = []
                for (let i = 0; i < count; i++) {{
                    const filling = await app.Filling.begin(bundle, survey, mode, 'en')
                    filling.answers = {{ ...answers, anything_else: `Number ${{i}}` }}
                    await filling.save()
                    ids.push(filling.id)
                }}
                return ids
            }}""",
            [count, wave, answers, mode],
        )
        return found
