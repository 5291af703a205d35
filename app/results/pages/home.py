"""The home of results: what comes first, where, whether it changed and how sure one can be, in sentences with links."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from app.accounts.models import current_user
from app.accounts.roles import roles_of
from app.results.pages.shown import Shown, newest
from app.results.run.ranked import EVERYWHERE
from app.results.telling import sentences

PAGES = (
    ("priorities.newest", "Priorities", "what comes first, in West Yorkshire and in each district"),
    ("measures.index", "Confidence measures", "how the police are seen, month by month and by district"),
    ("answered.index", "Who answered", "whom we heard from, and whom we did not"),
    ("guard.index", "Headline guard", "whether a difference or a headline is supported"),
    ("where_next.index", "Where next", "which interviews would narrow the figures most"),
    ("comments.index", "Comments", "what people wrote"),
    ("releases.index", "Releases", "what is published, draft and approve"),
    ("exports.index", "Exports", "files for analysts"),
    ("results.plan", "The Plan’s figures", "beside those of the simulated waves"),
)
"""What each page of results answers; pages that one's roles do not open are left out."""


def content() -> dict[str, Any]:
    """Give the home page its sentences and links."""
    shown = newest()
    return {
        "shown": shown,
        "first": {each.wave.id: _first(each) for each in shown},
        "simulated": bool(shown) and all(each.wave.simulated for each in shown),
        "pages": [(url_for(endpoint), name, about) for endpoint, name, about in PAGES if _opens(endpoint)],
        "sentences": sentences,
    }


def _first(shown: Shown) -> list[tuple[str, str]]:
    ranking = shown.priorities
    if ranking is None or ranking.areas[EVERYWHERE].reason:
        return []
    return sentences.what_comes_first(ranking)


def _opens(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    return view is not None and current_user.has_any(roles_of(view))
