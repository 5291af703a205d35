"""Keying: two people, blind, a third where they differ, and codes for what cannot be read."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEvent
from app.database import db
from app.fieldwork.paper.models import Keying, PaperForm
from app.fieldwork.paper.quality import error_rate, rate_of
from app.surveys.models import Response
from app.surveys.queries import response_with
from app.surveys.withdrawing import withdraw, withdraw_early
from tests.accounts.house import Visitor, hire, signed_in, text_of
from tests.support.applications import command
from tests.support.clock import Clock

pytestmark = pytest.mark.usefixtures("both_surveys")
SHEET = {
    **{"district": "4", "age_band": "5", "sex": "1", "ethnic_group": "4", "safe_day": "2", "safe_dark": "3"},
    **{"safe_place": "1", "good_job": "2", "prevent": "?", "partners": "3", "informed": "+", "contact_police": "2"},
    **{f"police_statements.{row}": "2" for row in ("rely_on", "respect", "fairly", "matters")},
    **{"police_statements.listen": "-", "victim": "2", "three_things": "1 a", "topic_seeing_police": "3"},
    **{"anything_else": "More lamps", "equality_gate": "2", "religion": "2"},
}
FIELD = re.compile(r'<(?:input|textarea)[^>]* name="([a-z_.]+)"[^>]*data-mode')


@pytest.fixture
def officer(app: Flask) -> Visitor:
    hire(app)
    return signed_in(app, "officer")


def printed(officer: Visitor, count: str = "3", event: str = "") -> str:
    answer = officer.send(
        "/staff/paper/runs", "/staff/paper", wave="YV-2026-11", language="ur", style="a4", count=count, event=event
    )
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"])


def slips_of(officer: Visitor, run: str) -> list[str]:
    """Read the receipt codes on the slips of a run, as its PDF has them."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(officer.open(f"{run}/forms.pdf").data)
    sides = officer.open(f"{run}/layout.json").json["sides"]
    assert len(pdf) % sides == 0
    pages = [pdf[number].get_textpage().get_text_range() for number in range(0, len(pdf), sides)]
    return [re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0] for page in pages]


def opened(officer: Visitor, twice: str = "1") -> str:
    answer = officer.send("/staff/paper/batches", "/staff/paper", wave="YV-2026-11", event="", twice=twice)
    return str(answer.headers["Location"])


def key(person: Visitor, batch: str, serial: str, **changed: str) -> Any:
    """Key a form side by side, as its pages offer the fields."""
    answer = person.send(f"{batch}/claim", batch, serial=serial)
    while answer.status_code == 303 and "/side/" in answer.headers["Location"]:
        page = answer.headers["Location"]
        names = FIELD.findall(person.open(page).text)
        assert names, page
        answer = person.send(page, **{name: (SHEET | changed).get(name, "") for name in names})
    return answer


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session.scalars(select(Response)))


@pytest.mark.both_databases
def test_two_people_who_agree_store_a_form_with_its_codes(app: Flask, officer: Visitor) -> None:
    printed(officer)
    batch = opened(officer)
    assert key(officer, batch, "0001").status_code == 303
    assert stored(app) == []
    assert "a second person has to key it" in text_of(key(officer, batch, "0001"))
    key(signed_in(app, "admin"), batch, "1")
    (response,) = stored(app)
    assert (response.channel, response.language, response.batch_id) == ("paper", "ur", 1)
    assert response.answers is not None and response.coded is not None
    assert response.answers["three_things"] == ["burglary", "mental_health"]
    assert response.answers["police_statements"]["rely_on"] == "tend_to_agree"
    assert response.coded == {
        "prevent": "illegible",
        "informed": "ticked_too_many",
        "police_statements.listen": "left_blank",
        "religion": "answered_though_not_asked",
    }
    assert "is stored already" in text_of(key(officer, batch, "0001"))


def test_a_third_person_settles_what_two_keyed_differently(app: Flask, officer: Visitor) -> None:
    printed(officer)
    batch = opened(officer)
    key(officer, batch, "0002")
    key(signed_in(app, "admin"), batch, "0002", sex="2", anything_else="more  lamps")
    with app.app_context():
        from app.accounts import services
        from tests.accounts.house import PASSWORD

        services.add_staff("third@example.org", ["officer"], PASSWORD)
    third = Visitor(app.test_client())
    third.send("/login", email="third@example.org", password=PASSWORD)
    page = f"{batch}/settle/2"
    assert "First: 1: Female" in text_of(third.open(page)) and "Second: 2: Male" in text_of(third.open(page))
    assert "Choose one of the two" in text_of(third.send(page))
    assert "a third person or an admin" in text_of(officer.send(page, sex="1:1"))
    assert third.send(page, sex="2:2").status_code == 303
    (response,) = stored(app)
    assert response.sex == "male"
    with app.app_context():
        rate = error_rate()
        assert (rate.forms, rate.wrong, rate.fields > 20) == (1, 1, True) and not rate.shown
    assert "No keying error rate yet" in text_of(officer.open("/staff/paper"))


