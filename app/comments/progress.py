"""Progress bars of the batch, on standard error, so that a file of the output holds the counts alone."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars(Progress):
    """Draws a bar for each part of the work, on standard error."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        super().__init__(*columns, console=Console(stderr=True))
        self.parts: dict[str, TaskID] = {}

    def count(self, part: str, total: int, done: int) -> None:
        """Move the bar of a part on; draw it when it is first heard of."""
        if total:
            if part not in self.parts:
                self.parts[part] = self.add_task(part, total=total)
            self.advance(self.parts[part], done)
