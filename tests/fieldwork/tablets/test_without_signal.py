"""A tablet in a hall without signal: cold starts, a bad road, a full disk, an upgrade; nothing lost or doubled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.surveys.models import Response
from tests.fieldwork.tablets.conftest import WAVE, NewTablet
from tests.fieldwork.tablets.device import MODULE, Tablet
from tests.fieldwork.tablets.road import Road
from tests.support.browsers import assert_accessible, assert_fits
from tests.support.servers import Server

SAID = "lamps near the mill are dark"
Roads = Callable[..., Road]
WHOLE = """async () => {
  const db = await new Promise(done => {
    const asked = indexedDB.open('tablet')
    asked.onsuccess = () => done(asked.result)
  })
  const all = name => new Promise(done => {
    const asked = db.transaction(name).objectStore(name).getAll()
    asked.onsuccess = () => done(asked.result)
  })
  const found = JSON.stringify([await all('queue'), await all('kept')])
  db.close()
  const cached = []
  for (const name of await caches.keys()) {
    for (const each of await (await caches.open(name)).keys()) cached.push(each.url)
  }
  return { found, cached, local: JSON.stringify([localStorage, sessionStorage]), cookies: document.cookie }
}"""


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response).order_by(Response.id)))


def look(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def drain(tablet: Tablet, seconds: int = 120) -> None:
    """Send again and again, as the button does, until nothing waits."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and tablet.waiting():
        tablet.page.evaluate(f"async () => {{ {MODULE} return (await app.send()).state }}")
    assert tablet.waiting() == 0, tablet.page.locator("main").inner_text()[:600]


def test_forty_responses_on_a_bad_road_are_stored_once(
    app: Flask, live_server: Server, roads: Roads, new_tablet: NewTablet, usual_answers: dict[str, Any]
) -> None:
    road = roads(live_server, drop=0.2, lose=0.25, error=0.15)
    tablet = new_tablet(road.address)
    road.cut = True
    live_server.stop(hard=True)
    tablet.restart()
    tablet.begin("YV", "ur")
    tablet.answer(look, words=SAID)
    receipt = tablet.send()
    look(tablet.page)
    tablet.press("done")
    tablet.save_many(38, WAVE, usual_answers)
    tablet.respond("YV", "pl")
    assert tablet.waiting() == 40
    left = tablet.page.evaluate(WHOLE)
    assert left["local"] == "[{},{}]"
    assert left["cookies"] == ""
    for secret in (SAID, receipt, "16_17", 'prefer_not_to_say":', 'very_safe":'):
        assert secret not in json.dumps(json.loads(left["found"])[0], ensure_ascii=False)
    assert [url for url in left["cached"] if "/api/" in url or "/session" in url] == []
    for file in tablet.folder.rglob("*"):
        if file.is_file() and "Cache" not in str(file):
            content = file.read_bytes()
            assert SAID.encode() not in content, file
            assert SAID.encode("utf-16-le") not in content, file

    tablet.restart()
    assert tablet.waiting() == 40
    live_server.start()
    road.cut = False
    tablet.enter_office()
    tablet.press("sync")
    live_server.restart(hard=True)
    tablet.page.locator("[data-do=sync]").wait_for()
    drain(tablet)
    assert road.met["lose"] + road.met["drop"] + road.met["error"] > 0, road.met
    found = stored(app)
    assert len(found) == 40
    assert {each.channel for each in found} == {"tablet"}
    assert {each.event_id for each in found} == {1}
    assert sorted(each.language for each in found if each.language != "en") == ["pl", "ur"]
    with app.app_context():
        words = {(each.said or {}).get("anything_else") for each in found}
    assert {f"Number {number}" for number in range(38)} <= words
    by_code = tablet.context.new_page() if tablet.context else tablet.page
    by_code.goto(f"{live_server.address}/ur/your-answers")
    by_code.locator("input[name=code]").fill(receipt)
    by_code.locator("main form button.govuk-button").first.click()
    expect(by_code.locator("main")).to_contain_text(SAID)


