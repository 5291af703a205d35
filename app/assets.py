"""The built style sheets, script and fonts: `asset_url("site.ltr.css")` gives the address of the hashed file."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

BUILD = Path(__file__).parent / "static" / "build"


def init_app(app: Flask) -> None:
    """Give templates `asset_url`, the languages that have a font, and GOV.UK's own macros."""
    base = f"{app.static_url_path}/build/"
    manifest = json.loads((BUILD / "manifest.json").read_text())
    addresses = {name: base + built for name, built in manifest.items()}
    app.jinja_env.globals["asset_url"] = addresses.__getitem__
    app.jinja_env.globals["font_languages"] = frozenset(
        name.split(".")[1] for name in addresses if name.startswith("font.")
    )
    own = app.jinja_env.loader
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_env.loader = ChoiceLoader([own, govuk]) if own else govuk
