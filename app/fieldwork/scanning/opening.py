"""Opens what was uploaded, page by page as grey images, and refuses by name what is no stack of sheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from app.fieldwork.scanning.limits import MOST_PAGES
from app.fieldwork.scanning.registering import Image

LONGEST = 3500
"""A page is looked at with at most this many dots along its longer side: 300 an inch of A4."""
DPI = 200
TIFF = (b"II*\x00", b"MM\x00*")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM", *TIFF)
"""How JPEG, PNG, WebP, BMP and TIFF begin."""
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")


class Refused(Exception):
    """A file that cannot be opened; the word names the reason, ``count`` what was counted."""

    def __init__(self, word: str, count: int = 0) -> None:
        super().__init__(word)
        self.word, self.count = word, count


def pages_of(content: bytes) -> Iterator[Image]:
    """Walk the pages of a PDF or the pictures of an image file. Raises Refused."""
    if not content:
        raise Refused("empty")
    if content[:1024].lstrip().startswith(b"%PDF"):
        yield from _of_pdf(content)
    elif content.startswith(PICTURES):
        yield from _of_picture(content)
    elif content[4:12] in HEIC:
        raise Refused("heic")
    else:
        raise Refused("format")


def _of_pdf(content: bytes) -> Iterator[Image]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        words = {pypdfium2.raw.FPDF_ERR_PASSWORD: "encrypted", pypdfium2.raw.FPDF_ERR_SUCCESS: "bare"}
        raise Refused(words.get(error.err_code, "broken")) from None
    if len(document) > MOST_PAGES:
        raise Refused("pages", len(document))
    for number in range(len(document)):
        try:
            yield _rendered(document[number])
        except pypdfium2.PdfiumError:
            raise Refused("broken", number + 1) from None


def _rendered(page: Any) -> Image:
    longest = max(page.get_width(), page.get_height(), 1.0)
    scale = min(DPI / 72, LONGEST / longest)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    image = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]
    bitmap.close()
    page.close()
    return np.ascontiguousarray(image)


def _of_picture(content: bytes) -> Iterator[Image]:
    packed = np.frombuffer(content, np.uint8)
    try:
        if content.startswith(TIFF):
            done, images = cv2.imdecodemulti(packed, cv2.IMREAD_GRAYSCALE, range=(0, MOST_PAGES))
            found = list(images) if done else []
        else:
            one = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
            found = [] if one is None else [one]
    except cv2.error as error:
        raise Refused("huge" if "pixels" in str(error).lower() else "broken") from None
    if not found:
        raise Refused("broken")
    for image in found:
        yield _at_most(image)


def _at_most(image: Image) -> Image:
    scale = LONGEST / max(image.shape)
    if scale >= 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
