"""Seals and opens what a tablet holds: ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

INFO = b"tablet-seal-v1"
PARTS = ("ephemeral", "iv", "box")
IV = 12
RAW = (Encoding.X962, PublicFormat.UncompressedPoint)


class Broken(Exception):
    """A seal that does not open; the message says which part of it is wrong."""


def new_private() -> ec.EllipticCurvePrivateKey:
    """Make a private key."""
    return ec.generate_private_key(ec.SECP256R1())


def spki(private: ec.EllipticCurvePrivateKey) -> str:
    """Write the public half as a browser imports it."""
    return encoded(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def name_of(public: str) -> str:
    """Name a key by its fingerprint."""
    return hashlib.sha256(decoded(public)).hexdigest()[:16]


def bound_to(item: Mapping[str, Any]) -> bytes:
    """Tell what stands outside of a seal and is bound to it: nobody can pair the box with another id, wave or time."""
    return "|".join(item[name] for name in ("id", "wave", "digest", "given_at")).encode()


def seal(public: str, plain: bytes, outside: bytes) -> dict[str, str]:
    """Seal some bytes to a public key, as a tablet does."""
    ephemeral, iv = new_private(), os.urandom(IV)
    raw = ephemeral.public_key().public_bytes(*RAW)
    receiver = load_der_public_key(decoded(public))
    assert isinstance(receiver, ec.EllipticCurvePublicKey)
    box = _cipher(ephemeral, receiver, raw).encrypt(iv, plain, outside)
    return {"key": name_of(public), "ephemeral": encoded(raw), "iv": encoded(iv), "box": encoded(box)}


def opened(private: ec.EllipticCurvePrivateKey, sealed: Mapping[str, Any], outside: bytes) -> bytes:
    """Open a seal. Raises Broken."""
    raw, iv, box = (_part(sealed, name) for name in PARTS)
    if len(iv) != IV:
        raise Broken(f"its iv has {len(iv)} bytes instead of {IV}")
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise Broken("its ephemeral key is no point of P-256") from None
    try:
        return _cipher(private, sender, raw).decrypt(iv, box, outside)
    except InvalidTag:
        raise Broken("it was made for another key, or its content, id, wave, digest or time was altered") from None


def encoded(content: bytes) -> str:
    """Write bytes as base64url, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Read base64url, with or without padding. Raises ValueError."""
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)


def _part(sealed: Mapping[str, Any], name: str) -> bytes:
    try:
        return decoded(sealed[name])
    except (KeyError, AttributeError, TypeError, ValueError, binascii.Error):
        raise Broken(f"its {name} is missing or not base64url") from None


def _cipher(private: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey, raw: bytes) -> AESGCM:
    secret = private.exchange(ec.ECDH(), public)
    return AESGCM(HKDF(SHA256(), 32, salt=raw, info=INFO).derive(secret))
