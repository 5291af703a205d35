"""The numbers that tablets have to reach, measured on this machine: ``make bench-sync`` runs it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys.models import Response
from tests.fieldwork.tablets.conftest import WAVE, NewTablet
from tests.fieldwork.tablets.test_without_signal import Roads, drain
from tests.support.servers import Server

pytestmark = pytest.mark.audit
SECONDS_FOR_500, SECONDS_TO_OPEN, MOST_BYTES = 20, 2, 2_000_000
SIZES = """async () => {
  let cached = 0
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const each of await cache.keys()) cached += (await (await cache.match(each)).arrayBuffer()).byteLength
  }
  const app = await import(document.querySelector('script[type=module]').src)
  return [cached, new TextEncoder().encode(JSON.stringify(await app.kept('bundle'))).length]
}"""


def count(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(Response)) or 0)


def test_a_thousand_offline_on_a_bad_road_are_stored_once(
    app: Flask, live_server: Server, roads: Roads, new_tablet: NewTablet, usual_answers: dict[str, Any]
) -> None:
    road = roads(live_server, drop=0.2, lose=0.25, error=0.15)
    tablet = new_tablet(road.address)
    road.cut = True
    tablet.restart()
    for language in ("ur", "pl"):
        tablet.respond("YV", language)
    tablet.save_many(598, WAVE, usual_answers)
    tablet.restart()
    tablet.save_many(400, WAVE, usual_answers, "interpreter")
    assert tablet.waiting() == 1000
    road.cut = False
    tablet.enter_office()
    tablet.press("sync")
    live_server.restart(hard=True)
    tablet.restart()
    tablet.enter_office()
    drain(tablet, seconds=300)
    assert count(app) == 1000
    print(f"\n1,000 responses, faults met {dict(road.met)}: {count(app)} stored once")


def test_five_hundred_are_sent_fast_and_the_page_opens_fast_and_is_small(
    app: Flask, live_server: Server, new_tablet: NewTablet, usual_answers: dict[str, Any]
) -> None:
    tablet = new_tablet(live_server.address.replace("127.0.0.1", "localhost"))
    live_server.stop()
    tablet.save_many(500, WAVE, usual_answers)
    live_server.start()
    tablet.enter_office()
    began = time.perf_counter()
    tablet.press("sync")
    tablet.page.wait_for_function("() => document.getElementById('waiting')?.textContent === '0'", timeout=120_000)
    sent = time.perf_counter() - began
    assert count(app) == 500
    live_server.stop()
    opened = sorted(open_slowly(tablet) for _ in range(5))[2]
    cached, bundle = tablet.page.evaluate(SIZES)
    print(f"\n500 sent in {sent:.1f} s; usable from cache at a quarter of the speed in {opened:.2f} s (median of 5)")
    print(f"cached: {cached:,} bytes of page, {bundle:,} bytes of texts and questionnaires in all languages")
    assert sent <= SECONDS_FOR_500
    assert opened <= SECONDS_TO_OPEN
    assert cached + bundle <= MOST_BYTES


def open_slowly(tablet: Any) -> float:
    """Open the page from its cache on a processor slowed to a quarter; say after how long a language can be chosen."""
    devtools = tablet.context.new_cdp_session(tablet.page)
    tablet.page.goto("about:blank")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    began = time.perf_counter()
    tablet.page.goto(f"{tablet.address}/tablet/", wait_until="commit")
    tablet.page.locator(".tablet-choice").first.wait_for()
    taken = time.perf_counter() - began
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return taken
