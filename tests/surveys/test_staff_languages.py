"""A translator's file comes back through the staff's page: checked, compared, taken whole, and seen by every worker."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import DEFAULTS, i18n
from tests.accounts.house import Visitor, close, hire, signed_in, text_of
from tests.support.applications import MakeApp

BACK = "/staff/languages/ur/bring-back"
NEW = "اپنے جواب دیکھیں"


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path, translations: Path) -> Iterator[Flask]:
    """Work on a copy of the catalogues, in a house with staff."""
    shutil.copytree(translations, tmp_path / "translations")
    app = make_app(TRANSLATIONS=tmp_path / "translations")
    hire(app)
    yield app
    close(app)


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in(app, "admin")


def catalogue(app: Flask) -> Path:
    return Path(app.config["TRANSLATIONS"]) / "ur" / "LC_MESSAGES" / "messages.po"


def worked_on(app: Flask, tmp_path: Path, change: Callable[[polib.POFile], Any]) -> bytes:
    """Let a translator's editor change the catalogue."""
    po = polib.pofile(str(catalogue(app)))
    change(po)
    po.save(str(tmp_path / "back.po"))
    return (tmp_path / "back.po").read_bytes()


def say_anew(po: polib.POFile) -> None:
    po.find("Page not found").msgstr = NEW


def bring(admin: Visitor, content: bytes) -> TestResponse:
    return admin.send(BACK, file=(io.BytesIO(content), "back.po"))


def confirm(admin: Visitor, seen: TestResponse) -> TestResponse:
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', seen.text, re.DOTALL))
    fields = {name: unescape(value).replace("\n", "\r\n") for name, value in hidden.items() if name != "csrf_token"}
    return admin.send(BACK, **fields)


