"""Pages that look the same to everybody who comes to them are drawn once; only the form's token is each visitor's own.

Nothing that anybody answered is ever on such a page: a page with an answer, an order or an error is drawn anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, render_template
from flask_wtf.csrf import generate_csrf

from app import i18n

TOKEN = secrets.token_hex()
"""Stands where a visitor's token will be."""
MOST = 1000
"""Pages kept at a time, about 12 kB each; beyond it all are drawn anew."""


def init_app(app: Flask) -> None:
    """Begin with no page drawn."""
    app.extensions["drawn"] = {}


def once(template: str, of: tuple[Any, ...], context: Callable[[], dict[str, Any]]) -> str:
    """Draw a template, or take what was drawn before; ``of`` names everything that its content depends on."""
    kept: dict[tuple[Any, ...], str] = current_app.extensions["drawn"]
    key = (template, i18n.catalogue_at_hand(), i18n.spoken().code, *of)
    page = kept.get(key)
    if page is None:
        if len(kept) >= MOST:
            kept.clear()
        page = kept[key] = render_template(template, **context(), csrf_token=lambda: TOKEN)
    return page.replace(TOKEN, generate_csrf())
