"""The use case of flagging: look at a wave's responses, and note on each what deserves a second look."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from app import clock
from app.accounts import audit
from app.database import db
from app.fieldwork.flags import Given, flags_of
from app.fieldwork.tablets.models import TabletItem
from app.surveys import queries, tallies
from app.surveys.models import Response, Wave
from app.surveys.queries import RESPONSES

CHANGE = (
    update(RESPONSES)
    .where(RESPONSES.c.id == bindparam("of"), RESPONSES.c.answers.is_not(None))
    .values(flags=bindparam("written"), revision=RESPONSES.c.revision + 1)
)


NEWEST = 20_000
"""So many of the newest responses are looked at when a run is made: half a second."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a wave found: how many responses, how many flagged, and how many flags changed."""

    responses: int
    flagged: int
    changed: int


def look(wave: Wave, newest: int | None = None) -> Looked:
    """Flag the responses of a wave anew, or its ``newest`` ones; a flag whose reason is gone goes too.

    Nothing else is touched. Results compare the revisions of responses, so they notice that flags have changed.
    """
    reference = wave.reference
    definition = queries.definition_of(wave)
    devices = _devices(wave.id)
    before: dict[int, str | None] = {}
    given: list[Given] = []
    for row, answers in tallies.rows_to_flag(wave.id, newest):
        before[row.id] = row.flags
        given.append(
            Given(
                row.id,
                row.channel or "",
                bool(row.assisted),
                row.event_id,
                devices.get(row.id),
                row.network,
                row.started_at,
                row.submitted_at,
                answers or {},
            )
        )
    found = flags_of(definition, given)
    written = {each.id: _written(found.get(each.id, ()), each, before[each.id]) for each in given}
    changes = [{"of": each, "written": written[each]} for each in before if written[each] != before[each]]
    if changes:
        db.session.execute(CHANGE, changes)
    if changes or newest is None:
        audit.record("flags.look", reference, f"{len(found)} of {len(given)} flagged, {len(changes)} changed")
    db.session.commit()
    return Looked(len(given), len(found), len(changes))


def look_at_new(wave: Wave) -> int:
    """Flag what came to a real wave since it was last looked at, as far as the newest responses go; says how many.

    Whoever makes a run asks this: it is quick however much there is. ``flask flags`` looks at all of them.
    """
    return 0 if wave.simulated else look(wave, NEWEST).changed


def _written(flags: tuple[str, ...], given: Given, before: str | None) -> str | None:
    """Write flags down; what was seen once stays: a field that was filled in, a network since forgotten."""
    seen = (before or "").split()
    kept = [flag for flag in seen if flag == "trap" or (flag == "burst_network" and given.network is None)]
    return " ".join([*flags, *kept]) or None


def _devices(wave_id: int) -> dict[int, int]:
    """Say on which tablet responses were given."""
    came = select(TabletItem.response_id, TabletItem.device_id).join(Response, Response.id == TabletItem.response_id)
    rows = db.session.execute(came.where(Response.wave_id == wave_id, TabletItem.outcome == "stored"))
    return {response: device for response, device in rows if response is not None}


def forget_networks() -> int:
    """Erase the networks of responses whose wave's figures are frozen: their bursts have been looked for."""
    frozen = select(Wave.id).where(Wave.freezes_at <= clock.now())
    erased = (
        update(Response)
        .where(Response.wave_id.in_(frozen), Response.network.is_not(None))
        .values(network=None)
        .returning(Response.id)
    )
    count = len(db.session.execute(erased, execution_options={"synchronize_session": False}).all())
    db.session.commit()
    return count
