"""What holds for every page, whoever opens it: looked at in its markup, each time a test opens one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from babel import Locale
from lxml import html

Element = Any
UNTYPED = {"hidden", "submit", "button", "image", "reset"}
LEFTOVER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|^\s*None\s*$|\bundefined\b|&lt;/?[a-z]+&gt;|Undefined")
SPOKEN = ("en", "ur", "ar", "bn", "gu", "pa", "pl", "ro", "sk", "he")
STAFF = ("/staff", "/login", "/logout")


def faults(document: Element, path: str) -> Iterator[str]:
    """Name everything that is wrong with a page's markup."""
    yield from _frame(document, path)
    yield from _ids(document)
    yield from _labels(document)
    yield from _names(document)
    yield from _inline(document)
    yield from _leftovers(document)


def _frame(document: Element, path: str) -> Iterator[str]:
    language = document.get("lang")
    if not language:
        yield "html has no lang"
        return
    first = path.strip("/").split("/")[0]
    if path.startswith(STAFF):
        first = "en"
    if first in SPOKEN and language != first:
        yield f"the address says {first!r}, lang says {language!r}"
    direction = Locale.parse(language.replace("-", "_")).text_direction
    if document.get("dir") != direction:
        yield f"lang is {language!r}, dir is {document.get('dir')!r} instead of {direction!r}"
    headings = [words(h1) for h1 in document.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"one h1 is needed, there are {headings}"
    title = document.findtext("head/title") or ""
    if not title.strip():
        yield "the title is empty"
    if len(document.findall(".//main")) != 1:
        yield "one main is needed"
    if document.find(".//head/meta[@name='viewport']") is None:
        yield "no viewport: a phone would show it tiny"


def _ids(document: Element) -> Iterator[str]:
    ids = Counter(document.xpath("//@id"))
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list", "headers"):
        for element in document.xpath(f"//*[@{attribute}]"):
            for name in element.get(attribute).split():
                if name not in ids:
                    yield f"{attribute}={name!r} points at nothing"
    for link in document.xpath("//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] not in ids:
            yield f"the link {words(link)!r} leads to {link.get('href')!r}, which is not there"


def _labels(document: Element) -> Iterator[str]:
    for control in document.xpath("//input|//select|//textarea"):
        if control.get("type") in UNTYPED or control.get("aria-hidden") == "true":
            continue
        if not label_of(document, control):
            yield f"{control.tag} {control.get('name')!r} has no label"
    for group in document.iter("fieldset"):
        legend = group.find("legend")
        if legend is None or not words(legend):
            yield "a fieldset has no legend"
    names: dict[str, int] = Counter(
        control.get("name")
        for control in document.xpath("//input[@type='radio']")
        if not control.xpath("ancestor::fieldset")
    )
    yield from (f"the radios {name!r} stand in no fieldset" for name in names)


def label_of(document: Element, control: Element) -> str:
    """Read the label of a control as a screen reader would."""
    if control.get("aria-label"):
        return str(control.get("aria-label"))
    if control.get("aria-labelledby"):
        found = (document.xpath("//*[@id=$id]", id=name) for name in control.get("aria-labelledby").split())
        return " ".join(words(elements[0]) for elements in found if elements)
    labels = document.xpath("//label[@for=$id]", id=control.get("id") or "-") or control.xpath("ancestor::label")
    return words(labels[0]) if labels else ""


def _names(document: Element) -> Iterator[str]:
    for element in document.xpath("//a[@href]|//button|//summary|//th|//legend|//label|//h1|//h2|//h3|//caption"):
        hidden = element.get("aria-hidden") == "true"
        if not hidden and not words(element) and not element.get("aria-label") and not element.get("aria-labelledby"):
            yield f"{html.tostring(element, encoding='unicode', with_tail=False)[:120]} has no words"
    for image in document.xpath("//img[not(@alt)]|//*[local-name()='svg'][not(@aria-hidden) and not(@role)]"):
        yield f"{image.tag} has no words for who can't see it"


def _inline(document: Element) -> Iterator[str]:
    for element in document.xpath(
        "//*[@style]|//style|//script[not(@src) and not(@nonce) and not(@type='application/json')]"
    ):
        yield f"{element.tag} carries its own style or script, which the policy forbids"
    for element in document.iter():
        for name in element.attrib:
            if str(name).startswith("on"):
                yield f"{element.tag} has {name}"
    for element in document.xpath("//script[@src]|//link[@rel='stylesheet']|//img[@src]"):
        address = element.get("src") or element.get("href")
        if re.match(r"(https?:)?//", address):
            yield f"{element.tag} is fetched from elsewhere: {address}"


def _leftovers(document: Element) -> Iterator[str]:
    for _, text in texts(document):
        if LEFTOVER.search(text):
            yield f"something was not filled in: {text.strip()[:120]!r}"


def texts(document: Element) -> Iterator[tuple[Element, str]]:
    """Walk everything that people read or hear: texts, and the attributes that are spoken or shown."""
    body = document.find("body")
    for element in () if body is None else body.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "textarea"):
            continue
        if element.text and element.text.strip():
            yield element, element.text
        for child in element:
            if child.tail and child.tail.strip():
                yield element, child.tail
        for name in ("aria-label", "title", "alt", "placeholder"):
            if (element.get(name) or "").strip():
                yield element, element.get(name)


def words(element: Element) -> str:
    """Read an element's text, on one line."""
    return " ".join("".join(element.itertext()).split())
