"""Sends pages and built assets compressed, also where no proxy does.

Compressing a page with a token in it is safe here: what a page repeats of a request came with a valid token of its
own, and the session cookie does not travel with other sites' forms, so nobody else can probe a page's length.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, request

SCRIPTS = {"text/javascript", "application/javascript", "application/json"}
KINDS = frozenset({"text/html", "text/css", "image/svg+xml", *SCRIPTS})
WITHOUT_A_WHOLE_TEXT = (204, 206, 304)
SMALLEST = 600
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
END = b"\x03\x00"
"""The empty block that ends deflated data."""
STORED = b"\x00"
"""Begins a block that is not compressed: its length, the same inverted, its content."""
QUICK, WELL = 4, 9


def init_app(app: Flask) -> None:
    """Compress responses on their way out."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a whole text response for a browser that can read it so; one still in the making goes out as it is."""
    if response.is_streamed and not response.direct_passthrough:
        return response
    if response.status_code in WITHOUT_A_WHOLE_TEXT or "Content-Encoding" in response.headers:
        return response
    if response.mimetype not in KINDS:
        return response
    response.vary.add("Accept-Encoding")
    if not unpacked_by_browser():
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    # An asset's name changes with its content, so it is compressed once, and well.
    packed = _asset(request.path, content) if request.endpoint == "static" else gzip.compress(content, QUICK, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    return response


def unpacked_by_browser() -> bool:
    """Say whether the answer to the request at hand may be compressed."""
    return "gzip" in request.headers.get("Accept-Encoding", "") and request.method != "HEAD"


@lru_cache(maxsize=64)
def _asset(path: str, content: bytes) -> bytes:
    return gzip.compress(content, WELL, mtime=0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page, plain and compressed by itself, so that it can stand between any others."""

    plain: bytes
    packed: bytes


def piece(text: str, level: int) -> Piece:
    """Compress a part of a page; a short one, as a token is, stays as it is."""
    plain = text.encode()
    if len(plain) < SMALLEST:
        return Piece(
            plain, STORED + len(plain).to_bytes(2, "little") + (len(plain) ^ 0xFFFF).to_bytes(2, "little") + plain
        )
    deflating = zlib.compressobj(level, wbits=-zlib.MAX_WBITS)
    return Piece(plain, deflating.compress(plain) + deflating.flush(zlib.Z_FULL_FLUSH))


def joined(pieces: Iterable[Piece]) -> Response:
    """Make a page of pieces, for a browser that can unpack it without compressing anything again."""
    pieces = tuple(pieces)
    if not unpacked_by_browser():
        return Response(b"".join(each.plain for each in pieces))
    checksum = size = 0
    for each in pieces:
        checksum, size = zlib.crc32(each.plain, checksum), size + len(each.plain)
    trailer = checksum.to_bytes(4, "little") + size.to_bytes(4, "little")
    packed = b"".join((HEADER, *(each.packed for each in pieces), END, trailer))
    return Response(packed, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
