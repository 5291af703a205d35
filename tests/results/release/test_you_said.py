"""You said, we did: written by the office in each language, public only when somebody has published it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.support.person import Person

SignIn = Callable[[str], FlaskClient]
TEXTS = {"theme-en": "Speeding", "said-en": "Cars race past the school.", "did-en": "A camera stands there now."}
WRITTEN = {"outcome": "tackle-crime", **TEXTS}


def test_a_theme_is_public_when_it_is_written_and_published(
    app: Flask, month: str, signed_in: SignIn, resident: Person
) -> None:
    office = signed_in("office")
    half = office.post(
        "/staff/you-said-we-did/new/your-views", data={"outcome": "tackle-crime", "theme-en": "Speeding"}
    )
    assert half.status_code == 422 and "Write what people said in English" in half.text and "Speeding" in half.text
    assert office.post("/staff/you-said-we-did/new/your-views", data=WRITTEN).status_code == 303
    assert "Speeding" not in resident.visit("/en/results/you-said-we-did").text
    assert office.post("/staff/you-said-we-did/1/publish", data={"show": "yes"}).status_code == 303
    shown = resident.visit("/en/results/you-said-we-did").text
    assert "Tackle crime and anti-social behaviour" in shown and "A camera stands there now." in shown
    assert office.post("/staff/you-said-we-did/1/publish", data={"show": "no"}).status_code == 303
    assert "Speeding" not in resident.visit("/en/results/you-said-we-did").text
    assert signed_in("analyst").post("/staff/you-said-we-did/1/publish").status_code == 403
