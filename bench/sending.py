"""How simulated sheets come in: by a scanner, a copier and a scanner, or a phone; and the files that they come in."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np

from bench.sheets import DPI, MM, Image, Sheet

WAYS = ("scan", "photocopy", "photo")


def sent(sheet: Sheet, way: str, rng: np.random.Generator) -> Sheet:
    """Let a filled-in side come in: by a scanner, by a copier and then a scanner, or by a phone."""
    image = cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY)
    if way == "photocopy":
        image = _copied(image, rng)
    image = _photographed(image, rng) if way == "photo" else _scanned(image, rng)
    return Sheet(image, f"{way}, {sheet.about}", sheet.ticked, sheet.written, sheet.drawn)


def _scanned(image: Image, rng: np.random.Generator) -> Image:
    """Feed a side through a scanner: askew, shifted, a little blurred, now and then upside down; 200 dots an inch."""
    tall, wide = image.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), rng.normal(0, 1.2), rng.uniform(0.985, 1.0))
    turn[:, 2] += rng.uniform(-1.5, 1.5, size=2) * MM
    image = cv2.warpAffine(image, turn, (wide, tall), flags=cv2.INTER_AREA, borderValue=250)
    if rng.random() < 0.15:
        image = cv2.rotate(image, int(rng.choice([cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE])))
    image = cv2.resize(image, None, fx=200 / DPI, fy=200 / DPI, interpolation=cv2.INTER_AREA)
    return _noisy(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 0.9)), rng.uniform(1, 7), rng)


def _copied(image: Image, rng: np.random.Generator) -> Image:
    """Photocopy a side: grey, hard contrast, toner that thins out across it, specks and a streak."""
    grey = cv2.GaussianBlur(image.astype(np.float32), (0, 0), rng.uniform(0.8, 1.6))
    grey = 128 + (grey - rng.uniform(150, 185)) * rng.uniform(1.3, 2.2)
    tall, wide = grey.shape
    fade = np.linspace(rng.uniform(0.65, 1), rng.uniform(0.65, 1), wide, dtype=np.float32)
    grey = 245 - (245 - np.clip(grey, 0, 245)) * fade
    specks = np.zeros((tall, wide), np.uint8)
    for _ in range(int(rng.integers(40, 700))):
        at = (int(rng.integers(wide)), int(rng.integers(tall)))
        cv2.circle(specks, at, int(rng.integers(1, 5)), 255, -1)
    grey[specks > 0] = rng.uniform(20, 120)
    if rng.random() < 0.3:
        at = int(rng.integers(wide))
        grey[:, at : at + 3] *= rng.uniform(0.6, 0.9)
    return np.clip(grey, 0, 255).astype(np.uint8)


def _photographed(image: Image, rng: np.random.Generator) -> Image:
    """Photograph a side on a table: perspective, a page that does not lie flat, uneven light, a shadow, blur, noise."""
    wide, tall = 2250, 3000
    table = np.full((tall, wide), rng.integers(40, 150), np.float32)
    table += cv2.resize(rng.normal(0, 12, size=(60, 45)).astype(np.float32), (wide, tall))
    room, lean = 0.07, 0.05
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * (1 - 2 * room) + room
    corners = (corners + rng.uniform(-lean, lean, size=(4, 2))) * [wide, tall]
    high, across = image.shape[:2]
    flat = np.array([[0, 0], [across, 0], [across, high], [0, high]], np.float32)
    image = _bent(image, rng)
    laid = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    seen = cv2.warpPerspective(image, laid, (wide, tall), flags=cv2.INTER_AREA).astype(np.float32)
    covers = cv2.warpPerspective(np.full(image.shape[:2], 255, np.uint8), laid, (wide, tall)) > 127
    table[covers] = seen[covers]
    lit = np.clip(table * _light(tall, wide, rng), 0, 255).astype(np.uint8)
    turned = cv2.rotate(lit, cv2.ROTATE_90_CLOCKWISE) if rng.random() < 0.2 else lit
    return _noisy(cv2.GaussianBlur(turned, (0, 0), rng.uniform(0.6, 1.5)), rng.uniform(3, 9), rng)


def _bent(image: Image, rng: np.random.Generator) -> Image:
    tall, wide = image.shape[:2]
    down, along = np.mgrid[0:tall, 0:wide].astype(np.float32)
    wave = np.float32(rng.uniform(-0.7, 0.7) * MM) * np.sin(down / tall * np.pi, dtype=np.float32)
    return cv2.remap(image, along, down + wave, cv2.INTER_LINEAR, borderValue=250)


def _light(tall: int, wide: int, rng: np.random.Generator) -> Image:
    corners = rng.uniform(0.5, 1.0, size=(2, 2)).astype(np.float32)
    light = cv2.resize(corners, (wide, tall), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        edge = int(rng.uniform(0.2, 0.8) * wide)
        shade = np.ones((tall, wide), np.float32)
        shade[:, :edge] = rng.uniform(0.6, 0.85)
        light = light * cv2.GaussianBlur(shade, (0, 0), rng.uniform(15, 60))
    return light


def _noisy(image: Image, noise: float, rng: np.random.Generator) -> Image:
    grain = rng.standard_normal(image.shape, np.float32) * np.float32(noise)
    return np.clip(image + grain, 0, 255).astype(np.uint8)


def as_jpeg(image: Image, quality: int = 80) -> bytes:
    """Write an image as a JPEG file."""
    done, made = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(made)


def as_pdf(images: Sequence[Image], dpi: int = 200) -> bytes:
    """Write sides as the PDF of a scanner with a feeder: one JPEG a page."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for image in images:
        picture = pypdfium2.PdfImage.new(document)
        picture.load_jpeg(io.BytesIO(as_jpeg(image)), inline=True)
        tall, wide = (each / dpi * 72 for each in image.shape[:2])
        picture.set_matrix(pypdfium2.PdfMatrix().scale(wide, tall))
        page = document.new_page(wide, tall)
        page.insert_obj(picture)
        page.gen_content()
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()
