"""Use cases of print runs: print one, print it again, say where its forms are. Each commits once and is audited."""

from __future__ import annotations

import hmac
import uuid
from collections import Counter
from collections.abc import Iterator

from flask import current_app
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork.models import Event
from app.fieldwork.paper.errors import CannotPrint
from app.fieldwork.paper.forms import Form, Printed
from app.fieldwork.paper.models import Keying, PaperForm, PrintRun
from app.fieldwork.paper.sheets import LAST_SERIAL
from app.surveys import codes
from app.surveys.models import Wave

MOST = 1000
SETTABLE = ("printed", "handed_out", "returned", "spoiled", "missing", "destroyed")


def submission_of(wave: Wave, serial: int) -> uuid.UUID:
    """Derive what a form's response is known by; the database holds only its hash, so it can speak for nobody."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return uuid.UUID(bytes=hmac.digest(key, f"paper:{wave.reference}:{serial}".encode(), "sha256")[:16])


def print_run(wave: Wave, language: str, style: str, count: int, event: Event | None) -> PrintRun:
    """Record a run of so many forms with the next serials of the wave. Raises CannotPrint."""
    first = (db.session.scalar(select(func.max(PaperForm.serial)).where(PaperForm.wave_id == wave.id)) or 0) + 1
    last = first + count - 1
    if wave.simulated or not wave.digest:
        raise CannotPrint(f"{wave.reference} has no frozen questionnaire, or is simulated: open a real wave first.")
    if not 1 <= count <= MOST or last > LAST_SERIAL:
        left = max(0, LAST_SERIAL - first + 1)
        raise CannotPrint(f"{count:,} forms cannot be printed at once: choose 1 to {min(MOST, left):,}.")
    layout = Form(wave, language, style).layout()
    run = PrintRun(
        wave_id=wave.id,
        language=language,
        style=style,
        first=first,
        last=last,
        event_id=event.id if event else None,
        layout=layout,
        made_by=current_user.email,
        made_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    try:
        db.session.execute(insert(PaperForm), [_form(wave, run, serial) for serial in range(first, last + 1)])
    except IntegrityError:
        db.session.rollback()
        raise CannotPrint("Somebody else printed a run of this wave at the same moment: try again.") from None
    audit.record("paper.print", f"{wave.reference} {run.serials}", f"{language}, {style}")
    db.session.commit()
    return run


def _form(wave: Wave, run: PrintRun, serial: int) -> dict[str, object]:
    submission = submission_of(wave, serial)
    return {
        "run_id": run.id,
        "wave_id": wave.id,
        "serial": serial,
        "submission": codes.hashed(submission),
        "receipt": codes.hashed(codes.receipt_of(submission)),
        "state": "printed",
        "note": "",
    }


def printed(run: PrintRun, serials: range | None = None) -> list[Printed]:
    """List a run's forms with their receipt codes. Raises CannotPrint where the server's secret is another by now."""
    wanted = serials or range(run.first, run.last + 1)
    kept = {form.serial: form.receipt for form in forms_of(run)}
    found = [Printed(serial, codes.receipt_of(submission_of(run.wave, serial))) for serial in wanted]
    if any(codes.hashed(each.receipt) != kept.get(each.serial) for each in found):
        raise CannotPrint(
            f"The receipt codes of {run.wave.reference} {run.serials} cannot be made again: SECRET_KEY is another than "
            "when they were printed. Print a new run; forms that are out can still be keyed."
        )
    return found


def forms_of(run: PrintRun) -> list[PaperForm]:
    """List a run's forms in order."""
    return list(db.session.scalars(select(PaperForm).where(PaperForm.run_id == run.id).order_by(PaperForm.serial)))


def states(run: PrintRun) -> Counter[str]:
    """Count a run's forms by where they are."""
    counted = select(PaperForm.state, func.count()).where(PaperForm.run_id == run.id).group_by(PaperForm.state)
    return Counter({state: count for state, count in db.session.execute(counted)})


def place(run: PrintRun, first: int, last: int, state: str) -> int:
    """Say where some forms of a run are now; what is keyed stays so. Returns how many changed. Raises CannotPrint."""
    if not run.first <= first <= last <= run.last:
        raise CannotPrint(f"{first:04d} to {last:04d} are not all of this run: choose from {run.serials}.")
    if state not in SETTABLE:
        raise CannotPrint(f"“{state[:20]}” is no state of a form: choose one from the list.")
    changed = (
        update(PaperForm)
        .where(PaperForm.run_id == run.id, PaperForm.serial.between(first, last), PaperForm.state != "keyed")
        .values(state=state)
        .returning(PaperForm.id)
    )
    placed = [identity for (identity,) in db.session.execute(changed)]
    count = len(placed)
    # What ended as spoiled was keyed, and its entries are erased: it is keyed from the beginning.
    db.session.execute(delete(Keying).where(Keying.form_id.in_(placed), Keying.sealed.is_(None)))
    audit.record("paper.place", f"{run.wave.reference} {first:04d}-{last:04d}", f"{state}, {count} forms")
    db.session.commit()
    return count


def all_runs() -> Iterator[tuple[PrintRun, Counter[str]]]:
    """Walk all runs, the newest first, each with its forms counted by where they are."""
    for run in db.session.scalars(select(PrintRun).order_by(PrintRun.id.desc())):
        yield run, states(run)
