"""A site that is killed and started again while residents answer; `make bench-faults` does it hundreds of times."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.faults import CYCLES, Stage, cycles
from tests.support.applications import MakeApp, command

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["kill -9 of the group", "kill -9 of a worker"])
def test_nothing_acknowledged_is_lost_and_nothing_is_stored_twice(
    name: str, sqlite_template: Path, tmp_path: Path, make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'platform.db')}"
    survey = ROOT / "bench" / "reference-survey.yaml"
    command(make_app(SQLALCHEMY_DATABASE_URI=url, CLOCK=None), "survey", "open", str(survey))
    _, deed = CYCLES[name]
    assert cycles(Stage("sqlite", tmp_path, url, None), name, 3, deed), capsys.readouterr().out
