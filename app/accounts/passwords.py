"""Passwords of staff: which are refused, and how the others are kept."""

from __future__ import annotations

from flask import current_app
from flask_security import hash_password

from app.accounts.errors import WeakPassword

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LEAST_SCORE, MOST_JUDGED = 3, 72
WORDS_OF_OURS = (
    *("police", "policing", "commissioner", "priorities", "views", "survey", "crime", "yoursay", "your say"),
    *("west yorkshire", "westyorkshire", "yorkshire", "bradford", "calderdale", "kirklees", "leeds", "wakefield"),
)
"""Words that somebody tries first here; docs/security.md lists them."""


def refuse_weak(password: str, email: str) -> None:
    """Raise WeakPassword for one that is short, very long, or that somebody who knows common passwords guesses."""
    if len(password) < SHORTEST_PASSWORD:
        message = f"The password has {len(password)} characters: use at least {SHORTEST_PASSWORD}, as three words have."
    elif len(password) > LONGEST_PASSWORD:
        message = f"The password has {len(password)} characters: use at most {LONGEST_PASSWORD}."
    elif is_guessed(password, email):
        message = "The password is easy to guess: use three words that do not belong together."
    else:
        return
    raise WeakPassword(message, "password")


def is_guessed(password: str, email: str) -> bool:
    """Say whether a password is among the first hundred million that somebody would try who knows who we are."""
    from zxcvbn import zxcvbn

    known = [*WORDS_OF_OURS, email, *email.replace("@", ".").split(".")]
    return bool(zxcvbn(password[:MOST_JUDGED], known)["score"] < LEAST_SCORE)


def hashed(password: str) -> str:
    """Hash a password for keeping."""
    return str(hash_password(normal(password)))


def normal(password: str) -> str:
    """Write accents the one way in which sign-in compares them."""
    return str(current_app.extensions["security"].password_util.normalize(password))
