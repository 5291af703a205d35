"""Starts the process that reads scans, hands it a job and listens; whatever happens to it is an answer with a name."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.fieldwork.scanning.limits import MOST_DOTS

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = {"cv2": "opencv-python-headless", "pypdfium2": "pypdfium2", "zxingcpp": "zxing-cpp"}
SURROUNDINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(MOST_DOTS),
    "OPENCV_LOG_LEVEL": "SILENT",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""All that the process finds around it: none of the platform's settings or secrets."""


def missing() -> list[str]:
    """Name the packages that are not installed; nothing is imported."""
    return [package for module, package in PACKAGES.items() if find_spec(module) is None]


def answers(files: Sequence[bytes], wave: str, runs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Have files read; gives an answer for each page. A process that dies is the last answer, as "exhausted"."""
    job = json.dumps({"sizes": [len(each) for each in files], "wave": wave, "runs": runs}).encode() + b"\n"
    process = subprocess.Popen(
        [sys.executable, "-m", "app.fieldwork.scanning.reader"],
        cwd=ROOT,
        env=SURROUNDINGS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    writer = threading.Thread(target=_hand_over, args=(process, [job, *files]), daemon=True)
    writer.start()
    try:
        yield from _listen(process)
    finally:
        process.kill()
        process.wait()
        writer.join()
        if process.stdout:
            process.stdout.close()


def _hand_over(process: subprocess.Popen[bytes], parts: Sequence[bytes]) -> None:
    assert process.stdin
    # It may have ended before it read everything.
    with suppress(OSError):
        for part in parts:
            process.stdin.write(part)
    with suppress(OSError):
        process.stdin.close()


def _listen(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    assert process.stdout
    last = 0
    for line in process.stdout:
        answer = json.loads(line)
        if "done" in answer:
            return
        last = answer["file"]
        yield answer
        if "refused" in answer:
            return
    yield {"file": last, "refused": "exhausted", "count": 0}
