"""Patterns of personal data that has a form: numbers, postcodes, addresses, plates, e-mail addresses, handles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.analysis.text.lists import listed

Found = Iterator[tuple[int, int]]

# Every repetition below has an upper bound and every pattern starts at a boundary, so that the time grows with the
# length of the text and never with its square.
FLAGS = re.IGNORECASE

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}\s?@\s?(?:[\w-]{1,63}\s?\.\s?){1,4}[a-z]{2,24}(?![\w-])", FLAGS)
SPELT_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:[\w+%-]{1,32}\s(?:dot|underscore|dash)\s){0,2}[\w.+%-]{1,64}\s{0,2}[\[(]?\s?\bat\b\s?[\])]?\s{0,2}[\w-]{1,63}"
    r"(?:\s{0,2}[\[(]?\s?(?:\bdot\b|\.)\s?[\])]?\s{0,2}[\w-]{2,24}){1,3}\b",
    FLAGS,
)
TOP_LEVEL = ("com", "uk", "org", "net", "gov", "pk", "pl", "ro", "sk", "in", "me", "info", "eu", "ac", "co")

HANDLE = re.compile(r"(?<![\w.@/])@(?!\s)[\w.]{2,40}(?<!\.)")
NETWORKS = (
    r"facebook|fb|insta(?:gram)?|ig|twitter|x|snap(?:chat)?|sc|tik ?tok|telegram|whatsapp|linkedin|youtube|threads"
)
PROFILE = re.compile(
    r"\b(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|twitter|x|tiktok|snapchat|t|linkedin|youtube|threads)"
    r"\.(?:com|me|net)/(?:in/|add/|@)?[\w.@-]{2,60}",
    FLAGS,
)
NAMED_HANDLE = re.compile(
    rf"\b(?:{NETWORKS})\s{{0,2}}(?:(?:name|handle|account|user(?:name)?|id|profile)\s{{0,2}})?"
    r"(?:is\s|:|=|-\s)\s{0,2}(?P<found>@?[\w.]{3,40})(?<!\.)",
    FLAGS,
)
OWN_HANDLE = re.compile(
    rf"\b(?:my|his|her|their|our|me\son|him\son|them\son)\s(?:{NETWORKS})\s{{1,2}}(?P<found>[a-z_][\w.]{{2,39}})(?<!\.)",
    FLAGS,
)

NI = re.compile(
    r"(?<![^\W_])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][\s.-]?[A-CEGHJ-NPR-TW-Z](?:[\s./-]{0,2}\d[\s./-]?\d){3}"
    r"[\s./-]{0,2}[A-D](?![^\W_])",
    FLAGS,
)
NI_SAID = re.compile(
    r"\b(?:NI|NINO|national insurance)\s{0,2}(?:number|num|no\.?|nr)?\s{0,2}(?:is|:|=|-)?\s{0,2}"
    r"(?P<found>[A-Z]{2}(?:[\s./-]{0,2}\d){6}(?:\s?[A-Z](?![^\W_]))?)(?!\d)",
    FLAGS,
)
TEN_DIGITS = re.compile(r"(?<![\d+])(?<!\d[ .-])\d{3}[\s.-]{0,3}\d{3}[\s.-]{0,3}\d{4}(?!\d)(?![ -]\d)")
NHS_SAID = re.compile(
    r"\bNHS\s{0,2}(?:number|num|no\.?|nr)?\s{0,2}(?:is|:|=|-)?\s{0,2}(?P<found>\d[\d\s.-]{8,14}\d)(?!\d)", FLAGS
)

# A national number with its 0, or any number with its country's code; separators of every usual kind.
SEPARATOR = r"[\s.()/–-]{0,3}"
PHONE = re.compile(
    rf"(?<![\w£€$])(?<!\d[./-])(?:(?:\+|\b00)\s?\(?\d(?:{SEPARATOR}\d){{7,14}}|\(?0{SEPARATOR}[1-35789](?:{SEPARATOR}\d){{8,9}})(?!\d)"
)
BARE_MOBILE = re.compile(r"(?<![\w£€$.])7[0-9]{3}[\s.-]?[0-9]{3}[\s.-]?[0-9]{3}(?!\w)")
# Letters written for digits: O for 0, I or l for 1.
LETTERED_MOBILE = re.compile(r"(?<![^\W_])[0Oo]7(?:[\s.-]{0,3}[0-9OoIl]){9}(?![^\W_])")
LOCAL_PHONE = re.compile(
    r"\b(?:phone|tel|telephone|mobile|mob|call|ring|text|whats ?app|number is|land ?line)\b"
    r"[\s.:]{0,3}(?:(?:me|us|him|her|number|no\.?|on|at|is|:)[\s:]{1,2}){0,3}(?P<found>\d[\d\s.-]{5,16}\d)(?!\w)",
    FLAGS,
)
NUMERAL = "one|two|three|four|five|six|seven|eight|nine"
DIGIT = rf"(?:zero|oh|o|nought|{NUMERAL}|(?:double|triple)\s(?:oh?|zero|{NUMERAL}))"
SPELT_PHONE = re.compile(rf"\b{DIGIT}(?:[\s,.-]{{1,3}}{DIGIT}){{6,14}}\b", FLAGS)
REFERENCE_BEFORE = re.compile(
    r"\b(?:ref(?:erence)?|crime|incident|log|case|order|ticket|invoice|claim|collar|badge|receipt|account|serial)"
    r"(?:\s{0,2}(?:ref(?:erence)?|number|num|no|nr|is|was)){0,6}[\s.:#-]{0,6}$",
    FLAGS,
)

AREAS = "|".join(sorted(listed("postcode_areas")))
POSTCODE = re.compile(
    rf"(?<![^\W_])(?:GIR ?0AA|(?P<area>{AREAS})\s?(?P<district>\d[\dA-HJKMNP-Y]?)[\s.,-]{{0,3}}"
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
LIVES_AT = re.compile(
    r"\b(?:live[sd]?|living|house|home|neighbours?|family|people|man|woman|address(?: is)?)\s(?:at|is|in)\s"
    r"(?P<found>(?:number|no\.?|nr\.?)\s?\d{1,4}[a-h]?)\b",
    FLAGS,
)


def emails(seen: str) -> Found:
    """Find e-mail addresses, also those written out with "at" and "dot"."""
    if "@" in seen:
        yield from (match.span() for match in EMAIL.finditer(seen))
    for match in SPELT_EMAIL.finditer(seen):
        said = match.group().lower()
        if re.search(r"(?:\bdot\b|\.)\W*(?:" + "|".join(TOP_LEVEL) + r")$", said) and "at" in said:
            yield match.span()


def handles(seen: str) -> Found:
    """Find names on social networks, except those of public bodies."""
    for match in HANDLE.finditer(seen):
        if match.group()[1:].lower() not in listed("public_accounts"):
            yield match.span()
    yield from (match.span() for match in PROFILE.finditer(seen))
    for match in NAMED_HANDLE.finditer(seen):
        if re.search(r"[\d_.@]", match.group("found")):
            yield match.span("found")
    for match in OWN_HANDLE.finditer(seen):
        if re.search(r"[\d_]", match.group("found")):
            yield match.span("found")


def national_insurance(seen: str) -> Found:
    """Find National Insurance numbers with a prefix that is given out, and whatever is called one."""
    yield from (match.span() for match in NI.finditer(seen))
    yield from (match.span("found") for match in NI_SAID.finditer(seen))


def nhs(seen: str) -> Found:
    """Find numbers of ten digits with the right check digit, and whatever is called an NHS number."""
    for match in NHS_SAID.finditer(seen):
        if len(_digits(match.group("found"))) in (9, 10, 11):
            yield match.span("found")
    for match in TEN_DIGITS.finditer(seen):
        if nhs_checked(_digits(match.group())) and not _reference(seen, match.start()):
            yield match.span()


def nhs_checked(digits: str) -> bool:
    """Say whether ten digits pass the modulus 11 check of NHS numbers."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return len(set(digits)) > 1 and check != 10 and check % 11 == int(digits[9])


