"""Draws the five districts: each share and its interval in words on the district, hatched where it is not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.results.drawing import svg
from app.results.run.figures import Figure
from app.results.telling.line_tables import told
from app.results.telling.tables import percent

BOUNDARIES = Path(__file__).parent / "data" / "west-yorkshire-districts.json"
SHADES = ((0.06, "lowest"), (0.16, "lower"), (0.28, "higher"), (0.42, "highest"))
BAR = 300
"""How long a bar is for an interval of the whole scale, 0 to 1."""


@lru_cache
def boundaries() -> dict[str, Any]:
    """Read the outlines of the districts, with their source."""
    found: dict[str, Any] = json.loads(BOUNDARIES.read_text(encoding="utf-8"))
    return found


def drawable(districts: Mapping[str, str]) -> bool:
    """Say whether all of a survey's districts have outlines."""
    return bool(districts) and set(districts) <= set(boundaries()["districts"])


def district_map(name: str, title: str, figures: Mapping[str, Figure], names: Mapping[str, str]) -> str:
    """Draw the districts; shading is relative to each other, and says nothing that the words do not say."""
    known = boundaries()
    hatch = f"map-{name}-hatch"
    parts = [svg.stripes(hatch)]
    shade = shades(figures)
    for key in names:
        parts += _district(known["districts"][key], names[key], figures[key], shade.get(key), hatch)
    about = "; ".join(f"{names[key]} {told(figures[key])}{_between(figures[key])}" for key in names)
    return svg.picture(f"map-{name}", title, about, known["width"], known["height"], "".join(parts))


def shades(figures: Mapping[str, Figure]) -> dict[str, float]:
    """Give the shown districts a shade each: the range from the lowest to the highest share in four equal steps."""
    values = {key: figure.value for key, figure in figures.items() if figure.shown and figure.value is not None}
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    step = (high - low) / len(SHADES) or 1.0
    return {key: SHADES[min(int((value - low) / step), len(SHADES) - 1)][0] for key, value in values.items()}


def _between(figure: Figure) -> str:
    return f" ({percent(figure.low)} to {percent(figure.high)})" if figure.shown else ""


def _district(outline: Mapping[str, Any], name: str, figure: Figure, shade: float | None, hatch: str) -> Iterator[str]:
    fill = f'fill-opacity="{shade}"' if shade is not None else f'fill="url(#{hatch})" fill-opacity="0.35"'
    yield f'<path d="{outline["path"]}" {fill} stroke="currentColor" stroke-width="1.5"/>'
    x, y = outline["label"]
    if not figure.shown or figure.low is None or figure.high is None:
        yield svg.words(x, y - 6, name, "middle", 12, bold=True)
        yield svg.words(x, y + 8, "not enough", "middle", 11)
        if figure.more_needed:
            yield svg.words(x, y + 21, f"{figure.more_needed:,} more needed", "middle", 11)
        return
    yield svg.words(x, y - 14, name, "middle", 12, bold=True)
    yield svg.words(x, y + 2, percent(figure.value), "middle", 14, bold=True)
    yield svg.words(x, y + 15, f"{100 * figure.low:.1f} to {100 * figure.high:.1f}", "middle", 11)
    half = BAR * (figure.high - figure.low) / 2
    yield svg.rule(x - half, y + 22, x + half, y + 22, 2)
    for end in (x - half, x + half):
        yield svg.rule(end, y + 19, end, y + 25, 1.5)
