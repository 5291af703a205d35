"""The second factor of staff: a code from an app on their phone, each used once; recovery codes for a lost phone."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Flask, session
from flask_security import (
    MfRecoveryForm,
    SQLAlchemyUserDatastore,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
)
from flask_security.totp import Totp
from wtforms import RadioField, StringField

from app.accounts import limits, services
from app.accounts.models import User

WRONG = "The code is wrong or was used already: wait for the next one and enter its six digits"
NO_RECOVERY = "This recovery code is wrong or was used already: check it, or try another"
RECOVERY_CODES = 8
CLOCK_SKEW = 30
"""Seconds that a phone's clock may be off in either direction."""


class SingleUseTotp(Totp):
    """Codes that count once: one that was seen over a shoulder opens nothing."""

    def get_last_counter(self, user: Any) -> int | None:
        """Tell the interval of the last code that was accepted."""
        counter: int | None = user.last_code
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Note the interval of the code that has just been accepted."""
        user.last_code = tmatch.counter


class People(SQLAlchemyUserDatastore):
    """The staff, as Flask-Security keeps them."""

    def mf_delete_recovery_code(self, user: Any, idx: int) -> bool:
        """Use a recovery code up: with a new list, since a change inside of the old one would not be stored."""
        user.mf_recovery_codes = [code for place, code in enumerate(user.mf_recovery_codes) if place != idx]
        return True


class SetUpForm(TwoFactorSetupForm):
    """The one way there is: an app on a phone, or none where none is required."""

    setup = StringField()
    phone = StringField()


class RescueForm(TwoFactorRescueForm):
    """Never shown: a lost phone needs a recovery code or a colleague, not an e-mail."""

    help_setup = RadioField(choices=[])


class CodeForm(TwoFactorVerifyCodeForm):
    """The code from the app; wrong ones are counted and noted as wrong passwords are."""

    user: User

    def validate(self, **kwargs: Any) -> bool:
        """Check the code; what was typed with spaces counts without them."""
        self.code.data = "".join((self.code.data or "").split())
        if super().validate(**kwargs):
            limits.forgive(self.user.email)
            return True
        self.code.errors = [WRONG]
        if self.code.data:
            failed(self.user)
        return False


class RecoveryForm(MfRecoveryForm):
    """One of the recovery codes, which then is used up."""

    user: User

    def validate(self, **kwargs: Any) -> bool:
        """Check the code; capitals and spaces around it do not matter."""
        self.code.data = (self.code.data or "").strip().lower()
        if super().validate(**kwargs):
            limits.forgive(self.user.email)
            services.recovered(self.user)
            return True
        self.code.errors = [NO_RECOVERY]
        if self.code.data:
            failed(self.user)
        return False


def failed(person: User) -> None:
    """Count and note a code that was wrong."""
    limits.count_failure(person.email)
    services.code_failed(person)


def settings(app: Flask) -> dict[str, Any]:
    """Say how the second factor works here: required in production, offered on a desk."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": app.config["SECOND_FACTOR"] == "required",
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCK_SKEW,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "accounts.account",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "security/second_factor.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "security/code.html",
        "SECURITY_TOTP_SECRETS": {"1": key_of(app, "totp")},
        "SECURITY_TOTP_ISSUER": "Your say on policing",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [key_of(app, "recovery codes").encode()],
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "security/recovery.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "security/recovery_codes.html",
    }


def key_of(app: Flask, purpose: str) -> str:
    """Derive a key from the platform's secret, another one for each purpose."""
    digest = hashlib.sha256(f"{purpose}:{app.config['SECRET_KEY']}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def at_the_door() -> str:
    """Tell the address of whoever has given a password and is now asked for a code; "" where nobody has."""
    person = services.with_key(str(session.get("tf_user_id", "")))
    return person.email if person else ""
