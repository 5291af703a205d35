"""Public results, without signing in: what was released and nothing else, in every language that its wave ran in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as Redirect

from app import i18n
from app.i18n import gettext as _
from app.i18n import language_switch
from app.results.release import drawing, feedback, files, lately, queries, words
from app.results.release.document import Published
from app.results.release.errors import UnknownRelease

public_results = Blueprint("public_results", __name__)


@public_results.record_once
def filters(state: BlueprintSetupState) -> None:
    """Give the templates their filters."""
    state.app.jinja_env.filters["iso_date"] = words.day
    state.app.jinja_env.filters["localised"] = words.number


LONGEST_NAME = 60
FRESH = 300
"""Seconds for which a browser or cache may show a page again without asking."""


@public_results.url_value_preprocessor
def drop_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the language out of the address, as residents' pages do."""
    if values:
        values.pop("language", None)


def lasting(content: str | Response) -> Response:
    """Let everybody keep a page for a while, and ask again by its tag: it holds nothing of who asks."""
    response = make_response(content)
    response.cache_control.public = True
    response.cache_control.max_age = FRESH
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@public_results.get("/<lang:language>/results")
def index() -> Response:
    """List what has been published, the newest first, and how many have answered what is open."""
    out = [(each, queries.published(each)) for each in queries.current()]
    page = render_template(
        "public/index.html", out=out, words=words, lately=lately.answered(), feedback=feedback.anything()
    )
    return lasting(page)


@public_results.get("/<lang:language>/results/you-said-we-did")
def you_said() -> Response:
    """Show what was done about what people said, by outcome of the Plan."""
    return lasting(render_template("public/you_said.html", groups=feedback.published(i18n.spoken().code)))


@public_results.get("/<lang:language>/results/<reference>")
def release(reference: str) -> Response | Redirect:
    """Show everything that a release says."""
    found = queries.named(reference)
    published = queries.published(found)
    return _page(published, "public/release.html") or _in_english()


@public_results.get("/<lang:language>/results/<reference>/summary.pdf")
def summary(reference: str) -> Response | Redirect:
    """Give a release to print and to hand out, in the language of the address."""
    from app.results.release import paper

    found = queries.named(reference)
    published, language = queries.published(found), i18n.spoken()
    if language.code not in published.languages:
        return _in_english()
    newer = queries.correction_of(found)
    made = paper.summary(published, newer.reference if newer else "", language)
    simulated = "-simulated" if published.simulated else ""
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{reference}-{language.code}{simulated}.pdf"'
    return lasting(response)


@public_results.get("/<lang:language>/results/<reference>/<identifier>")
def figure(reference: str, identifier: str) -> Response | Redirect:
    """Show one figure for all areas, as a chart and a table."""
    published = queries.published(queries.named(reference))
    table, item = queries.figure(published, identifier)
    return _page(published, "public/figure.html", table=table, item=item) or _in_english()


@public_results.get("/<lang:language>/results/<reference>/<identifier>/<area>")
def figure_of_area(reference: str, identifier: str, area: str) -> Response | Redirect:
    """Show one figure for one area: what its permanent address stands for."""
    published = queries.published(queries.named(reference))
    table, item = queries.figure(published, identifier, area)
    return _page(published, "public/area.html", table=table, item=item, area=area) or _in_english()


def _page(published: Published, template: str, **shown: Any) -> Response | None:
    if i18n.spoken().code not in published.languages:
        return None
    correction = queries.correction_of(queries.named(published.reference))
    page = render_template(
        template,
        published=published,
        correction=correction,
        simulated=published.simulated,
        words=words,
        chart=drawing.by_area,
        language_switch=language_switch(published.languages),
        **shown,
    )
    return lasting(page)


def _in_english() -> Redirect:
    return redirect(url_for(request.endpoint or "", language=i18n.SOURCE, **(request.view_args or {})))


@public_results.get("/results/<reference>/figures.csv")
def csv_file(reference: str) -> Response:
    """Give a release as a spreadsheet."""
    return _file(files.csv_of(queries.published(queries.named(reference))), "text/csv", f"{reference}.csv")


@public_results.get("/results/<reference>/figures.csv-metadata.json")
def csv_metadata(reference: str) -> Response:
    """Describe the spreadsheet's columns, as CSV on the Web does."""
    found = queries.published(queries.named(reference))
    metadata = files.metadata_of(found, url_for("public_results.csv_file", reference=reference, _external=True))
    return _file(files.as_json(metadata), "application/csvm+json", "")


@public_results.get("/results/<reference>/figures.json")
def json_file(reference: str) -> Response:
    """Give a release as JSON."""
    return _file(files.as_json(queries.named(reference).document), "application/json", "")


def _file(content: str, kind: str, name: str) -> Response:
    response = Response(content, content_type=f"{kind}; charset=utf-8")
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return lasting(response)


@public_results.errorhandler(UnknownRelease)
def unknown(error: UnknownRelease) -> tuple[str, int]:
    """Say that there is no such release, figure or area, and lead to those that there are."""
    asked = request.view_args or {}
    links: list[tuple[str, str]] = []
    name = asked.get("reference", "")
    try:
        published = queries.published(queries.named(name))
        known = published.find(asked.get("identifier", ""))
        name = asked.get("area" if known else "identifier", "")
        links = _areas_of(published, known[1].id, known[1].areas) if known else _figures_of(published)
    except UnknownRelease:
        links = [
            (words.title(each), url_for("public_results.release", reference=each.reference))
            for each in map(queries.published, queries.current())
        ]
    title = _("There are no such results")
    return render_template("public/unknown.html", title=title, name=name[:LONGEST_NAME], links=links), 404


def _figures_of(published: Published) -> list[tuple[str, str]]:
    return [
        (
            f"{words.said(table.question)} {words.item_title(table, item)}",
            url_for("public_results.figure", reference=published.reference, identifier=item.id),
        )
        for table, item in published.items
    ]


def _areas_of(published: Published, identifier: str, areas: Any) -> list[tuple[str, str]]:
    at: dict[str, Any] = {"reference": published.reference, "identifier": identifier}
    return [
        (words.area_name(published, area), url_for("public_results.figure_of_area", area=area, **at)) for area in areas
    ]
