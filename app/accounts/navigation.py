"""The navigation of the staff pages: what somebody's roles open, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

from app.accounts.models import current_user
from app.accounts.roles import roles_of

PAGES = (
    ("Surveys", "staff_surveys.home"),
    ("Results", "results.index"),
    ("Exports", "exports.index"),
    ("Comments", "comments.index"),
    ("Safeguarding", "safeguarding.queue"),
    ("Events", "fieldwork.events"),
    ("Flags", "flags.index"),
    ("Paper", "paper.index"),
    ("Releases", "releases.index"),
    ("You said, we did", "staff_feedback.index"),
    ("Enter a response", "staff_surveys.enter"),
    ("Support lines", "staff_surveys.support_lines"),
    ("Languages", "staff_surveys.languages"),
    ("People", "accounts.people"),
    ("Tokens", "api_tokens.index"),
    ("Audit log", "accounts.audit_log"),
    ("Your account", "accounts.account"),
)


def for_staff() -> dict[str, Any]:
    """Give templates the navigation, on pages that name their roles; residents' pages need none."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.blueprint == "security" or hasattr(view, "open_because"):
        return {"home_url": "/"}
    if not roles_of(view) or not current_user.is_authenticated:
        return {}
    return {"staff_navigation": [_item(*page) for page in PAGES if _opens(page[1])], "home_url": url_for(PAGES[0][1])}


def _opens(endpoint: str) -> bool:
    return current_user.has_any(roles_of(current_app.view_functions.get(endpoint)))


def _item(text: str, endpoint: str) -> dict[str, Any]:
    url = url_for(endpoint)
    inside = request.path.startswith(url + "/") and endpoint != PAGES[0][1]
    return {"text": text, "url": url, "active": request.path == url or inside}
