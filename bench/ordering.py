"""Watches by strace that whatever is acknowledged to a resident was written through to the disk before."""

from __future__ import annotations

import re
import subprocess
import time
from typing import TYPE_CHECKING

from bench.residents import Resident
from bench.site import running

if TYPE_CHECKING:
    from bench.faults import Stage

CALLS = "trace=fsync,fdatasync,recvfrom,read,sendto,sendmsg,write"
ASKED = re.compile(r'(?:recvfrom|read)\(.*"POST ')
SYNCED = re.compile(r"(?:fsync|fdatasync)(?:\(.*\)| resumed>.*)\s*= 0")
TOLD = re.compile(r'(?:sendto|sendmsg|write)\(.*"HTTP/1\.1 303 ')
RESPONSES = 3


def ordering(stage: Stage) -> bool:
    """Follow one resident's forms through the kernel; say whether a write-through precedes each reply."""
    trace = stage.folder / "trace"
    follow = ("strace", "-f", "-ttt", "-s", "40", "-e", CALLS, "-o", str(trace))
    watcher = None
    with running(site := stage.site(before=follow)):
        if stage.store:
            own = stage.folder / "trace.database"
            command = ["strace", "-f", "-ttt", "-e", "trace=fsync,fdatasync", "-o", str(own)]
            watcher = subprocess.Popen([*command, "-p", str(stage.store.postmaster)], stderr=subprocess.DEVNULL)
            time.sleep(1)  # until it watches
        resident = Resident(site.port, "/en/reference")
        for _ in range(RESPONSES):
            resident.respond()
        if watcher:
            watcher.terminate()
            watcher.wait()
    lines = [line for file in stage.folder.glob("trace*") for line in file.read_text(errors="replace").splitlines()]
    replies, early = followed(lines)
    good = replies >= RESPONSES and not early
    print(
        f"{'ok  ' if good else 'LOST'} power-loss ordering on {stage.kind}: {replies} forms acknowledged, {early} early"
    )
    return good


def followed(lines: list[str]) -> tuple[int, int]:
    """Count the acknowledged forms, and those for which nothing was written through between form and reply."""
    replies = early = 0
    asked = synced = False
    for line in sorted(lines, key=moment):
        if ASKED.search(line):
            asked, synced = True, False
        elif SYNCED.search(line):
            synced = True
        elif TOLD.search(line) and asked:
            replies, early, asked = replies + 1, early + (not synced), False
    return replies, early


def moment(line: str) -> float:
    """Read when a call was made: the second word of a line that begins with a process."""
    return float(line.split()[1])
