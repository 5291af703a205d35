"""Residents at work, for timing: each fills in a survey page by page, as a browser without script would."""

from __future__ import annotations

import gzip
import html
import http.client
import json
import random
import re
import resource
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
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
                address, page = self.open("POST", address, self.form(address, page))
        self.tally.receipts.append(RECEIPT.search(page)[1])  # type: ignore[index]

    def form(self, address: str, page: str) -> str:
        """Fill in the form of a page as a browser sends it."""
        return urlencode(list(filled(page)))

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


class Timed(Resident):
    """A resident who costs little: the server is to be timed, on the same two cores.

    What to answer on a page is worked out when its form is first seen; tokens and codes are read from every page anew.
    """

    def __init__(self, port: int, path: str, known: dict[str, str]) -> None:
        super().__init__(port, path)
        self.known, self.network = known, ""

    @cached_property
    def line(self) -> socket.socket:
        """Connect when first something is asked, as browsers do: so that whichever worker is free takes it."""
        connected = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def respond(self) -> None:
        """Give one response, from a network of its own."""
        self.network = ".".join(str(part) for part in random.randbytes(4))
        super().respond()

    def form(self, address: str, page: str) -> str:
        """Fill in the form of a page, as every resident answers it, with what is this page's own."""
        start = page.index('id="page"')
        found = HIDDEN.findall(page, start, page.index("</form>", start))
        hidden = {name: html.unescape(value) for name, value in found}
        if address not in self.known:
            self.known[address] = urlencode([(name, value) for name, value in filled(page) if name not in hidden])
        return f"{urlencode(hidden)}&{self.known[address]}"

    def ask(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        """Send one request, timed by itself; returns status, where it leads, and the page."""
        lines = [f"{method} {address} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: gzip"]
        if self.network:
            lines.append(f"X-Forwarded-For: {self.network}")
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if body is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        begun = time.perf_counter()
        self.line.sendall("\r\n".join((*lines, "", body or "")).encode())
        first, headers, content = self.answered()
        self.tally.pages.append(time.perf_counter() - begun)
        if cookie := headers.get("set-cookie"):
            self.cookie = cookie.split(";")[0]
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return int(first.split(" ")[1]), headers.get("location", ""), content.decode()

    def answered(self) -> tuple[str, dict[str, str], bytes]:
        """Receive one whole answer: its first line, headers and content."""
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.received()
        head, _, content = answer.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        while len(content) < int(headers["content-length"]):
            content += self.received()
        return first, headers, content

    def received(self) -> bytes:
        """Receive what is there, at least something."""
        more = self.line.recv(65536)
        if not more:
            raise RuntimeError("the server closed the connection")
        return more


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
    known: dict[str, str] = {}
    people = [Timed(port, path, known) for _ in range(residents)]
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
