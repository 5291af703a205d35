"""What a tablet can be refused, by name: thing, value and remedy, for its screen and for its program."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A whole request that is not answered; the queue on the device is as safe as before."""

    def __init__(self, status: int, code: str, message: str, remedy: str, thing: str = "", value: Any = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.remedy = status, code, message, remedy
        self.thing, self.value = thing, shown(value)

    @property
    def problem(self) -> dict[str, Any]:
        """Say it as JSON."""
        names = ("code", "message", "remedy", "thing", "value")
        return {"error": {name: getattr(self, name) for name in names}}


class Rejected(Exception):
    """One item that is not stored; ``code`` names why, the message says what to do. ``keep`` its seal or not.

    ``content`` and what follows it are known of an item that opened.
    """

    def __init__(self, code: str, reason: str, keep: bool = True) -> None:
        super().__init__(reason)
        self.code, self.reason, self.keep = code, reason, keep
        self.content: str | None = None
        self.event_id: int | None = None
        self.receipt: str | None = None


def shown(value: Any) -> str:
    """Write a value that came from outside so that it can be read and is short."""
    text = value if isinstance(value, str) else "" if value is None else type(value).__name__
    return "".join(character if character.isprintable() else "?" for character in text[:80])
