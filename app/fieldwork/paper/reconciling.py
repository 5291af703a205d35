"""What paper brings to the end of a day: the forms of an event's print runs, and where each of them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from app.database import db
from app.fieldwork.models import Event
from app.fieldwork.paper.models import STATES, PaperForm, PrintRun
from app.fieldwork.sources import Source, Task
from app.surveys.models import Response

ON_PAPER = "Printed forms"


def sources(event: Event) -> list[Source]:
    """Tell the forms that were printed for an event as one source."""
    rows = select(PaperForm.state, PaperForm.serial).join(PrintRun).where(PrintRun.event_id == event.id)
    forms = [(state, serial) for state, serial in db.session.execute(rows.order_by(PaperForm.serial))]
    if not forms:
        return []
    states = Counter(state for state, _ in forms)
    stored, withdrawn = _stored(event)
    tasks = tuple(_tasks(forms))
    return [
        Source(ON_PAPER, "paper", stored, withdrawn, open=states["returned"], tasks=tasks, note=_note(event, states))
    ]


def _note(event: Event, states: Counter[str]) -> str:
    """Say which forms were printed for an event, and where they are."""
    runs = db.session.scalars(select(PrintRun).where(PrintRun.event_id == event.id).order_by(PrintRun.id))
    serials = ", ".join(f"{run.wave.reference} {run.serials}" for run in runs)
    where = "; ".join(f"{states[key]} {name.lower()}" for key, name in STATES.items() if states[key])
    return f"{serials}, {states.total()} printed: {where}"


def _stored(event: Event) -> tuple[int, int]:
    counted = (
        select(func.count(), func.count(Response.withdrawn_on))
        .join(PaperForm, PaperForm.submission == Response.submission)
        .join(PrintRun, PrintRun.id == PaperForm.run_id)
        .where(PrintRun.event_id == event.id, Response.event_id == event.id)
    )
    total, withdrawn = db.session.execute(counted).one()
    return int(total), int(withdrawn)


def _tasks(forms: list[tuple[str, int]]) -> Iterator[Task]:
    told = {
        "returned": "came back and are not keyed and settled yet: key them.",
        "handed_out": "were handed out and have not come back: say which came back and which are missing.",
        "printed": (
            "were printed, and nothing is said about them: say which were handed out, and which were left over and are "
            "destroyed."
        ),
    }
    for state, what in told.items():
        serials = tuple(f"{serial:04d}" for each, serial in forms if each == state)
        if serials:
            yield Task(f"{ON_PAPER}: {len(serials)} {what}", serials)
