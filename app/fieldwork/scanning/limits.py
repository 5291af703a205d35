"""How much is taken at once: what a pile of sheets needs, and hardly more."""

from __future__ import annotations

MOST_PAGES = 200
MOST_BYTES = 60 * 1024**2
MOST_FILES = 100
MOST_DOTS = 60_000_000
