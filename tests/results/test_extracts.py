"""Extracts say what the database says, lose at once what is erased, and are counted alike by every engine."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import clock
from app.analysis.estimation import estimate
from app.analysis.ranking import rank
from app.database import db, one_moment
from app.results.computing import grouping, tabulation
from app.results.models import AnalysisRun
from app.results.reading import columns, extract
from app.results.reading.schemes import scheme_for
from app.surveys import queries, responding
from app.surveys.definition import Definition
from app.surveys.models import Response, Wave
from tests.results import waves
from tests.results.conftest import SETTINGS

Command = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.usefixtures("at_the_desk")
SECRET = "My neighbour Ada told me about the lamps"


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """An application with an instance folder of its own, where extracts lie."""
    return make_app(**SETTINGS, INSTANCE=tmp_path / "instance")


def consultation(folder: Path, n: int = 400) -> Wave:
    """Fill a consultation; some write in their own words."""
    wave = waves.opened(waves.shipped("your-priorities-your-plan", folder), "2025")
    people = list(waves.crowd(wave, n))
    for each in people[:20]:
        each["anything_else"] = SECRET
    return waves.answered(wave, people)


def extracts(folder: Path) -> list[Path]:
    """List what lies in the instance folder."""
    return sorted((folder / "instance" / "extracts").glob("*"))


def figures(run_command: Command, folder: Path, wave: str) -> Any:
    """Run a wave anew, whatever was stored, and read its figures."""
    db.session.execute(delete(AnalysisRun))
    db.session.commit()
    code, said = run_command(wave, "--json", folder / "run.json")
    assert code == 0, said
    return json.loads((folder / "run.json").read_text())["results"]


def alike(one: Any, other: Any) -> bool:
    """Compare figures, numbers to nine places."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == (pytest.approx(other, abs=1e-9) if isinstance(one, float) else other))


@pytest.mark.both_databases
def test_a_run_from_the_extract_gives_the_figures_of_the_database(
    app: Flask, tmp_path: Path, run_command: Command
) -> None:
    consultation(tmp_path)
    stored = figures(run_command, tmp_path, "YP-2025")
    assert extracts(tmp_path) == []
    code, said = run_command("YP-2025", "--extract")
    assert code == 0 and "YP-2025.parquet" in said
    db.session.execute(Response.__table__.update().values(answers={}))  # what is read now is not in the database
    db.session.commit()
    assert alike(figures(run_command, tmp_path, "YP-2025"), stored)


