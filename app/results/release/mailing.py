"""Mails to those who asked for news: what people said and what was done, each in its reader's language, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import current_app, url_for

from app import i18n
from app.accounts import audit
from app.database import db
from app.i18n import gettext as _
from app.mail import outbox
from app.mail.carriers import Letter
from app.results.release import feedback
from app.results.release.errors import CannotRelease
from app.surveys import contacts

PURPOSE = "you-said-we-did"


def queue_news() -> tuple[int, int]:
    """Queue a mail for everybody who wants news; says how many are new, and how many have had this news already.

    Raises CannotRelease where nothing is published.
    """
    if not feedback.anything():
        raise CannotRelease("Nothing is published under You said, we did: publish a theme first.")
    edition, new, before = _edition(), 0, 0
    for reader in contacts.everybody():
        code = reader.language if reader.language in i18n.languages() else i18n.SOURCE
        if outbox.queue(PURPOSE, edition, _letter(reader, code)):
            new += 1
        else:
            before += 1
    audit.record("news.queue", PURPOSE, f"{new} mails")
    db.session.commit()
    return new, before


def _edition() -> str:
    """Name what is published: news that say something else are other news."""
    said = [(str(title), [(each.theme, each.said, each.did) for each in found]) for title, found in _told(i18n.SOURCE)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _letter(reader: contacts.Addressee, code: str) -> Letter:
    # A context of its own for each letter: the language of the one before is remembered in the one they would share.
    with current_app.app_context(), current_app.test_request_context(f"/{code}/"):
        stop = _address("resident.stop_news", language=code, number=reader.id)
        page = _address("public_results.you_said", language=code)
        footer = _("You asked for news of results. If you want no more messages, open this address:")
        text = "\n\n".join([*_paragraphs(code), page, f"{footer}\n{stop}"])
        return Letter(reader.email, str(_("You said, we did")), text + "\n", stop)


def _paragraphs(code: str) -> Iterator[str]:
    for title, found in _told(code):
        yield str(title)
        for each in found:
            yield f"{each.theme}\n{_('You said:')} {each.said}\n{_('We did:')} {each.did}"


def _told(code: str) -> list[tuple[Any, list[feedback.Answered]]]:
    return feedback.published(code)


def _address(endpoint: str, **values: Any) -> str:
    path = url_for(endpoint, **values)
    return str(current_app.config["PRODUCT_URL"]).rstrip("/") + path
