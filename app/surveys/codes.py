"""The codes that residents keep: to resume a draft, and as the receipt of a response."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
LENGTH = 12
WRITTEN = LENGTH + 2
"""Characters of a written code, its hyphens included."""


def new_resume_code() -> str:
    """Draw a code of 60 random bits, written so that it survives being read out: no O, I, L or U."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def receipt_of(submission: uuid.UUID) -> str:
    """Derive the receipt code from a submission's id, so that every repeat of it has the same receipt.

    The platform keeps only hashes of both; a tablet without signal can show the code before it has sent anything.
    """
    number = int.from_bytes(hashlib.sha256(b"receipt:" + submission.bytes).digest()[:8], "big")
    return _grouped("".join(ALPHABET[(number >> 5 * place) & 31] for place in range(LENGTH)))


def read(typed: str) -> str:
    """Bring a typed code into its written form: capitals, look-alikes, spaces and the digits' script do not matter."""
    western = "".join(str(unicodedata.decimal(character, character)) for character in typed[:100])
    plain = unicodedata.normalize("NFKC", western).upper().translate(LOOKALIKES)
    return _grouped("".join(character for character in plain if character in ALPHABET))


def hashed(secret: str | uuid.UUID) -> str:
    """Hash what only the resident holds, for looking it up."""
    return hashlib.sha256(str(secret).encode()).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
