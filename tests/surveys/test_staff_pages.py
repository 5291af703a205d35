"""The staff's pages about surveys, as the people who work with them use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import db
from app.surveys import queries, responding, services
from app.surveys.models import Draft, Response
from tests.accounts.house import Visitor, close, hire, signed_in, text_of
from tests.support.applications import MakeApp
from tests.support.clock import Clock

QUESTIONNAIRE = """
survey: {slug}
reference: {reference}
title: {title}
about: What it is like to live here.
minutes: 3
asked: {asked}
languages: [en]
sections:
  - key: about_you
    title: About you
    questions:
      - key: district
        kind: area
        role: district
        text: Where do you live?
        options:
          - {{key: bradford, text: Bradford}}
          - {{key: leeds, text: Leeds}}
          - {{key: outside, text: Outside West Yorkshire, apart: outside}}
      - key: safe
        kind: one_of
        text: Do you feel safe?
        confirm: The wording of this question.
        options:
          - {{key: yes_safe, text: "Yes"}}
          - {{key: not_safe, text: "No"}}
"""
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def app(app: Flask, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """Open a house with two small surveys, neither of them open yet, on a Friday in November."""
    clock.moment = NOW
    for slug, reference, title, asked in (
        ("your-street", "YS", "Your Street", "once"),
        ("your-month", "YM", "Your Month", "monthly"),
    ):
        file = tmp_path / f"{slug}.yaml"
        file.write_text(QUESTIONNAIRE.format(slug=slug, reference=reference, title=title, asked=asked))
        result = app.test_cli_runner().invoke(args=["survey", "import", str(file)])
        assert result.exit_code == 0, result.output
    hire(app)
    yield app
    close(app)


def opened(app: Flask, slug: str = "your-street", **fields: Any) -> Visitor:
    """Open a survey as the admin does."""
    admin = signed_in(app, "admin")
    answer = admin.send(f"/staff/surveys/{slug}/open", reason="Agreed with the office", confirm="yes", **fields)
    assert answer.status_code == 303, text_of(answer)
    return admin


def answered(app: Flask, district: str, slug: str = "your-street", channel: str = "online") -> str:
    """Answer a survey, as a resident of a district; gives the receipt code."""
    with app.app_context():
        wave = services.wave_open_now(queries.survey_named(slug))
        assert wave
        code = responding.start_draft(wave, "en", channel)
        answers = {"district": district, "safe": "yes_safe"}
        responding.save_page(queries.draft_with(code, clock.now()), answers, "check", "en")
        return responding.submit(queries.draft_with(code, clock.now()))


def row_of(answer: Any, start: str) -> list[str]:
    """Read the cells of the table row that begins with a word."""
    for row in re.findall(r"<tr.*?</tr>", answer.text, re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        if cells[0] == start:
            return cells
    raise AssertionError(f"no row {start!r} in {text_of(answer)}")


def test_the_home_says_what_to_do_while_nothing_is_there(make_app: MakeApp) -> None:
    empty = make_app()
    hire(empty)
    home = text_of(signed_in(empty, "officer").open("/staff"))
    assert "There is no survey yet. Import a questionnaire on the command line: flask survey import FILE" in home


def test_the_home_says_that_no_wave_is_open_yet(app: Flask) -> None:
    assert "An admin can open the survey." in text_of(signed_in(app, "officer").open("/staff"))
    assert "Open the survey to begin." in text_of(signed_in(app, "admin").open("/staff"))


def test_an_admin_sees_what_is_unconfirmed_before_opening(app: Flask) -> None:
    page = text_of(signed_in(app, "admin").open("/staff/surveys/your-street/open"))
    assert "safe The wording of this question." in page
    assert "Support lines that nobody has confirmed" in page and "Samaritans, 116 123" in page


def test_opening_wants_a_reason_and_a_word(app: Flask) -> None:
    answer = signed_in(app, "admin").send("/staff/surveys/your-street/open")
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text and 'href="#confirm"' in answer.text
    assert "There is no wave yet" in text_of(signed_in(app, "admin").open("/staff"))


def test_an_admin_opens_a_survey_and_the_trail_says_why(app: Flask) -> None:
    admin = opened(app)
    assert row_of(admin.open("/staff"), "YS-2026")[1] == "Open"
    event = row_of(admin.open("/staff/audit?action=wave.open"), "20 November 2026, 12:00")
    assert event == ["20 November 2026, 12:00", "admin@example.org", "wave.open", "YS-2026", "Agreed with the office"]


def test_an_incomplete_language_forbids_to_open(app: Flask) -> None:
    with app.app_context():
        survey = queries.survey_named("your-street")
        survey.document = {**survey.document, "languages": ["en", "xx"]}
        db.session.commit()
    admin = signed_in(app, "admin")
    assert "The survey cannot open yet" in text_of(admin.open("/staff/surveys/your-street/open"))
    answer = admin.send("/staff/surveys/your-street/open", reason="Try", confirm="yes")
    assert answer.status_code == 422 and "xx: the platform has no such language" in text_of(answer)


def test_a_wave_is_scheduled_opens_by_itself_and_closes_by_itself(app: Flask, clock: Clock) -> None:
    admin = opened(app, opens="2026-12-01T09:00", closes="2026-12-31T17:00", period="winter")
    assert row_of(admin.open("/staff"), "YS-winter")[1:4] == ["Scheduled", "1 Dec 2026", "31 Dec 2026"]
    clock.set("2026-12-01T09:00")
    admin = signed_in(app, "admin")
    assert row_of(admin.open("/staff"), "YS-winter")[1] == "Open"
    answered(app, "leeds")
    clock.set("2026-12-31T17:00")
    assert row_of(signed_in(app, "admin").open("/staff"), "YS-winter")[1] == "Closed"


def test_a_schedule_in_summer_is_in_summer_time(app: Flask) -> None:
    opened(app, opens="2027-07-01T09:00")
    with app.app_context():
        assert queries.wave_named("YS-2027").opens_at == datetime(2027, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("opens", "soon", "“soon” is no time: write it as 2026-12-01T09:00"),
        ("opens", "2026-11-01T09:00", "This lies in the past"),
        ("closes", "2026-11-20T11:00", "It must close after it opens"),
        ("closes", "9999-12-31T23:59", "is no time"),
        ("freezes", "0001-01-01T00:00", "is no time"),
        ("period", "a b", "Write the name in letters, digits and hyphens"),
        ("reason", "x" * 501, "The reason has 501 characters"),
    ],
)
def test_what_cannot_be_a_wave_is_refused_beside_its_field(app: Flask, field: str, typed: str, told: str) -> None:
    fields = {"reason": "Agreed", "confirm": "yes"} | {field: typed}
    answer = signed_in(app, "admin").send("/staff/surveys/your-street/open", **fields)
    assert answer.status_code == 422
    assert told in text_of(answer) and f'href="#{field}"' in answer.text
    assert typed in answer.text


def test_two_waves_at_the_same_time_are_refused_with_the_reason(app: Flask) -> None:
    admin = opened(app)
    answer = admin.send("/staff/surveys/your-street/open", reason="Again", confirm="yes")
    assert answer.status_code == 422
    assert "YS-2026 asks at the same time: close it first or choose other dates." in text_of(answer)


def test_a_monthly_survey_asks_from_the_date_until_it_is_stopped(app: Flask, clock: Clock) -> None:
    admin = opened(app, "your-month")
    assert row_of(admin.open("/staff"), "YM-2026-11")[1] == "Open"
    assert "Asks every month" in text_of(admin.open("/staff"))
    done = admin.send("/staff/surveys/your-month/close", reason="The year is over", confirm="yes")
    assert "Closed: YM-2026-11." in text_of(admin.follow(done))
    assert "does not ask now" in text_of(admin.open("/staff"))


def test_an_admin_closes_one_wave_after_a_look(app: Flask) -> None:
    admin = opened(app)
    assert "You cannot undo this" in text_of(admin.open("/staff/waves/YS-2026/close"))
    assert admin.send("/staff/waves/YS-2026/close").status_code == 422
    done = admin.send("/staff/waves/YS-2026/close", reason="Enough", confirm="yes")
    assert "YS-2026 is closed." in text_of(admin.follow(done))
    assert "Enough" in row_of(admin.open("/staff/audit?action=wave.close"), "20 November 2026, 12:00")
    assert "closed already" in text_of(admin.follow(admin.open("/staff/waves/YS-2026/close")))


@pytest.mark.both_databases
def test_counts_come_in_live_with_those_who_stand_apart_kept_apart(app: Flask, clock: Clock) -> None:
    opened(app)
    for district in ("leeds", "leeds", "bradford", "outside"):
        answered(app, district)
    clock.advance(days=1)
    answered(app, "leeds", channel="desk")
    home = signed_in(app, "officer").open("/staff")
    assert row_of(home, "YS-2026")[4:7] == ["4", "1", "0"]
    assert row_of(home, "Fri 20 Nov 2026") == ["Fri 20 Nov 2026", "3", "1", "0"]
    assert row_of(home, "Sat 21 Nov 2026") == ["Sat 21 Nov 2026", "1", "0", "0"]
    assert row_of(home, "Leeds") == ["Leeds", "3", "0", "0"]
    assert row_of(home, "Outside West Yorkshire") == ["Outside West Yorkshire", "0", "1", "0"]
    assert row_of(home, "Desk") == ["Desk", "1", "0", "0"]
    assert row_of(home, "English") == ["English", "4", "1", "0"]


def test_a_withdrawn_response_counts_no_more(app: Flask) -> None:
    opened(app)
    answered(app, "leeds")
    receipt = answered(app, "leeds")
    with app.app_context():
        responding.withdraw(queries.response_with(receipt))
    assert row_of(signed_in(app, "analyst").open("/staff/waves/YS-2026"), "Leeds") == ["Leeds", "1", "0", "0"]


@pytest.mark.parametrize("role", ["office", "approver", "safeguarding", "unmasker"])
def test_who_only_reads_results_is_told_no_small_count_nor_what_gives_it_away(app: Flask, role: str) -> None:
    opened(app)
    few = "fewer than 10"
    for district in ("bradford", "outside", *["leeds"] * 11):
        answered(app, district)
    reader = signed_in(app, role)
    home, wave = reader.open("/staff"), reader.open("/staff/waves/YS-2026")
    assert row_of(home, "YS-2026")[4:7] == ["10", few, few]
    for page in (home, wave):
        assert row_of(page, "Fri 20 Nov 2026")[1:] == ["10", few, few]
        assert row_of(page, "Leeds")[1:] == ["10", few, few]
        assert row_of(page, "Bradford")[1:] == [few, few, few]
        assert "rounded to 5; a count below 10 is not told" in text_of(page)
    assert f"From outside West Yorkshire {few}" in text_of(wave)
    answered(app, "leeds")
    assert row_of(reader.open("/staff"), "YS-2026")[4] == "15", "13 residents: the total does not move by one"
    assert row_of(reader.open("/staff"), "Leeds")[1] == "10"


def test_a_simulated_wave_says_so_wherever_it_is_shown(app: Flask) -> None:
    with app.app_context():
        past = NOW - timedelta(days=90)
        services.open_wave(queries.survey_named("your-street"), "demo", past, past + timedelta(days=30), simulated=True)
    analyst = signed_in(app, "analyst")
    assert row_of(analyst.open("/staff"), "YS-demo")[1] == "Closed Simulated"
    page = text_of(analyst.open("/staff/waves/YS-demo"))
    assert "YS-demo (simulated)" in page and "These are simulated answers" in page


@pytest.mark.parametrize(
    ("role", "reads"), [("office", True), ("analyst", True), ("approver", True), ("officer", False)]
)
def test_results_are_linked_for_those_who_read_them(app: Flask, role: str, reads: bool) -> None:
    opened(app)
    page = signed_in(app, role).open("/staff").text
    assert ("Results of YS-2026" in page) is reads


def test_an_officer_enters_a_response_for_somebody_on_the_phone(app: Flask) -> None:
    opened(app)
    officer = signed_in(app, "officer")
    began = officer.send("/staff/enter", survey="your-street", language="en", channel="phone")
    assert began.headers["Location"] == "/en/your-street/q/district"
    officer.send("/en/your-street/q/district", district="leeds")
    officer.send("/en/your-street/q/safe", safe="yes_safe")
    officer.send("/en/your-street/send")
    with app.app_context():
        stored = db.session.scalars(select(Response)).one()
        assert (stored.channel, stored.assisted, stored.district) == ("phone", True, "leeds")
    assert officer.open("/staff").status_code == 200


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"survey": "nowhere", "language": "en", "channel": "phone"}, "survey"),
        ({"survey": "your-street", "language": "tlh", "channel": "phone"}, "language"),
        ({"survey": "your-street", "language": "en", "channel": "online"}, "channel"),
    ],
)
def test_an_entry_that_cannot_begin_says_which_choice_to_make(app: Flask, fields: dict[str, str], anchor: str) -> None:
    opened(app)
    answer = signed_in(app, "officer").send("/staff/enter", **fields)
    assert answer.status_code == 422 and f'href="#{anchor}"' in answer.text
    with app.app_context():
        assert not db.session.scalars(select(Draft)).all()


def test_without_an_open_survey_nothing_can_be_entered(app: Flask) -> None:
    assert "No survey is open now" in text_of(signed_in(app, "officer").open("/staff/enter"))


def test_safeguarding_confirms_a_support_line_and_a_change_asks_for_it_again(app: Flask) -> None:
    person = signed_in(app, "safeguarding")
    lines = "/staff/support-lines"
    done = person.follow(person.send(f"{lines}/samaritans/confirm", page=lines))
    assert "Samaritans is confirmed." in text_of(done)
    assert row_of(done, "Samaritans")[3] == "Confirmed by safeguarding@example.org, 20 November 2026, 12:00"
    shown = person.open(f"{lines}/samaritans").text
    about = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", shown, re.DOTALL)
    assert about
    same = {"name": "Samaritans", "number": "116 123", "about": about[1], "url": "https://www.samaritans.org"}
    assert "stays as it was" in text_of(person.follow(person.send(f"{lines}/samaritans", **same)))
    changed = person.follow(person.send(f"{lines}/samaritans", **same | {"number": "116 124"}))
    assert "Samaritans was changed: confirm it now." in text_of(changed)
    assert "Not confirmed" in row_of(changed, "Samaritans")[3]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("number", "call us"),
        ("number", "١١٦"),
        ("about", "\x00"),
        ("url", "javascript:alert(1)"),
        ("url", "http://www.samaritans.org"),
        ("url", "https://["),
    ],
)
def test_a_support_line_that_would_not_work_is_refused(app: Flask, field: str, typed: str) -> None:
    good = {"name": "Samaritans", "number": "116 123", "about": "For anyone.", "url": "https://www.samaritans.org"}
    answer = signed_in(app, "admin").send("/staff/support-lines/samaritans", **good | {field: typed})
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text


@pytest.mark.parametrize(
    "path", ["/staff/waves/XX-1", "/staff/waves/%00", "/staff/surveys/nope/open", "/staff/support-lines/%E2%80%AE"]
)
def test_what_is_not_there_is_not_found_on_a_page_of_the_staffs(app: Flask, path: str) -> None:
    answer = signed_in(app, "admin").open(path)
    assert answer.status_code == 404 and "Go to the list of surveys" in text_of(answer)


def test_the_languages_page_says_how_far_each_language_is(app: Flask) -> None:
    page = signed_in(app, "officer").open("/staff/languages")
    assert row_of(page, "English")[1:] == ["The authoritative text", "Complete", "None"]
    assert "Texts translated into Urdu" in text_of(page)


def test_languages_are_called_as_the_census_and_the_questionnaires_call_them(app: Flask) -> None:
    page = text_of(signed_in(app, "officer").open("/staff/languages"))
    assert "Texts translated into Panjabi" in page and "Texts translated into Bengali" in page
    assert "Punjabi" not in page and "Bangla" not in page


def test_a_translator_can_take_a_catalogue_away(app: Flask) -> None:
    somebody = signed_in(app, "officer")
    with somebody.open("/staff/languages/ur.po") as answer:
        assert 'msgid "Check your answers"' in answer.get_data(as_text=True)
    for code in ("en", "xx"):
        assert somebody.open(f"/staff/languages/{code}.po").status_code == 404
