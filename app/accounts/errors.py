"""What can go wrong with staff accounts, by name; each message has thing, value and remedy."""

from __future__ import annotations


class AccountError(Exception):
    """A rule about staff accounts that was not kept; ``field`` is the form field it belongs to."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnknownRole(AccountError):
    """No role has this name."""


class UnknownPerson(AccountError):
    """Nobody has this account."""


class EmailTaken(AccountError):
    """An account with this address exists."""


class InvalidEmail(AccountError):
    """This is no e-mail address."""


class WeakPassword(AccountError):
    """The password is too short or too common."""


class LastAdmin(AccountError):
    """Nobody could look after the platform any more."""


class InvitationGone(AccountError):
    """The link to choose a password was used, was replaced or is too old."""


class NoReason(AccountError):
    """Nobody said why."""
