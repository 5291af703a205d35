"""Write a text in one spelling: digits of every script, invisible characters, diacritics and letter variants."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3]")
# Marks that a Latin or Arabic word can lose and stay the same word; vowel signs of Indic scripts are letters.
MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u0640'’‘ʼ`´]")
# What the same hand writes now so, now so: Arabic and Urdu letter forms, long and short vowels, nasal signs.
VARIANTS = str.maketrans(
    {
        **{"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"},
        **{"ى": "ي", "ی": "ي", "ے": "ي", "ې": "ي", "ک": "ك", "ں": "ن", "ء": ""},
        **{"ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه"},
        **{"ੱ": "", "ੰ": "", "ਂ": "", "਼": "", "ਿ": "ੀ", "ੁ": "ੂ", "ਣ": "ਨ"},
        **{"ં": "", "઼": "", "િ": "ી", "ુ": "ૂ"},
        **{"ঁ": "", "়": "", "ি": "ী", "ু": "ূ", "শ": "স", "ষ": "স", "ণ": "ন"},
    }
)
# A word is what lies between spaces and punctuation: \w would break Indic words at their vowel signs.
WORD = re.compile(
    r"""[^\s!"\#%&()+,\-./:;<=>?\[\\\]^_{|}~¡-©«-¬®-¿،؛؟۔٪।॥‐-‖“-⁞€-⅏]+|(?P<stop>[.!?؟۔।॥\n]+)""", re.VERBOSE
)


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a word: folded, where it stands in the text, and the number of its sentence."""

    word: str
    start: int
    end: int
    sentence: int


@cache
def _shown() -> dict[int, str]:
    """Map the digits of every script, and full-width letters and signs, to ASCII."""
    digits = {code: str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x1FC00) if chr(code).isdecimal()}
    return {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | digits | {0xA0: " ", 0x202F: " "}


def visible(text: str) -> tuple[str, list[int] | None]:
    """Return the text as it is seen, with ASCII digits, and where each character stood (None: nothing moved)."""
    if text.isascii():
        return text, None
    shown = text.translate(_shown())
    if not INVISIBLE.search(shown):
        return shown, None
    kept = [place for place, character in enumerate(shown) if not INVISIBLE.match(character)]
    return "".join(shown[place] for place in kept), [*kept, len(text)]


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """Return a word in lower case, without diacritics, apostrophes and invisible characters, in one spelling."""
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKD", word.translate(_shown()).lower()))
    return MARKS.sub("", plain).translate(VARIANTS)


def tokens(text: str) -> list[Token]:
    """Cut a text into folded words, with their places and sentences."""
    found: list[Token] = []
    sentence = 0
    for match in WORD.finditer(text):
        if match.lastgroup:
            sentence += 1
        elif word := folded(match.group()):
            found.append(Token(word, match.start(), match.end(), sentence))
    return found


def words(text: str) -> list[str]:
    """List the folded words of a text."""
    return [token.word for token in tokens(text)]


def letters(text: str) -> int:
    """Count the letters of a text, of whatever script."""
    return sum(map(str.isalpha, text))
