"""What the kernel tells about processes: their children, their CPU, their memory."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children(process: int | None) -> list[int]:
    """List the processes that a process started; none of no process."""
    return (
        [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        if process
        else []
    )


def cpu(processes: list[int]) -> float:
    """Add up the CPU seconds that processes have used."""
    spent = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def memory(process: int) -> dict[str, int]:
    """Tell the memory that a process holds, in MB: all of it, and what it shares with no other."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return {"resident": round(kilobytes["Rss"] / 1024), "own": round(own / 1024)}
