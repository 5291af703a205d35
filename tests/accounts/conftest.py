"""The house in which staff are tested."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.house import open_house


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Open the house, with one person for each role."""
    return open_house(tmp_path)
