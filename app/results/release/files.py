"""A release as files: CSV with a CSV on the Web description, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from app import i18n
from app.results.release.document import EVERYWHERE, Item, Published, Table, Value

COLUMNS: tuple[tuple[str, str, str, bool], ...] = (
    ("id", "string", "Identifier of the figure, to cite it by", True),
    ("wave", "string", "Wave that asked", True),
    ("figure", "string", "Which figure of the wave", True),
    ("area", "string", "West Yorkshire or a district", True),
    ("kind", "string", "measure, rolling (mean over months), ranking or answers", True),
    ("question", "string", "The question as it was asked, in English", True),
    ("answer", "string", "The answer, or answers that are counted together, in English", True),
    ("share", "decimal", "Weighted share of the base, from 0 to 1", False),
    ("low", "decimal", "Lower end of the 95% interval", False),
    ("high", "decimal", "Upper end of the 95% interval", False),
    ("n", "integer", "Base: people who were counted, unweighted, rounded to 5", False),
    ("effective_n", "integer", "What the base is worth after weighting (Kish), rounded to 5", False),
    ("withheld", "string", "Why there is no share: protected (few people) or too_few (too uncertain)", False),
    ("rank", "integer", "Place in the ranking", False),
    ("rank_low", "integer", "Best place that it could have", False),
    ("rank_high", "integer", "Last place that it could have", False),
    ("tier", "integer", "Group of places that cannot be told apart", False),
    ("simulated", "boolean", "Whether simulated people gave the answers, not real ones", True),
)
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def rows_of(published: Published) -> Iterator[dict[str, Any]]:
    """Walk the figures of a release, one row for each in each area."""
    for table, item in published.items:
        for area, value in item.areas.items():
            yield _row(published, table, item, area, value)


def _row(published: Published, table: Table, item: Item, area: str, value: Value) -> dict[str, Any]:
    ranks = {"rank": item.rank, "rank_low": item.rank_low, "rank_high": item.rank_high, "tier": item.tier}
    return {
        "id": f"{published.reference}/{item.id}/{area}",
        "wave": published.wave,
        "figure": item.id,
        "area": area,
        "kind": table.kind,
        "question": table.question[i18n.SOURCE],
        "answer": item.labels[i18n.SOURCE],
        "share": value.share,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "effective_n": value.effective_n,
        "withheld": value.withheld,
        **(ranks if area == EVERYWHERE else dict.fromkeys(ranks)),
        "simulated": str(published.simulated).lower(),
    }


def csv_of(published: Published) -> str:
    """Write a release as CSV (RFC 4180); an empty cell is a figure that is not shown."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [name for name, *_ in COLUMNS])
    writer.writeheader()
    writer.writerows(rows_of(published))
    return text.getvalue()


def metadata_of(published: Published, url: str) -> dict[str, Any]:
    """Describe the CSV as CSV on the Web does (W3C Recommendation, Metadata Vocabulary for Tabular Data, 2015)."""
    simulated = " Simulated: nobody real gave these answers." if published.simulated else ""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": f"{published.titles[i18n.SOURCE]}, {published.reference}",
        "dc:description": "Weighted shares with 95% intervals. Counts are rounded to 5; figures that could tell of "
        f"fewer than 10 people are left out.{simulated}",
        "dc:identifier": published.reference,
        "dc:issued": {"@value": published.released_on, "@type": "date"},
        "dc:license": {"@id": LICENCE},
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n", "\n"]},
        "tableSchema": {
            "columns": [
                {"name": name, "titles": name, "datatype": kind, "dc:description": about, "required": required}
                for name, kind, about, required in COLUMNS
            ],
            "primaryKey": "id",
        },
    }


def as_json(document: Any) -> str:
    """Write JSON that people can read too."""
    return json.dumps(document, ensure_ascii=False, indent=1)
