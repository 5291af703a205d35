"""A page as a person sees it, and the checks that it passes whenever it is opened."""

from __future__ import annotations

import re
from typing import Any

from lxml import html
from werkzeug.datastructures import Headers

from tests.support import markup, pseudo

Fields = dict[str, Any]


class Page:
    """One page: its address, status, texts and forms."""

    def __init__(self, path: str, status: int, headers: Headers, content: bytes) -> None:
        self.path, self.status, self.headers = path, status, headers
        self.source = content.decode("utf-8")
        self.document = html.document_fromstring(self.source) if self.source.strip() else html.fromstring("<html/>")

    def __repr__(self) -> str:
        return f"<{self.status} {self.path}: {self.heading}>"

    @property
    def heading(self) -> str:
        """Read its heading."""
        return next((markup.words(h1) for h1 in self.document.iter("h1")), "")

    @property
    def title(self) -> str:
        """Read its title."""
        return " ".join((self.document.findtext("head/title") or "").split())

    @property
    def text(self) -> str:
        """Read its main part, on one line."""
        main = self.document.find(".//main")
        return markup.words(self.document if main is None else main)

    @property
    def errors(self) -> list[str]:
        """Read its error summary."""
        return [
            markup.words(item) for item in self.document.xpath("//*[contains(@class, 'govuk-error-summary__list')]/li")
        ]

    @property
    def links(self) -> dict[str, str]:
        """List its links by their words."""
        return {markup.words(link): link.get("href") for link in self.document.xpath("//a[@href]")}

    def form(self, id: str = "") -> Any:
        """Find the form in its main part, the one with fields to fill in where there are several."""
        forms = self.document.xpath("//form[@id=$id]" if id else "//main//form", id=id)
        assert forms, f"{self!r} has no form"
        return max(forms, key=lambda form: len([c for c in form.inputs if getattr(c, "type", "") != "hidden"]))

    def fields(self, form: Any) -> dict[str, list[str]]:
        """List what a browser would send: the fields of a form with what stands in them."""
        filled: dict[str, list[str]] = {}
        for control in form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
            kind = control.get("type", "text") if control.tag == "input" else control.tag
            if kind in ("submit", "button", "image", "reset", "file") or control.get("disabled") is not None:
                continue
            sent = filled.setdefault(control.get("name"), [])
            if kind == "select":
                chosen = (
                    control.xpath("./option[@selected]|./optgroup/option[@selected]") or control.xpath(".//option")[:1]
                )
                sent += [option.get("value", option.text) for option in chosen]
            elif kind == "textarea":
                sent.append((control.text or "").removeprefix("\n"))
            elif kind not in ("radio", "checkbox") or control.get("checked") is not None:
                sent.append(control.get("value", "on" if kind in ("radio", "checkbox") else ""))
        return filled

    def filled(self, fields: Fields, form: Any) -> dict[str, list[str]]:
        """Fill in a form as a person can: only fields that are there, only options that are offered."""
        sent = self.fields(form)
        for name, value in fields.items():
            assert name in sent, f"{self!r} has no field {name!r}; it has {', '.join(sent)}"
            values = (
                [] if value is None else [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
            )
            offered = form.xpath(".//input[(@type='radio' or @type='checkbox') and @name=$name]/@value", name=name)
            offered += form.xpath(".//select[@name=$name]//option/@value", name=name)
            unknown = [v for v in values if offered and v not in offered]
            assert not unknown, f"{self!r} does not offer {unknown} for {name!r}; it offers {offered}"
            sent[name] = values
        return sent

    def check(self) -> None:
        """Fail with all that is wrong with the page."""
        found = list(self.faults())
        assert not found, f"{self!r}\n  " + "\n  ".join(found)

    def faults(self) -> Any:
        """Name all that is wrong with the page: headers, markup, what was left untranslated."""
        kind = self.headers.get("Content-Type", "")
        if kind != "text/html; charset=utf-8":
            yield f"Content-Type is {kind!r}"
        released = self.status == 200 and re.match(r"/[a-z]{2,3}/results(/|$)", self.path)
        if self.headers.get("Cache-Control") != ("public, max-age=300" if released else "no-store"):
            yield f"Cache-Control is {self.headers.get('Cache-Control')!r}: answers could stay in a cache"
        policy = self.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            yield f"Content-Security-Policy is {policy!r}"
        if self.headers.get("X-Content-Type-Options") != "nosniff":
            yield "X-Content-Type-Options is missing"
        if self.headers.get("Referrer-Policy") != "no-referrer":
            yield "Referrer-Policy is missing"
        yield from markup.faults(self.document, self.path)
        if self.document.get("lang") == pseudo.CODE:
            yield from pseudo.untranslated(self.document)
