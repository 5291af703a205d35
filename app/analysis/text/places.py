"""Patterns of personal data about places and vehicles: postcodes, number plates, houses with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.analysis.text.lists import listed

Found = Iterator[tuple[int, int]]
FLAGS = re.IGNORECASE

AREAS = "|".join(sorted(listed("postcode_areas")))
POSTCODE = re.compile(
    rf"(?<![^\W_])(?:GIR ?0AA|(?P<area>{AREAS})\s?(?P<district>\d[\dA-HJKMN-Y]?)[\s.,-]{{0,3}}"
    r"(?P<inward>[\dO]\s?[ABD-HJLNP-UW-Z]{2}))(?![^\W_])",
    FLAGS,
)
SPACED_POSTCODE = re.compile(
    r"(?<![^\W_])[A-Z]\s(?:[A-Z]\s)?\d\s(?:[\dA-Z]\s)?[\s.,-]{0,2}\d\s[ABD-HJLNP-UW-Z]\s[ABD-HJLNP-UW-Z](?![^\W_])",
    FLAGS,
)
ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$")

PLATES = re.compile(
    r"(?<![^\W_])(?:(?P<now>[A-HJ-PR-Y][A-HJ-PR-Y]\s?[0-9]{2}[\s-]?(?P<tail>[A-HJ-PR-Z]{3}))"
    r"|(?P<prefix>[A-HJ-NPR-TV-Y]\s?[0-9]{1,3}[\s-]?(?P<after>[A-HJ-PR-Y]{3}))"
    r"|(?P<suffix>[A-HJ-PR-Y]{3}[\s-]?[0-9]{1,3}[A-HJ-NPR-TV-Y])"
    r"|(?P<ulster>(?:[A-Z]I[A-Z]|[A-Z]{2}Z)[\s-]?[0-9]{2,4}))(?![^\W_])",
    FLAGS,
)
SHORT_PLATE = re.compile(
    r"\b(?:number ?plate|licen[cs]e plate|plate|reg(?:istration)?)(?:\s(?:no\.?|number|is|was|mark)){0,2}\s?[:#-]?\s"
    r"(?P<found>(?-i:[A-Z]{1,3}\s?[0-9]{1,4}|[0-9]{1,4}\s?[A-Z]{1,3}))(?![^\W_])",
    FLAGS,
)
PLATE_SAID = re.compile(
    r"\b(?:reg(?:istration)?|number ?plate|plate|vrm|vehicle|car|van|bike|taxi)"
    r"(?:\s{1,2}(?:reg(?:istration)?|number|plate|no|is|was|nr|mark)){0,3}[\s.:#-]{0,3}$",
    FLAGS,
)
STREETS = "|".join(sorted(listed("streets"), key=len, reverse=True))
# A house number, up to three words that could name a street, and a word for "street".
NO_STREET = "|".join(sorted(listed("no_street")))
WORD = rf"(?!(?:{NO_STREET})\b)[^\W\d_]['’\w.-]{{1,24}}"
UNIT = r"(?:(?:flat|apartment|apt|unit|room|plot)\s{0,2}(?:no\.?\s?)?[\dA-Z]{1,4}[\s,]{1,3})"
ADDRESS = re.compile(
    rf"(?<![\w£#/.-]){UNIT}?(?:(?:no\.?|number|house|nr\.?)\s{{0,2}})?\d{{1,4}}\s?[a-h]?(?:\s?[-/]\s?\d{{1,4}})?"
    rf"(?:\s{{0,2}},\s{{0,2}}|\s{{1,3}})(?:on\s|in\s)?(?:(?-i:The)\s|(?:{WORD}\s{{1,2}}){{1,3}}?)(?:{STREETS})\b(?:\s(?:{STREETS})\b){{0,2}}(?![’'])",
    FLAGS,
)
NAMED_HOUSE = re.compile(
    r"(?<![\w£#/.-])\d{1,3}[A-Za-z]?\s(?:The|the)\s(?:Poplars|Elms|Oaks|Limes|Laurels|Hollies|Firs|Beeches|Willows|Cedars|Pines"
    r"|Chestnuts|Sycamores|Larches|Hawthorns|Gables|Paddocks|Orchards|Cottages|Bungalows|Crossways|Maltings|Stables)\b"
)
FLAT = re.compile(
    rf"\b(?:flat|apartment|apt)\s{{0,2}}(?:no\.?\s?)?\d{{1,4}}[a-h]?(?:[\s,]{{1,3}}(?:{WORD}\s{{1,2}}){{1,3}}?"
    r"(?:house|court|towers?|heights|flats|mill|point|lodge|building|mansions|apartments))?\b",
    FLAGS,
)
HOUSE_ON = re.compile(
    rf"\b(?:number|no\.?|house number)\s{{0,2}}\d{{1,4}}[a-h]?\s(?:on\s|in\s)?(?:{WORD}\s{{1,2}}){{0,3}}?"
    rf"(?:{STREETS})\b",
    FLAGS,
)
HOUSE_NUMBER = re.compile(
    r"\b(?:(?:at|from|opposite|outside|next to|behind|across from)\s(?P<found>(?:number|no\.?|nr\.?)\s?\d{1,4}[a-h]?)"
    r"|house\s(?P<house>(?:number|no\.?|nr\.?)\s?\d{1,4}[a-h]?)"
    r"|(?P<beside>(?:number|no\.?|nr\.?)\s?\d{1,4}[a-h]?)"
    r"(?=\s(?:next door|across the|opposite|on (?:my|our|this|the) (?:street|road|row))))\b",
    FLAGS,
)
# As many languages write it: the number stands after the street.
NUMBER_LAST = re.compile(
    rf"(?<![\w£#/.-])(?:{WORD}\s{{1,2}}){{1,3}}?(?:{STREETS})\b,?\s{{0,2}}(?:nr\.?|numer|numărul|numarul|numero|č\.|č|c\.|číslo|cislo)\s?\d{{1,4}}[a-h]?\b",
    FLAGS,
)
CAPITAL = r"(?=(?-i:[A-ZĄĆŁŚŹŻĂÂÎȘȚÁČĎÉÍĽŇÓŠŤÚÝŽ]))"
STREET_BEFORE = re.compile(
    rf"\b(?:ul\.|ulic[aey]\b|str\.|strada\b|strad[ăa]\b)\s?(?:{CAPITAL}(?:{WORD}\s{{1,2}})){{1,3}}?(?:nr\.?\s?|č\.?\s?)?\d{{1,4}}[a-h]?\b",
    FLAGS,
)
YEAR_BEFORE = re.compile(r"\b(?:in|since|during|by|of|until|till|from|before|after|year)\s{1,2}$", FLAGS)


def postcodes(seen: str) -> Found:
    """Find whole postcodes; a district such as LS6 is a place where thousands live."""
    for match in POSTCODE.finditer(seen):
        motorway = (match.group("area") or "").upper() in ("M", "A", "B") and ORDINAL.search(match.group())
        if not motorway:
            yield match.span()
    yield from (match.span() for match in SPACED_POSTCODE.finditer(seen))


def plates(seen: str) -> Found:
    """Find number plates; roads (A647) and districts (LS12) with a word after them are none."""
    for match in PLATES.finditer(seen):
        if _plate(match, bool(PLATE_SAID.search(seen[max(0, match.start() - 40) : match.start()]))):
            yield match.span()
    yield from (match.span("found") for match in SHORT_PLATE.finditer(seen))


def _plate(match: re.Match[str], said: bool) -> bool:
    tail = match.group("tail") or match.group("after") or ""
    if match.group("prefix") and match.group()[1].isspace():
        return said and match.group().isupper()
    if said:
        return True
    if tail.upper() in listed("three_letters"):
        return False
    if match.group("now") and re.match(r"[A-Za-z]{2}\s", match.group()) and not match.group().isupper():
        return False
    if match.group("now"):
        return match.group()[:2].upper() not in listed("local_areas") or tail.isupper()
    return match.group().isupper()


def addresses(seen: str) -> Found:
    """Find a house or flat with its number; a street alone is no address."""
    for match in ADDRESS.finditer(seen):
        if not re.search(
            r"(?:\bthe|\bpast|\bbus|\bsection|\bjunction|£\d*)\s{0,2}$",
            seen[max(0, match.start() - 12) : match.start()],
            FLAGS,
        ) and not _year(seen, match.start()):
            yield match.span()
    for pattern in (HOUSE_ON, NAMED_HOUSE, FLAT, NUMBER_LAST, STREET_BEFORE):
        yield from (match.span() for match in pattern.finditer(seen))
    yield from (match.span(match.lastgroup or 0) for match in HOUSE_NUMBER.finditer(seen))


def _year(seen: str, start: int) -> bool:
    """Say whether a number before a street is a year: "in 2023 Leeds Road was closed"."""
    return bool(re.match(r"(?:19|20)\d\d\b", seen[start : start + 5])) and bool(
        YEAR_BEFORE.search(seen[max(0, start - 12) : start])
    )
