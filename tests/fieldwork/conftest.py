"""An officer with an event planned, and a tablet that is set up for it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.accounts.house import Visitor, hire, signed_in
from tests.fieldwork.tablet import Tablet
from tests.fieldwork.test_events import planned


@pytest.fixture
def officer(app: Flask) -> Visitor:
    """Sign an officer in."""
    hire(app)
    return signed_in(app, "officer")


@pytest.fixture
def tablet(app: Flask, officer: Visitor) -> Tablet:
    """Set a tablet up for an event."""
    planned(officer)
    return Tablet(app, officer)
