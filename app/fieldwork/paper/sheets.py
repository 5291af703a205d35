"""What identifies a printed sheet: its serial, the code that a camera reads, and where both stand on the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK, EDGE = 9.0, 8.0
"""Corner marks in millimetres: how wide, and how far from the edges."""
QR_X, QR_Y, QR_WIDE = 168.0, 9.0, 18.0
LAST_SERIAL = 9999
PAYLOAD = re.compile(r"([A-Z]{2,6}-[0-9A-Z-]{1,20})/(\d{4})/(\d{1,2})")
TYPED = re.compile(r"(?:([A-Z]{2,6}-[0-9A-Z-]{1,20})\s*/\s*)?(\d{1,5})(?:/\d{1,2})?")
DARK = re.compile("1+")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of one form: wave, serial, and which side it is."""

    wave: str
    serial: int
    side: int

    @property
    def payload(self) -> str:
        """Name the side as its code says it: capitals, digits and a few signs, so that few large modules hold it."""
        return f"{self.wave.upper()}/{self.serial:04d}/{self.side}"

    def svg(self) -> str:
        """Draw its code: each row of dark modules is a few short lines."""
        import segno

        # To choose a mask takes nearly all of the time, and cameras read any.
        rows = segno.make_qr(self.payload, error="m", mask=2).matrix
        drawn = (
            f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
            for y, row in enumerate(rows)
            for run in DARK.finditer("".join(map(str, row)))
        )
        size = len(rows)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{"".join(drawn)}"/></svg>'


def label(wave: str, serial: int) -> str:
    """Name a form as it is printed for people."""
    return f"{wave} / {serial:04d}"


def typed(text: str) -> tuple[str, int]:
    """Read a serial as somebody types it, with or without its wave, or as a hand scanner types the code of a side.

    Returns the wave ("" where none is said) and the serial, 0 where there is none.
    """
    match = TYPED.fullmatch(text.strip().upper())
    return (match[1] or "", int(match[2])) if match else ("", 0)


def read(payload: str) -> Side | None:
    """Read what a code says; None where it is none of ours."""
    match = PAYLOAD.fullmatch(payload.strip())
    return Side(match[1], int(match[2]), int(match[3])) if match else None
