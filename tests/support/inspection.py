"""What is looked at on every page in a real browser: axe, room, targets, where the focus is and whether it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.browsers import AXE, assert_fits

# A phone, a desk, and a desk at a zoom of 400%: 1280 by 1024 becomes 320 by 256.
SIZES = ((360, 740), (1280, 900), (320, 256))
MOST_STOPS = 150
BY_LAYOUT = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
}
RUN = """options => axe.run(options).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`)))"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const boxes = [e.labels && e.labels[0] && e.type !== 'text' ? e.labels[0] : e, e].map(x => x.getBoundingClientRect());
  const points = boxes.flatMap(b => [[b.left + b.width / 2, b.top + b.height / 2], [b.left + 3, b.top + 3],
    [b.right - 3, b.bottom - 3]]);
  const shown = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (e.contains(top) || top.contains(e) && top !== document.body && top !== document.documentElement
      || (e.labels && [...e.labels].some(l => l.contains(top))));
  });
  const b = boxes[1];
  return {kind: [e.tagName, e.type || '', e.className, document.dir, innerWidth].join(' '), shown,
    html: e.outerHTML.slice(0, 160), box: [b.left, b.top, b.width, b.height],
    nth: [...document.querySelectorAll('*')].indexOf(e)};
}"""


def faults(page: Page, options: Mapping[str, Any]) -> list[str]:
    """Name what axe finds, best practice and the size of targets included; a page is given axe once."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, options)
    return found


def inspect(page: Page) -> list[str]:
    """Look at the page at hand in every size, in its own and in forced colours.

    By all rules once, on a phone; then by those that depend on room and colours. No style hides anything by width or
    by forced colours, and tests/frontend/test_sizes.py holds that: what the other rules look at stays the same.
    """
    found: list[str] = []
    options: Mapping[str, Any] = AXE
    for forced in ("none", "active"):
        page.emulate_media(forced_colors=forced)  # type: ignore[arg-type]
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => scrollTo(0, 0)")  # as it opens: what lies half under the bar that stays is scrolled to
            where = f"{page.url} {width}x{height} forced colours {forced}"
            try:
                assert_fits(page)
            except AssertionError as error:
                found.append(f"{where}: {error}")
            found += [f"{where}: {fault}" for fault in faults(page, options)]
            options = BY_LAYOUT
    page.emulate_media(forced_colors="none")
    return found


def tab_through(page: Page, known: set[str]) -> list[str]:
    """Tab through the page at hand: nothing traps, nothing hides the focus, and each new kind of control shows it."""
    found: list[str] = []
    met: list[int] = []
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0) }")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or at["nth"] in met:
            return found
        met.append(at["nth"])
        if not at["shown"]:
            found.append(f"{page.url}: the focus is hidden: {at['html']}")
        elif at["kind"] not in known:
            known.add(at["kind"])
            if not changes_when_focused(page, at["box"]):
                found.append(f"{page.url}: the focus does not show: {at['html']}")
    return [*found, f"{page.url}: Tab never came round"]


def changes_when_focused(page: Page, box: list[float]) -> bool:
    """Compare what is seen around a control while it has the focus, and while it has not."""
    size = page.viewport_size or {"width": 0, "height": 0}
    left, top = max(box[0] - 6, 0), max(box[1] - 6, 0)
    width, height = min(box[2] + 12, size["width"] - left), min(box[3] + 12, size["height"] - top)
    clip: Any = {"x": left, "y": top, "width": max(width, 1), "height": max(height, 1)}
    focused = hashlib.sha256(page.screenshot(clip=clip, caret="hide")).digest()
    page.evaluate("() => { window.was = document.activeElement; was.blur() }")
    blurred = hashlib.sha256(page.screenshot(clip=clip, caret="hide")).digest()
    page.evaluate("() => was.focus({preventScroll: true})")
    return focused != blurred
