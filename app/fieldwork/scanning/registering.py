"""Finds the corner marks of a side and lays it flat: eight dots a millimetre, upright, whichever way it came in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import cv2
import numpy as np

from app.fieldwork.paper.sheets import EDGE, MARK, QR_WIDE, QR_X, QR_Y

Image = np.ndarray[Any, Any]
DOTS = 8
"""Dots a millimetre of a side that lies flat."""
WIDE, TALL = 210, 297
LOOKED_AT = 1700
"""Corner marks are looked for in an image of this many dots; where fewer than four are found, in the whole one."""
COARSEST = 4.0
"""A side needs at least this many dots a millimetre, about 100 an inch."""
LOOSEST = 1.2
"""How far corner marks may lie from where they should be, in millimetres: paper bends, photographs more so."""


class Unreadable(Exception):
    """A side that cannot be laid flat; the word names the reason, ``found`` how many corner marks were found."""

    def __init__(self, word: str, found: int = 0) -> None:
        super().__init__(word)
        self.word, self.found = word, found


@dataclass(frozen=True, slots=True)
class Flat:
    """A side that lies flat: its grey image, and how dark printed black is against the paper around it (0 to 1)."""

    image: Image
    black: float


def corners_on_paper() -> dict[int, Image]:
    """Say where the corners of each mark are printed, in millimetres, clockwise from the mark's own top left."""
    far_x, far_y = WIDE - EDGE - MARK, TALL - EDGE - MARK
    square = np.array([[0, 0], [MARK, 0], [MARK, MARK], [0, MARK]])
    return {
        number: square + place
        for number, place in enumerate([(EDGE, EDGE), (far_x, EDGE), (far_x, far_y), (EDGE, far_y)])
    }


PRINTED = corners_on_paper()


def laid_flat(grey: Image) -> Flat:
    """Lay a side flat by its corner marks. Raises Unreadable."""
    seen = _marks(grey)
    found = {number: squares[0] for number, squares in seen.items()}
    if sum(len(squares) > 1 for squares in seen.values()) > 1:
        raise Unreadable("several", len(found))
    laid = _fitted(found) if len(found) > 2 else None
    if laid is None:
        raise Unreadable("marks", len(found))
    dots = 1 / float(np.sqrt(abs(np.linalg.det(laid[:2, :2] / laid[2, 2]))))
    if dots < COARSEST:
        raise Unreadable("coarse", len(found))
    scale = np.diag([DOTS, DOTS, 1.0])
    if dots > 1.5 * DOTS:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.35 * dots / DOTS)
    flat = cv2.warpPerspective(
        grey, scale @ laid, (WIDE * DOTS, TALL * DOTS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return Flat(flat, _black(flat))


def _marks(grey: Image) -> dict[int, list[Image]]:
    """Find the corner marks, each with its four corners in dots of the image, as often as it is seen."""
    scale = min(1.0, LOOKED_AT / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    found = _detected(small)
    if len(found) < 4 and scale < 1:
        return found | _detected(grey)
    return {number: [square / scale for square in squares] for number, squares in found.items()}


def _detected(grey: Image) -> dict[int, list[Image]]:
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.adaptiveThreshWinSizeStep = 20
    settings.adaptiveThreshWinSizeMax = 43
    settings.minMarkerPerimeterRate = 0.04
    settings.maxMarkerPerimeterRate = 0.6
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, settings).detectMarkers(grey)
    if numbers is None:
        return {}
    found: dict[int, list[Image]] = {}
    for number, square in zip(numbers.ravel(), corners, strict=True):
        if number in PRINTED:
            found.setdefault(int(number), []).append(square.reshape(4, 2))
    return found


def _fitted(found: dict[int, Image]) -> Image | None:
    """Fit the way from dots to millimetres; a mark that is none, as in a pattern on the table, is left out."""
    for size in (len(found), 3):
        for some in combinations(sorted(found), size):
            laid, off = _fit({number: found[number] for number in some})
            if laid is not None and off < LOOSEST:
                return laid
    return None


def _fit(found: dict[int, Image]) -> tuple[Image | None, float]:
    seen = np.concatenate(list(found.values())).astype(np.float64)
    printed = np.concatenate([PRINTED[number] for number in found])
    laid, _ = cv2.findHomography(seen, printed, 0)
    if laid is None:
        return None, np.inf
    again = cv2.perspectiveTransform(seen.reshape(-1, 1, 2), laid).reshape(-1, 2)
    return laid, float(np.hypot(*(again - printed).T).max())


def _black(flat: Image) -> float:
    """Measure how dark the printed black is: the rim of each corner mark against the brightest paper beside it."""
    depths = []
    cell = MARK / 6
    for corners in PRINTED.values():
        x, y = corners[0]
        rim = _cut(flat, x + cell * 0.3, y + cell * 0.3, MARK - cell * 0.6, cell * 0.4)
        paper = _cut(flat, x - 2, y - 2, MARK + 4, MARK + 4)
        depths.append(1 - float(np.median(rim)) / max(1.0, float(np.percentile(paper, 90))))
    return float(np.clip(np.median(depths), 0.2, 1.0))


def _cut(flat: Image, x: float, y: float, wide: float, tall: float) -> Image:
    top, left = max(0, round(y * DOTS)), max(0, round(x * DOTS))
    return flat[top : round((y + tall) * DOTS), left : round((x + wide) * DOTS)]


def code_of(flat: Flat) -> str:
    """Read the code of a side that lies flat; "" where none can be read."""
    around = 4
    wide = QR_WIDE + 2 * around
    return code_in(_cut(flat.image, QR_X - around, QR_Y - around, wide, wide)) or code_in(flat.image)


def code_in(grey: Image) -> str:
    """Read the code in an image: by zxing, where that fails larger and smoother, then by OpenCV; "" for none."""
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

    def read(image: Image) -> str:
        found = zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=wanted)
        return found[0].text if found else ""

    text = read(grey)
    if not text and max(grey.shape) < 400:
        larger = cv2.GaussianBlur(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), (0, 0), 1.5)
        text = read(larger) or cv2.QRCodeDetector().detectAndDecode(larger)[0]
    return text
