"""The headline guard's page; what is typed stays out of addresses and logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.pages import anchored
from app.accounts.roles import roles
from app.results.guard import guarding
from app.results.guard.guarding import Guarded
from app.results.guard.judging import Answer
from app.results.guard.quantities import Known, Quantity
from app.results.pages.shown import READERS, Shown, newest
from app.results.run import parts
from app.results.telling import tables
from app.results.telling.tables import Table, base_of, interval_of, share_of
from app.surveys import queries

guard = Blueprint("guard", __name__, url_prefix="/staff/results/guard")

SIDES = ("first", "second")


@guard.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """Ask for a headline, or for two figures."""
    return _page(known())


@guard.post("")
@roles(*READERS)
def answer() -> ResponseReturnValue:
    """Say what the data supports."""
    stored = known()
    if "sentence" in request.form:
        found = guarding.sentence(request.form["sentence"], stored)
        errors = anchored(found.problems, "sentence")
    else:
        chosen = [_picked(stored, side) for side in SIDES]
        errors = [error for _, problems in chosen for error in problems]
        one, other = (quantity for quantity, _ in chosen)
        found = guarding.picked(stored, one, other) if one and other else Guarded()
    return _page(stored, found, errors), 422 if errors else 200


def known() -> Known:
    """Gather the figures that can be compared: of the newest monthly run, and of the newest that has priorities."""
    shown = newest()
    monthly = next((each for each in shown if each.results.headlines), None)
    chosen = next((each for each in shown if each.priorities), None)
    lines = parts.lines(monthly.run) if monthly else {}
    return Known(
        lines={key: line for key, line in lines.items() if line.headline},
        tracked=monthly.results if monthly else None,
        ranking=chosen.priorities if chosen else None,
        chosen=chosen.results if chosen else None,
        wave=chosen.wave.reference if chosen else "",
        simulated=any(each.wave.simulated for each in (monthly, chosen) if each),
        answers=frozenset(words for each in (monthly, chosen) if each for words in _own_words(each)),
    )


def _own_words(shown: Shown) -> Iterator[str]:
    """List what the questionnaire of a wave says: its questions, statements and options."""
    for question in queries.definition_of(shown.wave).questions:
        yield from (question.text, question.none_of_these)
        yield from (row.text for row in question.rows)
        yield from (option.text for option in question.options)


def _picked(stored: Known, side: str) -> tuple[Quantity | None, list[dict[str, str]]]:
    """Find the figure that somebody picked, or say what is wrong with the choice."""
    choices = {"subject": stored.subjects, "area": stored.areas, "period": {"": "", **stored.periods}}
    named = {"subject": "a measure or a priority", "area": "an area", "period": "a month"}
    given = {name: request.form.get(f"{side}_{name}", "") for name in choices}
    errors = [
        {"text": f"Pick {named[name]} for the {side} figure.", "anchor": f"{side}_{name}"}
        for name, options in choices.items()
        if given[name] not in options
    ]
    if errors:
        return None, errors
    found = stored.find(given["subject"], given["area"], given["period"])
    if found is None:
        text = f"Nothing is stored of the {side} figure in that area."
        return None, [{"text": text, "anchor": f"{side}_area"}]
    return found, []


def _page(stored: Known, found: Guarded | None = None, errors: list[dict[str, str]] | None = None) -> str:
    content: dict[str, Any] = {
        "known": stored,
        "found": found or Guarded(),
        "errors": errors or [],
        "typed": request.form,
        "sides": SIDES,
        "figures_table": figures_table,
        "simulated": stored.simulated,
        "sampling": tables.SAMPLING,
    }
    return render_template("results/guard.html", **content)


def figures_table(answer: Answer, number: int = 0) -> Table:
    """Lay out the figures that an answer rests on."""
    rows = tuple(
        (each.name, share_of(each.figure), interval_of(each.figure), *base_of(each.figure)) for each in answer.figures
    )
    caption = f"What answer {number} rests on" if number else "What it rests on"
    return Table(caption, ("Figure", "Share", "95% interval", "n", "Effective n"), rows, (3, 4))
