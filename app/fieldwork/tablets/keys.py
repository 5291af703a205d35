"""Use cases of the server's keys: the one that tablets seal to now, a new one in its place, opening by any of them."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from flask import current_app
from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.database import db
from app.fieldwork.tablets import sealing
from app.fieldwork.tablets.errors import Refused
from app.fieldwork.tablets.models import SealKey

AT_REST = b"seal-key-at-rest-v1"
DER = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def current() -> SealKey | None:
    """Find the key that tablets seal to now."""
    newest = select(SealKey).where(SealKey.retired_at.is_(None)).order_by(SealKey.made_at.desc(), SealKey.id)
    return db.session.scalar(newest.limit(1))


def at_hand() -> SealKey:
    """Find the key that tablets seal to now; the first device that is set up brings it into being."""
    return current() or _made()


def rotate() -> SealKey:
    """Make a new key to seal to; those before it still open what was sealed to them."""
    now = clock.now()
    for key in db.session.scalars(select(SealKey).where(SealKey.retired_at.is_(None))):
        key.retired_at = now
    made = _made()
    audit.record("tablets.rotate_key", made.id)
    db.session.commit()
    return made


def private(name: str) -> ec.EllipticCurvePrivateKey | None:
    """Take a private key out of its encryption; None where there is no key of this name. Raises Refused."""
    kept = db.session.get(SealKey, name)
    return _decrypted(_secret(), kept.private) if kept else None


def _made() -> SealKey:
    fresh = sealing.new_private()
    public = sealing.spki(fresh)
    encrypted = _box(_secret()).encrypt(fresh.private_bytes(*DER)).decode()
    key = SealKey(id=sealing.name_of(public), spki=public, private=encrypted, made_at=clock.now())
    db.session.add(key)
    db.session.flush()
    return key


@lru_cache(maxsize=32)
def _decrypted(secret: str, encrypted: str) -> ec.EllipticCurvePrivateKey:
    try:
        found = load_der_private_key(_box(secret).decrypt(encrypted.encode()), None)
    except InvalidToken:
        raise Refused(
            503,
            "keys_locked",
            "The server cannot open its own keys: SEAL_SECRET (or SECRET_KEY) is not the one that they were made with.",
            "Keep the queue. Whoever runs the service has to restore the setting.",
            "SEAL_SECRET",
        ) from None
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def _secret() -> str:
    return str(current_app.config["SEAL_SECRET"] or current_app.config["SECRET_KEY"])


@lru_cache(maxsize=8)
def _box(secret: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=AT_REST).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