def test_what_would_change_is_shown_before_anything_does(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    before = catalogue(app).read_bytes()
    seen = bring(admin, worked_on(app, tmp_path, say_anew))
    assert "1 texts would change" in text_of(seen) and NEW in seen.text and "Page not found" in seen.text
    assert catalogue(app).read_bytes() == before


def test_a_worker_that_runs_shows_the_new_texts_at_once(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    assert NEW not in admin.open("/ur/a/b/c").text
    taken = confirm(admin, bring(admin, worked_on(app, tmp_path, say_anew)))
    assert "1 texts changed" in text_of(admin.follow(taken))
    assert NEW in admin.open("/ur/a/b/c").text
    assert "translations.take" in text_of(admin.open("/staff/audit"))
    assert NEW in catalogue(app).read_text()


def test_two_people_do_not_overwrite_each_other(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    seen = bring(admin, worked_on(app, tmp_path, say_anew))
    other = bring(admin, worked_on(app, tmp_path, lambda po: po.find("Continue").__setattr__("msgstr", "چلیں")))
    assert confirm(admin, other).status_code == 303
    assert "Somebody changed this language since you looked" in text_of(confirm(admin, seen))
    assert NEW not in catalogue(app).read_text()


def two_faults(po: polib.POFile) -> None:
    po.find("Page not found").msgstr = ""
    po.find("Send").msgstr = "100% بھیجیں"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose the PO file"),
        (b"\x89PNG\r\n\x1a\n\x00", "can't be read as a catalogue"),
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: pl\\n"\n', "its language is 'pl'"),
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n', "holds no texts"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(app: Flask, admin: Visitor, content: bytes, said: str) -> None:
    before = catalogue(app).read_bytes()
    answer = bring(admin, content)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert catalogue(app).read_bytes() == before


def test_a_form_beyond_all_measure_is_refused_and_other_forms_keep_their_limit(admin: Visitor) -> None:
    assert "A catalogue has at most 2048 kB" in text_of(admin.send(BACK, catalogue="x" * 2_100_000))
    beyond = admin.send(BACK, catalogue="x" * 7_000_000)
    assert beyond.status_code == 413 and "A catalogue has at most 2048 kB" in text_of(beyond)
    assert admin.send("/staff/languages/ur/reviewed", page="/staff/languages", name="x" * 400_000).status_code == 413


def test_every_fault_is_named_by_its_text(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    answer = bring(admin, worked_on(app, tmp_path, two_faults))
    assert answer.status_code == 422
    assert "not translated: 'Page not found'" in text_of(answer)
    assert "a lone % or brace, which would break the page: 'Send'" in text_of(answer)


def test_a_folder_that_cannot_be_written_is_named_and_nothing_changes(
    app: Flask, admin: Visitor, tmp_path: Path
) -> None:
    content, before = worked_on(app, tmp_path, say_anew), catalogue(app).read_bytes()
    seen = bring(admin, content)
    catalogue(app).with_suffix(".mo").unlink()
    catalogue(app).with_suffix(".mo").mkdir()
    answer = confirm(admin, seen)
    assert answer.status_code == 422
    assert f"{catalogue(app).parent} can't be written" in text_of(answer)
    assert catalogue(app).read_bytes() == before
    assert not list(catalogue(app).parent.glob(".*"))


def test_a_review_takes_the_draft_notice_away_until_it_is_withdrawn(app: Flask, admin: Visitor) -> None:
    assert "ابھی مسودہ" in admin.open("/ur/help").text
    done = admin.send("/staff/languages/ur/reviewed", page="/staff/languages", name="Amna Bibi")
    assert "Reviewed by Amna Bibi, 10 November 2026" in text_of(admin.follow(done))
    assert "ابھی مسودہ" not in admin.open("/ur/help").text
    withdrawn = admin.follow(admin.send("/staff/languages/ur/draft", page="/staff/languages"))
    assert "Urdu is a draft again" in text_of(withdrawn) and "Withdraw the review" not in text_of(withdrawn)
    assert "ابھی مسودہ" in admin.open("/ur/help").text
    told = text_of(admin.open("/staff/audit"))
    assert "translations.review" in told and "translations.draft" in told


def test_a_review_holds_for_what_was_reviewed_and_for_nothing_else(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    admin.send("/staff/languages/ur/reviewed", page="/staff/languages", name="Amna Bibi")
    before = catalogue(app).read_bytes()
    seen = bring(admin, worked_on(app, tmp_path, say_anew))
    assert "Urdu becomes a draft again" in text_of(seen)
    confirm(admin, seen)
    told = text_of(admin.open("/staff/languages"))
    assert "Draft again 1 texts changed since Amna Bibi" in told and "Page not found" in told
    assert "ابھی مسودہ" in admin.open("/ur/help").text
    catalogue(app).write_bytes(before)
    assert "ابھی مسودہ" not in admin.open("/ur/help").text
    catalogue(app).write_bytes(before.replace(b'msgid "Page not found"', b'msgid "No such page"'))
    assert "ابھی مسودہ" in admin.open("/ur/help").text


def test_a_translator_who_names_a_reviewer_has_all_texts_reviewed(app: Flask, admin: Visitor, tmp_path: Path) -> None:
    named = worked_on(app, tmp_path, say_anew).replace(b"# Reviewed by:", b"# Reviewed by: Amna Bibi")
    confirm(admin, bring(admin, named))
    assert "Reviewed by Amna Bibi" in text_of(admin.open("/staff/languages"))
    assert "ابھی مسودہ" not in admin.open("/ur/help").text


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "A\u202eB", "<b>"])
def test_a_review_needs_a_name(app: Flask, admin: Visitor, name: str) -> None:
    before = catalogue(app).read_bytes()
    assert admin.send("/staff/languages/ur/reviewed", page="/staff/languages", name=name).status_code == 422
    assert catalogue(app).read_bytes() == before


def test_only_an_admin_brings_a_catalogue_back(app: Flask) -> None:
    somebody = signed_in(app, "officer")
    assert somebody.open(BACK).status_code == 403
    assert somebody.open("/staff/languages").status_code == 200
    assert "Bring back" not in somebody.open("/staff/languages").text


def test_english_and_languages_that_are_not_there_are_not_found(admin: Visitor) -> None:
    for code in ("en", "xx", "../ur"):
        assert admin.open(f"/staff/languages/{code}/bring-back").status_code == 404


def test_shipped_catalogues_come_back_unchanged(app: Flask, admin: Visitor) -> None:
    for language in i18n.installed(Path(DEFAULTS["TRANSLATIONS"]))[1:]:
        with admin.open(f"/staff/languages/{language.code}.po") as file:
            content = file.data
        seen = admin.send(f"/staff/languages/{language.code}/bring-back", file=(io.BytesIO(content), "back.po"))
        assert "nothing to take" in text_of(seen), text_of(seen)
