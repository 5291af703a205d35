"""What a run was made from, so that the same inputs are never computed twice and anybody can make it again."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.results.reading import measures
from app.results.reading.schemes import Scheme, targets_digest
from app.results.reading.subjects import asked
from app.surveys import queries
from app.surveys.definition import Definition

if TYPE_CHECKING:
    from app.surveys.models import Wave

COMPUTING = (
    "analysis/*.py",
    "results/computing/*.py",
    "results/reading/*.py",
    "results/run/enough.py",
)
DOES_NOT_DECIDE = ("seed", "counts")


def inputs_of(
    wave: Wave, definition: Definition, scheme: Scheme, earlier: Sequence[str], bridges: Mapping[str, Any]
) -> dict[str, Any]:
    """List everything that decides the figures of a wave, and the seed of the order of rows in its files.

    ``earlier`` are the fingerprints of the runs of the waves before, which changes and rolling means are made from;
    ``bridges`` say, for each measure, what an analyst stated of a break that lies between them and this wave.
    """
    return {
        "wave": wave.reference,
        "simulated": wave.simulated,
        "definition": wave.digest,
        "responses": queries.response_state(wave.id),
        "scheme": {"name": scheme.name, "version": scheme.version, "digest": digest(repr(scheme))},
        "targets": {"name": scheme.targets, "digest": targets_digest(scheme)},
        "followed": measures.digest(),
        "wordings": wordings(definition),
        "code": code_version(),
        "earlier": list(earlier),
        "bridges": dict(bridges),
        "seed": secrets.randbits(32),
    }


def wordings(definition: Definition) -> dict[str, dict[str, str]]:
    """Digest how each followed share was asked."""
    return {each.key: asked(definition, each.item, each.options) for each in measures.tracked(definition)}


def fingerprint(inputs: Mapping[str, Any]) -> str:
    """Digest the inputs that decide a figure."""
    return digest(json.dumps({key: inputs[key] for key in inputs if key not in DOES_NOT_DECIDE}, sort_keys=True))


def digest(text: str) -> str:
    """Digest a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache
def code_version() -> str:
    """Digest the code that computes: a changed formula makes new runs."""
    app = Path(__file__).resolve().parent.parent
    content = hashlib.sha256()
    for pattern in COMPUTING:
        for path in sorted(app.glob(pattern)):
            content.update(path.name.encode() + path.read_bytes())
    return content.hexdigest()[:16]
