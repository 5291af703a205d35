"""Built files are small, complete and free of what may not be used outside GOV.UK."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from app.assets import BUILD

MANIFEST = json.loads((BUILD / "manifest.json").read_text())
TEMPLATES = BUILD.parents[1] / "templates"


def built(name: str) -> bytes:
    """Read a built file by its plain name."""
    return (BUILD / MANIFEST[name]).read_bytes()


@pytest.mark.parametrize(
    ("name", "most"),
    [("site.ltr.css", 20_000), ("site.rtl.css", 20_000), ("site.js", 15_000), ("font.pa.woff2", 12_000)],
)
def test_compressed_sizes_stay_small(name, most):
    assert len(gzip.compress(built(name))) <= most


def test_the_folder_holds_what_the_manifest_names_and_licences():
    named = set(MANIFEST.values()) | {"manifest.json"}
    others = {path.name for path in BUILD.iterdir()} - named
    assert others == {name for name in others if name.endswith(".LICENSE.txt")}
    fonts = {name.removesuffix(".woff2") for name in MANIFEST if name.endswith(".woff2")}
    assert {f"{font}.LICENSE.txt" for font in fonts} <= others


@pytest.mark.parametrize("name", [name for name in MANIFEST if name.endswith(".css")])
def test_styles_load_nothing_from_elsewhere(name):
    text = built(name).decode()
    assert "GDS Transport" not in text
    assert "crest" not in text
    addresses = [
        address for address in re.findall(r"url\(([^)]*)\)", text) if not address.startswith("data:font/woff2;")
    ]
    assert all((BUILD / address).is_file() for address in addresses)


@pytest.mark.parametrize("name", [name for name in MANIFEST if name.endswith(".css")])
def test_nothing_is_hidden_on_some_screens_only(name):
    """The audit looks with most of its rules at one size: it may, as the same things are there at every size.

    Charts that only staff see are drawn twice, the same figures for a wide and for a narrow screen.
    """
    text = built(name).decode().replace(".site-wide{display:block}.site-narrow{display:none}", "")
    residents = [path for path in TEMPLATES.rglob("*.html") if path.parts[-2] in ("resident", "public", "fields")]
    assert residents and not any("site-narrow" in path.read_text() for path in residents)
    for found in re.finditer(r"@media ([^{]*)\{((?:[^{}]*\{[^{}]*\})*)\}", text):
        if found[1] != "print":
            assert not re.search(r"display:none|visibility:hidden", found[2]), found[0][:200]


def test_the_script_needs_no_inline_code():
    text = built("site.js").decode()
    assert "eval(" not in text
    assert "http://" not in text


def test_our_scripts_make_markup_in_one_place_and_listen_to_workers_only():
    scripts = {path: path.read_text() for path in (TEMPLATES.parents[1] / "assets" / "js").rglob("*.js")}
    assert len(scripts) > 20
    for path, text in scripts.items():
        assert not re.search(r"outerHTML|insertAdjacentHTML|document\.write|DOMParser|new Function|eval\(", text), path
        assert not re.search(r"window\s*\.\s*(addEventListener\('message'|onmessage)", text), path
        made = re.findall(r"innerHTML\s*\+?=\s*(.*)", text)
        assert not made or path.parent.name == "tablet", f"{path}: residents' pages are made on the server"
        assert all(each.startswith(("frame(", "String(content)", "String(html`")) for each in made), f"{path}: {made}"
