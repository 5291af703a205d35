"""What a release says, in words and in rows of tables: the same for the public, in every language, and for staff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from app import i18n
from app.i18n import gettext as _
from app.i18n import lazy as _l
from app.i18n import ngettext
from app.results.release.document import (
    EVERYWHERE,
    MEASURE,
    ROLLING,
    TOO_FEW,
    Change,
    Item,
    Published,
    Table,
    Texts,
    Value,
)
from app.results.telling.tables import Table as Rows

MONTHLY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?!\d)")
NO_OPINION = {
    "none": _l("None of these"),
    "dont_know": _l("Don't know"),
    "prefer_not_to_say": _l("Prefer not to say"),
    "no_answer": _l("Not answered"),
}


def said(texts: Texts) -> str:
    """Say a text of a release in the language of the page, or in English where it has none in that."""
    return texts.get(i18n.spoken().code) or texts.get(i18n.SOURCE, "")


def period(published: Published) -> str:
    """Name the month or year that a wave asked in, in the language of the page."""
    year, _dash, month = published.period.partition("-")
    if not (year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 12):
        return published.period
    return str(format_skeleton("yMMMM", date(int(year), int(month), 1), locale=i18n.spoken().locale))


def month_inside(reference: str) -> str:
    """Name the month of a wave as it stands inside a sentence: where months are declined, CLDR's second form."""
    found = MONTHLY.search(reference)
    if not found:
        return i18n.isolated(reference)
    return str(format_date(date(int(found[1]), int(found[2]), 1), "MMMM y", locale=i18n.spoken().locale))


def day(iso: str) -> str:
    """Write a day in the language of the page."""
    return str(format_date(date.fromisoformat(iso), "long", locale=i18n.spoken().locale)) if iso else ""


def title(published: Published) -> str:
    """Name what was asked and when."""
    return f"{said(published.titles)} – {period(published)}"


def area_name(published: Published, area: str) -> str:
    """Name an area."""
    return _("West Yorkshire") if area == EVERYWHERE else said(published.areas[area])


def percent(value: float | None, fraction: str = ".0") -> str:
    """Write a share in per cent, to a tenth unless asked otherwise, as the language of the page does."""
    locale = i18n.spoken().locale
    form = locale.percent_formats[None].pattern.replace("0", f"0{fraction}")
    return "" if value is None else i18n.isolated(format_percent(value, form, locale=locale))


def number(value: float | None, fraction: str = "") -> str:
    """Write a number as the language of the page groups and separates its digits."""
    locale = i18n.spoken().locale
    form = locale.decimal_formats[None].pattern.split(".")[0] + fraction
    return "" if value is None else i18n.isolated(format_decimal(value, form, locale=locale))


def listed(parts: Iterable[str]) -> str:
    """Join parts by the comma of the page's script."""
    return f"{i18n.mark(',')} ".join(parts)


def share_of(value: Value) -> str:
    """Write a share, or why there is none."""
    if value.withheld:
        return _("Not enough answers to say") if value.withheld == TOO_FEW else _("Not shown, to protect people")
    return percent(value.share)


def range_of(value: Value) -> str:
    """Write the interval of a share."""
    return "" if value.withheld else _("%(low)s to %(high)s") % {"low": percent(value.low), "high": percent(value.high)}


def base_of(value: Value) -> tuple[str, str]:
    """Write how many answers a share rests on, and what they are worth."""
    return number(value.n), number(value.effective_n)


def whole(value: Value) -> str:
    """Write a share with its interval and base, or why there is none."""
    if value.withheld:
        return share_of(value)
    answers, worth = base_of(value)
    base = listed((f"{_('Answers')}: {answers}", f"{_('Worth')}: {worth}"))
    return f"{share_of(value)} ({range_of(value)}{i18n.mark(';')} {base})"


def item_title(table: Table, item: Item) -> str:
    """Name a figure: the answer, and for a mean how many months it is over."""
    if table.kind != ROLLING:
        return said(item.labels)
    text = ngettext("%(answer)s (average of %(count)s month)", "%(answer)s (average of %(count)s months)", table.months)
    return text % {"answer": said(item.labels), "count": number(table.months)}


def change_of(change: Change) -> str:
    """Say whether a measure changed."""
    about = {
        "wave": month_inside(change.since),
        "points": number(abs(100 * change.difference), ".0"),
        "low": number(100 * change.low, ".0"),
        "high": number(100 * change.high, ".0"),
    }
    if change.verdict == "rose":
        return _("Up by %(points)s percentage points since %(wave)s (range %(low)s to %(high)s).") % about
    if change.verdict == "fell":
        return _("Down by %(points)s percentage points since %(wave)s (range %(low)s to %(high)s).") % about
    return _("No clear change since %(wave)s (difference between %(low)s and %(high)s percentage points).") % about


