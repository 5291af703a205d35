"""How often somebody may try: counted by account and by address, kept only as hashes that change daily."""

from __future__ import annotations

import hashlib
import hmac
import math
import time

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app import clock

BY_ACCOUNT = "10 per 15 minutes"
BY_ADDRESS = "50 per 15 minutes"
WITHDRAWALS = "20 per 15 minutes"
"""Withdrawals of what has not arrived, from one address: a whole hall may share one, and nobody needs more."""


def init_app(app: Flask) -> None:
    """Count in memory, or in RATELIMIT_STORAGE_URI where several processes serve the platform."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    storage = storage_from_string(app.config["RATELIMIT_STORAGE_URI"])
    app.extensions["sign_in_limiter"] = MovingWindowRateLimiter(storage)


def seconds_to_wait(email: str) -> int:
    """Say how long the person at hand must wait before the next attempt; 0 where it may be made now."""
    limiter = _limiter()
    waits = [
        limiter.get_window_stats(limit, key).reset_time - time.time()
        for limit, key in _counted(email)
        if not limiter.test(limit, key)
    ]
    return max([0, *(max(1, math.ceil(wait)) for wait in waits)])


def count_failure(email: str) -> None:
    """Count a failed attempt against its account and its address."""
    limiter = _limiter()
    for limit, key in _counted(email):
        limiter.hit(limit, key)


def forgive(email: str) -> None:
    """Forget the failures of an account whose owner has signed in; those of the address stay."""
    account, _ = _counted(email)
    _limiter().clear(*account)


def withdraws_too_often() -> bool:
    """Count a withdrawal of what has not arrived against the address at hand; says whether it is one too many."""
    return not _limiter().hit(parse(WITHDRAWALS), _keyed("withdrawal", request.remote_addr or ""))


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions["sign_in_limiter"]
    return limiter


def _counted(email: str) -> list[tuple[RateLimitItem, str]]:
    return [
        (parse(BY_ACCOUNT), _keyed("account", email.strip().lower())),
        (parse(BY_ADDRESS), _keyed("address", request.remote_addr or "")),
    ]


def _keyed(kind: str, value: str) -> str:
    """Hash what is counted, with a key that is another one every day: nobody can turn it back, or follow it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    today = hmac.digest(secret, f"sign-in limit {clock.now():%Y-%m-%d}".encode(), "sha256")
    return hmac.new(today, f"{kind}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
