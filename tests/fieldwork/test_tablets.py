"""Tablets: set up for an event, given all that they need to ask without signal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.surveys.document import from_document
from tests.accounts.house import Visitor, guest, hire, signed_in
from tests.fieldwork.tablet import API, set_up
from tests.fieldwork.test_events import planned

pytestmark = pytest.mark.usefixtures("both_surveys")


@pytest.fixture
def officer(app: Flask) -> Visitor:
    hire(app)
    return signed_in(app, "officer")


def bundle(app: Flask, token: str, **headers: str) -> Any:
    return guest(app).client.get(f"{API}/bundle", headers={"Authorization": f"Bearer {token}", **headers})


def test_a_tablet_gets_all_that_it_needs_to_ask_without_signal(app: Flask, officer: Visitor) -> None:
    planned(officer)
    made = set_up(officer)
    assert made.status_code == 201, made.text
    answer = bundle(app, made.json["token"])
    found = answer.json
    assert {each["slug"] for each in found["surveys"]} == {"your-views", "your-priorities-your-plan"}
    assert set(found["interface"]) == {"en", "ur", "pa", "pl", "ar", "ro", "gu", "bn", "sk"}
    assert found["interface"]["ur"]["next"] != found["interface"]["en"]["next"] == "Continue"
    for survey in found["surveys"]:
        assert set(survey["texts"]) == set(survey["languages"]) == set(found["interface"])
        definition = from_document(survey["definition"])
        district = definition.question("district")
        assert district is not None and district.options[0].text == "Bradford"
        assert survey["texts"]["ur"]["\x04" + district.text] != district.text
    assert len(answer.data) < 1_000_000
    unchanged = bundle(app, made.json["token"], **{"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304
