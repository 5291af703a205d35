"""Themes of the coding frame are suggested in every language, the same for the same seed."""

from __future__ import annotations

import pytest

from app.analysis.text.errors import InvalidFrame
from app.analysis.text.frame import document_of, frame_of, shipped_frame
from app.analysis.text.themes import WORDS_ONLY, fit

ABOUT = {
    ("Cars race down our road, speeding every night", "en"): "speeding",
    ("We were burgled twice and the thieves took our bikes", "en"): "burglary",
    ("There is nothing to do for young people since the youth club closed", "en"): "young_people",
    ("We need more police on the beat, I never see a bobby", "en"): "visible_police",
    ("Street lights are broken, it is dark", "en"): "street_lighting",
    ("Kierowcy jeżdżą za szybko", "pl"): "speeding",
    ("منشیات بیچنے والے", "ur"): "drug_and_alcohol_misuse",
    ("ਹੋਰ ਲਾਈਟਾਂ ਚਾਹੀਦੀਆਂ ਹਨ", "pa"): "street_lighting",
    ("نحتاج كاميرات", "ar"): "cctv",
    ("Avem nevoie de mai multă poliție pe străzi", "ro"): "visible_police",
    ("વધુ પોલીસ જોઈએ", "gu"): "visible_police",
    ("মাদক বিক্রেতাদের ধরুন", "bn"): "drug_and_alcohol_misuse",
    ("Viac policajtov v uliciach", "sk"): "visible_police",
}
SEVERAL = [f"The quad bikes scare my horse near the bridleway {number}" for number in range(60)]
SEVERAL += [f"Quad bikes speeding on the bridleway {number}" for number in range(60)]
SEVERAL += [f"Burglars took tools from my shed {number}" for number in range(60)]
SEVERAL += [f"Nice library and helpful staff {number}" for number in range(60)]
SEVERAL += [f"Our market hall deserves better {number}" for number in range(160)]


@pytest.mark.parametrize(("comment", "theme"), ABOUT.items())
def test_a_comment_points_to_its_theme(comment: tuple[str, str], theme: str) -> None:
    model = fit([], [], shipped_frame())
    (suggested,) = model.suggest([comment[0]], [comment[1]])
    assert theme in [suggestion.theme for suggestion in suggested]


@pytest.mark.parametrize("text", ["", "😀", "thank you", "a" * 10_000])
def test_nothing_is_suggested_where_nothing_points_to_a_theme(text: str) -> None:
    assert fit([], [], shipped_frame()).suggest([text], ["en"]) == [()]


def test_words_that_go_with_a_theme_are_learned_from_the_comments() -> None:
    codes = ["en"] * len(SEVERAL)
    before = fit([], [], shipped_frame()).suggest(["Tools from my shed"], ["en"])
    learned = fit(SEVERAL, codes, shipped_frame(), seed=3)
    (after,) = learned.suggest(["Someone took tools"], ["en"])
    assert before[0][0].theme == "burglary"
    assert [suggestion.theme for suggestion in after] == ["burglary"]
    assert learned.comments == len(SEVERAL)


def test_the_same_comments_and_seed_give_the_same_suggestions() -> None:
    codes = ["en"] * len(SEVERAL)
    one, other = (fit(SEVERAL, codes, shipped_frame(), seed=3).suggest(SEVERAL, codes) for _ in range(2))
    assert one == other


def test_missing_embeddings_are_told_and_words_are_used(tmp_path: object) -> None:
    model = fit([], [], shipped_frame(), embeddings=f"{tmp_path}/no-model.bin")
    assert model.method == WORDS_ONLY
    assert "no-model.bin" in model.notes[0] and "words" in model.notes[0]


def test_the_shipped_frame_is_the_plans_and_can_be_edited() -> None:
    frame = shipped_frame()
    groups = [theme.group for theme in frame.themes]
    assert [groups.count(group) for group in ("priority", "outcome", "safer")] == [16, 4, 8]
    assert all(len(theme.terms) == 9 for theme in frame.themes)
    assert frame_of(document_of(frame)) == frame


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"themes": []}, "no themes"),
        ({"themes": [{"title": "Noise"}]}, "number 1 has no key"),
        ({"themes": [{"key": "noise", "terms": {"en": "noise"}}]}, "noise has no title"),
        ({"themes": [{"key": "noise", "title": "Noise", "terms": {"en": " , "}}]}, "noise has no terms"),
        ({"themes": [{"key": "a", "title": "A", "terms": {"en": "a"}}] * 2}, "key of its own"),
    ],
)
def test_a_frame_that_contradicts_itself_says_how_to_mend_it(document: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidFrame, match=message):
        frame_of(document)
