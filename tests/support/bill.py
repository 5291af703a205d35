"""Writes the bill of materials (CycloneDX 1.6) of what runs, with hashes and licences: ``make sbom``."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support.licences import ROOT, bundled, licence

LOCKED = re.compile(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;\\]+)((?:.*\\\n)*.*)$", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> dict[str, Any]:
    """Gather the packages that serve the platform, and what its style sheets, scripts and fonts are built from."""
    locked = LOCKED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    parts = [part("pypi", name, version, licence(name), HASH.findall(rest)) for name, version, rest in locked]
    parts += [part("npm", name, version, terms, []) for name, version, terms in bundled()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "your-priorities", "licenses": terms_of("MIT")}},
        "components": parts,
    }


def part(kind: str, name: str, version: str, terms: str, hashes: list[str]) -> dict[str, Any]:
    """Describe one package; each of its files has a hash."""
    address = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    described = {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}
    found = [{"alg": "SHA-256", "content": each} for each in hashes]
    return described | ({"hashes": found} if found else {}) | {"licenses": terms_of(terms)}


def terms_of(terms: str) -> list[dict[str, Any]]:
    """Name a licence as its package does."""
    return [{"license": {"name": terms}}]


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, ensure_ascii=False))
