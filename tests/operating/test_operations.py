"""Starting and watching over the platform: settings, cookies and headers in production, health, figures, the log."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.database import db
from app.operating import logs
from config import SettingsRefused, from_environment

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Wq3-fz8Kd1_LmX0vTn5yRb7cHg2jPs6u"
KEY = "m3Q-8sVdT1yKx0Zr5_WbLf7cHg2jPn6uAeIoU9tRqYw"
PRODUCTION = {
    "PRODUCT_URL": "https://survey.example.org",
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://app:pw@db/survey",
    "ENCRYPTION_KEYS": KEY,
    "PROXIES": "0",
}
MakeApp = Callable[..., Flask]


@pytest.mark.parametrize(
    "given, said",
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "k7Pq2"}, "SECRET_KEY has 5 characters: use at least 32"),
        ({"SECRET_KEY": "change-me-change-me-change-me-change-me"}, "SECRET_KEY is easily guessed"),
        ({"SECRET_KEY": "a" * 40}, "SECRET_KEY is easily guessed"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS is not set"),
        ({"ENCRYPTION_KEYS": f"{KEY},hidden-word"}, "ENCRYPTION_KEYS: key 2 of 2 has 11 characters"),
        ({"ENCRYPTION_KEYS": f"{KEY}, {KEY}"}, "ENCRYPTION_KEYS: key 2 of 2 stands there twice"),
        ({"ENCRYPTION_KEYS": "A" * 43}, "ENCRYPTION_KEYS: key 1 of 1 is easily guessed"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN has 5 characters"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://u:hidden-word@h/x"}, "DATABASE_URL begins with 'mysql'"),
        ({"DATABASE_URL": "postgresql://u:hidden-word@h"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "postgresql://u:hidden-word@h:port/x"}, "DATABASE_URL cannot be read: write the port"),
        ({"DATABASE_URL": "postgresql://u:x@hidden-word@h/x"}, "as %40 for @"),
        ({"DATABASE_URL": "postgresql://u:hidden-word[@h"}, "DATABASE_URL names no database"),
        ({"PRODUCT_URL": "survey.example.org"}, "PRODUCT_URL is 'survey.example.org'"),
        ({"PRODUCT_URL": "https://survey.example.org/path"}, "write scheme and host only"),
        ({"PRODUCT_URL": "https://survey.example.org:99999"}, "write scheme and host only"),
        ({"PRODUCT_URL": "http://survey.example.org"}, "begin it with https://"),
        ({"PRODUCT_URL": "HTTPS://survey.example.org", "SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL names no file: write sqlite:////PATH"),
        ({"DATABASE_URL": "sqlite://host/x"}, "DATABASE_URL names no file"),
        ({"DATABASE_URL": "postgresql://u:hidden-word@h:99999/x"}, "the port 99999: write one from 1 to 65535"),
        ({"IDLE_MINUTES": "0"}, "IDLE_MINUTES is '0': write a whole number from 1"),
        ({"DRAFT_DAYS": "9" * 5000}, "write a whole number from 1 to 10000, for example 14"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is 'xml': write json or plain"),
        ({"PROMETHEUS_MULTIPROC_DIR": "/no-such-folder"}, "'/no-such-folder', which is no folder: make it"),
        ({"DRAFT_DAYS": "٣"}, "DRAFT_DAYS is '٣'"),
        ({"PROXIES": ""}, "PROXIES is not set, and PRODUCT_URL begins with https: write how many proxies of yours"),
        ({"PROXIES": "-1"}, "PROXIES is '-1': write a whole number from 0"),
    ],
)
def test_production_refuses_to_start_with_a_setting_that_it_names(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        from_environment(PRODUCTION | given)
    assert said in str(refused.value)
    assert "hidden-word" not in str(refused.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "PRODUCT_URL": "https://survey.example.org", "IDLE_MINUTES": "x", "SECRET_KEY": ""}
    environment.pop("DATABASE_URL", None)
    started = subprocess.run([sys.executable, "wsgi.py"], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert started.returncode == 3
    assert [line.split(" ")[0] for line in started.stderr.splitlines()[1:]] == [
        "SECRET_KEY",
        "DATABASE_URL",
        "ENCRYPTION_KEYS",
        "PROXIES",
        "IDLE_MINUTES",
    ]


@pytest.fixture
def in_production(make_app: MakeApp, database_url: str, tmp_path: Path) -> Flask:
    """Make the application as it runs behind HTTPS."""
    settings = from_environment(PRODUCTION | {"INSTANCE": str(tmp_path), "METRICS_TOKEN": SECRET, "PROXIES": "1"})
    return make_app(**settings | {"SQLALCHEMY_DATABASE_URI": database_url})


HOST = {"base_url": "https://survey.example.org"}


def test_cookies_are_bound_to_the_one_host_over_https(in_production: Flask, both_surveys: None) -> None:
    answer = in_production.test_client().get("/en/your-views", **HOST)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_another_host_is_refused(in_production: Flask) -> None:
    assert in_production.test_client().get("/en", base_url="https://evil.example.net").status_code == 400
    forwarded = {"X-Forwarded-Host": "evil.example.net", "X-Forwarded-Proto": "https"}
    page = in_production.test_client().get("/", headers=forwarded, **HOST)
    assert "evil" not in page.headers["Location"]


@pytest.mark.parametrize("host", ["x" * 70, "x" * 4000, "a..b", "[::1", "\x00", "ü", "localhost:99999"])
def test_a_host_that_is_none_is_no_error_of_ours(make_app: Any, both_surveys: None, host: str) -> None:
    client = make_app(TESTING=False).test_client()
    for path in ("/en/help", "/staff", "/api/v1/runs", "/tablet/api/v1/bundle"):
        assert client.get(path, headers={"Host": host}).status_code < 500


def test_a_desk_has_plain_cookies_and_no_transport_security(app: Flask, both_surveys: None) -> None:
    answer = app.test_client().get("/en/your-views")
    assert answer.headers["Set-Cookie"].startswith("session=") and "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.both_databases
def test_it_is_alive_and_ready(app: Flask) -> None:
    assert app.test_client().get("/healthz").json == {"alive": True}
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"ready": True, "faults": []})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "version, said", [("0001", "run `flask db upgrade`"), ("9999", "this code knows only"), (None, "migration none")]
)
def test_a_database_behind_or_ahead_of_the_code_is_not_ready(app: Flask, version: str | None, said: str) -> None:
    with app.app_context():
        deed = "DELETE FROM alembic_version" if version is None else "UPDATE alembic_version SET version_num = :version"
        db.session.execute(text(deed), {} if version is None else {"version": version})
        db.session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503 and said in answer.text
    assert app.test_client().get("/healthz").status_code == 200


def test_a_database_out_of_reach_is_not_ready_and_pages_say_so(make_app: MakeApp, tmp_path: Path) -> None:
    nowhere = make_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg://app:hidden-word@127.0.0.1:1/survey")
    answer = nowhere.test_client().get("/readyz")
    assert answer.status_code == 503 and "does not answer" in answer.text and "hidden-word" not in answer.text
    assert nowhere.test_client().get("/en").status_code == 503


def test_figures_need_their_token_and_name_no_address(in_production: Flask, app: Flask, both_surveys: None) -> None:
    client = in_production.test_client()
    client.get("/en/your-views", **HOST)
    assert client.get("/metrics", **HOST).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}, **HOST).status_code == 404
    figures = client.get("/metrics", headers={"Authorization": f"Bearer {SECRET}"}, **HOST).text
    assert 'platform_requests_total{endpoint="resident.start",method="GET",status="200"} 1.0' in figures
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


PLANTED = ["my neighbour hits me", "jo@example.org", "4F7K-9QRS-T2VW", "07700 900123", "hidden-word"]


@pytest.mark.parametrize("make", [logs.json_formatter, logs.PlainFormatter])
def test_nothing_that_is_somebodys_gets_into_the_log(make: Callable[[], logging.Formatter]) -> None:
    said = (*PLANTED[1:4], "postgresql://app:hidden-word@db/survey")
    record = logging.LogRecord("app", logging.ERROR, __file__, 1, "From %s, %s, %s to %s", said, None)
    line = make().format(record)
    assert not [planted for planted in PLANTED if planted in line], line
    assert line.count(logs.HIDDEN) == 4


def test_values_under_telling_names_are_hidden_and_the_line_is_json() -> None:
    event = logs.redact(None, "error", {"event": "refused", "answers": PLANTED[0], "Code": "x", "wave": "YV-2026-11"})
    assert event == {"event": "refused", "answers": logs.HIDDEN, "Code": logs.HIDDEN, "wave": "YV-2026-11"}
    record = logging.LogRecord("app.errors", logging.ERROR, __file__, 1, "The database did not answer", None, None)
    written = json.loads(logs.json_formatter().format(record))
    assert written["event"] == "The database did not answer" and written["level"] == "error" and written["timestamp"]


def test_migrations_are_one_line_and_named_after_their_numbers() -> None:
    from alembic.script import ScriptDirectory

    scripts = list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions())
    assert len({script.down_revision for script in scripts}) == len(scripts)
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts)


@pytest.mark.parametrize("unit, first", [("survey-tidy", "results --tidy"), ("survey-backup", "backup")])
def test_a_scheduled_command_that_fails_stops_no_other_and_the_unit_has_failed(
    unit: str, first: str, tmp_path: Path
) -> None:
    [line] = re.findall("^ExecStart=/bin/sh -c '(.*)'$", (ROOT / "deploy" / f"{unit}.service").read_text(), re.M)
    flask = tmp_path / ".venv" / "bin" / "flask"
    flask.parent.mkdir(parents=True)
    flask.write_text(f'#!/bin/sh\necho "$@"\ncase "$*" in "{first}"*) exit $FAILS;; esac\n')
    flask.chmod(0o755)
    for fails in ("0", "2"):
        command = ["sh", "-c", line.replace("$$", "$").replace("%%", "%")]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "FAILS": fails}, capture_output=True, text=True)
        assert (done.returncode == 0) == (fails == "0")
        words = [each.split()[0] for each in done.stdout.splitlines()]
        assert words == {"survey-tidy": ["results", "retention", "keys"], "survey-backup": ["backup", "audit"]}[unit]
