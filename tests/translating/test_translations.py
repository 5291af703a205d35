"""Translators take a catalogue away and bring it back; what would harm a page is named and not taken."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel import Locale
from flask import Flask

from app import DEFAULTS
from app.translating import catalogue_faults, catalogues
from tests.support.applications import MakeApp, command

SHIPPED = sorted(path.parent.parent.name for path in Path(DEFAULTS["TRANSLATIONS"]).glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture
def workshop(make_app: MakeApp, tmp_path: Path) -> Flask:
    """Work on a copy of the catalogues."""
    folder = tmp_path / "translations"
    shutil.copytree(DEFAULTS["TRANSLATIONS"], folder)
    return make_app(TRANSLATIONS=folder)


def catalogue(app: Flask, code: str) -> Path:
    return Path(app.config["TRANSLATIONS"]) / code / "LC_MESSAGES" / "messages.po"


def test_every_shipped_catalogue_is_complete_and_sound(workshop: Flask) -> None:
    assert "All catalogues are complete" in command(workshop, "translations", "check")


def test_every_catalogue_is_up_to_its_template(workshop: Flask) -> None:
    before = {code: catalogue(workshop, code).read_text() for code in SHIPPED}
    command(workshop, "translations", "extract")
    assert {code: catalogue(workshop, code).read_text() for code in SHIPPED} == before, "run `make translations`"


@pytest.mark.parametrize("code", SHIPPED)
def test_every_catalogue_counts_as_cldr_does(code: str) -> None:
    catalog = catalogues.read(Path(DEFAULTS["TRANSLATIONS"]) / code / "LC_MESSAGES" / "messages.po")
    assert catalogues.counts_alike(Locale.parse(code), catalog.plural_forms)


def test_a_language_is_added_by_a_command_and_a_file(workshop: Flask, make_app: MakeApp) -> None:
    said = command(workshop, "translations", "add", "fr")
    assert "French" in said and "texts to translate" in said
    again = make_app(TRANSLATIONS=workshop.config["TRANSLATIONS"])
    assert "not translated" in again.test_cli_runner().invoke(args=["translations", "check"]).output


@pytest.mark.parametrize(("code", "said"), [("xx-nonsense", "is no language code"), ("ur", "there already")])
def test_a_language_that_cannot_be_added_says_why(workshop: Flask, code: str, said: str) -> None:
    assert said in command(workshop, "translations", "add", code, status=1)


def test_a_catalogue_goes_away_and_comes_back(workshop: Flask, tmp_path: Path) -> None:
    away = polib.pofile(str(catalogue(workshop, "ur")))
    away.find("Check your answers").msgstr = "اپنے جواب دیکھیں"
    away.save(str(tmp_path / "back.po"))
    command(workshop, "translations", "import", "ur", str(tmp_path / "back.po"))
    assert "اپنے جواب دیکھیں" in catalogue(workshop, "ur").read_text()


Spoil = Callable[[polib.POFile], None]


def drop_a_text(po: polib.POFile) -> None:
    po.find("Check your answers").msgstr = ""


def lose_a_placeholder(po: polib.POFile) -> None:
    po.find("Step %(step)s of %(steps)s").msgstr = "مرحلہ"


def slip_in_markup(po: polib.POFile) -> None:
    po.find("Send").msgstr = "<script>alert(1)</script>"


def leave_a_guess(po: polib.POFile) -> None:
    po.find("Send").flags.append("fuzzy")


def make_two_options_alike(po: polib.POFile) -> None:
    po.find("Leeds").msgstr = po.find("Bradford").msgstr


def say_a_placeholder_twice(po: polib.POFile) -> None:
    po.find("Step %(step)s of %(steps)s").msgstr = "%(step)s %(step)s %(steps)s"


def turn_the_direction(po: polib.POFile) -> None:
    po.find("Send").msgstr = "\u202ebhej"


def borrow_a_letter(po: polib.POFile) -> None:
    po.find("Send").msgstr = "بھیجیں \u0915"


def use_other_digits(po: polib.POFile) -> None:
    po.find("fewer than 10").msgstr = "۱۰ سے کم"


def lose_a_plural(po: polib.POFile) -> None:
    po.find("It takes about %(num)s minute.").msgstr_plural.pop(1)


def change_the_english(po: polib.POFile) -> None:
    po.find("Send").msgid = "Send it"


def leave_it_in_english(po: polib.POFile) -> None:
    for entry in list(po)[:250]:
        entry.msgstr = entry.msgstr and entry.msgid


def leave_one_in_english(po: polib.POFile) -> None:
    po.find("Check your answers").msgstr = "Check the answers"


def say_nothing(po: polib.POFile) -> None:
    po.find("Check your answers").msgstr = "\u200c\u2026"


def change_a_telephone_number(po: polib.POFile) -> None:
    entry = next(entry for entry in po if "register" in entry.msgstr and "999" in entry.msgstr)
    entry.msgstr = entry.msgstr.replace("999", "998")


def lead_elsewhere(po: polib.POFile) -> None:
    po.find("Send").msgstr += " https://evil.example"


def hide_the_difference_between_options(po: polib.POFile) -> None:
    po.find("Leeds").msgstr = po.find("Bradford").msgstr + "\u200c."


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (leave_one_in_english, "not in the language's own letters. Translate it: 'Check your answers'"),
        (say_nothing, "not translated: 'Check your answers'"),
        (change_a_telephone_number, "the numbers differ"),
        (lead_elsewhere, "an address that the English has not"),
        (hide_the_difference_between_options, "two answers to 'district' are the same"),
        (say_a_placeholder_twice, "the placeholders differ"),
        (turn_the_direction, "a hidden character"),
        (borrow_a_letter, "letters or digits of another script (\u0915)"),
        (use_other_digits, "letters or digits of another script"),
        (lose_a_plural, "not translated: 'It takes about %(num)s minute.'"),
        (change_the_english, "1 texts that are not ours, such as 'Send it'"),
        (leave_it_in_english, "of the texts are still in English"),
        (drop_a_text, "not translated: 'Check your answers'"),
        (lose_a_placeholder, "the placeholders differ"),
        (slip_in_markup, "markup that the English has not"),
        (leave_a_guess, "marked as unsure"),
        (make_two_options_alike, "two answers to 'district' are the same"),
    ],
)
def test_a_spoilt_catalogue_is_not_taken(workshop: Flask, tmp_path: Path, spoil: Spoil, said: str) -> None:
    before = catalogue(workshop, "ur").read_text()
    po = polib.pofile(str(catalogue(workshop, "ur")))
    spoil(po)
    po.save(str(tmp_path / "back.po"))
    assert said in command(workshop, "translations", "import", "ur", str(tmp_path / "back.po"), status=1)
    assert catalogue(workshop, "ur").read_text() == before


def test_a_text_left_in_english_is_found_where_letters_are_the_same(workshop: Flask, tmp_path: Path) -> None:
    po = polib.pofile(str(catalogue(workshop, "pl")))
    po.find("Check your answers").msgstr = "Check your Answers"
    po.save(str(tmp_path / "back.po"))
    said = command(workshop, "translations", "import", "pl", str(tmp_path / "back.po"), status=1)
    assert "still in English: 'Check your answers'. Translate it" in said


def test_a_single_word_stays_in_english_only_where_a_translator_says_so(workshop: Flask, tmp_path: Path) -> None:
    po = polib.pofile(str(catalogue(workshop, "sk")))
    po.find("Send").msgstr = "send"
    po.save(str(tmp_path / "back.po"))
    said = command(workshop, "translations", "import", "sk", str(tmp_path / "back.po"), status=1)
    assert "still in English: 'Send'. Translate it, or comment it with 'same as English'" in said
    po.find("Send").tcomment = "same as English"
    po.save(str(tmp_path / "back.po"))
    assert "1 changed" in command(workshop, "translations", "import", "sk", str(tmp_path / "back.po"))


@pytest.mark.parametrize("code", SHIPPED)
def test_only_names_are_the_same_in_english(code: str) -> None:
    catalog = catalogues.read(Path(DEFAULTS["TRANSLATIONS"]) / code / "LC_MESSAGES" / "messages.po")
    alike = {
        catalogues.identity(entry)
        for entry in catalog
        if catalogues.identity(entry) in catalogue_faults.forms_of(entry)
    }
    assert alike - catalogue_faults.NAMES <= {"“%(answer)s”"}


URDU, POLISH = (
    (Path(DEFAULTS["TRANSLATIONS"]) / code / "LC_MESSAGES" / "messages.po").read_text() for code in ("ur", "pl")
)
EVIL = re.sub(r"plural=[^;]*;", "plural=__import__(1);", URDU, count=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00nonsense", "its byte 0 is not UTF-8"),
        (POLISH.encode("iso-8859-2", "replace"), "is not UTF-8"),
        (POLISH.replace("Language: pl", "Language: ur").encode(), "Most of its texts are those of Polish"),
        (EVIL.encode(), "Its Plural-Forms must be nplurals=2"),
        (URDU.encode() + b'\nmsgid "Send"\nmsgstr "x"\n', "has a text twice"),
        (URDU.encode() + b'\nmsgid "Unfinished\n', "is no line of a PO file"),
        (b'msgid ""\nmsgstr ""\n\nmsgid "Hello"\nmsgstr "x"\n', "None of its 1 texts is one of ours"),
        (URDU.encode() + b"# more\n" * 400_000, "A catalogue has at most 2048 kB"),
    ],
)
def test_a_file_that_is_no_catalogue_of_ours_is_not_taken(
    workshop: Flask, tmp_path: Path, content: bytes, said: str
) -> None:
    before = catalogue(workshop, "ur").read_text()
    (tmp_path / "back.po").write_bytes(content)
    assert said in command(workshop, "translations", "import", "ur", str(tmp_path / "back.po"), status=1)
    assert catalogue(workshop, "ur").read_text() == before


def test_marks_of_byte_order_and_foreign_ends_of_lines_do_no_harm(workshop: Flask, tmp_path: Path) -> None:
    for content in (URDU.encode("utf-8-sig"), URDU.replace("\n", "\r\n").encode(), URDU.replace("\n", "\r").encode()):
        (tmp_path / "back.po").write_bytes(content)
        assert "0 changed" in command(workshop, "translations", "import", "ur", str(tmp_path / "back.po"))


def test_a_text_whose_english_changed_is_stale_until_somebody_looks(workshop: Flask) -> None:
    path = catalogue(workshop, "pl")
    path.write_text(path.read_text().replace('msgid "Help and support"', 'msgid "Help and supports"'))
    assert "pl: 0 of" in (said := command(workshop, "translations", "extract")) and "1 stale" in said
    assert "marked as unsure (fuzzy): 'Help and support'" in command(workshop, "translations", "check", status=2)
