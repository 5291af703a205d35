"""Use cases of keying: claim a form, key its sides, compare two blind keyings, settle them. Each commits once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock, copies
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork.paper import entries as keyed
from app.fieldwork.paper import storing
from app.fieldwork.paper.errors import CannotKey, NotKeyed
from app.fieldwork.paper.models import ENDED, Keying, PaperBatch, PaperForm
from app.fieldwork.scanning import keeping as pictures
from app.surveys import journey, queries
from app.surveys.definition import Definition, Question
from app.surveys.kinds import Field

FIRST, SECOND, SETTLED = 1, 2, 3
Fields = dict[str, tuple[Question, Field]]


def open_batch(wave: Any, event_id: int | None, twice: int) -> PaperBatch:
    """Begin a pile of forms to be keyed."""
    batch = PaperBatch(
        kind="keying", wave_id=wave.id, event_id=event_id, twice=twice, by=current_user.email, at=clock.now()
    )
    db.session.add(batch)
    db.session.flush()
    audit.record("paper.batch", f"batch {batch.id}", wave.reference)
    db.session.commit()
    return batch


def form_numbered(batch: PaperBatch, serial: int) -> PaperForm:
    """Find a form of the batch's wave by its serial. Raises CannotKey for a sheet that was never printed."""
    asked = select(PaperForm).where(PaperForm.wave_id == batch.wave_id, PaperForm.serial == serial)
    form = db.session.scalar(asked)
    if form is None:
        raise CannotKey(
            f"No form of {batch.wave.reference} has the serial {serial:04d}. Look at the head of the sheet: a sheet of "
            "another wave is keyed in a batch of its own wave."
        )
    return form


def _refuse_withdrawn(batch: PaperBatch) -> None:
    db.session.refresh(batch, ["withdrawn_at"], with_for_update={"read": True})
    if batch.withdrawn_at:
        raise CannotKey(f"Batch {batch.id} is withdrawn: begin another one.")


def claim(batch: PaperBatch, serial: int, wave: str = "") -> Keying:
    """Begin to key a form, or go on with it. Raises CannotKey with what stands in the way."""
    _refuse_withdrawn(batch)
    if wave and wave != batch.wave.reference.upper():
        raise CannotKey(
            f"This sheet is of {wave}, and the batch of {batch.wave.reference}: key it in a batch of {wave}."
        )
    form = form_numbered(batch, serial)
    found = {each.number: each for each in keyings_of(form)}
    name = f"{batch.wave.reference} {serial:04d}"
    mine = next((each for each in found.values() if each.by == current_user.email and not each.done_at), None)
    if mine:
        return mine
    if form.state in ENDED:
        raise CannotKey(f"{name} {ENDED[form.state]}: take another.")
    number = _free_number(name, found, batch)
    keying = Keying(
        form_id=form.id, batch_id=batch.id, number=number, by=current_user.email, begun_at=clock.now(), entries={}
    )
    db.session.add(keying)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise CannotKey(f"{name}: somebody else began to key it at this very moment. Take another form.") from None
    return keying


def held(identity: int) -> Keying | None:
    """Find a keying and keep everybody else from it and from withdrawing its batch, until this use case is over."""
    batch = select(PaperBatch.id).join(Keying, Keying.batch_id == PaperBatch.id).where(Keying.id == identity)
    db.session.execute(batch.with_for_update(of=PaperBatch, read=True))
    return db.session.get(Keying, identity, with_for_update=True, populate_existing=True)


def _free_number(name: str, found: Mapping[int, Keying], batch: PaperBatch) -> int:
    if FIRST not in found:
        return FIRST
    first, second = found[FIRST], found.get(SECOND)
    for busy in (first, second):
        if busy and not busy.done_at:
            raise CannotKey(
                f"{name} is being keyed by {busy.by} since {clock.london(busy.begun_at):%H:%M on %-d %B}. Take another "
                "form; if nobody is at it any more, an admin can give it free."
            )
    if second:
        raise CannotKey(f"{name} is keyed twice and waits to be settled.")
    if first.by == current_user.email:
        raise CannotKey(f"You keyed {name} first: a second person has to key it, without seeing yours.")
    return SECOND


def give_free(keying: Keying) -> None:
    """Forget a keying that nobody finished, so that somebody else can key the form."""
    audit.record("paper.give_free", f"batch {keying.batch_id}", f"form {keying.form.serial:04d}, keyed by {keying.by}")
    db.session.delete(keying)
    db.session.commit()


def keyings_of(form: PaperForm) -> list[Keying]:
    """List a form's keyings in order."""
    return list(db.session.scalars(select(Keying).where(Keying.form_id == form.id).order_by(Keying.number)))


def sides_of(form: PaperForm) -> dict[int, list[str]]:
    """List the fields that begin on each side, as the layout of its run says."""
    first: dict[str, int] = {}
    for mark in form.run.layout["marks"]:
        first.setdefault(mark["field"], mark["side"])
    sides: dict[int, list[str]] = {}
    for name, side in first.items():
        sides.setdefault(side, []).append(name)
    return dict(sorted(sides.items()))


def definition_of(form: PaperForm) -> Definition:
    """Read the frozen definition of a form, in English for whoever keys it."""
    return queries.definition_of(form.run.wave)


def fields(definition: Definition) -> Fields:
    """List all fields with their questions, in the order of the paper."""
    order = journey.numbers(definition)
    questions = sorted(definition.questions, key=lambda question: order[question.key])
    return {field.name: (question, field) for question in questions for field in keyed.fields_of(question)}


