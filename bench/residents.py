"""Residents at work, for timing: each fills in a survey page by page, as a browser without script would."""

from __future__ import annotations

import gzip
import html
import http.client
import json
import re
import resource
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

CONTROL = re.compile(r"<(input|select|textarea)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
OPTION = re.compile(r'<option value="([^"]+)"')
CONTINUE = re.compile(r'href="([^"]+)" role="button"')
RECEIPT = re.compile(r'<strong><bdi dir="ltr">([0-9A-Z-]{14})</bdi></strong>')


@dataclass
class Tally:
    """What one resident saw: the time that each page took (seconds), and the receipts that were shown."""

    pages: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)


class Resident:
    """One connection, one cookie, one response after the other."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path, self.tally = port, path, Tally()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def respond(self) -> None:
        """Fill in the whole survey once, from the first page to the receipt."""
        self.cookie = ""
        address, page = self.open("GET", self.path)
        while not address.endswith("/receipt"):
            onwards = CONTINUE.search(page)
            if address.endswith("/check") and onwards:
                address, page = self.open("GET", html.unescape(onwards[1]))
            else:
                address, page = self.open("POST", address, urlencode(list(filled(page))))
        self.tally.receipts.append(RECEIPT.search(page)[1])  # type: ignore[index]

    def open(self, method: str, address: str, body: str | None = None) -> tuple[str, str]:
        """Open a page, follow where it leads."""
        while True:
            status, location, page = self.ask(method, address, body)
            if status in (302, 303):
                method, body, address = "GET", None, urlsplit(location).path
                continue
            if status != 200:
                raise RuntimeError(f"{method} {address} answered {status}")
            return address, page

    def ask(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        """Send one request, timed by itself; returns status, where it leads, and the page."""
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        self.tally.pages.append(time.perf_counter() - begun)
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        if response.getheader("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return response.status, response.getheader("Location") or "", content.decode()


def filled(page: str) -> Iterator[tuple[str, str]]:
    """Answer every question of a page: the second option of each, a number, a few words, an order from the top."""
    start = page.index('id="page"')
    form = page[start : page.index("</form>", start)]
    seen: dict[str, int] = {}
    for match in CONTROL.finditer(form):
        attributes = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(match[2])}
        name, kind = attributes.get("name", ""), attributes.get("type", match[1])
        if not name or name.endswith(".apart") or name in ("postcode", "website"):
            continue
        seen[name] = seen.get(name, 0) + 1
        if kind == "hidden":
            yield name, attributes.get("value", "")
        elif kind in ("radio", "checkbox"):
            if seen[name] == 2:
                yield name, attributes["value"]
        elif kind == "select":
            group = name.split(".")[0]
            seen[f"{group}#"] = seen.get(f"{group}#", 0) + 1
            yield name, str(seen[f"{group}#"])
        elif not name.endswith("_text"):
            yield name, "3" if attributes.get("inputmode") == "numeric" else "A few words, and ایک بات"


def work(port: int, path: str, residents: int, responses: int) -> dict[str, object]:
    """Let some residents give responses between them; report times, receipts and this process's CPU."""
    waiting = iter(range(responses))
    lock = threading.Lock()
    people = [Resident(port, path) for _ in range(residents)]
    failures: list[str] = []

    def keep_responding(person: Resident) -> None:
        while True:
            with lock:
                if next(waiting, None) is None or failures:
                    return
            try:
                person.respond()
            except Exception as error:
                failures.append(repr(error))

    begun = time.perf_counter()
    threads = [threading.Thread(target=keep_responding, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": seconds,
        "driver_cpu": usage.ru_utime + usage.ru_stime,
        "pages": [second for person in people for second in person.tally.pages],
        "receipts": [receipt for person in people for receipt in person.tally.receipts],
        "failures": failures,
    }


if __name__ == "__main__":
    port, path, residents, responses = sys.argv[1:]
    json.dump(work(int(port), path, int(residents), int(responses)), sys.stdout)
