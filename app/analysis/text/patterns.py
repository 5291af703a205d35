"""Patterns of personal data that has a form: numbers, e-mail addresses, handles; all patterns in their order."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from app.analysis.text.lists import listed
from app.analysis.text.normalising import WORD as WORDS
from app.analysis.text.normalising import folded
from app.analysis.text.places import FLAGS, Found, addresses, plates, postcodes

# Every repetition below has an upper bound and every pattern starts at a boundary, so that the time grows with the
# length of the text and never with its square.
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}\s?@\s?(?:[\w-]{1,63}\s?[.,]\s?){1,4}[a-z]{2,24}(?![\w-])", FLAGS)
CUT_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{3,64}@[\w-]{3,63}(?![\w-])")
AT = r"\b(?:at|małpa|malpa|arond|zavináč|zavinac|ایٹ|آرووند)\b"
DOT = r"\b(?:dot|kropka|punct|bodka|ڈاٹ|نقطة|نقطه)\b"
SPELT_EMAIL = re.compile(
    rf"(?<![\w.+%-])(?:[\w+%-]{{1,32}}\s(?:{DOT}|underscore|dash)\s){{0,2}}[\w.+%-]{{1,64}}\s{{0,2}}[\[(]?\s?{AT}\s?[\])]?\s{{0,2}}"
    rf"[\w-]{{1,63}}(?:\s{{0,2}}[\[(]?\s?(?:{DOT}|\.)\s?[\])]?\s{{0,2}}[\w-]{{2,24}}){{1,3}}\b",
    FLAGS,
)
TOP_LEVEL = ("com", "uk", "org", "net", "gov", "pk", "pl", "ro", "sk", "in", "me", "info", "eu", "ac", "co")
ENDING = re.compile(rf"(?:{DOT}|\.)\W{{0,3}}(?:{'|'.join(TOP_LEVEL)})$", FLAGS)

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
LONG_NETWORKS = r"facebook|insta(?:gram)?|twitter|snap(?:chat)?|tik ?tok|telegram|discord"
NEXT_TO_NETWORK = re.compile(
    rf"\b(?:{LONG_NETWORKS})[\s:-]{{1,3}}(?P<found>(?=[a-z._]{{0,39}}[\d_])[a-z_][\w.]{{2,39}})(?<!\.)", FLAGS
)
ADDED_ON = re.compile(
    rf"\b(?:add|follow|find|message|dm)\s(?:me|him|her|them)\son\s(?:{NETWORKS})[\s:,-]{{1,3}}(?P<found>[a-z_][\w.]{{2,39}})(?<!\.)",
    FLAGS,
)
NUMBERED_HANDLE = re.compile(
    r"(?<![\w#])[A-Za-z][\w.]{1,31}#\d{4}(?!\d)|(?<![\w/])/?u/(?=[a-z-]{0,20}[\d_])[\w-]{3,20}"
)

NI = re.compile(
    r"(?<![^\W_])(?!BG|GB|NK|KN|TN|NT|ZZ)(?:[A-CEGHJ-PR-TW-Z][\s.-]?[A-CEGHJ-NPR-TW-Z]|QQ)(?:[\s./-]{0,2}\d[\s./-]?\d){3}"
    r"[\s./-]{0,2}[A-D](?![^\W_])",
    FLAGS,
)
NI_SAID = re.compile(
    r"\b(?:NI|NINO|national insurance)\s{0,2}(?:number|num|no\.?|nr)?\s{0,2}(?:is|:|=|-)?\s{0,2}"
    r"(?P<found>[A-Z]{2}(?:[\s./-]{0,2}\d){6}(?:\s?[A-Z](?![^\W_]))?)(?!\d)",
    FLAGS,
)
TEN_DIGITS = re.compile(
    r"(?<![\d+])(?<!\d[ .-])(?:\d{3}[\s.-]{0,3}\d{3}[\s.-]{0,3}\d{4}|\d(?:[ .-]\d){9})(?!\d)(?![ -]\d)"
)
NHS_SAID = re.compile(
    r"\bNHS\s{0,2}(?:number|num|no\.?|nr)?\s{0,2}(?:is|:|=|-)?\s{0,2}(?P<found>\d[\d\s.-]{8,14}\d)(?!\d)", FLAGS
)

# A national number with its 0, or any number with its country's code; separators of every usual kind.
SEPARATOR = r"[\s.()/–_*-]{0,3}"
PHONE = re.compile(
    rf"(?<![\w£€$])(?<!\d[./-])(?:(?:\+|\b00)\s?\(?\d(?:{SEPARATOR}\d){{7,14}}|\(?0{SEPARATOR}[1-35789](?:{SEPARATOR}\d){{8,9}})(?!\d)"
)
BARE_MOBILE = re.compile(r"(?<![\w£€$.])7[0-9]{3}[\s.-]?[0-9]{3}[\s.-]?[0-9]{3}(?!\w)")
NO_PLUS = re.compile(r"(?<![\w£€$.+-])44[\s-]?7[0-9]{3}[\s-]?[0-9]{3}[\s-]?[0-9]{3}(?!\w)")
# Letters written for digits: O for 0, I or l for 1.
LETTERED_MOBILE = re.compile(r"(?<![^\W_])[0Oo]7(?:[\s.-]{0,3}[0-9OoIl]){9}(?![^\W_])")
LOCAL_PHONE = re.compile(
    r"\b(?:phone|tel|telephone|mobile|mob|call|ring|text|whats ?app|number is|land ?line)\b"
    r"[\s.:]{0,3}(?:(?:me|us|him|her|number|no\.?|on|at|is|:)[\s:]{1,2}){0,3}(?P<found>\d[\d\s.-]{5,16}\d)(?!\w)",
    FLAGS,
)
SPELT = 7  # words for digits in a row that make a number
BETWEEN_DIGITS = re.compile(r"[\s,.;·-]{1,3}")
REFERENCE_BEFORE = re.compile(
    r"\b(?:ref(?:erence)?|crime|incident|log|case|order|ticket|invoice|claim|collar|badge|receipt|account|serial)"
    r"(?:\s{0,2}(?:ref(?:erence)?|number|num|no|nr|is|was)){0,6}[\s.:#-]{0,6}$",
    FLAGS,
)


def emails(seen: str) -> Found:
    """Find e-mail addresses, also those written out with "at" and "dot"."""
    if "@" in seen:
        for pattern in (EMAIL, CUT_EMAIL):
            yield from (match.span() for match in pattern.finditer(seen))
    yield from (match.span() for match in SPELT_EMAIL.finditer(seen) if ENDING.search(match.group()))


def handles(seen: str) -> Found:
    """Find names on social networks, except those of public bodies."""
    for match in HANDLE.finditer(seen):
        if match.group()[1:].lower() not in listed("public_accounts"):
            yield match.span()
    yield from (match.span() for match in PROFILE.finditer(seen))
    for match in NAMED_HANDLE.finditer(seen):
        if re.search(r"[\d_.@]", match.group("found")):
            yield match.span("found")
    for match in NEXT_TO_NETWORK.finditer(seen):
        if match.group("found").lower() not in listed("public_accounts"):
            yield match.span("found")
    yield from (
        match.span("found") for match in ADDED_ON.finditer(seen) if match.group("found") not in ("and", "but", "for")
    )
    yield from (match.span() for match in NUMBERED_HANDLE.finditer(seen))
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
    for pattern in (PHONE, BARE_MOBILE, NO_PLUS, LETTERED_MOBILE):
        yield from (match.span() for match in pattern.finditer(seen) if not _reference(seen, match.start()))
    for match in LOCAL_PHONE.finditer(seen):
        if 6 <= len(_digits(match.group("found"))) <= 15 and not _reference(seen, match.start()):
            yield match.span("found")
    yield from _spelt(seen)


def _spelt(seen: str) -> Found:
    """Find numbers said digit by digit, in words of any survey language, digits among them or not."""
    run: list[re.Match[str]] = []
    for match in WORDS.finditer(seen):
        if match.lastgroup:
            continue
        if run and not BETWEEN_DIGITS.fullmatch(seen, run[-1].end(), match.start()):
            yield from _number(run)
            run = []
        if folded(match.group()) in digit_words() or (len(match.group()) == 1 and match.group().isdigit()):
            run.append(match)
        else:
            yield from _number(run)
            run = []
    yield from _number(run)


def _number(run: list[re.Match[str]]) -> Found:
    if len(run) >= SPELT and sum(not match.group().isdigit() for match in run) >= SPELT // 2:
        yield run[0].start(), run[-1].end()


@cache
def digit_words() -> frozenset[str]:
    """Read the words for digits in every survey language, folded."""
    return frozenset(map(folded, listed("digits")))


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
