"""Who carries mails: a folder, until a key for GOV.UK Notify is set."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Protocol

from flask import Flask

GATEWAY = 500


@dataclass(frozen=True)
class Letter:
    """What somebody is told."""

    to: str
    subject: str
    text: str
    stop: str = ""
    """The address at which whoever gets it ends such mails."""


class Refused(Exception):
    """The carrier will never take this mail; the message says why, without the address."""


class Unreachable(Exception):
    """The carrier does not take mails now."""


class Carrier(Protocol):
    """Whoever carries mails; ``number`` names one, however often it is tried."""

    def carry(self, number: uuid.UUID, letter: Letter) -> None:
        """Take a mail. Raises Refused or Unreachable."""

    def has(self, number: uuid.UUID) -> bool:
        """Say whether a mail was taken already, where whoever sent it died before noting it. Raises Unreachable."""


def chosen(app: Flask) -> Carrier:
    """Choose the carrier that the settings name."""
    if app.config["NOTIFY_API_KEY"]:
        return Notify(app.config["NOTIFY_API_KEY"], app.config["NOTIFY_TEMPLATE"], app.config["NOTIFY_URL"])
    return Folder(Path(app.config["INSTANCE"]) / "outbox")


class Folder:
    """Writes each mail as a file that any mail program opens; a number is a name, so there is never a second one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def carry(self, number: uuid.UUID, letter: Letter) -> None:
        """Write the file, whole or not at all."""
        message = EmailMessage(policy=SMTP)
        message["To"], message["Subject"], message["Message-ID"] = letter.to, letter.subject, f"<{number}@outbox>"
        if letter.stop:
            message["List-Unsubscribe"] = f"<{letter.stop}>"
        message.set_content(letter.text)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            unfinished = self.folder / f".{number}"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(bytes(message))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._file(number))
        except OSError as error:
            raise Unreachable(f"{self.folder.name} takes no files: {error.strerror}") from error

    def has(self, number: uuid.UUID) -> bool:
        """Look for the file."""
        return self._file(number).exists()

    def _file(self, number: uuid.UUID) -> Path:
        return self.folder / f"{number}.eml"


class Notify:
    """GOV.UK Notify: one template whose subject is ((subject)) and whose text is ((text))."""

    def __init__(self, key: str, template: str, url: str) -> None:
        from notifications_python_client.notifications import NotificationsAPIClient

        client: Any = NotificationsAPIClient
        self.client = client(key, base_url=url) if url else client(key)
        self.template = template

    def carry(self, number: uuid.UUID, letter: Letter) -> None:
        """Hand the mail over, under its number."""
        options: dict[str, Any] = {"one_click_unsubscribe_url": letter.stop} if letter.stop else {}
        self._asked(
            self.client.send_email_notification,
            email_address=letter.to,
            template_id=self.template,
            personalisation={"subject": letter.subject, "text": letter.text},
            reference=str(number),
            **options,
        )

    def has(self, number: uuid.UUID) -> bool:
        """Ask Notify for a mail of this number."""
        return bool(self._asked(self.client.get_all_notifications, reference=str(number))["notifications"])

    def _asked(self, ask: Any, **words: Any) -> Any:
        from notifications_python_client.errors import APIError, HTTPError
        from requests import RequestException

        try:
            return ask(**words)
        except (HTTPError, APIError) as error:
            told = f"GOV.UK Notify answered {error.status_code}"
            if error.status_code == 429 or error.status_code >= GATEWAY:
                raise Unreachable(told) from error
            raise Refused(f"{told}: {_kinds(error)}") from error
        except RequestException as error:
            raise Unreachable(f"GOV.UK Notify is out of reach: {type(error).__name__}") from error


def _kinds(error: Any) -> str:
    """Name the kinds of errors that Notify told; its messages may repeat an address."""
    told = error.message
    return ", ".join(str(each.get("error")) for each in told) if isinstance(told, list) else "refused"
