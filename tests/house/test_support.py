"""The tests' own tools notice what they are there to notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from werkzeug.datastructures import Headers

from tests.support import pseudo
from tests.support.pages import Page

HEADERS = Headers(
    {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
)
SOUND = """<!doctype html><html lang="ur" dir="rtl"><head><title>T</title><meta name="viewport" content="x"></head>
<body><main><h1>H</h1><form method="post"><label for="a">A</label><input id="a" name="a"></form></main></body></html>"""

FAULTS = {
    "no language": ('lang="ur" ', "", "html has no lang"),
    "another language": ('lang="ur" dir="rtl"', 'lang="en" dir="ltr"', "the address says 'ur', lang says 'en'"),
    "the wrong direction": ('dir="rtl"', 'dir="ltr"', "dir is 'ltr' instead of 'rtl'"),
    "two headings": ("<h1>H</h1>", "<h1>H</h1><h1>I</h1>", "one h1 is needed"),
    "no heading": ("<h1>H</h1>", "", "one h1 is needed"),
    "an empty title": ("<title>T</title>", "<title> </title>", "the title is empty"),
    "an id twice": ("<h1>", '<h1 id="a">', "id 'a' stands 2 times"),
    "no label": ('<label for="a">A</label>', "", "input 'a' has no label"),
    "an empty label": (">A</label>", "></label>", "has no label"),
    "a label for nothing": ('for="a"', 'for="b"', "for='b' points at nothing"),
    "a link to nothing": ("<h1>", '<a href="#there">there</a><h1>', "leads to '#there', which is not there"),
    "a link without words": ("<h1>", '<a href="/"></a><h1>', "has no words"),
    "a group without a legend": ("<h1>", "<fieldset></fieldset><h1>", "a fieldset has no legend"),
    "a style of its own": ("<h1>", '<h1 style="color: red">', "carries its own style"),
    "a script of its own": ("<h1>", "<script>alert(1)</script><h1>", "carries its own style or script"),
    "an event handler": ("<h1>", '<h1 onclick="x()">', "has onclick"),
    "something fetched from elsewhere": (
        "<h1>",
        '<img alt="" src="https://example.org/x.png"><h1>',
        "fetched from elsewhere",
    ),
    "something not filled in": ("<h1>H", "<h1>H %(name)s", "was not filled in"),
}


def page(source: str) -> Page:
    return Page("/ur/somewhere", 200, HEADERS, source.encode())


def test_a_sound_page_has_no_fault() -> None:
    page(SOUND).check()


@pytest.mark.parametrize(("right", "wrong", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_page_is_named(right: str, wrong: str, fault: str) -> None:
    assert right in SOUND
    with pytest.raises(AssertionError) as failure:
        page(SOUND.replace(right, wrong, 1)).check()
    assert fault in str(failure.value)


@pytest.mark.parametrize(
    "header", ["Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"]
)
def test_a_missing_header_is_named(header: str) -> None:
    headers = Headers(HEADERS)
    del headers[header]
    with pytest.raises(AssertionError, match=header):
        Page("/ur/somewhere", 200, headers, SOUND.encode()).check()


def test_the_pseudo_language_keeps_what_is_filled_in_later() -> None:
    assert pseudo.pseudo("Step %(step)s of {count}") == "⟦Stép %(step)s öf {count}⟧"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>⟦Hélló⟧</p>", 0),
        ("<p>Hello</p>", 1),
        ("<p>⟦Hélló⟧ you</p>", 1),
        ('<p>⟦Hélló <bdi dir="ltr">BD1 1HY</bdi> thére⟧</p>', 0),
        ('<p lang="en">Hello</p>', 0),
        ('<p aria-label="Close">×</p>', 1),
        ("<p>12 / 13</p>", 0),
    ],
)
def test_what_did_not_come_from_the_catalogue_is_named(body: str, found: int) -> None:
    document = html.document_fromstring(f'<html lang="he"><body>{body}</body></html>')
    assert len(list(pseudo.untranslated(document))) == found


def test_both_databases_are_really_two(database_urls: set[str]) -> None:
    assert database_urls == {"sqlite", "postgresql+psycopg"}


@pytest.fixture
def database_urls(sqlite_url: str, postgresql_url: str) -> set[str]:
    return {url.split(":")[0] for url in (sqlite_url, postgresql_url)}


def test_the_fixture_questionnaires_are_faultless() -> None:
    from app.surveys.source import load
    from tests.support.questionnaires import SURVEYS

    files = sorted(Path(SURVEYS).glob("*.yaml"))
    assert len(files) >= 5
    for file in files:
        load(file)
