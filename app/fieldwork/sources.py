"""What a day is added up from: sources, as a tablet or the pile of paper, and tasks, which a person has to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person has to do before a day adds up, with the ids or serials concerned."""

    text: str
    concerned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Somewhere responses of an event were given.

    ``stored`` counts those too that a withdrawal has emptied, ``withdrawn`` says how many; the others are stored under
    ``channel``. ``waiting`` are known to be on their way, ``open`` have arrived and wait for a person.
    ``note`` says what else belongs to the day; a word that is given for the day stands for it too.
    """

    name: str
    channel: str
    stored: int = 0
    withdrawn: int = 0
    waiting: int = 0
    open: int = 0
    tasks: tuple[Task, ...] = ()
    counted: int | None = None
    note: str = ""

    @property
    def missing(self) -> int:
        """Say how many were counted that are not stored; below 0, how many more are stored."""
        return (self.counted or 0) - self.stored
