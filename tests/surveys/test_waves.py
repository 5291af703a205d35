"""Which wave is open follows from the date in West Yorkshire; what a wave asks is frozen when it opens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.surveys import calendar, queries, services
from app.surveys.errors import CannotImport, CannotOpen, WaveClosed
from app.surveys.models import Survey, Wave
from app.surveys.responding import start_draft
from tests.support.applications import file_of
from tests.support.clock import Clock
from tests.support.person import Person

Command = Callable[..., str]


def open_reference(app: Flask, slug: str) -> str | None:
    with app.app_context():
        wave = services.wave_open_now(queries.survey_named(slug))
        return wave.reference if wave else None


@pytest.mark.parametrize(
    ("moment", "wave"),
    [
        ("2026-11-30T23:59:59+00:00", "YV-2026-11"),
        ("2026-12-01T00:00:00+00:00", "YV-2026-12"),
        ("2027-06-30T22:59:59+00:00", "YV-2027-06"),  # summer time: July begins an hour before it does in UTC
        ("2027-06-30T23:00:00+00:00", "YV-2027-07"),
        ("2027-03-28T00:59:59+00:00", "YV-2027-03"),  # the night in which the clocks go forward
        ("2027-10-31T23:59:59+00:00", "YV-2027-10"),  # the day on which they went back
        ("2027-11-01T00:00:00+00:00", "YV-2027-11"),
        ("2027-12-31T23:59:59-05:00", "YV-2028-01"),  # a server elsewhere
    ],
)
def test_the_month_in_west_yorkshire_decides_which_wave_is_open(
    app: Flask, clock: Clock, open_survey: Command, moment: str, wave: str
) -> None:
    open_survey("your-views")
    clock.set(moment)
    assert open_reference(app, "your-views") == wave


def test_months_meet_without_gap_or_overlap() -> None:
    for year in (2026, 2027, 2028):
        for month in range(1, 13):
            opens, closes = calendar.bounds(f"{year}-{month:02d}")
            following = calendar.before(f"{year}-{month:02d}", -1)
            assert calendar.bounds(following)[0] == closes > opens
            assert calendar.month_of(opens) == f"{year}-{month:02d}"


@pytest.mark.both_databases
def test_several_visitors_at_the_turn_of_the_month_find_one_wave(
    app: Flask, clock: Clock, open_survey: Command
) -> None:
    open_survey("your-views")
    clock.set("2026-12-01T00:00:00+00:00")
    statuses: list[int] = []
    visitors = [
        threading.Thread(target=lambda: statuses.append(app.test_client().get("/en/your-views").status_code))
        for _ in range(6)
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert statuses == [200] * 6
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Wave.reference == "YV-2026-12")) == 1


def test_a_wave_asks_what_stood_in_the_definition_when_it_opened(
    app: Flask, clock: Clock, tmp_path: Path, flask_command: Command
) -> None:
    file = tmp_path / "your-street.yaml"
    text = file_of("your-street").read_text().replace("[en, ur]", "[en]").replace("asked: once", "asked: monthly")
    file.write_text(text)
    flask_command("survey", "open", str(file))
    reference = open_reference(app, "your-street")
    file.write_text(text.replace("title: Your Street", "title: Your Lane"))
    flask_command("survey", "import", str(file))
    with app.app_context():
        assert queries.definition_of(queries.wave_named(reference or "")).title == "Your Street"
    clock.set("2026-12-05T12:00")
    person = Person(app)
    assert person.visit("/en/your-street").heading == "Your Lane"


def test_each_month_asks_its_own_topic(app: Flask, clock: Clock, open_survey: Command) -> None:
    open_survey("your-views")
    topics = {}
    for month in ("2026-11", "2026-12", "2027-01"):
        clock.set(f"{month}-15T12:00")
        reference = open_reference(app, "your-views")
        with app.app_context():
            questions = queries.definition_of(queries.wave_named(reference or "")).questions
            topics[month] = [question.key for question in questions if question.key.startswith("topic_")]
    assert all(len(keys) == 1 for keys in topics.values())
    assert len({keys[0] for keys in topics.values()}) == 3


def test_a_survey_opens_only_in_languages_that_are_complete(app: Flask, tmp_path: Path, flask_command: Command) -> None:
    file = tmp_path / "lane.yaml"
    text = file_of("your-street").read_text().replace("survey: your-street", "survey: lane")
    file.write_text(text.replace("reference: YS", "reference: LN"))
    said = flask_command("survey", "open", str(file), status=2)
    assert "ur: " in said and "not translated" in said
    assert open_reference(app, "lane") is None


def test_translations_beside_the_file_complete_a_language(app: Flask, tmp_path: Path, flask_command: Command) -> None:
    file = tmp_path / "lane.yaml"
    text = file_of("your-street").read_text().replace("survey: your-street", "survey: lane")
    file.write_text(text.replace("reference: YS", "reference: LN"))
    from app.surveys import document, source

    entries = [
        f'msgid "{t}"\nmsgstr "اردو {number}"\n'
        for number, (_context, t) in enumerate(document.texts(source.load(file)))
    ]
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    (tmp_path / "lane.ur.po").write_text("\n".join([header, *entries]))
    flask_command("survey", "open", str(file))
    assert Person(app).visit("/ur/lane").heading.startswith("اردو")


def test_an_open_survey_refuses_a_questionnaire_that_is_incomplete(
    app: Flask, tmp_path: Path, both_surveys: None
) -> None:
    file = tmp_path / "your-views.yaml"
    file.write_text(file_of("your-views").read_text().replace("title: Your Views", "title: Your New Views"))
    with app.app_context(), pytest.raises(CannotImport, match="incomplete"):
        services.import_definition(file)


def test_a_wave_is_simulated_or_real_never_both(app: Flask, open_survey: Command) -> None:
    open_survey("your-views")
    with app.app_context():
        survey = queries.survey_named("your-views")
        with pytest.raises(CannotOpen, match="exists already and is real"):
            services.open_wave(survey, period="2026-11", simulated=True)
        past = services.open_wave(
            survey,
            period="2026-01",
            opens_at=datetime(2026, 1, 1, tzinfo=UTC),
            closes_at=datetime(2026, 2, 1, tzinfo=UTC),
            simulated=True,
        )
        with pytest.raises(WaveClosed):
            start_draft(past, "en")


def test_two_waves_of_a_survey_never_ask_at_the_same_time(app: Flask, open_survey: Command) -> None:
    open_survey("your-priorities-your-plan", "--period", "2026")
    with app.app_context(), pytest.raises(CannotOpen, match="asks at the same time"):
        services.open_wave(queries.survey_named("your-priorities-your-plan"), period="2027")


def test_a_scheduled_wave_opens_by_itself_and_closes_by_itself(
    app: Flask, clock: Clock, open_survey: Command, person: Person
) -> None:
    said = open_survey("your-priorities-your-plan", "--opens", "2026-12-01T09:00", "--closes", "2026-12-20")
    assert "scheduled" in said
    assert "1 December 2026" in person.visit("/en/your-priorities-your-plan").text
    clock.set("2026-12-01T09:00")
    assert person.visit("/en/your-priorities-your-plan").heading == "Your Priorities, Your Plan"
    clock.set("2026-12-20T00:00")
    assert "not open" in person.visit("/en/your-priorities-your-plan").heading


def test_closing_ends_the_months_and_opening_again_goes_on(
    app: Flask, clock: Clock, open_survey: Command, flask_command: Command
) -> None:
    open_survey("your-views")
    assert "YV-2026-11: closed." in flask_command("survey", "close", "your-views")
    assert open_reference(app, "your-views") is None
    clock.set("2026-12-03T12:00")
    assert open_reference(app, "your-views") is None
    open_survey("your-views")
    assert open_reference(app, "your-views") == "YV-2026-12"
    clock.set("2026-11-20T12:00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "nothing"), "There is no survey 'nothing'"),
        (("open", "nothing"), "There is no survey 'nothing'"),
        (("open", "missing.yaml"), "The file can't be read"),
        (("check", "missing.yaml"), "The file can't be read"),
        (("open", "your-priorities-your-plan", "--closes", "soon"), "'soon' is no date"),
        (("open", "your-priorities-your-plan", "--opens", "2027-02-01", "--closes", "2027-01-01"), "before it opens"),
        (("open", "your-views", "--period", "2026"), "asks monthly"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(
    both_surveys: None, flask_command: Command, words: tuple[str, ...], said: str
) -> None:
    assert said in flask_command("survey", *words, status=2)


def test_opening_lists_what_is_unconfirmed(open_survey: Command) -> None:
    said = open_survey("your-priorities-your-plan")
    assert "Draft, confirm before launch" in said and "pay_more" in said


def test_surveys_and_waves_are_listed(both_surveys: None, flask_command: Command) -> None:
    assert "YV-2026-11: open" in flask_command("survey", "list")


def test_the_database_holds_one_survey_for_each_slug(app: Flask, both_surveys: None, open_survey: Command) -> None:
    open_survey("your-views")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Survey)) == 2