def key_side(keying: Keying, side: int, typed: Mapping[str, str]) -> int | None:
    """Keep one side's entries; returns the next side, or None after the last. Raises NotKeyed."""
    form = keying.form
    definition, sides = definition_of(form), sides_of(form)
    known = fields(definition)
    problems: list[tuple[str, str]] = []
    taken = dict(keying.entries or {})
    for name in sides[side]:
        try:
            taken[name] = keyed.normal(known[name][1], typed.get(name, ""))
        except keyed.Wrong as error:
            problems.append((name, str(error)))
    if not problems:
        empty = keyed.unfinished(definition, taken, set(sides[side]))
        problems += [(name, f"Nothing is keyed here: key what is ticked, or {keyed.KEYS}") for name in empty]
        problems += _refused(definition, taken, sides[side])
    if problems:
        raise NotKeyed(problems)
    keying.entries = taken
    after = [each for each in sides if each > side]
    if after:
        db.session.commit()
        return after[0]
    _finish(keying, definition)
    return None


def _refused(definition: Definition, taken: Mapping[str, str], names: list[str]) -> list[tuple[str, str]]:
    """List what the gate would refuse of the fields of one side."""
    answers, coded = keyed.gathered(definition, taken)
    here = {name.split(".")[0] for name in names}
    found = []
    for problem in storing.judged(definition, answers, coded).problems:
        base = problem.question if definition.question(problem.question) else problem.question.removesuffix("_text")
        if base in here and problem.code not in ("choose_one", "choose_some", "choose_each", "choose_area"):
            anchor = f"{base}.{problem.part}" if f"{base}.{problem.part}" in names else base
            remedy = f"{storing.told(definition, problem)}. If the sheet says so: {keyed.KEYS}"
            found.append((anchor if anchor in names else names[0], remedy))
    return found


def _finish(keying: Keying, definition: Definition) -> None:
    keying.done_at = clock.now()
    known = fields(definition)
    keying.fields = sum(1 for name in keying.entries or {} if known[name][1].mode != "words")
    form, batch = keying.form, keying.batch
    form.state = "returned" if form.state in ("printed", "handed_out", "missing") else form.state
    if keying.number == FIRST and needs_second(batch, form):
        db.session.commit()
    elif keying.number == FIRST or not disagreements(form):
        _store(form, keying, definition)
    else:
        db.session.commit()


def needs_second(batch: PaperBatch, form: PaperForm) -> bool:
    """Say whether a form is keyed twice."""
    return batch.twice > 0 and form.serial % batch.twice == 0


def disagreements(form: PaperForm) -> list[str]:
    """Name the fields that two people keyed differently."""
    first, second = (keying.entries or {} for keying in keyings_of(form)[:2])
    known = fields(definition_of(form))
    return [
        name for name, (_, field) in known.items() if not keyed.alike(field, first.get(name, ""), second.get(name, ""))
    ]


def settle(form: PaperForm, batch: PaperBatch, chosen: Mapping[str, str]) -> None:
    """Take a third person's word about the fields that differ, and store the form. Raises CannotKey or NotKeyed."""
    _refuse_withdrawn(batch)
    first, second = keyings_of(form)[:2]
    me = current_user
    if me.email in (first.by, second.by) and not me.has_any(("admin",)):
        raise CannotKey("You keyed this form yourself: a third person or an admin has to settle it.")
    definition = definition_of(form)
    known = fields(definition)
    final = dict(first.entries or {})
    problems = []
    for name in disagreements(form):
        try:
            final[name] = keyed.normal(known[name][1], chosen.get(name, ""))
        except keyed.Wrong as error:
            problems.append((name, str(error)))
        if name not in chosen:
            problems.append((name, "Choose one of the two, or key what the sheet says"))
    if problems:
        raise NotKeyed(problems)
    now = clock.now()
    word = Keying(
        form_id=form.id, batch_id=batch.id, number=SETTLED, by=me.email, begun_at=now, done_at=now, entries=final
    )
    db.session.add(word)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise CannotKey("Somebody else settled this form at this very moment: look at its batch.") from None
    _store(form, word, definition)


def _store(form: PaperForm, word: Keying, definition: Definition) -> None:
    """Store a form as its response, count what was keyed otherwise, and forget the entries: one commit."""
    answers, coded = keyed.gathered(definition, word.entries or {})
    checked = storing.judged(definition, answers, coded)
    if checked.problems:
        db.session.rollback()
        told = [(problem.question, storing.told(definition, problem)) for problem in checked.problems]
        raise NotKeyed(told)
    if checked.ending:
        form.state, form.note = "spoiled", f"Not stored: the answers end the survey ({checked.ending})."
    else:
        batch = db.session.get_one(PaperBatch, word.batch_id)
        identity = storing.Identity(form.submission, form.receipt)
        values = storing.values_of(storing.Asked.of(form.run.wave), definition, checked, coded, identity)
        values |= {"batch_id": batch.id, "language": form.run.language, "event_id": form.run.event_id or batch.event_id}
        if not storing.store(values):
            name = f"{form.run.wave.reference} {form.serial:04d}"
            db.session.rollback()
            raise CannotKey(f"{name} was stored meanwhile, from a file or by somebody else: take another form.")
        form.state = "keyed"
    _count_errors(form, word.entries or {}, definition)
    reference = form.run.wave.reference
    audit.record("paper.key", f"{reference} {form.serial:04d}", f"batch {word.batch_id}")
    served = pictures.forget_form(form.id)
    db.session.commit()
    pictures.erase(served)
    copies.erase(reference)


def _count_errors(form: PaperForm, final: Mapping[str, str], definition: Definition) -> None:
    known = fields(definition)
    found = keyings_of(form)
    for keying in found:
        entries = keying.entries or {}
        if len(found) > 1 and keying.number != SETTLED:
            keying.wrong = sum(
                1
                for name, (_, field) in known.items()
                if field.mode != "words" and entries.get(name, "") != final.get(name, "")
            )
        keying.entries = None
