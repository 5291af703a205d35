"""The house in which staff are tested: the application, with one person for each role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.accounts.house import close, hire


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """Open the house with everybody in it."""
    hire(app)
    yield app
    close(app)
