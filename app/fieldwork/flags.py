"""Finds responses that deserve a second look: pace, straight lines, copies, bursts, surges. Pure; nothing is judged.

A flag never deletes anything. Its thresholds are meant to leave ordinary people alone: who is quick, agrees with
everything or comes with a class of thirty is nobody's forger.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from app.surveys.definition import Definition

PACE = 1 / 3
"""Of the median time for each answer: what Greszki, Meyer and Schoen (2015) call very fast is 30 to 50%."""
ENOUGH_TO_COMPARE = 20
SELF_PACED = ("online", "tablet")
"""Channels where the times are the person's own; paper and conversations are keyed in."""
ROWS = 5
ALIKE, ANSWERS = 3, 10
OWN_WORDS = 40
"""Two responses of so many answers are not alike by chance where so many characters of own words are the same."""
WINDOW = timedelta(minutes=15)
AT_EVENT, FROM_NETWORK = 20, 6
SURGE, PARTS = 8, 4
"""More than so many within the window that agree in all of their answers but those of one part in four are a surge."""
FASTEST = 1.0
"""Seconds for each answer that nobody reads faster."""
FASTER = 3
"""A tablet is in one hand at a time: more than this many times as many as it could ask in the window is a burst."""


@dataclass(frozen=True, slots=True)
class Given:
    """One stored response, as far as flags are made from it."""

    id: int
    channel: str
    assisted: bool
    event: int | None
    device: int | None
    network: str | None
    started: datetime | None
    submitted: datetime | None
    answers: Mapping[str, Any]


def flags_of(definition: Definition, given: Sequence[Given]) -> dict[int, tuple[str, ...]]:
    """Name the flags of each response that has some."""
    found: dict[int, list[str]] = defaultdict(list)
    minutes = max(1, definition.minutes)
    per_device = round(FASTER * WINDOW.total_seconds() / 60 / minutes)
    own = [each for each in given if each.channel in SELF_PACED]
    looks: dict[str, Iterable[int]] = {
        "pace": too_fast(own),
        "straight_lining": straight(definition, given),
        "identical": identical(definition, given),
        "burst_event": bursts(own, lambda each: each.event, AT_EVENT),
        "burst_device": bursts(own, lambda each: each.device, max(2, per_device)),
        "surge": surges(own),
        "hurried": (each.id for each in own if not each.assisted and 0 < (seconds_an_answer(each) or 0) < FASTEST),
        "burst_network": bursts([each for each in own if not each.assisted], lambda each: each.network, FROM_NETWORK),
    }
    for flag, ids in looks.items():
        for identity in dict.fromkeys(ids):
            found[identity].append(flag)
    return {identity: tuple(names) for identity, names in found.items()}


def too_fast(given: Sequence[Given]) -> Iterator[int]:
    """Find who took less than a third of the median time for each answer, among those of one channel."""
    for channel in SELF_PACED:
        times = {each.id: took for each in given if each.channel == channel and (took := seconds_an_answer(each))}
        if len(times) >= ENOUGH_TO_COMPARE:
            limit = PACE * median(times.values())
            yield from (identity for identity, took in times.items() if took < limit)


def seconds_an_answer(given: Given) -> float | None:
    """Say how long one answer took on average; None where the times say nothing."""
    if given.started is None or given.submitted is None or not given.answers:
        return None
    seconds = (given.submitted - given.started).total_seconds()
    return seconds / len(given.answers) if seconds > 0 else None


def straight(definition: Definition, given: Iterable[Given]) -> Iterator[int]:
    """Find who gave the same answer in every row of every grid, where these have enough rows together."""
    grids = [question.key for question in definition.questions if question.kind == "scale_group"]
    for each in given:
        points = [point for key in grids for point in _rows(each.answers.get(key))]
        if len(points) >= ROWS and len(set(points)) == 1:
            yield each.id


def _rows(answer: Any) -> list[str]:
    return [str(point) for point in answer.values()] if isinstance(answer, dict) else []


def identical(definition: Definition, given: Iterable[Given]) -> Iterator[int]:
    """Find responses that are the same in every answer: three or more, or two that share own words too."""
    texts = [question.key for question in definition.questions if question.kind == "text"]
    alike: dict[str, list[Given]] = defaultdict(list)
    for each in given:
        if len(each.answers) >= ANSWERS:
            alike[json.dumps(each.answers, sort_keys=True)].append(each)
    for same in alike.values():
        words = sum(len(str(same[0].answers.get(key, ""))) for key in texts)
        if len(same) >= ALIKE or (len(same) > 1 and words >= OWN_WORDS):
            yield from (each.id for each in same)


def bursts(given: Iterable[Given], source: Callable[[Given], Any], most: int) -> Iterator[int]:
    """Find responses of one source of which more than ``most`` were sent within a quarter of an hour."""
    by_source: dict[Any, list[tuple[datetime, int]]] = defaultdict(list)
    for each in given:
        if source(each) is not None and each.submitted is not None:
            by_source[source(each)].append((each.submitted, each.id))
    for sent in by_source.values():
        sent.sort()
        times = [moment for moment, _ in sent]
        for first in range(len(sent)):
            last = bisect_right(times, times[first] + WINDOW)
            if last - first > most:
                yield from (identity for _, identity in sent[first:last])


def surges(given: Sequence[Given]) -> set[int]:
    """Find responses that many others within minutes resemble: all answers are the same but those of one part."""
    found: set[int] = set()
    for left_out in range(PARTS):
        alike = {each.id: _but_a_part(each, left_out) for each in given if len(each.answers) >= ANSWERS}
        compared = [each for each in given if each.id in alike]
        found.update(bursts(compared, lambda each, of=alike: of[each.id], SURGE))  # type: ignore[misc]
    return found


def _but_a_part(given: Given, left_out: int) -> int:
    kept = [(key, given.answers[key]) for place, key in enumerate(sorted(given.answers)) if place % PARTS != left_out]
    return hash(json.dumps(kept, sort_keys=True))


def counted(flags: Iterable[tuple[str | None, int]]) -> Counter[str]:
    """Count responses by flag, and under "" those that have any."""
    found: Counter[str] = Counter()
    for written, count in flags:
        for flag in (written or "").split():
            found[flag] += count
        found[""] += count if written else 0
    return found
