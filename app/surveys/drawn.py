"""Pages are drawn once for all who come to them; what is each visitor's own is put in: the token, a code, answers.

Nothing that anybody answered is ever on what is kept: it stands in the gaps, which are filled for each visitor anew.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, render_template
from markupsafe import Markup, escape

from app import compression, i18n
from app.compression import Piece
from app.security import csrf_token

MARK = secrets.token_hex()
"""Begins each gap: nobody can write it into a text."""
GAP = re.compile(rf"{MARK}:(\w+);")
MOST = 1000
"""Pages kept at a time, about 15 kB each; beyond it all are drawn anew."""

Kept = tuple[tuple[Piece, ...], tuple[str, ...]]
"""The pieces of a page, and the name of what stands in the gap after each but the last."""


def init_app(app: Flask) -> None:
    """Begin with no page drawn."""
    app.extensions["drawn"] = {}


def once(template: str, of: tuple[Any, ...], context: Callable[[], dict[str, Any]], **own: object) -> Response:
    """Draw a template, or take what was drawn before, and fill its gaps with what is this visitor's own.

    ``of`` names everything that the kept part depends on. The template finds ``own``'s names in its context.
    """
    kept: dict[tuple[Any, ...], Kept] = current_app.extensions["drawn"]
    key = (template, i18n.catalogue_at_hand(), i18n.spoken().code, *own, *of)
    page = kept.get(key)
    if page is None:
        if len(kept) >= MOST:
            kept.clear()
        page = kept[key] = _drawn(template, context(), own)
    pieces, names = page
    own["csrf_token"] = csrf_token()
    filling = {name: compression.piece(escape(own[name]), compression.QUICK) for name in set(names)}
    between = [filling[name] for name in names]
    return compression.joined([each for pair in zip(pieces, between, strict=False) for each in pair] + [pieces[-1]])


def _drawn(template: str, context: dict[str, Any], own: dict[str, object]) -> Kept:
    gaps = {name: Markup(f"{MARK}:{name};") for name in own}  # nosec B704
    page = render_template(template, **context, **gaps, csrf_token=lambda: f"{MARK}:csrf_token;")
    parts = GAP.split(page)
    return tuple(compression.piece(text, compression.WELL) for text in parts[::2]), tuple(parts[1::2])
