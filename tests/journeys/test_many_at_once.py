"""Twelve copies of one submission at the same moment, a lost reply and a killed server: one response, one receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys.models import Draft, Response
from tests.support import residents
from tests.support.pages import Page
from tests.support.person import Person
from tests.support.servers import Server

COPIES = 12
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("both_surveys")]


def sending(person: Person, slug: str) -> dict[str, str]:
    """Answer everything, and hold the form that sends."""
    residents.begin(person, slug)
    residents.answer(person)
    person.visit(person.page.document.xpath("//main//a[@role='button']/@href")[0])
    if not person.path.endswith("/send"):
        residents.answer(person, {"equality": "no"}, until="send")
    return {name: values[0] for name, values in person.page.fields(person.page.form()).items()}


def cookies_of(person: Person, address: str) -> str:
    """Take the person's cookies along to another client."""
    cookie = person.browser.get_cookie("session")
    assert cookie, address
    return f"session={cookie.value}"


def send(address: str, cookie: str, fields: dict[str, str]) -> str:
    """Send the form from a client of its own; return the receipt it is shown."""
    opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
    data = urlencode(fields).encode()
    with opener.open(Request(address, data, {"Cookie": cookie}), timeout=60) as reply:
        content: bytes = reply.read()
        page = Page(reply.url.removeprefix(address), reply.status, reply.headers, content)
    found = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", page.text)
    assert found, page.text[:300]
    return str(found[0])


def counted(app: Flask) -> tuple[int, int]:
    with app.app_context():
        numbers: Any = (db.session.scalar(select(func.count()).select_from(model)) for model in (Response, Draft))
        responses, drafts = numbers
        return responses, drafts


def test_twelve_copies_at_the_same_moment_are_one_response(
    app: Flask, person: Person, serve: Callable[..., Server]
) -> None:
    fields = sending(person, "your-views")
    server = serve(workers=2, threads=6)
    address = f"{server.address}/en/your-views/send"
    cookie = cookies_of(person, address)
    with ThreadPoolExecutor(COPIES) as crowd:
        receipts = list(crowd.map(lambda _: send(address, cookie, fields), range(COPIES)))
    assert len(set(receipts)) == 1, receipts
    assert counted(app) == (1, 0)


def test_pages_saved_at_the_same_moment_are_all_kept(app: Flask, person: Person, serve: Callable[..., Server]) -> None:
    residents.begin(person, "your-views")
    met = residents.answer(person)
    pages = dict(last_choice(person, key) for key in met[1:9])
    server = serve(workers=2, threads=6)
    cookie = cookies_of(person, server.address)

    def save(key: str) -> None:
        data = urlencode({"csrf_token": person.token, key: pages[key]}).encode()
        address = f"{server.address}/en/your-views/q/{key}?return=check"
        with build_opener().open(Request(address, data, {"Cookie": cookie}), timeout=60) as reply:
            assert reply.status == 200

    with ThreadPoolExecutor(len(pages)) as crowd:
        list(crowd.map(save, pages))
    with app.app_context():
        answers = db.session.scalars(select(Draft)).one().said
    assert {key: answers[key] for key in pages} == pages


def test_a_change_begun_many_times_at_once_is_one_draft(
    app: Flask, person: Person, serve: Callable[..., Server]
) -> None:
    sending(person, "your-views")
    person.submit()
    person.visit("/en/your-answers/see")
    data = urlencode({"csrf_token": person.token}).encode()
    server = serve(workers=2, threads=6)
    headers = {"Cookie": cookies_of(person, server.address), "Content-Type": "application/x-www-form-urlencoded"}

    def begin(_: int) -> int:
        with closing(HTTPConnection(server.address.removeprefix("http://"), timeout=60)) as asked:
            asked.request("POST", "/en/your-answers/change", data, headers)
            return asked.getresponse().status

    with ThreadPoolExecutor(COPIES) as crowd:
        assert set(crowd.map(begin, range(COPIES))) == {303}
    assert counted(app) == (1, 1)


def last_choice(person: Person, key: str) -> tuple[str, str]:
    """Open a page again and find the last answer that it offers."""
    page = person.visit(f"/en/your-views/q/{key}")
    return key, page.document.xpath("//form[@id='page']//input[@type='radio']/@value")[-1]


def test_a_retry_after_the_server_was_killed_gets_the_same_receipt(
    app: Flask, person: Person, serve: Callable[..., Server]
) -> None:
    fields = sending(person, "your-priorities-your-plan")
    server = serve()
    address = f"{server.address}/en/your-priorities-your-plan/send"
    cookie = cookies_of(person, address)
    first = send(address, cookie, fields)
    server.restart(hard=True)
    assert send(address, cookie, fields) == first
    assert counted(app) == (1, 0)
