"""R, where a machine has it: other eyes that read our files and work our figures out again."""

from __future__ import annotations

import subprocess
from functools import cache
from shutil import which

import pytest

PACKAGES = ("survey", "haven", "jsonlite")


def scripted(script: str, *more: str) -> list[str]:
    """Say how a script is run; a test on a machine without R or its packages is skipped and says so."""
    if lacking := _lacking():
        pytest.skip(lacking)
    return ["Rscript", "--vanilla", script, *more]


@cache
def _lacking() -> str:
    if which("Rscript") is None:
        return "R is not installed: no Rscript is found"
    asked = f"cat(setdiff(c{PACKAGES!r}, rownames(installed.packages())))"
    done = subprocess.run(["Rscript", "--vanilla", "-e", asked], capture_output=True, text=True, timeout=60)
    return f"R lacks the packages {done.stdout}" if done.stdout.strip() else ""
