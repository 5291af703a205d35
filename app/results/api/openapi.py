"""Describes the API as OpenAPI 3.1; every path of it stands here, and a test holds that against the routes."""

from __future__ import annotations

from typing import Any

VERSION = "1.0"
REFERENCE = {"name": "reference", "in": "path", "required": True, "schema": {"type": "string"}, "example": "YV-2026-11"}
RUN = {"name": "run", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
RELEASE = {**REFERENCE, "example": "YV-2026-10"}
FIGURE_NAME = {"name": "figure", "in": "path", "required": True, "schema": {"type": "string"}, "example": "feel-safe"}
AREA = {"name": "area", "in": "path", "required": True, "schema": {"type": "string"}, "example": "bradford"}
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
FIGURE = (
    "Figures have value, low and high (95% interval), n and effective_n; where one may not be shown, its numbers are "
    "null and reason says why."
)


def document(server: str) -> dict[str, Any]:
    """Describe the API as it stands under a server's address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Your say on policing: results",
            "version": VERSION,
            "description": "Read-only. Simulated waves say simulated: true. Intervals cover sampling variation given "
            "the weighting; an open survey is no random sample.",
        },
        "servers": [{"url": server}],
        "paths": PATHS,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "From an administrator."}},
            "schemas": SCHEMAS,
        },
    }


def operation(summary: str, schema: dict[str, Any], token: bool, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Describe one GET: what it gives, and what it says where it gives nothing."""
    answers = {"200": _json("The answer.", schema), "404": _json("Nothing has this name.", _ref("Error"))}
    if token:
        answers["401"] = _json("The token is missing, unknown, expired or revoked: code says which.", _ref("Error"))
        answers["403"] = _json("The token is for another survey.", _ref("Error"))
    found: dict[str, Any] = {"summary": summary, "responses": answers, "parameters": list(parameters)}
    return {"get": found | ({"security": TOKEN} if token else {"security": []})}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Any) -> dict[str, Any]:
    """Describe an object of which every part is always there."""
    return {"type": "object", "required": list(properties), "properties": properties}


TEXT, NUMBER, YES_NO = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
TEXT_OR_NONE, NUMBER_OR_NONE = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
SCHEMAS = {
    "Error": _object(error=_object(code=TEXT, message=TEXT)),
    "Runs": _object(runs={"type": "array", "items": _ref("Listed")}),
    "Listed": _object(
        run=NUMBER,
        wave=TEXT,
        simulated=YES_NO,
        made_at=TEXT,
        cut_off=TEXT,
        url=TEXT,
    ),
    "Releases": _object(releases={"type": "array", "items": _ref("ListedRelease")}),
    "ListedRelease": _object(
        reference=TEXT,
        wave=TEXT,
        edition=NUMBER,
        simulated=YES_NO,
        released_at=TEXT,
        url=TEXT,
        corrected_by=TEXT_OR_NONE,
    ),
    "Release": _object(
        reference=TEXT,
        wave=TEXT,
        simulated=YES_NO,
        released_on=TEXT,
        digest=TEXT,
        tables={"type": "array", "items": {"type": "object"}},
        corrected_by=TEXT_OR_NONE,
    ),
    "Value": _object(
        share=SHARE,
        low=SHARE,
        high=SHARE,
        n=NUMBER_OR_NONE,
        effective_n=NUMBER_OR_NONE,
        withheld={"enum": ["protected", "too_few", None]},
    ),
    "ReleasedFigure": _object(
        id=TEXT,
        kind=TEXT,
        question={"type": "object"},
        answer={"type": "object"},
        simulated=YES_NO,
        areas={"type": "object", "additionalProperties": _ref("Value")},
        corrected_by=TEXT_OR_NONE,
    ),
    "ReleasedValue": _object(
        id=TEXT,
        kind=TEXT,
        area=TEXT,
        simulated=YES_NO,
        value=_ref("Value"),
        corrected_by=TEXT_OR_NONE,
    ),
    "Run": {
        **_object(
            run=NUMBER,
            wave=TEXT,
            simulated=YES_NO,
            about=TEXT,
            intervals=TEXT,
            made_at=TEXT,
            cut_off=TEXT,
            scheme={"type": "object"},
            inputs={"type": "object"},
            results={"type": "object"},
        ),
        "description": FIGURE,
    },
}
PATHS: dict[str, Any] = {
    "/api/v1/openapi.json": operation("This description", {"type": "object"}, False),
    "/api/v1/releases": operation("Every release, newest first", _ref("Releases"), False),
    "/api/v1/releases/{reference}": operation("One release", _ref("Release"), False, RELEASE),
    "/api/v1/releases/{reference}/{figure}": operation(
        "One released figure in all areas", _ref("ReleasedFigure"), False, RELEASE, FIGURE_NAME
    ),
    "/api/v1/releases/{reference}/{figure}/{area}": operation(
        "One released figure in one area", _ref("ReleasedValue"), False, RELEASE, FIGURE_NAME, AREA
    ),
    "/api/v1/runs": operation("The newest run of each wave", _ref("Runs"), True),
    "/api/v1/runs/{run}": operation("One run with its inputs and figures", _ref("Run"), True, RUN),
    "/api/v1/waves/{reference}/runs": operation("All runs of a wave, newest first", _ref("Runs"), True, REFERENCE),
}
