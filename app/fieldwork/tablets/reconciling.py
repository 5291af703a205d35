"""What tablets bring to the end of a day: what is stored of each, what it still holds, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.database import db
from app.fieldwork.models import Event
from app.fieldwork.sources import Source, Task
from app.fieldwork.tablets.models import Device, Served, TabletItem
from app.surveys.models import Response

LEFT_TO_DO = {
    "conflict": "with another content under a stored id. Decide which to keep",
    "rejected": "rejected. Look why, and have it judged again when it is mended",
}


def sources(event: Event) -> list[Source]:
    """List the tablets that were set up for an event."""
    served = select(Device, Served.name).join(Served).where(Served.event_id == event.id).order_by(Device.id)
    rows = [(device, name) for device, name in db.session.execute(served)]
    counts, waiting = _counts(event), open_items(event)
    names = [name for _, name in rows]
    found = []
    for device, name in rows:
        called = name if names.count(name) == 1 else f"{name}, number {device.id}"
        stored, withdrawn = counts.get(device.id, (0, 0))
        mine = [item for item in waiting if item.device_id == device.id]
        held = _held(device, event, mine)
        tasks = tuple(_tasks(called, device, held, mine))
        found.append(Source(called, "tablet", stored, withdrawn, held, len(mine), tasks))
    return found


def open_items(event: Event) -> list[TabletItem]:
    """List what arrived and waits for a person."""
    waits = select(TabletItem).where(TabletItem.event_id == event.id, TabletItem.outcome.in_(tuple(LEFT_TO_DO)))
    return list(db.session.scalars(waits.order_by(TabletItem.id)))


def short(item_id: object) -> str:
    """Write an id as the tablet's list shows it."""
    return str(item_id)[:8]


def _counts(event: Event) -> dict[int, tuple[int, int]]:
    """Count the responses that came from each device, and those of them that were withdrawn."""
    counted = (
        select(TabletItem.device_id, func.count(), func.count(Response.withdrawn_on))
        .join(Response, Response.id == TabletItem.response_id)
        .where(TabletItem.event_id == event.id, TabletItem.outcome.in_(("stored", "withdrawn")))
        .group_by(TabletItem.device_id)
    )
    return {device: (stored, withdrawn) for device, stored, withdrawn in db.session.execute(counted)}


def _held(device: Device, event: Event, items: list[TabletItem]) -> int:
    """Say how many a device holds that have not arrived; a rejected one has, and stays on it.

    A device cannot say for which event, so its present one is taken.
    """
    rejected = sum(item.outcome == "rejected" for item in items)
    return max(0, device.waiting - rejected) if device.event_id == event.id else 0


def _tasks(name: str, device: Device, held: int, items: list[TabletItem]) -> Iterator[Task]:
    if held:
        arrived = {str(item.item_id) for item in items}
        ids = tuple(short(each) for each in device.waiting_ids if each not in arrived)
        yield Task(f"{name}: {held} on it have not arrived. Connect it and let it send.", ids)
    for outcome, what in LEFT_TO_DO.items():
        of_kind = [short(item.item_id) for item in items if item.outcome == outcome]
        if of_kind:
            yield Task(f"{name}: {len(of_kind)} {what}.", tuple(of_kind))
