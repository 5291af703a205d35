"""Questions to the database about tablets; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app import clock
from app.database import db
from app.fieldwork.models import Event
from app.fieldwork.tablets.models import Device, Served, TabletItem


@dataclass(frozen=True, slots=True)
class AtEvent:
    """A device as an event's page shows it. ``elsewhere`` names the event at which it is now, if that is another."""

    device: Device
    name: str
    stored: int
    elsewhere: Event | None

    @property
    def state(self) -> str:
        """Say how it stands."""
        if self.device.revoked_at:
            return "Revoked"
        return "Has never sent" if self.device.synced_at is None else "Sends"


def devices_of(event: Event) -> list[AtEvent]:
    """List the devices that were set up for an event."""
    counted = (
        select(TabletItem.device_id, func.count())
        .where(TabletItem.event_id == event.id, TabletItem.outcome.in_(("stored", "withdrawn")))
        .group_by(TabletItem.device_id)
    )
    stored = {device: count for device, count in db.session.execute(counted)}
    served = select(Device, Served.name).join(Served).where(Served.event_id == event.id).order_by(Device.id)
    return [
        AtEvent(device, name, stored.get(device.id, 0), device.event if device.event_id != event.id else None)
        for device, name in db.session.execute(served)
    ]


def age(since: datetime | None) -> str:
    """Say how long ago something was, as people do."""
    if since is None:
        return ""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"
