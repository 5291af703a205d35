"""What the staff pages of every room share: problem pages, messages after a deed, errors beside their fields, times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Flask, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app import clock


def init_app(app: Flask) -> None:
    """Give the staff's templates their filters."""
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["short_day"] = short_day
    app.jinja_env.filters["anchored"] = anchored
    app.jinja_env.filters["count_of"] = count_of


def moment(at: datetime) -> str:
    """Write a time as West Yorkshire's clocks show it."""
    local = clock.london(at)
    return f"{local.day} {local:%B %Y, %H:%M}"


def count_of(number: int) -> str:
    """Write a count with its thousands apart."""
    return f"{number:,}"


def short_day(at: datetime) -> str:
    """Write only the day, for tables."""
    local = clock.london(at)
    return f"{local.day} {local:%b %Y}"


def anchored(messages: Iterable[str], field: str) -> list[dict[str, str]]:
    """Link messages to the field that they are about, for the error summary and the field itself."""
    return [{"text": message, "anchor": field} for message in messages]


def problem(title: str, text: str, status: int) -> ResponseReturnValue:
    """Show what went wrong on a page of its own, and what to do next."""
    return render_template("staff/error.html", title=title, text=text), status


def done(message: str, url: str) -> ResponseReturnValue:
    """Go on to a page that says what has been done."""
    flash(message)
    return redirect(url, 303)


def notice(message: str, url: str) -> ResponseReturnValue:
    """Go on to a page that says what to mind, where nothing has been done yet."""
    flash(message, "notice")
    return redirect(url, 303)
