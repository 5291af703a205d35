"""A person at a browser without script, who opens pages, fills in forms, and looks at every page that opens."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.pages import Page

MOST_REDIRECTS = 6


class Person:
    """Somebody with a browser of their own: cookies, the page in front of them, its address."""

    def __init__(self, app: Flask, **environment: Any) -> None:
        self.app = app
        self.browser = app.test_client()
        self.environment = environment
        self.page: Page
        self.response: TestResponse
        self.trail: list[str] = []

    @property
    def path(self) -> str:
        """Say where the person is."""
        return self.page.path

    def visit(self, path: str, status: int = 200) -> Page:
        """Open an address."""
        return self._open("GET", path, None, status)

    def follow(self, words: str, status: int = 200) -> Page:
        """Follow the link that says these words."""
        links = {text: address for text, address in self.page.links.items() if words in text}
        assert links, f"{self.page!r} has no link {words!r}; it has {', '.join(self.page.links)}"
        return self.visit(links[words] if words in links else next(iter(links.values())), status)

    def submit(
        self, fields: dict[str, Any] | None = None, status: int | None = 200, form: str = "", **more: Any
    ) -> Page:
        """Fill in the page's form and press its button; a value of None empties a field."""
        element = self.page.form(form)
        sent = self.page.filled({**(fields or {}), **more}, element)
        button = element.xpath(".//button[not(@type) or @type='submit'][@name]")[:1]
        sent |= {b.get("name"): [b.get("value", "")] for b in button if not element.xpath(".//button[not(@name)]")}
        return self._send(element, sent, status, element.get("action"))

    def press(self, words: str, fields: dict[str, Any] | None = None, status: int = 200) -> Page:
        """Fill in the form of the button with these words, and press that button."""
        found = [b for b in self.page.document.iter("button") if words in "".join(b.itertext())]
        assert found, f"{self.page!r} has no button {words!r}"
        button = found[0]
        element = self.page.form(button.get("form", "")) if button.get("form") else button.xpath("ancestor::form")[0]
        sent = self.page.filled(fields or {}, element)
        if button.get("name"):
            sent[button.get("name")] = [button.get("value", "")]
        return self._send(element, sent, status, button.get("formaction") or element.get("action"))

    def switch_to(self, language: str, fields: dict[str, Any] | None = None, status: int = 200) -> Page:
        """Change the language of the page at hand, with whatever is typed in it at that moment."""
        buttons = self.page.document.xpath("//nav//button[@name='_switch' and @value=$code]", code=language)
        if not buttons:
            links = self.page.document.xpath("//nav//a[@hreflang=$code]", code=language)
            assert links, f"{self.page!r} offers no {language!r}"
            return self.visit(links[0].get("href"), status)
        element = self.page.form(buttons[0].get("form"))
        sent = self.page.filled(fields or {}, element) | {"_switch": [language]}
        return self._send(element, sent, status, buttons[0].get("formaction"))

    def post(self, path: str, fields: Any, status: int | None = None, **options: Any) -> Page:
        """Send anything at all to an address, with the token that the page at hand carries."""
        pairs = list(fields.items()) if isinstance(fields, dict) else list(fields)
        data = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in [("csrf_token", self.token), *pairs])
        return self._open("POST", path, data, status, **options)

    @property
    def token(self) -> str:
        """Read the token of the page at hand."""
        found = self.page.document.xpath("//input[@name='csrf_token']/@value")
        return str(found[0]) if found else ""

    def _send(self, element: Any, sent: dict[str, list[str]], status: int | None, action: str | None) -> Page:
        pairs = [(name, value) for name, values in sent.items() for value in values]
        data = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs)
        address = urljoin(self.path, action or self.path)
        if (element.get("method") or "get").lower() == "get":
            return self._open("GET", f"{address}?{data}", None, status)
        return self._open("POST", address, data, status)

    def _open(self, method: str, path: str, data: str | bytes | None, status: int | None, **options: Any) -> Page:
        address = path.split("#")[0]
        options.setdefault("content_type", "application/x-www-form-urlencoded" if data is not None else None)
        environment = {"environ_overrides": self.environment} if self.environment else {}
        response = self.browser.open(address, method=method, data=data, **options, **environment)
        self.trail.append(f"{method} {address} {response.status_code}")
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            assert method == "GET" or response.status_code == 303, f"{self.trail[-1]}: a form leads on with 303"
            target = urlsplit(urljoin(address, response.headers["Location"]))
            assert not target.netloc or target.netloc == "localhost", f"{address} leads away, to {target.netloc}"
            address = target.path + (f"?{target.query}" if target.query else "")
            response = self.browser.get(address, **environment)
            self.trail.append(f"GET {address} {response.status_code}")
        else:
            raise AssertionError("It leads in circles: " + " -> ".join(self.trail[-MOST_REDIRECTS:]))
        self.response = response
        self.page = Page(address, response.status_code, response.headers, response.data)
        if status is not None:
            assert response.status_code == status, (
                f"{self.page!r} instead of {status}: {self.page.errors or self.page.text[:300]}"
            )
        assert response.status_code < 500 or status == 503, f"{self.page!r}: {self.trail[-1]}"
        if response.status_code != 204:
            self.page.check()
        return self.page


def _escaped(text: str | bytes) -> str:
    content = text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")
    return re.sub(rb"[^A-Za-z0-9_.~-]", lambda match: b"%%%02X" % match[0][0], content).decode("ascii")
