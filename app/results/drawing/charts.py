"""Charts as SVG, from figures to markup: no script, no style attribute, no colour that means anything.

Whatever a chart shows stands in words beside each mark, and in a table beneath it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from app.results.run.figures import Ranked, Ranking
from app.results.telling.local import Tier, tiers
from app.results.telling.tables import interval_of, percent, ranks_of, share_of

WIDTH = 950
LABELS = 300
PLOT = 330
ROW = 30
TIER = 34
HEAD = 34
FOOT = 12
LINE = 15
LETTERS = 40


def ranking_chart(ranking: Ranking, simulated: bool) -> str:
    """Draw a ranking: a dot for each share, a bar for its interval, a rule and a name where a tier begins."""
    furthest = max((place.share.figure.high or 0.0) for place in ranking.places)
    scale = Scale(furthest)
    parts = list(_axis(scale, _height(ranking)))
    y = float(HEAD)
    for tier in tiers(ranking):
        parts += _tier(y, tier)
        y += TIER
        for place in tier.places:
            parts += _place(place, y + ROW / 2, scale)
            y += ROW
    return _svg(ranking, simulated, "".join(parts))


class Scale:
    """Where a share stands on the plot, from zero to a round number beyond the furthest interval."""

    def __init__(self, furthest: float) -> None:
        self.end = next((end for end in (0.04, 0.08, 0.12, 0.2, 0.4, 0.6, 0.8) if furthest <= end), 1.0)

    def x(self, share: float) -> float:
        """Place a share."""
        return LABELS + PLOT * share / self.end

    @property
    def ticks(self) -> list[float]:
        """List the shares that the axis names."""
        return [self.end * step / 4 for step in range(5)]


def _height(ranking: Ranking) -> int:
    tiers = len({place.tier for place in ranking.places})
    return HEAD + TIER * tiers + ROW * len(ranking.places) + FOOT


def _svg(ranking: Ranking, simulated: bool, content: str) -> str:
    name = f"chart-{escape(ranking.key)}"
    height = _height(ranking)
    mark = " Simulated answers." if simulated else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="site-chart" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-size="15" fill="currentColor" '
        f'aria-labelledby="{name}-title {name}-about">'
        f'<title id="{name}-title">{escape(ranking.label)}{mark}</title>'
        f'<desc id="{name}-about">{escape(about(ranking))}</desc>{content}</svg>'
    )


def about(ranking: Ranking) -> str:
    """Tell in words what the chart of a ranking shows."""
    listed = "; ".join(
        f"{place.rank}. {place.share.label}, {share_of(place.share.figure)}, tier {place.tier}"
        for place in ranking.places
    )
    return f"The share who chose each, with its 95% interval, most chosen first. {listed}."


def _axis(scale: Scale, height: int) -> Iterator[str]:
    for tick in scale.ticks:
        x = f"{scale.x(tick):.1f}"
        ends = f'x1="{x}" y1="{HEAD - 8}" x2="{x}" y2="{height - FOOT}"'
        yield f'<line {ends} stroke="currentColor" stroke-opacity="0.25"/>'
        yield f'<text x="{x}" y="{HEAD - 14}" text-anchor="middle" font-size="13">{100 * tick:.0f}%</text>'
    yield f'<text x="{LABELS + PLOT + 24}" y="{HEAD - 14}" font-size="13">Share, interval, ranks it could hold</text>'


def _tier(y: float, tier: Tier) -> Iterator[str]:
    yield f'<line x1="0" y1="{y + 4:.1f}" x2="{WIDTH}" y2="{y + 4:.1f}" stroke="currentColor" stroke-width="2"/>'
    yield f'<text x="0" y="{y + 24:.1f}" font-weight="700">Tier {tier.number}: {tier.words}</text>'


def _place(place: Ranked, y: float, scale: Scale) -> Iterator[str]:
    figure = place.share.figure
    yield from _label(f"{place.rank}. {place.share.label}", y)
    if not figure.shown or figure.value is None or figure.low is None or figure.high is None:
        yield f'<text x="{LABELS}" y="{y + 5:.1f}">{escape(share_of(figure))}</text>'
        return
    low, high, middle = (f"{scale.x(share):.1f}" for share in (figure.low, figure.high, figure.value))
    yield f'<line x1="{low}" y1="{y:.1f}" x2="{high}" y2="{y:.1f}" stroke="currentColor" stroke-width="3"/>'
    for end in (low, high):
        yield f'<line x1="{end}" y1="{y - 6:.1f}" x2="{end}" y2="{y + 6:.1f}" stroke="currentColor" stroke-width="2"/>'
    yield f'<circle cx="{middle}" cy="{y:.1f}" r="6"/>'
    words = f"{percent(figure.value)} ({interval_of(figure)}), rank {ranks_of(place.low, place.high)}"
    yield f'<text x="{LABELS + PLOT + 24}" y="{y + 5:.1f}" font-size="13">{words}</text>'


def _label(text: str, y: float) -> Iterator[str]:
    lines = textwrap.wrap(text, LETTERS, max_lines=2, placeholder=" …")
    first = y + 5 - LINE * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield f'<text x="0" y="{first + LINE * number:.1f}" font-size="14">{escape(line)}</text>'
