"""Sets the public summary of a release as a tagged PDF, in any language that its wave ran in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from app import i18n, printing
from app.i18n import Language
from app.i18n import gettext as _
from app.results.release import words
from app.results.release.document import EVERYWHERE, RANKING, ROLLING, Published, Table, Value
from app.results.telling.tables import Table as Rows

LAYOUT = Path(__file__).with_name("summary.typ")


def summary(published: Published, newer: str, language: Language) -> bytes:
    """Set a release; ``newer`` names the release that corrects it, if any does."""
    return _pdf(json.dumps(contents(published, newer)), language)


@lru_cache(maxsize=100)
def _pdf(said: str, language: Language) -> bytes:
    """Set what is said once: everybody who asks for it after that gets the same file."""
    return printing.pdf(LAYOUT, json.loads(said), language)


def contents(published: Published, newer: str = "") -> dict[str, Any]:
    """Put together what the summary says, in the language of the page."""
    rolling = words.of_kind(published, ROLLING)
    return {
        "title": words.title(published),
        "simulated": _("These are simulated answers, not real people’s.") if published.simulated else "",
        "corrected": _corrected(published, newer),
        "about": f"{i18n.isolated(published.reference)}. {words.released(published)}",
        "measures": [_measure(published, each) for each in words.of_kind(published)],
        "rolling": _("Average of several months") if rolling else "",
        "means": [_measure(published, each) for each in rolling],
        "rankings": [_ranking(each) for each in words.of_kind(published, RANKING)],
        "chance": _("Within a group the order could be chance. Between groups it is not."),
        "method": {"heading": _("How to read these figures"), "points": words.method(published)},
        "cite": words.citing(published.reference),
        "chart": _("Chart"),
    }


def _corrected(published: Published, newer: str) -> list[str]:
    said = []
    if newer:
        said += [
            _("These figures have been corrected."),
            _("See the newer figures: %(reference)s") % {"reference": i18n.isolated(newer)},
        ]
    if published.corrects:
        said += [_("This corrects figures that were published before."), published.corrects]
    return said


def _measure(published: Published, table: Table) -> dict[str, Any]:
    item = table.items[0]
    title = words.item_title(table, item)
    return {
        "heading": words.said(table.question),
        "said": f"{title}: {words.whole(item.areas[EVERYWHERE])}",
        "change": words.change_of(table.change) if table.change else "",
        "table": _laid_out(words.by_area(published, table, item)),
        "bars": _bars(item.areas),
    }


def _ranking(table: Table) -> dict[str, Any]:
    return {
        "heading": words.said(table.question),
        "table": _laid_out(words.by_answer(table)),
        "bars": _bars({item.id: item.areas[EVERYWHERE] for item in table.items}),
    }


def _laid_out(of: Rows) -> dict[str, Any]:
    return {"caption": of.caption, "head": of.head, "rows": of.rows, "numeric": of.numeric, "note": of.note}


def _bars(values: Mapping[str, Value]) -> list[list[float] | None]:
    """List where each bar begins, has its dot, and ends; a figure that is not shown has none."""
    return [
        None if each.withheld else [each.low or 0.0, each.share or 0.0, each.high or 0.0] for each in values.values()
    ]
