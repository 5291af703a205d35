"""The cases that the server's gate and the tablet's share, run through the tablet's own script in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fieldwork.tablets.device import MODULE
from tests.support.browsers import Window
from tests.support.servers import Server

SHARED = Path(__file__).resolve().parents[3] / "app" / "surveys" / "data" / "gate-cases.json"
RUN = f"""async text => {{ {MODULE}
  const shared = JSON.parse(text)
  const definition = app.fromDocument(shared.definition)
  const question = key => app.questionsOf(definition).find(each => each.key === key)
  const cases = shared.cases.map(({{ answers }}) => {{
    const {{ problems, ...found }} = app.check(definition, answers)
    return {{
      expected: {{ ...found, problems: problems.map(each => [each.question, each.code, each.part]) }},
      pages: app.pages(definition, answers).map(page => page.key),
    }}
  }})
  const orders = []
  for (const each of shared.orders) orders.push(await app.shuffledKeys(question(each.question), each.seed))
  const amount = app.KINDS.amount_by_band
  const costs = band => question('more').options.map(option => amount.forBand(option, band).text)
  const amounts = shared.amounts.map(({{ band }}) => costs(band))
  return JSON.stringify({{ cases, orders, amounts }})
}}"""


def test_the_tablet_judges_orders_and_counts_as_the_server_does(live_server: Server, window: Window) -> None:
    page = window(service_workers="block")
    page.goto(f"{live_server.address.replace('127.0.0.1', 'localhost')}/tablet/")
    page.locator("h1").wait_for()
    shared = json.loads(SHARED.read_text(encoding="utf-8"))
    found = json.loads(page.evaluate(RUN, SHARED.read_text(encoding="utf-8")))
    for case, verdict in zip(shared["cases"], found["cases"], strict=True):
        assert verdict == {"expected": case["expected"], "pages": case["pages"]}, case["name"]
    assert found["orders"] == [each["keys"] for each in shared["orders"]]
    assert found["amounts"] == [each["texts"] for each in shared["amounts"]]
