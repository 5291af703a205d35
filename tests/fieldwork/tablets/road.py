"""A bad road between a tablet and the server: it drops requests, loses answers, says 500, and can be cut."""

from __future__ import annotations

import random
import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

HOP = {"accept-encoding", "connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Road:
    """A proxy on a port of its own; ``faults`` says what share of the batches meets each fault."""

    def __init__(self, server: str, seed: int = 7, **faults: float) -> None:
        self.server = server.removeprefix("http://")
        self.faults = faults
        self.cut = False
        self.build = ""
        self.met: Counter[str] = Counter()
        self.chance = random.Random(seed)
        road = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                road.carry(self)

            do_POST = do_GET

            @override
            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.proxy.daemon_threads = True
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Give the address at which the tablet finds the server; a name, so that the browser trusts it."""
        return f"http://localhost:{self.proxy.server_port}"

    def close(self) -> None:
        """Take the road away."""
        self.proxy.shutdown()
        self.proxy.server_close()

    def fault(self, path: str) -> str:
        """Draw what happens to a request; only batches meet faults."""
        if self.cut:
            return "cut"
        if not path.endswith("/responses"):
            return ""
        drawn = self.chance.random()
        for name, share in self.faults.items():
            if drawn < share:
                return name
            drawn -= share
        return ""

    def carry(self, handler: BaseHTTPRequestHandler) -> None:
        """Carry a request there and its answer back, or fail on the way."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self.fault(handler.path)
        self.met[fault] += 1
        if fault in ("cut", "drop"):
            handler.close_connection = True
            return
        if fault == "error":
            self.answer(handler, 500, {"Content-Type": "text/plain"}, b"Something broke.")
            return
        try:
            status, headers, content = self.ask(handler, body)
        except (OSError, HTTPException):
            self.answer(handler, 502, {"Content-Type": "text/plain"}, b"The server is away.")
            return
        if fault == "lose":
            handler.close_connection = True
            return
        if self.build and handler.path == "/tablet/worker.js":
            content += f"// {self.build}\n".encode()
        self.answer(handler, status, headers, content)

    def ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Ask the server."""
        connection = HTTPConnection(self.server, timeout=30)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in HOP}
        connection.request(handler.command, handler.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {k: v for k, v in answer.getheaders() if k.lower() not in HOP}, content

    def answer(self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes) -> None:
        """Give an answer to the tablet, unless it has been switched off meanwhile."""
        with suppress(OSError):
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
