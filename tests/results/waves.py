"""Simulated waves for the tests of results: any questionnaire, answered as a test wants it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import db
from app.fieldwork.services import plan
from app.surveys import queries, responding, services
from app.surveys.definition import Definition, Question
from app.surveys.models import Response, Survey, Wave

SHIPPED = Path(services.__file__).parent / "definitions"
SELECTED = {
    "district": {"bradford": 20, "calderdale": 12, "kirklees": 17, "leeds": 36, "wakefield": 12, "outside": 3},
    "age_band": {"16_17": 2, "18_24": 6, "25_34": 12, "35_44": 18, "45_54": 20, "55_64": 20, "65_74": 15, "75_over": 7},
    "sex": {"female": 59, "male": 39, "prefer_not_to_say": 2},
    "ethnic_group": {"asian": 10, "black": 4, "mixed": 3, "white": 80, "other": 3},
}
AGES = ("18_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_over")
ETHNIC = {"white": 16, "asian": 3, "black": 1, "mixed": 1, "other": 1}


def shipped(slug: str, folder: Path, change: Callable[[str], str] = lambda text: text) -> Survey:
    """Import one of the platform's own questionnaires, in English only."""
    text = re.sub(r"languages: \[.*\]", "languages: [en]", (SHIPPED / f"{slug}.yaml").read_text(encoding="utf-8"))
    path = folder / f"{slug}.yaml"
    path.write_text(change(text), encoding="utf-8")
    return services.import_definition(path)


def opened(survey: Survey, period: str) -> Wave:
    """Open a simulated wave that lies in the past; a period is a year or a month."""
    opens = datetime(int(period[:4]), int(period[5:7] or 3), 1, tzinfo=UTC)
    return services.open_wave(survey, period, opens, opens + timedelta(days=27), simulated=True)


def answered(wave: Wave, answers: Iterable[Mapping[str, Any]]) -> Wave:
    """Store responses in a wave, each through the gate."""
    responses = (
        {"answers": each, "language": "en", "channel": "online", "seed": number, "submitted_at": wave.opens_at}
        for number, each in enumerate(answers)
    )
    responding.store_simulated(wave, list(responses))
    return wave


def at_events(wave: Wave, events: int, people: int) -> None:
    """Have the first responses of a wave given at events, so many at each."""
    where: dict[str, Any] = {"district": "leeds", "venue": "library", "held_on": wave.opens_at.date()}
    staffed = where | {"officers": ["ann@example.org"], "devices": ["Tablet"]}
    held = [plan(staffed | {"place": f"Hall {number}"}).id for number in range(events)]
    first = select(Response).where(Response.wave_id == wave.id).order_by(Response.id).limit(events * people)
    for number, response in enumerate(db.session.scalars(first)):
        response.event_id = held[number % events]
    db.session.commit()


def crowd(wave: Wave, n: int, seed: int = 1, **fixed: Any) -> Iterator[dict[str, Any]]:
    """Make up people who chose to answer: older, whiter and more often women than West Yorkshire is."""
    definition, rng = queries.definition_of(wave), random.Random(seed)
    for _ in range(n):
        yield filled(definition, lambda question: _somehow(question, rng), **fixed)


def everybody(wave: Wave, say: Callable[[dict[str, str]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Make up 1,540 people in whom the four weighting variables are independent of each other.

    Every district, age band and sex is equally frequent; ethnic groups come 16 : 3 : 1 : 1 : 1. So each raked weight
    is the product of four ratios of target to sample. ``say`` gives the answers that depend on who somebody is.
    """
    definition = queries.definition_of(wave)
    districts = ("bradford", "calderdale", "kirklees", "leeds", "wakefield")
    groups = [group for group, times in ETHNIC.items() for _ in range(times)]
    for district, age, sex, group in product(districts, AGES, ("female", "male"), groups):
        who = {"district": district, "age_band": age, "sex": sex, "ethnic_group": group}
        yield filled(definition, _first, **who, **say(who))


def filled(definition: Definition, choose: Callable[[Question], Any], **fixed: Any) -> dict[str, Any]:
    """Answer every required question on the way through a questionnaire."""
    answers: dict[str, Any] = {}
    while True:
        waiting = [q for q in definition.asked_of(answers) if q.key not in answers and (q.required or q.key in fixed)]
        if not waiting:
            return answers
        question = waiting[0]
        answers[question.key] = fixed[question.key] if question.key in fixed else choose(question)
        companion = f"{question.key}_text"
        if companion in fixed:
            answers[companion] = fixed[companion]


def _first(question: Question) -> Any:
    keys = [option.key for option in question.options if not option.ends]
    if question.kind == "several":
        return keys[:1]
    if question.rows:
        return {row.key: keys[0] for row in question.rows}
    return question.minimum or 0 if question.kind == "number" else keys[0]


def _somehow(question: Question, rng: random.Random) -> Any:
    if question.role:
        return rng.choices(list(SELECTED[question.role]), list(SELECTED[question.role].values()))[0]
    keys = [option.key for option in question.options if not (option.ends or option.apart)]
    if question.kind == "several":
        if question.none_of_these and rng.random() < 0.03:
            return ["none"]
        falling = sorted(keys, key=lambda key: rng.random() * (keys.index(key) + 2))
        return sorted(falling[: question.at_most or 3], key=keys.index)
    if question.kind == "number":
        return rng.randint(question.minimum or 0, question.maximum or 100)
    points = [*keys, *question.behaviour.off_scale(question)]
    likely = [max(1, len(points) - place) for place in range(len(points))]
    if question.rows:
        return {row.key: rng.choices(points, likely)[0] for row in question.rows}
    return rng.choices(points, likely)[0]
