"""From a postcode to a district and its deprivation decile; what was typed is neither kept nor logged."""

from __future__ import annotations

import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "west-yorkshire-postcodes.txt.gz"
INITIALS = {"b": "bradford", "c": "calderdale", "k": "kirklees", "l": "leeds", "w": "wakefield", "o": "outside"}
LONGEST = 40

OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])")
FULL = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([ABD-HJLNP-UW-Z]{2})")
SPACED_SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9])")


@dataclass(frozen=True, slots=True)
class Place:
    """A district of West Yorkshire; the decile (1 is most deprived, IMD 2025) only where a whole postcode was given."""

    district: str
    decile: int | None = None


@dataclass(frozen=True, slots=True)
class Straddles:
    """An area that lies in several districts, perhaps also outside: the resident has to choose."""

    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-formed postcode that the file does not have: it may be new, or outside; the resident has to say."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that is no postcode."""


Found = Place | Straddles | Unknown | Malformed


@dataclass(frozen=True, slots=True)
class _Area:
    """An outcode or a sector: the districts that it lies in, and four characters for each of its postcodes."""

    districts: tuple[str, ...]
    units: str = ""

    def code_of(self, unit: str) -> str:
        """Find the district's initial and the decile of one postcode by its last two letters, or nothing."""
        for start in range(0, len(self.units), 4):
            if self.units.startswith(unit, start):
                return self.units[start + 2 : start + 4]
        return ""


def look_up(typed: str) -> Found:
    """Find where a postcode lies, whatever way it was typed; its first half is enough where that is in one district."""
    text = spelled(typed)
    compact = text.replace(" ", "")
    if full := FULL.fullmatch(compact):
        return _postcode(*full.groups())
    if sector := SPACED_SECTOR.fullmatch(text):
        return _part("-".join(sector.groups()))
    if OUTCODE.fullmatch(compact):
        return _part(compact)
    if sector := SECTOR.fullmatch(compact):
        return _part("-".join(sector.groups()))
    return Malformed()


def spelled(typed: str) -> str:
    """Bring what was typed into capital A to Z, 0 to 9 and single spaces; digits of any script count as digits."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).upper()
    characters = (_plain(character) for character in plain)
    return " ".join("".join(characters).split())


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Cf":
        return ""
    return " " if character in ".,-_\N{EN DASH}\N{EM DASH}\N{HYPHEN}" else character


def _postcode(outcode: str, digit: str, unit: str) -> Found:
    areas = _areas()
    sector = areas.get(f"{outcode}-{digit}")
    code = sector.code_of(unit) if sector else ""
    if not code:
        return Unknown()
    if code == "??":
        return Straddles(areas[outcode].districts)
    return Place(INITIALS[code[0]], int(code[1]) or 10)


def _part(name: str) -> Found:
    area = _areas().get(name)
    if area is None:
        return Unknown()
    return Place(area.districts[0]) if len(area.districts) == 1 else Straddles(area.districts)


@lru_cache(maxsize=1)
def _areas() -> dict[str, _Area]:
    """Read the file, once, when the first postcode is looked up; its form is described beside it."""
    areas = {}
    for line in gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines():
        name, initials, *units = line.split(" ")
        areas[name] = _Area(tuple(INITIALS[initial] for initial in initials), "".join(units))
    return areas
