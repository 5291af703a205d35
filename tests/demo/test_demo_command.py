"""``flask demo``: one command, and there is something to see. What is printed is what the pages show."""

from __future__ import annotations

import re

import pytest

SMALL = ("demo", "--responses", "300", "--months", "2", "--seed", "1")
PRIORITIES = 16
MEASURES = ("People feel safe", "Good or excellent job", "Will prevent crime", "Partners deal with what matters")
ROLES = ("officer", "analyst", "office", "approver", "safeguarding", "admin")


@pytest.fixture
def said(flask_command):
    return flask_command(*SMALL)


def test_one_command_and_there_is_something_to_see(said, flask_command, person):
    prints_priorities_measures_and_sign_ins(said)
    listed = flask_command("survey", "list")
    assert "YP-2026: open" in listed
    assert "YV-2026-11: open" in listed
    assert "YP-2025 (simulated): closed" in listed
    assert "YV-2026-10 (simulated): closed" in listed
    for slug in ("your-priorities-your-plan", "your-views"):
        for language in ("en", "ur"):
            person.visit(f"/{language}/{slug}")
    published = person.visit("/en/results")
    assert "YV-2026-10" in published.text and "YP-2025" in published.text and "simulated" in published.text
    assert "Burglary" in person.visit("/en/results/YV-2026-10").text
    assert "Not enough responses to say" in flask_command("results", "YP-2026", status=1)
    person.visit("/login")
    person.submit(email="analyst@example.org", password=password_in(said))
    assert "Simulated" in person.visit("/staff").text
    a_second_run_uses_what_is_there(said, flask_command)


def a_second_run_uses_what_is_there(said, flask_command):
    again = flask_command(*SMALL)
    assert "there already" in again
    numbers = [re.findall(r".*%.*", text) for text in (said, again)]
    assert numbers[0] == numbers[1]
    assert password_in(again) == password_in(said)
    assert flask_command("survey", "list").count("YP-2025 (simulated)") == 1


def prints_priorities_measures_and_sign_ins(said):
    assert len(re.findall(r"^ +\d+  \S.*%.* to .*%", said, re.MULTILINE)) == PRIORITIES
    assert all(measure in said for measure in MEASURES)
    assert "no clear change" in said or "rose" in said or "fell" in said
    assert "79.4%" in said
    assert all(f"{role}@example.org" in said for role in ROLES)
    assert said.count("SIMULATED: nobody real gave these answers.") >= 3


def test_an_empty_simulated_wave_is_filled_by_the_next_run(app, flask_command):
    from app.demo import services

    with app.app_context():
        services.open_surveys()
        past = services.waves_to_fill(1)[0]
        services.opened_in_the_past(past)
        assert past in services.waves_to_fill(1)
    flask_command("demo", "--responses", "300", "--months", "1", "--seed", "1")
    with app.app_context():
        assert services.waves_to_fill(1) == []


def test_a_month_that_asked_real_people_is_never_simulated(app, clock, flask_command):
    from app.demo import services

    with app.app_context():
        services.open_surveys()
    clock.set("2026-12-05T10:00")
    with app.app_context():
        assert [past.period for past in services.waves_to_fill(2)] == ["2025", "2026-10"]


def password_in(text: str) -> str:
    return re.search(r"password of every account below: (\S+)", text).group(1)
