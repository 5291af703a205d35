"""Finds the page that somebody meant who typed an address in capitals, with a stroke at its end or no language."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from app import i18n
from app.surveys import queries
from app.surveys.errors import UnknownSurvey


def meant(path: str) -> str:
    """Find the address that was meant, or nothing; nobody means line breaks."""
    if not path.isprintable():
        return ""
    first, *rest = path.strip("/").split("/")
    typed = "/" + "/".join([first.lower(), *rest])
    wanted = i18n.best(request.accept_languages)
    candidates = (typed, typed.lower(), f"/{wanted}{typed}", f"/{wanted}{typed.lower()}")
    return next((each for each in candidates if each != path and _leads_to_a_page(each)), "")


def _leads_to_a_page(path: str) -> bool:
    try:
        endpoint, values = current_app.url_map.bind("").match(path, "GET")
        if "slug" in values:
            queries.survey_named(values["slug"])
    except (HTTPException, UnknownSurvey):  # asking to go on to yet another address is an HTTPException too
        return False
    return str(endpoint).startswith(("resident.", "public_results."))
