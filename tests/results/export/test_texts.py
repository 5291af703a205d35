"""What people wrote, and where: masked, as written or left out, never what safeguarding holds; events as clusters."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import AuditEvent, User
from app.accounts.services import add_staff
from app.comments.models import Comment
from app.database import db
from app.fieldwork.services import plan
from app.surveys import responding, services
from app.surveys.models import Response
from tests.results import waves
from tests.support.applications import command

EVERYTHING = Path(__file__).parent / "everything.yaml"
REASON = "Yearly report to the panel"
FORMULA = '=Call me on 07700 900123, "now",\nplease'
MASKED = re.compile(r'=Call me on \[[^]]+\], "now",\nplease')
HARM = "My husband hits me every night and I am afraid of him"
LONG = "🚓" * 20_000
PLAIN = "More buses, at night"


@pytest.fixture
def words(app: Flask, tmp_path: Path) -> None:
    """Forty people, four of whom wrote something, one of them of harm; twelve answered at two events."""
    file = tmp_path / "everything.yaml"
    longer = "        text: Anything else?\n        max_length: 20000\n        lines: 5\n"
    text = EVERYTHING.read_text(encoding="utf-8").replace("        text: Anything else?\n", longer)
    file.write_text(text, encoding="utf-8")
    said = [{"more": each} for each in (FORMULA, HARM, LONG, PLAIN)]
    with app.app_context():
        wave = waves.opened(services.import_definition(file), "2025")
        people = ({"calm": ("calm", "rtl")[n % 2], "wishes": ["trees"], "steps": n % 7} for n in range(40))
        waves.answered(wave, [each | more for each, more in zip(people, [*said, *[{}] * 36], strict=True)])
        events = [plan(event(number)).id for number in range(2)]
        for number, response in enumerate(db.session.scalars(select(Response)).all()[:12]):
            response.event_id = events[number % 2]
            response.assisted, response.interpreted = True, number < 4
        db.session.commit()


def event(number: int) -> dict[str, Any]:
    lists: dict[str, Any] = {"officers": ["ann@example.org"], "devices": ["Tablet"]}
    return lists | {"held_on": date(2025, 3, 2), "place": f"Hall {number}", "district": "leeds", "venue": "library"}


def exported(app: Flask, folder: Path, format_: str, *more: str, status: int = 0) -> Path:
    path = folder / f"out.{format_}"
    with app.app_context():
        command(app, "export", "EV-2025", "--format", format_, "--out", str(path), *more, status=status)
    return path


def read_in(app: Flask) -> None:
    with app.app_context():
        command(app, "comments", "EV-2025")


def texts(found: Any) -> list[str]:
    return sorted(text for text in found if text)


@pytest.mark.usefixtures("words")
def test_words_are_left_out_unless_they_are_asked_for(app: Flask, tmp_path: Path) -> None:
    frame = pd.read_csv(exported(app, tmp_path, "csv"), dtype=str, keep_default_na=False)
    assert "more_comment" not in frame and sorted(frame.more)[-4:] == ["written"] * 4
    assert "buses" not in (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.usefixtures("words")
def test_a_wave_whose_words_were_not_read_in_names_the_command(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        said = command(app, "export", "EV-2025", "--text", "masked", "--out", str(tmp_path / "out.csv"), status=1)
    assert "EV-2025: 4 of the texts that people wrote have not been read in" in said
    assert "Run: flask comments EV-2025" in said and not (tmp_path / "out.csv").exists()


@pytest.mark.both_databases
@pytest.mark.usefixtures("words")
def test_masked_words_come_in_every_format_beside_their_own_answers(app: Flask, tmp_path: Path) -> None:
    read_in(app)
    frame = pd.read_csv(exported(app, tmp_path, "csv", "--text", "masked"), dtype=str, keep_default_na=False)
    first, second, third = texts(frame.more_comment)
    assert first.startswith("'") and MASKED.fullmatch(first[1:]) and (second, third) == (PLAIN, LONG)
    plain = {
        "xlsx": lambda path: pd.read_excel(path).more_comment.dropna(),
        "sav": lambda path: pyreadstat.read_sav(path)[0].more_comment,
        "dta": lambda path: pyreadstat.read_dta(path)[0].more_comment,
        "parquet": lambda path: pq.read_table(path)["more_comment"].to_pylist(),
    }
    for format_, read in plain.items():
        found = texts(read(exported(app, tmp_path, format_, "--text", "masked")))
        assert len(found) == 3 and PLAIN in found, format_
        assert not any("900123" in text or "husband" in text for text in found), format_


@pytest.mark.usefixtures("words")
def test_nobody_can_tell_from_a_file_who_is_held(app: Flask, tmp_path: Path) -> None:
    """With the words there is no column that says whether something was written."""
    read_in(app)
    frame = pd.read_csv(exported(app, tmp_path, "csv", "--text", "masked"), dtype=str, keep_default_na=False)
    assert "more" not in frame and (frame.more_comment == "").sum() == 37
    exported(app, tmp_path, "csv", "--text", "as_written", "--reason", REASON)
    assert "husband" not in (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.usefixtures("words")
def test_a_withdrawn_text_is_in_no_later_file(app: Flask, tmp_path: Path) -> None:
    read_in(app)
    with app.app_context():
        gone = next(each for each in db.session.scalars(select(Comment)) if each.masked == PLAIN)
        responding.withdraw(db.session.get_one(Response, gone.response_id))
    frame = pd.read_csv(exported(app, tmp_path, "csv", "--text", "masked"), dtype=str, keep_default_na=False)
    assert len(texts(frame.more_comment)) == 2 and PLAIN not in set(frame.more_comment)


@pytest.mark.usefixtures("words")
def test_a_text_that_no_cell_of_excel_holds_is_cut_at_a_whole_character_and_says_so(app: Flask, tmp_path: Path) -> None:
    read_in(app)
    book = openpyxl.load_workbook(exported(app, tmp_path, "xlsx", "--text", "masked"))
    [text] = [cell.value for row in book["data"].iter_rows() for cell in row if str(cell.value).startswith("🚓")]
    assert text.endswith("🚓 [cut: a cell of Excel holds no more]")
    assert 32_765 <= len(text.encode("utf-16-le")) // 2 <= 32_767
    assert all(cell.data_type != "f" for row in book["data"].iter_rows() for cell in row)


@pytest.mark.usefixtures("words")
def test_words_as_written_need_the_role_and_are_noted(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    read_in(app)
    client = signed_in("analyst")
    assert 'value="as_written"' not in client.get("/staff/exports/EV-2025").text
    wanted = {"reason": REASON, "text": "as_written", "format": "csv"}
    refused = client.post("/staff/exports/EV-2025/file", data=wanted)
    assert refused.status_code == 422 and "that takes the role unmasker" in refused.text
    unexplained = client.post("/staff/exports/EV-2025/file", data=wanted | {"reason": "short"})
    assert "that takes the role unmasker" in unexplained.text and "at least 10 characters" not in unexplained.text
    assert "900123" not in refused.text
    with app.app_context():
        add_staff("both@example.org", ["analyst", "unmasker"], "correct horse battery staple 12")
        assert db.session.scalar(select(User).where(User.email == "both@example.org"))
    client.get("/logout")
    client = app.test_client()
    client.post("/login", data={"email": "both@example.org", "password": "correct horse battery staple 12"})
    assert 'value="as_written"' in client.get("/staff/exports/EV-2025").text
    given = client.post("/staff/exports/EV-2025/file", data=wanted)
    assert given.status_code == 200 and "07700 900123" in given.text and "husband" not in given.text
    given.close()
    with app.app_context():
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "export")).all()[-1]
        assert (noted.actor, noted.reason) == ("both@example.org", REASON) and "own words as_written" in noted.subject


@pytest.mark.usefixtures("words")
def test_the_command_wants_a_reason_for_words_as_written(app: Flask, tmp_path: Path) -> None:
    read_in(app)
    exported(app, tmp_path, "csv", "--text", "as_written", status=1)
    assert not (tmp_path / "out.csv").exists()
    with app.app_context():
        said = command(app, "export", "EV-2025", "--text", "loud", "--out", str(tmp_path / "out.csv"), status=2)
    assert "Own words cannot come as 'loud'. They can be: none, masked, as_written." in said


@pytest.mark.both_databases
@pytest.mark.usefixtures("words")
def test_the_cluster_is_the_event_where_there_is_one_and_help_is_told(app: Flask, tmp_path: Path) -> None:
    frame = pd.read_csv(exported(app, tmp_path, "csv"), dtype=str, keep_default_na=False)
    assert (frame.assisted[frame.event != "no_event"] == "1").all() and (frame.assisted == "1").sum() == 12
    assert (frame.interpreted[frame.assisted == "1"] == "1").sum() == (frame.interpreted == "1").sum() == 4
    assert frame.event.value_counts().to_dict() == {"no_event": 28, "1": 6, "2": 6}
    at_event = frame.event != "no_event"
    assert (frame.cluster[at_event] == "event-" + frame.event[at_event]).all()
    assert (frame.cluster[~at_event] == frame.case_id[~at_event]).all() and frame.cluster.nunique() == 30
    spss, meta = pyreadstat.read_sav(exported(app, tmp_path, "sav"), user_missing=True)
    assert set(spss.cluster) >= {"event-1", "event-2"} and meta.variable_value_labels["event"] == {
        -8: "Not at an event"
    }
    stata, _ = pyreadstat.read_dta(exported(app, tmp_path, "dta"))
    assert sorted(stata.cluster) == sorted(spss.cluster) and stata.event.isna().sum() == 28
    table = pq.read_table(exported(app, tmp_path, "parquet"))
    assert table["event"].null_count == 28 and len(set(table["cluster"].to_pylist())) == 30


@pytest.mark.usefixtures("words")
def test_the_script_reproduces_the_figures_of_a_wave_with_events_and_words(app: Flask, tmp_path: Path) -> None:
    read_in(app)
    with ZipFile(exported(app, tmp_path, "zip", "--text", "masked")) as bundle:
        bundle.extractall(tmp_path)
    done = subprocess.run([sys.executable, "reproduce.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Own words: masked." in (tmp_path / "readme.txt").read_text(encoding="utf-8")
    again = pd.read_csv(tmp_path / "reproduced.csv", keep_default_na=False)
    assert "steps" in set(again.figure) and again.value.notna().all()
