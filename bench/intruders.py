"""Who sends hostile inputs: what each of them can open and the forms that they have seen."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import ROLES
from app.routes import Access
from bench import nasty
from bench.residents import ATTRIBUTE, CONTROL

PASSWORD = "a tram in the pantry"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
LINK = re.compile(r'(?:href|action|formaction)="(/[^"#]*)"')
SURVEYS = ("your-views", "your-priorities-your-plan")


@dataclass
class Actor:
    """Somebody with a browser: who they are, and the forms they have seen."""

    name: str
    client: FlaskClient
    forms: list[tuple[str, nasty.Pairs]] = field(default_factory=list)
    token: bytes = b""
    bearer: str = ""


def actors(app: Flask) -> list[Actor]:
    """Gather who sends: somebody at the door, residents within both surveys, staff of every role, programs."""
    found = [Actor("nobody", app.test_client())]
    for slug in SURVEYS:
        found.append(resident(app, slug))
    for role in ROLES:
        actor = Actor(role, app.test_client())
        said = {"email": f"{role}@example.org", "password": PASSWORD, "csrf_token": token_of(actor)}
        assert actor.client.post("/login", data=said).status_code == 303
        found.append(actor)
    found.append(Actor("program", app.test_client(), bearer="Bearer " + secrets.token_urlsafe(32)))
    for actor in found:
        look_around(actor)
    return found


def resident(app: Flask, slug: str) -> Actor:
    """Begin a survey."""
    actor = Actor(f"resident of {slug}", app.test_client())
    actor.client.post(f"/en/{slug}", data={"csrf_token": token_of(actor, f"/en/{slug}")})
    return actor


def token_of(actor: Actor, page: str = "/login") -> str:
    """Read the token that an actor's forms carry."""
    found = CSRF.search(actor.client.get(page).text)
    return found[1] if found else ""


def look_around(actor: Actor, most: int = 60) -> None:
    """Open the pages that lead on from the first ones, and note every form."""
    waiting = ["/en", *(f"/ur/{slug}" for slug in SURVEYS), "/en/your-answers", "/en/resume", "/en/news", "/login"]
    waiting += ["/staff", "/staff/people/add", "/confirm-password", "/tf-setup", "/en/your-views/q/age_band"]
    seen = set(waiting)
    for path in waiting[:most] if len(waiting) > most else waiting:
        page = actor.client.get(path)
        if page.mimetype != "text/html":
            continue
        actor.forms += forms_of(path, page.text)
        onwards = [html.unescape(each) for each in LINK.findall(page.text)]
        new = [each for each in dict.fromkeys(onwards) if each not in seen and not each.startswith("/static")]
        seen.update(new)
        if len(waiting) < most:
            waiting += new
    actor.token = token_of(actor, "/en/resume").encode()


def forms_of(path: str, page: str) -> Iterator[tuple[str, nasty.Pairs]]:
    """Read the forms of a page: where each leads, and its fields as they stand."""
    for match in FORM.finditer(page):
        about, inside = match.groups()
        attributes = dict(ATTRIBUTE.findall(about))
        if attributes.get("method") == "post":
            fields = [dict(ATTRIBUTE.findall(each[2])) for each in CONTROL.finditer(inside)]
            pairs = [(each.get("name", ""), html.unescape(each.get("value", ""))) for each in fields]
            action = html.unescape(attributes.get("action", "")) or path
            yield urlsplit(action).path, [(name.encode(), value.encode()) for name, value in pairs if name]


def matches(access: Access, path: str) -> bool:
    """Say whether a form leads to an address."""
    pattern = re.sub(r"<[^>]*path:[^>]*>", ".+", access.address)
    return re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", pattern).replace(".+", ".+"), path) is not None
