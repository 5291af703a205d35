"""Copies of answers outside the database: where they lie, and how they go when answers are erased.

Results writes such copies and the use cases of answering erase them, without knowing of each other.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import current_app


def folder() -> Path:
    """Say where the extracts of waves lie."""
    return Path(current_app.config["INSTANCE"]) / "extracts"


def extract_of(wave: str) -> Path:
    """Say where the extract of a wave lies, if there is one."""
    return folder() / f"{quote(wave, safe='')}.parquet"


def erase(wave: str) -> bool:
    """Erase the copies of a wave's answers; call it after the commit that erased or changed answers.

    Says whether there was one. What cannot be erased is logged: nobody's withdrawal fails because of it.
    """
    path = extract_of(wave)
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        current_app.logger.error("%s holds answers that were erased, and stays: %s.", path, error.strerror)
        return False
    return True
