"""A tablet as the tests use it: set up by an officer, it seals what people say and sends it."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.accounts.house import Visitor

API = "/tablet/api/v1"
ANSWERS = "answers"


def set_up(officer: Visitor, event: int = 1, name: str = "Tablet A", **more: Any) -> TestResponse:
    """Set a tablet up in an officer's browser."""
    page = officer.open("/staff/events/plan").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return officer.client.post(
        f"{API}/devices", json={"event": event, "name": name, **more}, headers={"X-CSRFToken": token}
    )
