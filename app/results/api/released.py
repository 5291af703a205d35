"""The API's addresses of what is released: open to everybody, and never about few people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roles import anybody
from app.results.api.errors import Refused
from app.results.api.views import api, refused
from app.results.release import queries
from app.results.release.document import Item, Published, Table
from app.results.release.errors import UnknownRelease
from app.results.release.models import Release
from app.results.release.public import lasting

PUBLIC = anybody("it gives released figures, which everybody may read")


@api.errorhandler(UnknownRelease)
def unknown_release(error: UnknownRelease) -> ResponseReturnValue:
    """Say what there is instead; no number is told."""
    return refused(Refused(404, "release_unknown", str(error)))


@api.get("/releases")
@PUBLIC
def releases() -> Response:
    """List all releases, the newest first."""
    return lasting(jsonify(releases=[_listed(each) for each in queries.releases()]))


@api.get("/releases/<reference>")
@PUBLIC
def release(reference: str) -> Response:
    """Give everything that a release says."""
    found = queries.named(reference)
    return lasting(jsonify({**found.document, "digest": found.digest, **_corrected(found)}))


@api.get("/releases/<reference>/<figure>")
@PUBLIC
def figure(reference: str, figure: str) -> Response:
    """Give one figure in all areas."""
    found = queries.named(reference)
    published = queries.published(found)
    table, item = queries.figure(published, figure)
    return lasting(jsonify({**_figure(published, table, item), "areas": asdict(item)["areas"], **_corrected(found)}))


@api.get("/releases/<reference>/<figure>/<area>")
@PUBLIC
def figure_of_area(reference: str, figure: str, area: str) -> Response:
    """Give one figure in one area."""
    found = queries.named(reference)
    published = queries.published(found)
    table, item = queries.figure(published, figure, area)
    about = {**_figure(published, table, item), "id": f"{reference}/{figure}/{area}", "area": area}
    return lasting(jsonify({**about, "value": asdict(item.areas[area]), **_corrected(found)}))


def _figure(published: Published, table: Table, item: Item) -> dict[str, Any]:
    return {
        "id": f"{published.reference}/{item.id}",
        "kind": table.kind,
        "question": table.question,
        "answer": item.labels,
        "simulated": published.simulated,
        "released_on": published.released_on,
    }


def _corrected(found: Release) -> dict[str, Any]:
    correction = queries.correction_of(found)
    return {"corrected_by": correction.reference if correction else None}


def _listed(found: Release) -> dict[str, Any]:
    return {
        "reference": found.reference,
        "wave": found.wave.reference,
        "edition": found.edition,
        "simulated": found.wave.simulated,
        "released_at": found.approved_at.isoformat(),
        "url": url_for(".release", reference=found.reference),
        **_corrected(found),
    }
