"""Builds app/paper_fonts: the fonts of every language as TTF, for typst, from the packages that npm installed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules" / "@fontsource"
OUT = HERE.parent / "app" / "paper_fonts"
SUBSETS = {
    "noto-sans": ("latin", "latin-ext"),
    "noto-naskh-arabic": ("arabic",),
    "noto-sans-bengali": ("bengali",),
    "noto-sans-gujarati": ("gujarati",),
    "noto-sans-gurmukhi": ("gurmukhi",),
}
WEIGHTS = {400: "Regular", 700: "Bold"}
LATIN = (*range(0x0020, 0x0250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2300))
"""What is kept of Noto Sans: letters of Latin scripts, punctuation, currencies, arrows, signs of arithmetic."""


def build() -> None:
    """Write each family's regular and bold face, and its licence beside them."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    for package, subsets in SUBSETS.items():
        family = "".join(part.title() for part in package.split("-"))
        for weight, name in WEIGHTS.items():
            files = [PACKAGES / package / "files" / f"{package}-{each}-{weight}-normal.woff2" for each in subsets]
            _face(files).save(OUT / f"{family}-{name}.ttf")
        shutil.copy(PACKAGES / package / "LICENSE", OUT / f"{family}.LICENSE.txt")


def _face(files: list[Path]) -> TTFont:
    """Make one face of the files of a family: two files of one family name would hide each other."""
    if len(files) == 1:
        return _plain(files[0])
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for file in files:
            names.append(f"{folder}/{file.stem}.ttf")
            _plain(file, LATIN).save(names[-1])
        return Merger().merge(names)


def _plain(file: Path, letters: tuple[int, ...] | None = None) -> TTFont:
    font = TTFont(file, recalcTimestamp=False)
    font.flavor = None
    if letters:
        subsetter = Subsetter(Options(layout_features=["*"], notdef_outline=True))
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
    return font


if __name__ == "__main__":
    build()
