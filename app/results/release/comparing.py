"""What an approver has to see of a draft: what is hidden and why, the proofs, and what changed against the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.results.release import words
from app.results.release.document import Item, Published, Value
from app.results.telling.tables import Table as Rows


def hidden_table(evidence: Mapping[str, Any]) -> Rows:
    """List what is hidden, with the reason of each; no count is told."""
    rows = tuple((name, reason) for name, reason in sorted(evidence["hidden"].items()))
    return Rows("What is not shown", ("Figure and area", "Why"), rows)


def audit_table(evidence: Mapping[str, Any]) -> Rows:
    """List the proofs: between which counts an intruder could place each small one."""
    rows = tuple((each["cell"], f"{each['low']:,} to {each['high']:,}") for each in evidence["proofs"])
    note = (
        "Solved by linear programming over all released tables, for an intruder who knows every open count exactly. "
        "Each range must be at least 5 wide."
    )
    return Rows("How near anybody could come", ("Small count", "Could be"), rows, (), note)


def changed_table(before: Published, now: Published) -> Rows:
    """List the figures that differ from the release that this one corrects."""
    old = {item.id: item for _, item in before.items}
    rows = tuple(
        (f"{item.id}/{area}", _told(old.get(item.id), area), _told(item, area))
        for _, item in now.items
        for area in item.areas
        if old.get(item.id) is None or old[item.id].areas.get(area) != item.areas[area]
    )
    note = "" if rows else "No figure differs."
    return Rows(f"What changes against {before.reference}", ("Figure and area", "Before", "Now"), rows, (), note)


def _told(item: Item | None, area: str) -> str:
    value: Value | None = item.areas.get(area) if item else None
    if value is None:
        return "not there"
    interval = words.range_of(value)
    return f"{words.share_of(value)} ({interval}; n {value.n})" if interval else words.share_of(value)