@pytest.mark.both_databases
def test_what_nobody_settled_goes_with_the_answers_of_its_wave(app: Flask, officer: Visitor, clock: Clock) -> None:
    printed(officer)
    key(officer, opened(officer, twice="1"), "1")
    clock.set("2030-11-20T09:00")
    assert "0 keyings of forms that nobody settled" in command(app, "retention")
    clock.set("2031-01-20T09:00")
    assert "1 keyings of forms that nobody settled" in command(app, "retention")
    with app.app_context():
        assert db.session.scalars(select(Keying)).one().entries is None
    assert "0 keyings of forms that nobody settled" in command(app, "retention")


def test_the_error_rate_has_its_base_and_interval() -> None:
    rate = rate_of([(30, 0)] * 95 + [(30, 3)] * 5)
    assert (rate.fields, rate.wrong) == (3000, 15) and rate.effective < 3000
    assert rate.low < 0.005 < rate.high and "effective base" in rate.sentence


def test_what_stands_in_the_way_of_keying_is_named(app: Flask, officer: Visitor) -> None:
    printed(officer)
    batch = opened(officer, twice="0")
    assert "No form of YV-2026-11 has the serial 0099" in text_of(key(officer, batch, "99"))
    assert "“0001;” is no serial: type the number" in text_of(key(officer, batch, "0001;"))
    other = text_of(officer.send(f"{batch}/claim", batch, serial="YP-2026/0003/4"))
    assert "This sheet is of YP-2026, and the batch of YV-2026-11" in other
    first = officer.send(f"{batch}/claim", batch, serial="YV-2026-11 / 0003").headers["Location"]
    assert "are keyed, in Urdu. Key the digit" in text_of(officer.open(first))
    busy = signed_in(app, "admin").send(f"{batch}/claim", batch, serial="3")
    assert busy.status_code == 409 and "is being keyed by officer@example.org since" in text_of(busy)
    wrong = officer.send(first, district="9")
    assert wrong.status_code == 422 and "“9” is no box here: key 1 to 7" in text_of(wrong)
    assert "Nothing is keyed here" in text_of(officer.send(first, district="4"))
    many = key(officer, batch, "0003", three_things="1 2 3 4")
    assert many.status_code == 422 and "If the sheet says so: ? illegible, + ticked too many" in text_of(many)
    assert key(officer, batch, "0003").status_code == 303 and len(stored(app)) == 1


@pytest.mark.both_databases
def test_a_batch_is_withdrawn_as_a_whole_and_its_forms_are_keyed_again(app: Flask, officer: Visitor) -> None:
    run = printed(officer)
    slips = slips_of(officer, run)
    batch = opened(officer, twice="0")
    for serial in ("1", "2"):
        key(officer, batch, serial)
    half = officer.send(f"{batch}/claim", batch, serial="3").headers["Location"]
    assert officer.send(f"{batch}/withdraw", batch, reason="Wrong pile").status_code == 403
    admin = signed_in(app, "admin")
    assert "Say why" in text_of(admin.send(f"{batch}/withdraw", batch, reason=""))
    with app.app_context():
        withdraw(response_with(slips[1]))
    admin.send(f"{batch}/withdraw", batch, reason="Wrong pile")
    assert [(each.answers, each.coded, each.channel) for each in stored(app)] == [(None, None, None)] * 2
    assert "its batch was withdrawn" in text_of(officer.send(half, batch, district="4"))
    assert "Batch 1 is withdrawn" in text_of(officer.send(f"{batch}/claim", batch, serial="1"))
    again = opened(officer, twice="0")
    assert key(officer, again, "1").status_code == 303
    assert "is stored already" in text_of(key(officer, again, "2")), "what a resident withdrew stays withdrawn"
    with app.app_context():
        assert response_with(slips[0]).batch_id == 2, "the slip speaks of what was keyed anew"
        trail = [(each.action, each.reason) for each in db.session.scalars(select(AuditEvent))]
    assert ("paper.withdraw", "1 responses, 1 forms to be keyed again: Wrong pile") in trail


