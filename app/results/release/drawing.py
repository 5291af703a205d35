"""The chart of one released figure by area, as SVG: a dot for the share, a bar for its interval, words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app import i18n
from app.results.drawing.charts import Scale
from app.results.release import words
from app.results.release.document import Item, Published, Table, Value

WIDTH, EDGE, ROW, HEAD, FOOT = 330, 16, 56, 30, 8
"""Narrow enough for a phone: each area has its words on one line and its bar beneath them."""
BAR, GRID = 14, 10
"""How far a bar lies beneath the line of its words, and how far grid lines reach above and below a bar."""


def by_area(published: Published, table: Table, item: Item) -> str:
    """Draw a figure by area. Words begin where the script does, and so does the axis."""
    highest = max((value.high or 0.0 for value in item.areas.values()), default=0.0)
    scale, height = Scale(highest), HEAD + ROW * len(item.areas) + FOOT
    name = f"chart-{escape(item.id)}"
    parts = [*_axis(scale)]
    for place, (area, value) in enumerate(item.areas.items()):
        parts += _row(words.area_name(published, area), value, HEAD + ROW * place + ROW / 2, scale)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="site-chart" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" direction="ltr" font-size="15" fill="currentColor" '
        f'aria-labelledby="{name}-title {name}-about">'
        f'<title id="{name}-title">{escape(words.item_title(table, item))}</title>'
        f'<desc id="{name}-about">{escape(about(published, item))}</desc>{"".join(parts)}</svg>'
    )


def about(published: Published, item: Item) -> str:
    """Say in words what the chart shows."""
    return f"{i18n.mark(';')} ".join(
        f"{words.area_name(published, area)}: {words.share_of(value)}"
        + ("" if value.withheld else f" ({words.range_of(value)})")
        for area, value in item.areas.items()
    )


def _x(scale: Scale, share: float) -> str:
    along = EDGE + (WIDTH - 2 * EDGE) * share / scale.end
    return f"{WIDTH - along if i18n.spoken().direction == 'rtl' else along:.1f}"


def _axis(scale: Scale) -> Iterator[str]:
    for tick in scale.ticks:
        at = f'x="{_x(scale, tick)}" y="{HEAD - 12}"'
        yield f'<text {at} text-anchor="middle" font-size="13">{words.percent(tick, "")}</text>'


def _grid(scale: Scale, y: float) -> Iterator[str]:
    """Draw the grid behind a bar alone: lines through words make them hard to read."""
    for tick in scale.ticks:
        x = _x(scale, tick)
        ends = f'x1="{x}" y1="{y - GRID:.1f}" x2="{x}" y2="{y + GRID:.1f}"'
        yield f'<line {ends} stroke="currentColor" stroke-opacity="0.35"/>'


def _row(label: str, value: Value, y: float, scale: Scale) -> Iterator[str]:
    interval = "" if value.withheld else f" ({words.range_of(value)})"
    begins = f'x="{WIDTH}" direction="rtl"' if i18n.spoken().direction == "rtl" else 'x="0"'
    yield f'<text {begins} y="{y - 5:.1f}">{escape(f"{label}: {words.share_of(value)}{interval}")}</text>'
    if value.share is None or value.low is None or value.high is None:
        return
    low, high, middle, y = _x(scale, value.low), _x(scale, value.high), _x(scale, value.share), y + BAR
    yield from _grid(scale, y)
    yield f'<line x1="{low}" y1="{y:.1f}" x2="{high}" y2="{y:.1f}" stroke="currentColor" stroke-width="3"/>'
    for end in (low, high):
        yield f'<line x1="{end}" y1="{y - 6:.1f}" x2="{end}" y2="{y + 6:.1f}" stroke="currentColor" stroke-width="2"/>'
    yield f'<circle cx="{middle}" cy="{y:.1f}" r="6"/>'
