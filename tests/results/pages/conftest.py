"""Pages show stored runs: the application of these tests has runs of its newest waves from the beginning."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def copied(database_with_runs: Path) -> Path:
    """The database that an application is filled from."""
    return database_with_runs
