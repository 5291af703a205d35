"""Computes what would change: ranks under another scheme, without some of the responses, or by one channel only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.alike import COPIES, alike
from app.analysis.columns import Column
from app.analysis.errors import AnalysisError
from app.analysis.items import Item
from app.analysis.scheme import WeightingScheme
from app.analysis.sensitivity import Alternative, reweighed
from app.analysis.tallies import grouped, tallied
from app.analysis.weighting import Precision, kish
from app.results.computing.tabulation import Table
from app.results.reading.columns import CHANNEL, FLAG_COLUMNS, LANGUAGE, UNREAD
from app.results.reading.schemes import EVERYONE, Scheme, Words, schemes, to_weigh_by, words
from app.results.run.enough import too_few
from app.results.run.ranked import Move, Standing, Variant
from app.surveys.counts import CHANNELS
from app.surveys.definition import Definition

NEARLY = 1e-12
TOO_FEW = "too few responses would be left"


@dataclass(frozen=True)
class Reweighed:
    """An alternative: for each area what its responses are worth and each priority's rank; or why it is refused."""

    name: str
    worth: Mapping[str, Precision]
    ranks: Mapping[str, Mapping[str, int]]
    reason: str | None = None

    def variant(self, area: str, standings: Sequence[Standing]) -> Variant:
        """Say which ranks of an area would change, and which would leave their interval."""
        worth = self.worth.get(area, Precision(0, 0.0, 0.0))
        reason = self.reason
        if not reason and too_few(worth.n, worth.effective_n):
            reason = TOO_FEW
        return Variant(self.name, worth.n, worth.effective_n, () if reason else self._moves(area, standings), reason)

    def _moves(self, area: str, standings: Sequence[Standing]) -> tuple[Move, ...]:
        other = self.ranks[area]
        return tuple(
            Move(each.key, each.rank, other[each.key], not each.low <= other[each.key] <= each.high)
            for each in standings
            if each.rank != other[each.key]
        )


def variants(
    table: Table, definition: Definition, scheme: Scheme, items: Sequence[Item], areas: Mapping[str, int | None]
) -> list[Reweighed]:
    """Rank the items otherwise, in each area: `areas` are codes of the district, None is everywhere."""
    weighing = table.weighted.scheme
    return [
        _reweighed(table, weighing, items, areas, each) for each in alternatives(table, definition, scheme, weighing)
    ]


def alternatives(
    table: Table, definition: Definition, scheme: Scheme, weighing: WeightingScheme
) -> Iterator[Alternative]:
    """List what could be done otherwise."""
    if scheme.weights:
        for other in schemes():
            if other.name != scheme.name:
                by = to_weigh_by(other, words(definition, other))
                yield Alternative(f"weighted by the scheme “{other.name}”", by)
        yield Alternative("without weights", to_weigh_by(Scheme("unweighted", "1"), Words()))
    flagged = table.columns.flagged
    if flagged.any():
        yield Alternative("without responses that are flagged for a second look", keep=~flagged)
    copies = alike(_answers(table, definition))
    if copies.any():
        yield Alternative(f"without responses of which {COPIES} or more are alike in every answer", keep=~copies)
    channels = table.columns.coded[CHANNEL]
    used = [key for code, key in enumerate(channels.categories) if (channels.codes == code).any()]
    if len(used) > 1:
        for key in used:
            yield Alternative(f"only {CHANNELS[key].lower()}", keep=table.columns.among(CHANNEL, [key]))


def _answers(table: Table, definition: Definition) -> list[Column]:
    """Choose the columns that say what somebody thinks: not who they are, nor how they answered."""
    apart = {CHANNEL, LANGUAGE, UNREAD, *FLAG_COLUMNS, *(each.key for each in definition.questions if each.role)}
    return [column for name, column in table.columns.coded.items() if name not in apart]


def _reweighed(
    table: Table,
    weighing: WeightingScheme,
    items: Sequence[Item],
    areas: Mapping[str, int | None],
    other: Alternative,
) -> Reweighed:
    everyone = Column(EVERYONE, np.zeros(table.columns.n, np.uint8), (EVERYONE,))
    try:
        weighted, kept = reweighed({**table.coded, EVERYONE: everyone}, weighing, items, other)
    except AnalysisError as refusal:
        thing = refusal.thing.replace("*", " / ")
        return Reweighed(other.name, {}, {}, f"it cannot be weighted so ({thing})")
    groups = grouped(weighted, _districts(table, other), None)
    tallies, weight = tallied(groups, kept), weighted.unit_weights[groups.unit]
    worth, ranks = {}, {}
    for key, code in areas.items():
        inside = weight if code is None or groups.domain is None else weight * (groups.domain.codes == code)
        worth[key] = kish(inside, tallies.base[:, 0] * (inside > 0))
        share = inside @ tallies.total / max(float(inside @ tallies.base[:, 0]), 1e-300)
        ranks[key] = {
            each.name: int(1 + (share > value + 1e-12).sum()) for each, value in zip(kept, share, strict=True)
        }
    return Reweighed(other.name, worth, ranks)


def _districts(table: Table, other: Alternative) -> Column | None:
    """Code the districts of those who are kept (m,)."""
    district = table.district
    if district is None or other.keep is None:
        return district
    return Column(district.name, district.codes.compress(other.keep), district.categories)
