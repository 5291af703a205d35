"""What every answer carries, whatever is asked and by whom: headers, nothing inline, nowhere but here."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.routes import accesses
from tests.accounts.house import PASSWORD, address, close, hire, signed_in
from tests.accounts.test_routes import filled

HOST = "survey.example.org"
SETTINGS: dict[str, Any] = {
    "PRODUCTION": True,
    "PRODUCT_URL": f"https://{HOST}",
    "TRUSTED_HOSTS": [HOST],
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-session",
}
EVIL = (
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "javascript:x",
)
DOORS = ("/login", "/confirm-password", "/logout", "/tf-setup", "/en", "/en/your-views", "/staff", "/mf-recovery")
PUBLIC = ("/en/results", "/results", "/api")


@pytest.fixture
def app(make_app: Any, both_surveys: None) -> Iterator[Flask]:
    app = make_app(**SETTINGS)
    hire(app)
    yield app
    close(app)


def test_every_answer_of_every_address_protects_whoever_reads_it(app: Flask) -> None:
    client = app.test_client()
    https = {"base_url": f"https://{HOST}"}
    for signed in (False, True):
        if signed:
            token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login", **https).text)
            assert token
            fields = {"email": address("admin"), "password": PASSWORD, "csrf_token": token[1]}
            answer = client.post("/login", data=fields, **https)
            assert_protected(answer)
            cookie = answer.headers["Set-Cookie"]
            assert cookie.startswith("__Host-session=") and {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
            assert "SameSite=Lax" in cookie and "Domain" not in cookie
        for each in accesses(app):
            if "GET" in each.methods:
                assert_protected(client.get(filled(app, each), **https))
            else:
                assert_protected(client.post(filled(app, each), **https))
    for path in ("/en/nothing-here", "/static/build/nothing.css", "/%00", "/api/v1/x", "/tablet/api/v1/x"):
        assert_protected(client.get(path, **https))
    assert_protected(client.post("/en/your-views", data=b"x" * 300_000, **https))
    assert_protected(client.get("/en", base_url="https://evil.example"))
    built = re.search(r'href="(/static/build/[^"]+\.css)"', client.get("/en", **https).text)
    assert built
    kept = client.get(built[1], **https)
    assert_protected(kept, kept=True)
    kept.close()
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def assert_protected(answer: TestResponse, kept: bool = False) -> None:
    asked = answer.request.path
    headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", asked
    assert set(" ".join(policy.values()).split()) <= {"'none'", "'self'", "data:"}, asked
    assert policy["script-src"] == policy["style-src"] == "'self'", asked
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer", asked
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin", asked
    assert "camera=()" in headers["Permissions-Policy"] and "geolocation=()" in headers["Permissions-Policy"], asked
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains"), asked
    assert kept or headers["Cache-Control"] == "no-store" or asked.startswith(("/en/results", "/results", "/api")), (
        asked
    )
    assert "Access-Control-Allow-Origin" not in headers and "Server" not in headers, asked
    if answer.data:
        kind, _, more = headers["Content-Type"].partition(";")
        assert more.strip() == "charset=utf-8" or not kind.startswith("text/"), f"{asked}: {headers['Content-Type']}"
    if answer.mimetype == "text/html":
        assert not re.search(r"<style|<script(?![^>]* src=)| style=| on[a-z]+=", answer.text), asked
        for found in re.findall(r'<(?:script|link|img|iframe|form)[^>]* (?:src|href|action)="([^"]+)"', answer.text):
            led = urlsplit(found.removeprefix(f"https://{HOST}"))
            assert led.scheme in ("", "data") and not led.netloc, f"{asked}: {found}"
    target = urlsplit(headers.get("Location", "/"))
    assert target.path.startswith("/") and target.netloc in ("", HOST), asked


@pytest.mark.parametrize("to", EVIL)
def test_nothing_leads_to_another_site(make_app: Any, to: str) -> None:
    app = make_app()
    hire(app)
    visitor = signed_in(app, "analyst")
    for path in DOORS:
        for name in ("next", "return", "url", "redirect"):
            for answer in (
                visitor.client.get(path, query_string={name: to}),
                visitor.client.post(path, data={name: to}, headers={"Referer": to}),
            ):
                assert "evil" not in answer.headers.get("Location", ""), f"{path}?{name}={to}"
    close(app)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"b" * 20_000 + b"\r\n\r\n", 431),
        (b"GET /en?" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414),
        (b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\nbad header\r\n\r\n", 400),
        (b"POST /en HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /en HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    ],
)
def test_what_is_too_much_or_no_request_is_refused(server: Any, asked: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=10) as connection:
        connection.sendall(asked)
        assert connection.recv(4096).split(b" ")[1] == str(status).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve a page of nothing, under the project's own gunicorn settings, for requests that never reach a page."""
    import subprocess
    import sys
    import time

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "bench.trivial:app"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
