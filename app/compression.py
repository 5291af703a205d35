"""Sends pages and built assets compressed, also where no proxy does.

Compressing a page with a token in it is safe here: what a page repeats of a request came with a valid token of its
own, and the session cookie does not travel with other sites' forms, so nobody else can probe a page's length.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SCRIPTS = {"text/javascript", "application/javascript", "application/json"}
KINDS = frozenset({"text/html", "text/css", "image/svg+xml", *SCRIPTS})
SMALLEST = 600


def init_app(app: Flask) -> None:
    """Compress responses on their way out."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a whole text response for a browser that can read it so; one still in the making goes out as it is."""
    if response.is_streamed and not response.direct_passthrough:
        return response
    if response.status_code != 200 or response.mimetype not in KINDS or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" not in request.headers.get("Accept-Encoding", "") or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    # An asset's name changes with its content, so it is compressed once, and well.
    packed = _asset(request.path, content) if request.endpoint == "static" else gzip.compress(content, 4, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _asset(path: str, content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