def test_a_full_disk_stops_clearly_and_loses_nothing(
    app: Flask, live_server: Server, new_tablet: NewTablet, roads: Roads
) -> None:
    road = roads(live_server)
    tablet = new_tablet(road.address)
    road.cut = True
    tablet.switch_off()
    page = tablet.switch_on(full=True)
    tablet.begin("YV", "ur")
    tablet.answer()
    tablet.press("send")
    page.locator("[data-do=again]").wait_for()
    look(page)
    expect(page.locator("main")).to_contain_text("free some space on this tablet")
    page.go_back()
    page.locator("[data-do=again]").evaluate("each => { each.id = 'before' }")
    tablet.press("again")
    page.locator("[data-do=again]:not(#before)").wait_for()
    tablet.disk(None)
    tablet.press("again")
    assert page.locator(".tablet-code").inner_text()
    tablet.press("done")
    assert tablet.waiting() == 1


def test_a_newer_app_waits_for_whoever_fills_in_and_keeps_the_queue(
    live_server: Server, roads: Roads, new_tablet: NewTablet, usual_answers: dict[str, Any]
) -> None:
    road = roads(live_server, drop=1.0)
    tablet = new_tablet(road.address)
    page = tablet.page
    tablet.save_many(30, WAVE, usual_answers)
    road.build = "another build"
    tablet.begin("YV")
    tablet.fill()
    waits = """async () => {
      const registration = await navigator.serviceWorker.getRegistration('/tablet/')
      await registration.update()
      while (!registration.waiting) await new Promise(resolve => setTimeout(resolve, 50))
      await new Promise(resolve => setTimeout(resolve, 400))
      return Boolean(registration.waiting)
    }"""
    assert page.evaluate(waits), "the new worker waits"
    tablet.answer()
    with page.expect_navigation():
        tablet.press("send")
    page.locator(".tablet-choices").wait_for()
    assert tablet.waiting() == 31
    assert page.evaluate("navigator.serviceWorker.getRegistration('/tablet/').then(found => !found.waiting)")


def test_what_the_server_refuses_stays_on_the_tablet_with_id_time_and_reason(
    app: Flask, live_server: Server, roads: Roads, new_tablet: NewTablet, usual_answers: dict[str, Any]
) -> None:
    road = roads(live_server)
    tablet = new_tablet(road.address)
    page = tablet.page
    road.cut = True
    good = tablet.save_many(2, WAVE, usual_answers)
    bad = page.evaluate(
        f"""async answers => {{ {MODULE}
            const bundle = await app.kept('bundle')
            const survey = {{ ...bundle.surveys.find(each => each.wave === '{WAVE}'), wave: 'YV-1999-01' }}
            const filling = await app.Filling.begin(bundle, survey, 'hand_over', 'en')
            filling.answers = answers
            await filling.save()
            return filling.id
        }}""",
        usual_answers,
    )
    road.cut = False
    tablet.enter_office()
    tablet.press("sync")
    marked = page.locator(".tablet-marked li")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text(bad)
    expect(marked).to_contain_text("a wave that there is not")
    look(page)
    assert len(stored(app)) == len(good)
    tablet.press("dismiss")
    expect(marked).to_have_count(0)
    assert tablet.waiting() == 0


def test_a_revoked_tablet_says_so_keeps_its_queue_and_saves_it_as_a_file(
    app: Flask,
    live_server: Server,
    roads: Roads,
    new_tablet: NewTablet,
    usual_answers: dict[str, Any],
    tmp_path: Path,
    revoke: Callable[[], None],
) -> None:
    road = roads(live_server)
    tablet = new_tablet(road.address)
    page = tablet.page
    road.cut = True
    ids = tablet.save_many(3, WAVE, usual_answers)
    revoke()
    road.cut = False
    tablet.enter_office()
    tablet.press("sync")
    expect(page.locator(".govuk-error-summary")).to_contain_text("revoked")
    assert tablet.waiting() == 3
    with page.expect_download() as saved:
        tablet.press("export")
    saved.value.save_as(tmp_path / "queue.json")
    file = json.loads((tmp_path / "queue.json").read_text())
    assert (file["format"], file["event"]) == ("tablet-queue-1", 1)
    assert {item["id"] for item in file["items"]} == set(ids)
    assert {tuple(sorted(item)) for item in file["items"]} == {("digest", "given_at", "id", "sealed", "wave")}
    assert stored(app) == []
