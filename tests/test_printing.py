"""Documents on paper show every text of every language, whole and in its direction."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from app import i18n, printing

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = i18n.installed(ROOT / "translations")
LAYOUT = """#import "spoken.typ": contents, spoken
#show: spoken
#set document(title: contents.title)
= #contents.title
#for each in contents.texts { par(each) }
"""


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    (tmp_path / "layout.typ").write_text(LAYOUT, encoding="utf-8")
    return tmp_path / "layout.typ"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_text_of_a_language_has_its_letters_on_paper(language: i18n.Language, layout: Path) -> None:
    catalogue = ROOT / "translations" / language.code / "LC_MESSAGES" / "messages.po"
    texts = [entry.msgstr for entry in polib.pofile(str(catalogue)) if entry.msgstr] if catalogue.exists() else []
    names = [each.autonym for each in LANGUAGES]
    made = printing.pdf(layout, {"title": language.autonym, "texts": [*texts, *names, "“7–9”, ‘£5’ …"]}, language)
    assert made.startswith(b"%PDF-") and b"pdfuaid" in made and b"/StructTreeRoot" in made


def test_gurmukhi_runs_from_the_left_and_urdu_from_the_right(layout: Path, tmp_path: Path) -> None:
    for code, left in (("pa", True), ("ur", False)):
        language = i18n.described(code)
        (tmp_path / "made.pdf").write_bytes(printing.pdf(layout, {"title": language.autonym, "texts": ["1"]}, language))
        assert _begins(tmp_path / "made.pdf") is left, code


def _begins(pdf: Path) -> bool:
    """Say whether the page's only digit stands in its left half."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    place = next(i for i in range(text.count_chars()) if text.get_text_range(i, 1) == "1")
    return bool(text.get_charbox(place)[0] < page.get_width() / 2)


def test_a_letter_that_no_font_has_is_refused_and_named(layout: Path) -> None:
    with pytest.raises(printing.CannotSet, match="你"):
        printing.pdf(layout, {"title": "T", "texts": ["你"]}, i18n.described("en"))
