"""The tablet's page: its shell, the worker that keeps it without network, its manifest, and who is signed in on it."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.accounts.models import current_user
from app.accounts.roles import anybody, is_signed_in
from app.assets import BUILD
from app.fieldwork import queries
from app.fieldwork.models import Event

tablet_pages = Blueprint("tablet_pages", __name__, url_prefix="/tablet")
SETS_UP = ("officer", "admin")
KEPT = ("site.ltr.css", "site.rtl.css", "tablet.css", "tablet.js", "tablet-192.png")
NAME = "Your say on policing – tablet"
MOST_EVENTS = 100
ALIKE = anybody("it is the same for everybody and holds no answer")


@tablet_pages.get("/")
@ALIKE
def shell() -> ResponseReturnValue:
    """Show the page that the tablet keeps; everything on it is drawn there."""
    return render_template("fieldwork/tablet.html", build=build())


@tablet_pages.get("/worker.js")
@ALIKE
def worker() -> ResponseReturnValue:
    """Give the worker, with the files that it keeps; any change of them is another worker."""
    manifest = _manifest()
    head = f"const BUILD={json.dumps(build())},FILES={json.dumps(files())};\n"
    return Response(head + (BUILD / manifest["worker.js"]).read_text(encoding="utf-8"), mimetype="text/javascript")


@tablet_pages.get("/app.webmanifest")
@ALIKE
def app_manifest() -> ResponseReturnValue:
    """Tell the browser how the page is installed."""
    icons = [
        {"src": address(f"tablet-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    told = {
        "name": NAME,
        "short_name": "Your say",
        "id": "/tablet/",
        "start_url": "/tablet/",
        "scope": "/tablet/",
        "display": "standalone",
        "background_color": "#eef2f6",
        "theme_color": "#14284b",
        "lang": "en",
        "icons": icons,
    }
    return Response(json.dumps(told), mimetype="application/manifest+json")


@tablet_pages.get("/session")
@anybody("it says itself, in JSON, when nobody is signed in")
def session() -> ResponseReturnValue:
    """Tell who is signed in on the tablet, and the events that it can be set up for."""
    if not is_signed_in():
        return _refusal(401, "signed_out", "Nobody is signed in on this tablet.", "Sign in, then set it up.")
    if not current_user.has_any(SETS_UP):
        return _refusal(403, "role", "Your role does not set tablets up.", "Ask an officer or an administrator.")
    events = [_told(event) for event in queries.events()[:MOST_EVENTS]]
    return jsonify(csrf=generate_csrf(), officer=current_user.email, events=events)


def _told(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "held_on": event.held_on.isoformat(),
        "place": event.place,
        "devices": event.devices,
    }


def _refusal(status: int, code: str, message: str, remedy: str) -> ResponseReturnValue:
    return jsonify(error={"code": code, "message": message, "remedy": remedy}), status


def files() -> list[str]:
    """List what the tablet keeps: the shell and everything that it loads."""
    fonts = (name for name in _manifest() if name.startswith("font.") and name.endswith(".woff2"))
    return [url_for(".shell"), url_for(".app_manifest"), *(address(name) for name in (*KEPT, *sorted(fonts)))]


def address(name: str) -> str:
    """Give the address of a built file."""
    return url_for("static", filename=f"build/{_manifest()[name]}")


def build() -> str:
    """Name what is kept by a hash of it: the built files, the worker and the shell's own template."""
    return _build(render_template("fieldwork/tablet.html", build=""), json.dumps(_manifest(), sort_keys=True))


@lru_cache(maxsize=4)
def _build(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@lru_cache
def _manifest() -> dict[str, str]:
    read: dict[str, str] = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    return read
