"""The staff's pages of keying: a form, one side after the other, by the keyboard alone; two keyings to settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.accounts import pages
from app.accounts.models import current_user
from app.accounts.roles import roles
from app.database import db
from app.fieldwork.paper import batches, entries, keying
from app.fieldwork.paper.contents import codes
from app.fieldwork.paper.errors import NotKeyed, PaperError
from app.fieldwork.paper.models import Keying, PaperBatch
from app.fieldwork.paper.views import KEYERS, batch_numbered, paper
from app.surveys import journey

GONE = "This keying is no more: it was given free, or its batch was withdrawn. Nothing of it is stored."


def keying_of_mine(identity: int) -> Keying | None:
    """Find one's own keying, and hold it while it is changed; None where it is gone."""
    found = None
    if identity < 2**31:
        found = keying.held(identity) if request.method == "POST" else db.session.get(Keying, identity)
    if found is not None and found.by != current_user.email:
        abort(404)
    return found


def filled_in(
    identity: int, side: int, done: str, draw: Callable[..., str], refuse: Callable[..., None] | None = None
) -> ResponseReturnValue:
    """Answer whoever keys or confirms one side of a form; ``done`` says which, ``refuse`` looks before it is kept."""
    mine = keying_of_mine(identity)
    if mine is None:
        return pages.problem(f"This form is not being {done}", GONE, 404)
    if side not in keying.sides_of(mine.form):
        abort(404)
    batch, serial = url_for(".batch", identity=mine.batch_id), mine.form.serial
    if mine.done_at:
        return pages.notice(f"You have {done} form {serial:04d} already.", batch)
    if request.method == "GET":
        return draw(mine, side, None)
    try:
        if refuse:
            refuse(mine, side, request.form)
        after = keying.key_side(mine, side, request.form)
    except NotKeyed as error:
        return draw(db.session.get_one(Keying, identity), side, request.form, error.problems), 422
    except PaperError as error:
        return pages.notice(str(error), batch)
    if after:
        return redirect(url_for(str(request.endpoint), identity=identity, side=after), 303)
    return pages.done(f"Form {serial:04d} is {done}. The next one?", batch)


@paper.route("/keyings/<int:identity>/side/<int:side>", methods=["GET", "POST"])
@roles(*KEYERS)
def side(identity: int, side: int) -> ResponseReturnValue:
    """Key one side of a form."""
    return filled_in(identity, side, "keyed", _side)


def _side(mine: Keying, side: int, typed: Any, problems: list[tuple[str, str]] | None = None) -> str:
    definition = keying.definition_of(mine.form)
    known, numbers = keying.fields(definition), journey.numbers(definition)
    here = [
        (number, *known[name]) for name in keying.sides_of(mine.form)[side] for number in [numbers[known[name][0].key]]
    ]
    return render_template(
        "paper/side.html",
        keying=mine,
        side=side,
        wave=mine.form.run.wave.reference,
        in_language=i18n.languages()[mine.form.run.language].english,
        place=list(keying.sides_of(mine.form)).index(side) + 1,
        sides=list(keying.sides_of(mine.form)),
        fields=[(number, question, field, list(named(question, field))) for number, question, field in here],
        typed=typed,
        keys=entries.KEYS,
        errors=[{"text": _numbered(known, numbers, name, text), "anchor": name} for name, text in problems or []],
    )


def _numbered(known: keying.Fields, numbers: dict[str, int], name: str, text: str) -> str:
    """Say which question a problem is about, in the number that the sheet has too."""
    number = numbers.get(known[name][0].key if name in known else name)
    return f"Question {number}: {text}" if number else text


def named(question: Any, field: Any) -> Any:
    """List the boxes of a field: what is pressed for each, and what it says."""
    words = {"dont_know": "Don’t know", "prefer_not_to_say": "Prefer not to say", "none": question.none_of_these}
    for code, key in zip(codes(len(field.options)), field.options, strict=True):
        option = question.option(key)
        yield code, option.text.split(":")[0] if option else words.get(key, key)


@paper.post("/keyings/<int:identity>/free")
@roles(*KEYERS)
def free(identity: int) -> ResponseReturnValue:
    """Forget a keying that nobody finished: one's own, or as an admin anybody's."""
    found = db.session.get(Keying, identity) if identity < 2**31 else None
    if found is None or found.done_at or (found.by != current_user.email and not current_user.has_any(("admin",))):
        abort(404)
    batch_id = found.batch_id
    keying.give_free(found)
    return pages.done("The form is free again.", url_for(".batch", identity=batch_id))


@paper.route("/batches/<int:identity>/settle/<int:serial>", methods=["GET", "POST"])
@roles(*KEYERS)
def settle(identity: int, serial: int) -> ResponseReturnValue:
    """Look at two keyings side by side, and say which is right."""
    found = batch_numbered(identity)
    form = next((form for form in batches.to_settle(found) if form.serial == serial), None) or abort(404)
    if request.method == "POST":
        chosen = {
            name: request.form.get(f"{name}/typed", "") if value == "typed" else value[2:]
            for name in keying.disagreements(form)
            if (value := request.form.get(name, ""))
        }
        try:
            keying.settle(form, found, chosen)
        except NotKeyed as error:
            return _settle(found, form, [{"text": text, "anchor": name} for name, text in error.problems]), 422
        except PaperError as error:
            return _settle(found, form, pages.anchored([str(error)], "")), 409
        return pages.done(f"Form {serial:04d} is settled and stored.", url_for(".batch", identity=identity))
    return _settle(found, form)


def _settle(found: PaperBatch, form: Any, errors: list[dict[str, str]] | None = None) -> str:
    known = keying.fields(keying.definition_of(form))
    first, second = keying.keyings_of(form)[:2]
    numbers = journey.numbers(keying.definition_of(form))
    rows = []
    for name in keying.disagreements(form):
        question, field = known[name]
        pair = [(each.entries or {}).get(name, "") for each in (first, second)]
        rows.append(
            (numbers[question.key], question, name, [(entry, entries.named(question, field, entry)) for entry in pair])
        )
    return render_template(
        "paper/settle.html",
        batch=found,
        form=form,
        rows=rows,
        by=(first.by, second.by),
        keys=entries.KEYS,
        typed=request.form,
        errors=errors or [],
    )
