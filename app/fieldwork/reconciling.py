"""Whether an event's day adds up, source by source: what was counted by hand, what is stored, and what is left to do.

A room of fieldwork that brings responses in adds a function to ``SOURCES``. It tells its sources of an event, and so
claims the responses that it accounts for. What nobody claims was entered on the staff's pages, or withdrawn since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from app.database import db
from app.fieldwork.models import Event, SignOff
from app.fieldwork.paper import reconciling as paper
from app.fieldwork.sources import Source, Task
from app.fieldwork.tablets import reconciling as tablets
from app.surveys.models import Response

SIGNATURES = 2
PAPER, ON_A_TABLET, IN_CONVERSATION, GONE = "Paper", "Tablets, entered online", "In conversation", "Withdrawn since"
ENTERED = {PAPER: ("paper",), ON_A_TABLET: ("tablet",), IN_CONVERSATION: ("desk", "phone"), GONE: ("",)}
NOT_COUNTED = (ON_A_TABLET, GONE)
"""Nobody can count these by hand, and they cannot be told to be of one source."""
SOURCES: list[Callable[[Event], Iterable[Source]]] = [tablets.sources, paper.sources]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Whether a day adds up, and whose word stands for these numbers. ``online`` came by a poster; nobody counts it."""

    sources: tuple[Source, ...]
    online: int
    signed_by: tuple[str, ...]
    reopened: bool

    @property
    def counted(self) -> int:
        """Add up what was counted by hand."""
        return sum(each.counted or 0 for each in self.sources)

    @property
    def stored(self) -> int:
        """Add up what is stored of what could be counted by hand."""
        return sum(each.stored for each in self.sources)

    @property
    def to_count(self) -> list[str]:
        """Name what somebody can count by hand."""
        return [each.name for each in self.sources if each.counted is not None or each.name not in NOT_COUNTED]

    @property
    def difference(self) -> int:
        """Say how many more are stored than were counted."""
        return self.stored - self.counted

    @property
    def tasks(self) -> tuple[Task, ...]:
        """List what is left to do."""
        return tuple(task for each in self.sources for task in each.tasks)

    @property
    def state(self) -> str:
        """Name the state of the day."""
        if len(self.signed_by) >= SIGNATURES:
            return "Signed off"
        if self.reopened:
            return "Reopened: the numbers changed after a sign-off"
        return "Waits for a second person" if self.signed_by else "Not signed off"


def reconciliation(event: Event) -> Reconciliation:
    """Compare an event's hand counts with what is stored; a word given for other numbers no longer stands."""
    channels = _channels(event)
    found = _sources(event, channels)
    standing = [each.by for each in event.sign_offs if stands(each, found)]
    reopened = bool(event.sign_offs) and not standing
    return Reconciliation(found, channels["online"], tuple(dict.fromkeys(standing)), reopened)


def stands(word: SignOff, found: Sequence[Source]) -> bool:
    """Say whether somebody's word was given for these very numbers."""
    if word.sources is None:
        return (word.counted, word.stored) == (sum(s.counted or 0 for s in found), sum(s.stored for s in found))
    return word.sources == numbers(found)


def numbers(found: Iterable[Source]) -> list[list[str | int]]:
    """Write down what a word is given for: the numbers of each source, and how many items wait for a person.

    Where forms were printed, the word stands for where each of them is, too.
    """
    return [
        [each.name, each.counted or 0, each.stored, each.open, *([each.note] if each.note else [])]
        for each in found
        if _counts(each)
    ]


def _counts(source: Source) -> bool:
    return bool(source.counted or source.stored or source.open or source.note)


def _sources(event: Event, channels: Counter[str]) -> tuple[Source, ...]:
    own = [source for tell in SOURCES for source in tell(event)]
    counted = {each.source: each.counted for each in event.counts}
    found = [*own, *_entered(event, own, channels)]
    known = {each.name for each in found}
    found += [Source(name, "") for name in counted if name not in known]
    return tuple(_with_differences([replace(each, counted=counted.get(each.name)) for each in found]))


def _channels(event: Event) -> Counter[str]:
    """Count an event's responses by channel; "" are the withdrawn ones, whose channel is erased."""
    counted = select(Response.channel, func.count()).where(Response.event_id == event.id).group_by(Response.channel)
    return Counter({channel or "": count for channel, count in db.session.execute(counted)})


def _entered(event: Event, own: Sequence[Source], channels: Counter[str]) -> list[Source]:
    """Tell what no other source accounts for, and the tablets that are expected and were never set up."""
    claimed: Counter[str] = Counter()
    for each in own:
        claimed[each.channel] += each.stored - each.withdrawn
        claimed[""] += each.withdrawn
    left = channels - claimed
    known = {each.name for each in own}
    expected = [Source(name, "tablet") for name in event.devices if name not in known]
    entered = [Source(name, keys[0], stored=sum(left[key] for key in keys)) for name, keys in ENTERED.items()]
    return expected + [each for each in entered if each.stored or each.name == PAPER]


def _with_differences(found: list[Source]) -> Iterable[Source]:
    """Make tasks of differences, once somebody has counted.

    What nobody can count makes up for what others miss.
    """
    if all(each.counted is None for each in found):
        return found
    spare = Counter({each.name: each.stored - (each.counted or 0) for each in found if each.name in NOT_COUNTED})
    return [replace(each, tasks=(*each.tasks, *_difference(each, spare))) for each in sorted(found, key=_spare_last)]


def _spare_last(source: Source) -> bool:
    return source.name in NOT_COUNTED


def _difference(source: Source, spare: Counter[str]) -> Iterable[Task]:
    missing = -spare[source.name] if source.name in spare else source.missing
    if missing < 0:
        yield Task(f"{source.name}: {-missing} more are stored than were counted. Count again.")
    for pool in (ON_A_TABLET, GONE) if source.channel == "tablet" else (GONE,):
        taken = min(max(0, missing), max(0, spare[pool]))
        missing -= taken
        spare[pool] -= taken
    unexplained = missing - source.waiting - source.open
    if unexplained > 0:
        where = (
            "sheets that nobody has entered" if source.channel == "paper" else "a tablet that has not sent everything"
        )
        yield Task(f"{source.name}: {unexplained} were counted that have not arrived. Look for {where}.")
