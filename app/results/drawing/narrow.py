"""The chart of a ranking for a phone: the words of each priority on lines of their own, its bar beneath them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from app.results.drawing.charts import Scale, about
from app.results.run.figures import Ranked, Ranking
from app.results.telling.local import Tier, tiers
from app.results.telling.tables import interval_of, percent, ranks_of, share_of

WIDTH, EDGE, HEAD, LINE, BAR, GAP = 330, 14, 26, 19, 26, 10
LETTERS = 42


def ranking_chart(ranking: Ranking, simulated: bool) -> str:
    """Draw a ranking as narrow as a phone is."""
    scale = Scale(max((place.share.figure.high or 0.0) for place in ranking.places))
    parts, y = list(_axis(scale)), float(HEAD)
    for tier in tiers(ranking):
        said, y = _tier(tier, y)
        parts += said
        for place in tier.places:
            drawn, y = _place(place, y, scale)
            parts += drawn
    name, mark = f"narrow-{escape(ranking.key)}", " Simulated answers." if simulated else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="site-chart" width="{WIDTH}" height="{y:.0f}" '
        f'viewBox="0 0 {WIDTH} {y:.0f}" font-size="15" fill="currentColor" '
        f'aria-labelledby="{name}-title {name}-about">'
        f'<title id="{name}-title">{escape(ranking.label)}{mark}</title>'
        f'<desc id="{name}-about">{escape(about(ranking))}</desc>{"".join(parts)}</svg>'
    )


def _x(scale: Scale, share: float) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * share / scale.end:.1f}"


def _axis(scale: Scale) -> Iterator[str]:
    for tick in scale.ticks:
        yield f'<text x="{_x(scale, tick)}" y="14" text-anchor="middle" font-size="13">{100 * tick:.0f}%</text>'


def _lines(text: str, y: float, bold: bool = False) -> tuple[list[str], float]:
    weight = ' font-weight="700"' if bold else ""
    lines = textwrap.wrap(text, LETTERS)
    said = [f'<text x="0" y="{y + LINE * n:.1f}"{weight}>{escape(line)}</text>' for n, line in enumerate(lines, 1)]
    return said, y + LINE * len(lines)


def _tier(tier: Tier, y: float) -> tuple[list[str], float]:
    rule = f'<line x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="currentColor" stroke-width="2"/>'
    said, y = _lines(f"Tier {tier.number}: {tier.words}", y + 2, bold=True)
    return [rule, *said], y + GAP


def _place(place: Ranked, y: float, scale: Scale) -> tuple[list[str], float]:
    figure = place.share.figure
    said, y = _lines(f"{place.rank}. {place.share.label}", y)
    if not figure.shown or figure.value is None or figure.low is None or figure.high is None:
        why, y = _lines(share_of(figure), y)
        return [*said, *why], y + GAP
    words = f"{percent(figure.value)} ({interval_of(figure)}), rank {ranks_of(place.low, place.high)}"
    more, y = _lines(words, y)
    return [*said, *more, *_bar(figure.low, figure.value, figure.high, y + BAR / 2, scale)], y + BAR + GAP


def _bar(low: float, middle: float, high: float, y: float, scale: Scale) -> Iterator[str]:
    for tick in scale.ticks:
        x = _x(scale, tick)
        yield f'<line x1="{x}" y1="{y - 9:.1f}" x2="{x}" y2="{y + 9:.1f}" stroke="currentColor" stroke-opacity="0.3"/>'
    ends = [_x(scale, share) for share in (low, high)]
    yield f'<line x1="{ends[0]}" y1="{y:.1f}" x2="{ends[1]}" y2="{y:.1f}" stroke="currentColor" stroke-width="3"/>'
    for x in ends:
        yield f'<line x1="{x}" y1="{y - 6:.1f}" x2="{x}" y2="{y + 6:.1f}" stroke="currentColor" stroke-width="2"/>'
    yield f'<circle cx="{_x(scale, middle)}" cy="{y:.1f}" r="6"/>'
