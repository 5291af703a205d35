"""What a fluent speaker has reviewed: a name in the catalogue's first lines, beside it a fingerprint of each text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from babel.messages.catalog import Catalog, Message

REVIEWED_BY = "# Reviewed by:"


def fingerprints_file(catalogue: Path) -> Path:
    """Find the file that holds the fingerprints of what was reviewed."""
    return catalogue.with_name("reviewed.txt")


def reviewer(catalogue: Path) -> str:
    """Read who reviewed a catalogue, or nothing."""
    for line in catalogue.read_text(encoding="utf-8").splitlines():
        if line.startswith(REVIEWED_BY):
            return line.removeprefix(REVIEWED_BY).strip()
        if not line.startswith("#"):
            break
    return ""


def fingerprints(catalog: Catalog) -> str:
    """Write the fingerprint of each text, one a line."""
    return "".join(f"{found}\n" for found in sorted({_fingerprint(entry) for entry in catalog if entry.id}))


def changed_since(catalogue: Path, catalog: Catalog) -> list[Message]:
    """List the texts whose English or translation is another than what was reviewed."""
    file = fingerprints_file(catalogue)
    reviewed = set(file.read_text(encoding="utf-8").split()) if file.exists() else set()
    return [entry for entry in catalog if entry.id and _fingerprint(entry) not in reviewed]


def _fingerprint(entry: Message) -> str:
    said = entry.context or "", *map(_forms, (entry.id, entry.string))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text)]