@pytest.mark.both_databases
def test_who_withdraws_with_the_slip_before_the_form_is_keyed_stays_withdrawn(app: Flask, officer: Visitor) -> None:
    slips = slips_of(officer, printed(officer))
    with app.app_context():
        withdraw_early(slips[0])
    batch = opened(officer, twice="0")
    assert key(officer, batch, "1").status_code == 303
    [response] = stored(app)
    assert (response.answers, response.coded) == (None, None) and response.withdrawn_on


@pytest.mark.both_databases
def test_two_people_at_one_form_at_the_same_moment_are_told_apart(app: Flask, officer: Visitor) -> None:
    printed(officer)
    batch = opened(officer, twice="0")
    people = [officer, signed_in(app, "admin")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda person: person.send(f"{batch}/claim", batch, serial="1"), people))
    assert sorted(each.status_code for each in answers) == [303, 409]
    [refused] = [text_of(each) for each in answers if each.status_code == 409]
    assert "somebody else began to key it at this very moment" in refused or "is being keyed by" in refused
    mine = people[[each.status_code for each in answers].index(303)]
    page = next(each for each in answers if each.status_code == 303).headers["Location"]
    key(mine, batch, "1")
    assert "You have keyed form 0001 already" in text_of(mine.follow(mine.open(page)))
    assert len(stored(app)) == 1


def test_a_number_of_forms_is_read_in_any_digits_and_what_is_none_is_named(app: Flask, officer: Visitor) -> None:
    def refused(count: str) -> str:
        typed = {"wave": "YV-2026-11", "language": "ur", "style": "a4", "event": "", "count": count}
        answer = officer.send("/staff/paper/runs", "/staff/paper", **typed)
        assert answer.status_code == 422
        return text_of(answer)

    run = printed(officer, "١٢")
    assert "YV-2026-11 / 0001-0012" in text_of(officer.open("/staff/paper"))
    assert "“abc” is no whole number: write one in digits, for example 12" in refused("abc")
    assert "No number is written here: write one" in refused(" ")
    assert "-1 forms cannot be printed at once: choose 1 to 1,000" in refused("-1")
    assert "1,001 forms cannot be printed at once: choose 1 to 1,000" in refused("1,001")
    assert "“x” is no whole number" in text_of(officer.send(f"{run}/place", run, first="1", last="x", state="spoiled"))
    assert "2 forms changed" in text_of(
        officer.open(officer.send(f"{run}/place", run, first="১", last="২", state="spoiled").headers["Location"])
    )


def test_the_run_is_part_of_the_days_reconciliation(app: Flask, officer: Visitor) -> None:
    officer.send(
        "/staff/events/plan",
        **{"held_on": "2026-11-10", "place": "Mirfield Library", "district": "kirklees", "venue": "library"},
    )
    run = printed(officer, "3", event="1")
    officer.send(f"{run}/place", run, first="1", last="2", state="returned")
    officer.send(f"{run}/place", run, first="3", last="3", state="spoiled")
    assert "Printed forms: 2 came back and are not keyed and settled yet" in text_of(officer.open("/staff/events/1"))
    batch = opened(officer, twice="0")
    for serial in ("1", "2"):
        key(officer, batch, serial)
    assert {each.event_id for each in stored(app)} == {1}
    day = text_of(officer.open("/staff/events/1"))
    assert "came back and are not keyed" not in day
    assert "YV-2026-11 0001-0003, 3 printed: 2 keyed; 1 spoiled." in day
    counted = officer.send("/staff/events/1/count", "/staff/events/1", count_0="2", count_1="0")
    assert counted.status_code == 303, text_of(counted)
    signed = officer.send("/staff/events/1/sign-off", "/staff/events/1", remark="One is spoiled")
    assert signed.status_code == 303, text_of(signed)
    assert "Waits for a second person" in text_of(officer.open("/staff/events/1"))
    officer.send(f"{run}/place", run, first="3", last="3", state="destroyed")
    assert "Reopened" in text_of(officer.open("/staff/events/1")), "a word stands for where the forms are, too"
    assert "is marked as destroyed: take another" in text_of(key(officer, batch, "3"))
    assert "not all of this run" in text_of(officer.send(f"{run}/place", run, first="1", last="9", state="spoiled"))


def test_a_run_is_set_again_with_the_same_codes_and_its_slip_withdraws(app: Flask, officer: Visitor) -> None:
    slip = slips_of(officer, printed(officer, "2"))[1]
    batch = opened(officer, twice="0")
    key(officer, batch, "2")
    with app.app_context():
        assert response_with(slip).batch_id == 1
        assert db.session.scalar(select(PaperForm.state).where(PaperForm.serial == 2)) == "keyed"