def test_an_extract_holds_no_words_no_receipts_and_no_order(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = consultation(tmp_path)
    run_command("YP-2025", "--extract")
    [path] = extracts(tmp_path)
    content = path.read_bytes() + str(pq.read_table(path).to_pydict()).encode()
    assert SECRET.encode() not in content
    assert path.stat().st_mode & 0o077 == 0
    table = pq.read_table(path)
    assert not {"id", "receipt", "submission", "submitted_at", "feel_safer_text"} & set(table.column_names)
    assert set(table["anything_else"].to_pylist()) <= {"written", None}
    arrived = [row.district for row in queries.response_rows(wave.id) if not row.apart]
    assert table["district"].to_pylist() != arrived and len(arrived) == table.num_rows


@pytest.mark.both_databases
def test_what_is_withdrawn_is_on_no_disk_at_once(app: Flask, tmp_path: Path, run_command: Command) -> None:
    consultation(tmp_path)
    run_command("YP-2025", "--extract")
    responding.withdraw(db.session.scalars(select(Response).where(Response.apart.is_(None))).first())
    assert extracts(tmp_path) == []


@pytest.mark.both_databases
def test_a_stale_extract_is_never_read_but_made_anew(app: Flask, tmp_path: Path, run_command: Command) -> None:
    consultation(tmp_path)
    run_command("YP-2025", "--extract")
    [path] = extracts(tmp_path)
    stale, before = path.read_bytes(), pq.read_table(path).num_rows
    responding.withdraw(db.session.scalars(select(Response).where(Response.apart.is_(None))).first())
    path.write_bytes(stale)  # as after a crash between the withdrawal and the erasure, or on another machine
    assert figures(run_command, tmp_path, "YP-2025")["counts"]["weighted"] == before - 1
    assert pq.read_table(path).num_rows == before - 1


def test_tidying_erases_what_is_stale_and_nothing_else(app: Flask, tmp_path: Path, run_command: Command) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-04")
    waves.answered(wave, waves.crowd(wave, 200))
    consultation(tmp_path)
    run_command("YV-2025-04", "--extract")
    run_command("YP-2025", "--extract")
    stale, kept = extracts(tmp_path)
    copy = stale.read_bytes()
    responding.withdraw(db.session.scalars(select(Response).where(Response.wave_id != wave.id)).first())
    stale.write_bytes(copy)
    (stale.parent / "YP-1999.parquet").write_bytes(copy)
    (stale.parent / "YP-2025.parquet.1.partial").write_bytes(b"half")
    code, said = run_command("--tidy")
    assert code == 0 and said.count("erased") == 3
    assert extracts(tmp_path) == [kept]
    assert "Every extract is what the database holds now" in run_command("--tidy")[1]


@pytest.mark.parametrize("content", [b"", b"PAR1 but not really"])
def test_a_broken_extract_is_made_anew(app: Flask, tmp_path: Path, run_command: Command, content: bytes) -> None:
    consultation(tmp_path)
    run_command("YP-2025", "--extract")
    [path] = extracts(tmp_path)
    path.write_bytes(content)
    assert figures(run_command, tmp_path, "YP-2025")["counts"]["received"] == 400
    assert pq.read_table(path).num_rows > 300


def test_the_extract_of_another_database_is_not_believed(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path, run_command: Command, sqlite_template: Path
) -> None:
    consultation(tmp_path)
    run_command("YP-2025", "--extract")
    (tmp_path / "other.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'other.db'}"
    other = make_app(**SETTINGS, INSTANCE=tmp_path / "instance", SQLALCHEMY_DATABASE_URI=url)
    with other.app_context():
        wave = waves.opened(waves.shipped("your-priorities-your-plan", tmp_path), "2025")
        waves.answered(wave, waves.crowd(wave, 400, seed=2))
        before = [path.read_bytes() for path in extracts(tmp_path)]
        said = other.test_cli_runner().invoke(args=["results", "YP-2025"]).output
        assert "YP-2025: 400 responses" in said
        assert [path.read_bytes() for path in extracts(tmp_path)] != before


def test_without_a_place_to_write_a_run_is_made_all_the_same(app: Flask, tmp_path: Path, run_command: Command) -> None:
    consultation(tmp_path)
    (tmp_path / "instance").mkdir(exist_ok=True)
    (tmp_path / "instance" / "extracts").write_text("in the way")
    code, said = run_command("YP-2025", "--extract")
    assert code == 1 and "not written" in said
    responding.withdraw(db.session.scalars(select(Response)).first())
    assert run_command("YP-2025")[0] == 0


def read_counts(path: Path) -> list[list[str]]:
    """Read a file of counts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.both_databases
def test_every_engine_counts_the_same(app: Flask, tmp_path: Path, run_command: Command) -> None:
    consultation(tmp_path)
    code, said = run_command("YP-2025", "--counts", tmp_path / "database.csv")
    assert code == 0 and f"counted by {db.engine.dialect.name}" in said
    code, said = run_command("YP-2025", "--extract", "--counts", tmp_path / "extract.csv")
    assert code == 0 and "counted by DuckDB" in said
    database, extract = read_counts(tmp_path / "database.csv"), read_counts(tmp_path / "extract.csv")
    assert database == extract
    assert database[0][:5] == ["district", "age_band", "sex", "ethnic_group", "n"]
    # By hand: people who ticked both of two priorities.
    both = ["priorities:burglary", "priorities:drugs"]
    if not all(name in database[0] for name in both):
        both = [name for name in database[0] if name.startswith("priorities:") and "&" not in name][1:3]
    one, other = (name.removeprefix("priorities:") for name in both)
    answers = [row.answers for row in queries.response_rows(queries.wave_named("YP-2025").id) if not row.apart]
    expected = sum({one, other} <= set(each.get("priorities", ())) for each in answers)
    place = database[0].index(f"priorities:{one}&{other}")
    assert sum(int(row[place]) for row in database[1:]) == expected > 0


def grouped_and_rows(wave: Wave) -> tuple[Definition, grouping.Counts, tabulation.Table]:
    """Count a wave by the database, and weigh its rows."""
    definition = queries.definition_of(wave)
    scheme, asked = scheme_for(definition), grouping.counted(definition)
    wave_id = wave.id
    db.session.commit()
    with one_moment() as connection:
        found = columns.read(definition, queries.answer_texts(connection, wave_id, clock.now()))
    table = tabulation.weighed(definition, found.weighted, scheme)
    db.session.commit()
    return definition, grouping.from_database(wave_id, definition, scheme.variables, asked), table


@pytest.mark.both_databases
def test_weights_shares_and_ranks_from_counts_are_those_from_rows(app: Flask, tmp_path: Path) -> None:
    definition, counts, table = grouped_and_rows(consultation(tmp_path, 900))
    weighted = grouping.weighed(counts, definition, scheme_for(definition))
    ours, theirs = weighted.report, table.weighted.report
    assert (ours.precision.n, ours.cap) == (theirs.precision.n, theirs.cap)
    assert ours.precision.effective_n == pytest.approx(theirs.precision.effective_n, rel=1e-9)
    compared = 0
    for subject in grouping.counted(definition):
        items = counts.items(subject)
        base = tabulation.given(table, subject)
        if not base.any():
            continue
        rows = [tabulation.item(table, subject, key, [key], base) for key in subject.option_keys]
        for by in (None, "district"):
            pairs = list(zip(estimate(weighted, items, by), estimate(table.weighted, rows, by), strict=True))
            for one, other in pairs:
                assert (one.item, one.group, one.n, one.reason) == (other.item, other.group, other.n, other.reason)
                assert one.value == pytest.approx(other.value, abs=1e-9)
                assert one.standard_error == pytest.approx(other.standard_error, abs=1e-9)
                assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-9)
            compared += len(pairs)
        if subject.shape == "ticks":
            places, same = (rank(w, i).priorities for w, i in ((weighted, items), (table.weighted, rows)))
            assert [(p.item, p.rank_low, p.rank_high, p.tier, p.top) for p in places] == [
                (p.item, p.rank_low, p.rank_high, p.tier, p.top) for p in same
            ]
    assert compared > 100


def test_a_survey_that_cannot_be_weighted_has_counts_too(app: Flask, tmp_path: Path, run_command: Command) -> None:
    from tests.results.test_runs import street

    wave = waves.opened(street(tmp_path), "2025")
    waves.answered(wave, waves.crowd(wave, 50))
    before = figures(run_command, tmp_path, "YS-2025")
    assert run_command("YS-2025", "--counts", tmp_path / "database.csv")[0] == 0
    assert run_command("YS-2025", "--extract", "--counts", tmp_path / "extract.csv")[0] == 0
    assert read_counts(tmp_path / "database.csv") == read_counts(tmp_path / "extract.csv")
    assert read_counts(tmp_path / "extract.csv")[1][0] == "50"
    assert alike(figures(run_command, tmp_path, "YS-2025"), before)


def test_a_wave_that_has_not_opened_has_no_extract(app: Flask, tmp_path: Path, run_command: Command) -> None:
    for option in ("--extract", "--counts"):
        code, said = run_command("YP-1999", *([option, tmp_path / "x.csv"] if option == "--counts" else [option]))
        assert code == 2 and "There is no wave 'YP-1999'" in said


def test_reading_a_wave_keeps_nobody_from_answering(app: Flask, tmp_path: Path) -> None:
    from app.database import one_moment

    wave = consultation(tmp_path, 60)
    wave_id = wave.id
    db.session.commit()
    with one_moment() as connection:
        before = queries.response_state(wave_id, connection)
        responding.withdraw(db.session.scalars(select(Response)).first())  # would wait, and fail, for a lock
        assert queries.response_state(wave_id, connection) == before
    assert queries.response_state(wave_id)["withdrawn"] == 1


@pytest.mark.parametrize("kept", [False, True])
def test_columns_say_how_each_response_came(app: Flask, tmp_path: Path, kept: bool) -> None:
    wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-04")
    people = [
        {**each, "district_decile": 7} if at < 12 else each
        for at, each in enumerate(waves.crowd(wave, 30, district="leeds"))
    ]
    ways = [("online", "en")] * 20 + [("paper", "en")] * 10
    came = [
        {"answers": each, "language": language, "channel": channel, "seed": 1, "submitted_at": wave.opens_at}
        for each, (channel, language) in zip(people, ways, strict=True)
    ]
    responding.store_simulated(wave, came)
    source, definition = extract.source(wave), queries.definition_of(wave)
    for _ in range(2):
        found, _state = extract.responses(source, definition, clock.now(), keep=kept)
        assert int(found.weighted.among("channel", ["paper"]).sum()) == 10
        assert int(found.weighted.among("language", ["en"]).sum()) == 30
        assert int(found.weighted.among("assisted", ["0"]).sum()) == 30
        assert int(found.weighted.among("district_decile", ["7"]).sum()) == 12


def test_an_extract_keeps_the_order_that_people_gave(app: Flask, tmp_path: Path) -> None:
    wave = waves.opened(waves.shipped("your-priorities-your-plan", tmp_path), "2025")
    chosen = {"priorities": ["burglary", "cyber_crime", "road_safety"]}
    order = {"priorities_order": ["road_safety", "burglary", "cyber_crime"]}
    waves.answered(wave, [*waves.crowd(wave, 200, **chosen, **order), *waves.crowd(wave, 200, 2, **chosen)])
    definition = queries.definition_of(wave)
    for _ in range(2):  # from the database, and then from the extract that the first read left
        found, _state = extract.responses(extract.source(wave), definition, clock.now(), keep=True)
        ordered = sum(found.weighted.among("priorities_order:1", ["road_safety"]))
        assert ordered == sum(found.weighted.among("priorities_order:3", ["cyber_crime"])) > 100
        assert not found.weighted.answered("priorities_order:4").any()
