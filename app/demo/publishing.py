"""Publishes the newest simulated waves as the office would: one account drafts a release, another approves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from app.accounts import services as accounts
from app.accounts.models import User
from app.demo import services
from app.demo.waves import CONSULTATION, TRACKER
from app.results.release import queries
from app.results.release import services as releases
from app.results.release.errors import CannotRelease
from app.surveys.models import Wave

MONTHS = 2
"""How many months of the tracker are published: two, so that a change can be shown."""


def publish() -> None:
    """Release the last consultation and the last months, oldest first, where they are not released yet."""
    analyst, approver = _account("analyst"), _account("approver")
    for wave in _waiting():
        with suppress(CannotRelease):
            releases.approve(releases.draft(wave, "", analyst), approver)


def _waiting() -> Iterator[Wave]:
    waves = [*services.simulated_waves(CONSULTATION)[-1:], *services.simulated_waves(TRACKER)[-MONTHS:]]
    return (wave for wave in waves if queries.newest_of(wave.id) is None)


def _account(role: str) -> User:
    found = accounts.find(f"{role}@example.org")
    assert found is not None, "the demonstration has an account for each role"
    return found
