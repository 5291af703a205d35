"""Encrypts what people wrote before it is stored: AES-256-GCM, keys from the environment, each text bound to its row.

A sealed text reads ``s1.KEY.BOX``: the format, the name of the key, and nonce, ciphertext and tag in base64. What it is
bound to, the names of its table and column and what identifies its row, is not in it: a text that was moved to another
row does not open. A column that holds sealed texts says so where it is defined: ``info={"sealed": (columns, ...)}``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

from click import ClickException
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

FORMAT = "s1."
NAME = 8
"""Hexadecimal digits of a key's name."""
START = len(FORMAT) + NAME + 1
SHAPE = re.compile(r"s1\.[0-9a-f]{8}\.")
NONCE = 12


class Unreadable(ClickException):
    """A sealed text that does not open; a command that meets it ends with the message and exit code 2."""

    exit_code = 2


class KeyMissing(Unreadable):
    """A text was sealed with a key that the platform was not started with."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(f"{where} is encrypted with key {name}, which ENCRYPTION_KEYS does not hold: add that key.")
        self.name = name


class Altered(Unreadable):
    """A sealed text is not what was stored, or not where it was stored."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} does not open: it was altered, or belongs to another row. Compare it with a backup.")


class Keyring:
    """The keys at hand: the first seals, all of them open."""

    def __init__(self, keys: Sequence[str]) -> None:
        raw = [key_of(key) for key in keys]
        self.names = tuple(name_of(key) for key in raw)
        self._ciphers = {name: AESGCM(key) for name, key in zip(self.names, raw, strict=True)}
        self._newest = self._ciphers[self.names[0]]
        self.start = f"{FORMAT}{self.names[0]}."

    def seal(self, text: str, bound: str) -> str:
        """Encrypt a text and bind it to its row."""
        nonce = os.urandom(NONCE)
        box = self._newest.encrypt(nonce, text.encode("utf-8", "surrogatepass"), bound.encode())
        return self.start + b64encode(nonce + box).decode("ascii")

    def open(self, sealed: str, bound: str) -> str:
        """Decrypt a text. Raises KeyMissing or Altered."""
        name = key_named_in(sealed)
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeyMissing(name, where(bound))
        try:
            box = b64decode(sealed[START:])
            return cipher.decrypt(box[:NONCE], box[NONCE:], bound.encode()).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError):
            raise Altered(where(bound)) from None


def init_app(app: Flask) -> None:
    """Make the keyring once."""
    app.extensions["keyring"] = Keyring(app.config["ENCRYPTION_KEYS"])


def keyring() -> Keyring:
    """Find the keys at hand."""
    found: Keyring = current_app.extensions["keyring"]
    return found


def seal(text: str, *place: Any) -> str:
    """Encrypt a text for one place: ``table.column`` and what identifies the row."""
    return keyring().seal(text, bound_to(*place))


def opened(sealed: str, *place: Any) -> str:
    """Decrypt a text of one place; one from before there was encryption comes back as it is. Raises Unreadable."""
    return keyring().open(sealed, bound_to(*place)) if is_sealed(sealed) else sealed


def seal_document(document: Any, *place: Any) -> str:
    """Encrypt a document of one place."""
    return seal(json.dumps(document, ensure_ascii=False, separators=(",", ":")), *place)


def opened_document(kept: Any, *place: Any) -> Any:
    """Decrypt a document: a sealed one is a text, one from before there was encryption is what it was."""
    return json.loads(opened(kept, *place)) if isinstance(kept, str) else kept


def bound_to(*place: Any) -> str:
    """Name a place, to be bound to a text that lies there."""
    return ":".join(map(str, place))


def where(bound: str) -> str:
    """Say for people where a text lies: its table, column and row; of long hashes a beginning is enough."""
    column, _, row = bound.partition(":")
    return f"{column} of row {row[:8]}"


def is_sealed(text: str) -> bool:
    """Say whether a text is a sealed one: by its shape, which nobody's words have by chance."""
    return SHAPE.match(text) is not None


def key_named_in(sealed: str) -> str:
    """Read the name of the key that a text was sealed with."""
    return sealed[len(FORMAT) : START - 1]


def key_of(text: str) -> bytes:
    """Read a key of 32 bytes from base64, with - and _ for + and /. Raises ValueError."""
    key = urlsafe_b64decode(text.strip().rstrip("=") + "=" * (-len(text.strip().rstrip("=")) % 4))
    if len(key) != 32:
        raise ValueError(f"a key has 32 bytes, this one {len(key)}")
    return key


def name_of(key: bytes) -> str:
    """Name a key by a fingerprint, which tells nothing of it."""
    return hashlib.sha256(b"encryption-key:" + key).hexdigest()[:NAME]


def new_key() -> str:
    """Draw a new key."""
    return secrets.token_urlsafe(32)