def phones(seen: str) -> Found:
    """Find phone numbers of this and other countries, in digits or in words."""
    for pattern in (PHONE, BARE_MOBILE, LETTERED_MOBILE):
        yield from (match.span() for match in pattern.finditer(seen) if not _reference(seen, match.start()))
    for match in LOCAL_PHONE.finditer(seen):
        if 6 <= len(_digits(match.group("found"))) <= 15 and not _reference(seen, match.start()):
            yield match.span("found")
    yield from (match.span() for match in SPELT_PHONE.finditer(seen))


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
        ):
            yield match.span()
    for pattern in (HOUSE_ON, NAMED_HOUSE, FLAT):
        yield from (match.span() for match in pattern.finditer(seen))
    yield from (match.span("found") for match in LIVES_AT.finditer(seen))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _reference(seen: str, start: int) -> bool:
    """Say whether a number is introduced as a reference: of a crime, an incident, an order."""
    return bool(REFERENCE_BEFORE.search(seen[max(0, start - 40) : start]))


PATTERNS: tuple[tuple[str, Callable[[str], Found]], ...] = (
    ("email", emails),
    ("social media handle", handles),
    ("National Insurance number", national_insurance),
    ("NHS number", nhs),
    ("phone number", phones),
    ("postcode", postcodes),
    ("number plate", plates),
    ("address", addresses),
)