def by_area(published: Published, table: Table, item: Item) -> Rows:
    """Lay out one figure by area."""
    head = (_("Area"), _("Share"), _("Likely range"), _("Answers"), _("Worth"))
    rows = tuple(
        (area_name(published, area), share_of(value), range_of(value), *base_of(value))
        for area, value in item.areas.items()
    )
    return Rows(item_title(table, item), head, rows, (3, 4))


def in_full(published: Published, table: Table, item: Item) -> Rows:
    """Lay out one figure by area, named by its question too: for a page where several stand."""
    return replace(by_area(published, table, item), caption=f"{said(table.question)} {item_title(table, item)}")


def by_answer(table: Table) -> Rows:
    """Lay out the answers of one question for West Yorkshire, in a ranking with places and groups."""
    ranked = any(item.rank for item in table.items)
    places = (_("Place"), _("Places it could have"), _("Group")) if ranked else ()
    head = (_("Answer"), _("Share"), _("Likely range"), *places, _("Answers"), _("Worth"))
    rows = tuple(_answer(item, ranked) for item in table.items)
    county = _("West Yorkshire")
    caption = f"{said(table.question)} – {county}"
    return Rows(caption, head, rows, tuple(range(3, len(head))) if ranked else (3, 4), apart_of(table))


def _answer(item: Item, ranked: bool) -> tuple[str, ...]:
    value = item.areas[EVERYWHERE]
    places: tuple[str, ...] = ()
    if ranked and item.rank:
        could = number(item.rank_low)
        if item.rank_low != item.rank_high:
            could = _("%(low)s to %(high)s") % {"low": could, "high": number(item.rank_high)}
        places = (number(item.rank), could, number(item.tier))
    elif ranked:
        places = ("", "", "")
    return (said(item.labels), share_of(value), range_of(value), *places, *base_of(value))


def answers_by_area(published: Published, table: Table) -> Rows:
    """Lay out the shares of every answer in each area."""
    areas = list(table.items[0].areas)
    head = (_("Answer"), *(area_name(published, area) for area in areas))
    rows = tuple((said(item.labels), *(_cell(item.areas[area]) for area in areas)) for item in table.items)
    return Rows(said(table.question), head, rows)


def measures_by_area(published: Published, tables: Iterable[Table]) -> Rows:
    """Lay out the headline measures, or their means over months, in each area."""
    listed = list(tables)
    areas = list(listed[0].items[0].areas)
    head = (_("Answer"), *(area_name(published, area) for area in areas))
    rows = tuple(
        (f"{said(table.question)} {item_title(table, item)}", *(_cell(item.areas[area]) for area in areas))
        for table in listed
        for item in table.items
    )
    return Rows(_("By area"), head, rows)


def _cell(value: Value) -> str:
    return share_of(value) if value.withheld else f"{share_of(value)} ({range_of(value)})"


def apart_of(table: Table) -> str:
    """Say who gave no opinion, in counts rounded to 5."""
    return listed(_apart(table.apart))


def _apart(apart: Mapping[str, int | None]) -> Iterator[str]:
    for key, count in apart.items():
        words = str(NO_OPINION[key]) if key in NO_OPINION else key
        few = _("fewer than 10")
        yield f"{words}: {few if count is None else number(count)}"


def of_kind(published: Published, kind: str = MEASURE) -> list[Table]:
    """List the tables of one kind."""
    return [table for table in published.tables if table.kind == kind]


def released(published: Published) -> str:
    """Say when a release came out and how many answered."""
    count = published.responses or 0
    return " ".join(
        (
            _("Published on %(date)s.") % {"date": day(published.released_on)},
            ngettext("About %(count)s person answered.", "About %(count)s people answered.", count)
            % {"count": number(published.responses)},
        )
    )


def method(published: Published) -> list[str]:
    """Say how figures are to be read."""
    weighted = _(
        "Groups that answered less often count more, so that the figures look like West Yorkshire in the Census. "
        "“Worth” says how many answers that leaves."
    )
    changes = [table for table in published.tables if table.change]
    return [
        *([_("These are simulated answers, not real people’s.")] if published.simulated else []),
        _(
            "The likely range shows how much chance could have moved a figure: of 100 surveys like this one, about 95 "
            "would have a range that holds the true figure."
        ),
        *([_("The changes are judged together, so each must be larger to count as clear.")] if changes[1:] else []),
        _(
            "Everybody could choose to answer, so the people who did are not a random sample. Those who did not may "
            "think differently, and no range shows that."
        ),
        weighted if published.weighted else _("The figures describe only the people who answered."),
        _("Numbers of people are rounded to 5. What could point at fewer than 10 people is not shown."),
    ]


def citing(identifier: str) -> str:
    """Say how to quote what stands at an address."""
    name = i18n.isolated(identifier)
    return _("To quote this, give its name: %(name)s. What stands at this address never changes.") % {"name": name}
