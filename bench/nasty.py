"""Hostile inputs: strings that break readers, bodies that are no forms, headers that lie. One seed, one sequence."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import quote_from_bytes

STRINGS: tuple[bytes, ...] = tuple(
    text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for text in (
        *("", " ", "\x00", "a\x00b", "\x1b[2J", "\x7f", "\r\nSet-Cookie: a=b", "\r\n\r\n<script>", "%0d%0aX: y", "%00"),
        *("\ud800", "\udfff\ud800", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x28\xa1"),
        *(
            "\u202e\u2066rtl",
            "\u2028\u2029",
            "\ufeff",
            "\u200b" * 500,
            "e\u0301" * 300,
            "Z\u0351\u036b" * 200,
            "ﷺ" * 300,
        ),
        *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "<!--", "]]>", "&#x0;"),
        *("'; DROP TABLE response; --", "' OR 1=1 --", "1) UNION SELECT 1 --", "\\", "'", '"', "`id`", "$(id)", "|id"),
        *('=HYPERLINK("http://example.org")', "@SUM(1)", "+1", "-1", "\t=1", "=cmd|' /C calc'!A0"),
        *("{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}", "%(name)s", "%s%n", "{0.__class__}", "{item}"),
        *("../../etc/passwd", "..\\..\\x", "/dev/zero", "file:///etc/passwd", "//evil.example", "CON", "a/b", "."),
        *(
            "0",
            "-0",
            "9" * 400,
            "1e309",
            "-1e309",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "٣",
            "²",
            "½",
            "2147483648",
            "1e-400",
        ),
        *("9223372036854775808", "-9223372036854775809", "1.5", "1,5", "+5", "٠" * 30, "0" * 5000),
        *("none", "null", "true", "undefined", "[]", "{}", '{"a": 1}', "[" * 3000, '{"a":' * 2000, '"' * 5000),
        *(
            "BD1 1HY",
            "ZZ99 9ZZ",
            "en",
            "ur",
            "x" * 41,
            "x" * 300,
            "x" * 70_000,
            "👩‍👩‍👧‍👦" * 80,
            "ا" * 3000,
            "\n" * 3000,
        ),
        *("2026-02-30", "0000-00-00", "9999-12-31T23:59:60", "2026-11-10T10:00:00+99:99", "١٠/١١/٢٠٢٦", "24:61"),
        *("YV-2026-11", "YV-0000-00", "your-views", "leeds", "prefer_not_to_say", "dont_know", "resident", "under_16"),
        *("a@b", "a@b.c\n", '"a b"@example.org', "a@" + "b" * 300, "admin@example.org", "ÿ@example.org"),
    )
)
KINDS = (
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "text/xml", "x", ""),
    *(
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/problem+json",
        "multipart/form-data; boundary=",
    ),
)
HEADERS = (
    *("Accept-Language", "Authorization", "Cookie", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Host"),
    *("Referer", "Origin", "If-None-Match", "If-Modified-Since", "Range", "Content-Encoding", "X-CSRFToken", "Expect"),
    *("X-HTTP-Method-Override", "Accept-Encoding", "Accept", "User-Agent", "Transfer-Encoding", "Content-Length"),
)
HEADER_VALUES = (
    *(
        "",
        "x",
        "*",
        "," * 500,
        "q=" * 500,
        "ur;q=1e309",
        "en;q=-1",
        "x" * 4000,
        "Bearer ",
        "Bearer " + "x" * 500,
        "Basic eA==",
    ),
    *(
        "session=x",
        "session=.eJw.x.y",
        "session=" + "A" * 3000,
        "a=b; " * 300,
        "127.0.0.1",
        "::1",
        "'",
        "1.2.3.4, 5.6.7.8",
    ),
    *(
        "bytes=0-",
        "bytes=-1,5-2",
        '"x"',
        'W/"',
        "gzip, br;q=9",
        "identity;q=0",
        "Thu, 32 Foo 99999",
        "-1",
        "1e9",
        "\xff\xfe",
    ),
    *("evil.example", "localhost:99999", "chunked", "DELETE", "https", "\x0b", "null"),
)
Pairs = list[tuple[bytes, bytes]]


def string(rng: random.Random) -> bytes:
    """Choose a string, now and then two that were never meant to meet, or bytes of no meaning."""
    chance = rng.random()
    if chance < 0.1:
        return rng.randbytes(rng.randint(1, 60))
    return rng.choice(STRINGS) + (rng.choice(STRINGS) if chance < 0.2 else b"")


def escaped(content: bytes) -> str:
    """Write bytes for an address."""
    return quote_from_bytes(content, safe="")


def form(pairs: Pairs) -> bytes:
    """Write a form as browsers do."""
    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs).encode()


def spoiled(pairs: Pairs, rng: random.Random) -> Pairs:
    """Spoil a form that was filled in well: values, names, order, repeats, what is missing and what was not asked."""
    found = list(pairs)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        deed, place = rng.randrange(7), rng.randrange(len(found)) if found else 0
        name = found[place][0] if found else b"x"
        if deed < 3 and found:
            found[place] = (name, string(rng))
        elif deed == 3:
            found += [(name, string(rng)) for _ in range(rng.choice((1, 2, 40)))]
        elif deed == 4 and found:
            del found[place]
        elif deed == 5:
            found.append((rng.choice((name + b"[]", name + b"[0]", name + b".x", string(rng)[:60])), string(rng)))
        else:
            rng.shuffle(found)
    return found


def value(rng: random.Random, depth: int = 0) -> Any:
    """Make a value of JSON of any shape."""
    plain = (None, True, False, 0, -1, 2**63, -(2**70), 1e308, 0.1, "", "x", [], {})
    if depth > 3 or rng.random() < 0.5:
        return rng.choice(plain) if rng.random() < 0.5 else string(rng)[:5000].decode("utf-8", "replace")
    if rng.random() < 0.5:
        return [value(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    names = (
        *("items", "id", "name", "event", "device", "sealed", "key", "version", "answers"),
        "",
        "__proto__",
        "x" * 300,
    )
    return {rng.choice(names): value(rng, depth + 1) for _ in range(rng.randint(0, 5))}


def document(rng: random.Random) -> bytes:
    """Write JSON, or nearly."""
    whole = json.dumps(value(rng)).encode()
    return rng.choice(
        (
            *(whole, whole, whole, whole[: len(whole) // 2], b"[" * 50_000, b'{"a":' * 20_000, b'{"a":1,"a":2}'),
            *(b'"\\ud800"', b"\xff\xfe{}", b"NaN", b"1" * 5000, b"", b"\x00", b'{"items":' + whole + b"}"),
        )
    )


def parts(pairs: Pairs, rng: random.Random) -> bytes:
    """Write a form in parts with files in it, some of them broken."""
    names = (b"a.csv", b"a.xlsx", b"../../a", b"\x00", b'"; filename="b', b"x" * 300, "ا.po".encode(), b"")
    contents = (
        b"",
        b"PK\x03\x04" + rng.randbytes(200),
        b"id,x\n1,=1\n",
        b'msgid ""\n',
        b'{"a":' * 5000,
        rng.randbytes(999),
    )
    written = b""
    for name, content in [*pairs, *[(b"file", rng.choice(contents))] * rng.choice((0, 1, 1, 3, 1200))]:
        extra = b'; filename="%s"' % rng.choice(names) if name == b"file" else b""
        written += b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name, extra, content)
    return written + rng.choice((b"--x--\r\n", b"--x--\r\n", b"", b"--y--"))


def body(pairs: Pairs, rng: random.Random) -> tuple[bytes, str]:
    """Write a body and say of which kind it is, truly or not."""
    chance = rng.random()
    if chance < 0.62:
        return form(spoiled(pairs, rng)), "application/x-www-form-urlencoded"
    if chance < 0.74:
        return document(rng), "application/json"
    if chance < 0.86:
        return parts(spoiled(pairs, rng), rng), "multipart/form-data; boundary=x"
    if chance < 0.96:
        return rng.choice((form(pairs), document(rng), parts(pairs, rng))), rng.choice(KINDS)
    return rng.choice((b"&" * 3000, b"a=" + b"x" * 300_000, b"%" * 5000, b"=" * 999, form(pairs * 200))), KINDS[-2]


def headers(rng: random.Random) -> list[tuple[str, str]]:
    """Make some headers that lie, in one request of five."""
    if rng.random() > 0.2:
        return []
    return [(rng.choice(HEADERS), rng.choice(HEADER_VALUES)) for _ in range(rng.choice((1, 1, 2, 6)))]
