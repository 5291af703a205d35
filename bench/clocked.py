"""The platform with a clock that a file moves: every time that it stores, compares or waits for is asked of this one.

libfaketime would move the clock of the whole process; Python's own sleep fails under it.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import create_app

OFFSET = Path(os.environ["CLOCK_OFFSET"])


def moved() -> datetime:
    """Tell the time, as far off as the file says (seconds)."""
    return datetime.now(UTC) + timedelta(seconds=float(OFFSET.read_text() or 0))


app = create_app({"CLOCK": moved}, commands=False)
