"""What may disclose harm is found in every language, misspelt or not; what only sounds like it is left alone."""

from __future__ import annotations

import pytest

from app.analysis.text.errors import InvalidList
from app.analysis.text.harm import disclosures, possible_harm
from app.analysis.text.lexicon import KINDS, lexicon, lexicon_of
from app.analysis.text.measuring import fresh, measured

TOLD = {
    "My husband hits me when he drinks": "abuse_at_home",
    "he has been beatting me for years": "abuse_at_home",
    "I was r a p e d": "sexual_violence",
    "I was r*ped": "sexual_violence",
    "selfharm is how I cope": "self_harm",
    "میرا شوہر مجھے مارتا ہے": "abuse_at_home",
    "mera shohar mujhe maarta hai": "abuse_at_home",
    "ਮੇਰਾ ਪਤੀ ਮੈਨੂੰ ਮਾਰਦਾ ਹੈ": "abuse_at_home",
    "moj maz mnie bije": "abuse_at_home",
    "زوجي يضربني": "abuse_at_home",
    "sotul ma bate": "abuse_at_home",
    "મારો પતિ મને મારે છે": "abuse_at_home",
    "আমার স্বামী আমাকে মারে": "abuse_at_home",
    "manzel ma bije": "abuse_at_home",
    "they took our passports": "exploitation",
    "He said he would kill me": "threat_to_life",
}
HARMLESS = [
    "a murder of crows",
    "dying to see more bobbies",
    "Kill your speed, not a child.",
    "Domestic abuse should be a priority",
    "Forced to wait on 101",
    "",
    "😀",
    "a" * 10_000,
]


@pytest.mark.parametrize(("text", "kind"), TOLD.items())
def test_a_possible_disclosure_is_found_with_its_kind(text: str, kind: str) -> None:
    assert kind in {found.kind for found in possible_harm(text)}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_harm_is_left_alone(text: str) -> None:
    assert possible_harm(text) == ()


def test_the_words_and_their_nearness_are_told() -> None:
    (found,) = possible_harm("Please help, my partner stranggled me.")
    assert (found.words, found.slips, found.nearness) == ("partner stranggled me", 1, "one letter differs")
    assert found.title == "Abuse at home"


@pytest.mark.parametrize("language", ["en", "ur", "ur-Latn", "pa", "pl", "ar", "ro", "gu", "bn", "sk"])
def test_every_list_has_every_kind(language: str) -> None:
    kinds = {pattern.kind for pattern in lexicon().patterns if pattern.language == language}
    assert kinds >= set(KINDS)


def test_most_of_the_shipped_comments_are_found_in_each_language() -> None:
    figures = measured().harm
    for code in ("en", "ur", "pa", "pl", "ar", "ro", "gu", "bn", "sk"):
        assert figures[code].of >= 30 and figures[code].traps >= 30
        assert (figures[code].recall or 0) >= 0.9, code
        assert figures[code].wrong <= 4, code


def test_what_nothing_was_improved_on_is_mostly_found_too() -> None:
    figures = measured().harm["unseen"]
    assert figures.of >= 80 and figures.traps >= 50
    assert (figures.recall or 0) >= 0.75
    assert figures.wrong <= figures.traps / 4


@pytest.mark.parametrize(
    "text",
    [
        "he won't let me leave",
        "I'm scared to go home",
        "marks on her arms every week",
        "they'll kill me if I refuse him",
        "my uncle comes into my room",
        "mainu mera ghar wala roz kuttda hai",
        "zawji yadribni",
        "mój wujek przychodzi w nocy do mojego pokoju",
    ],
)
def test_what_is_told_indirectly_or_in_latin_letters_is_held(text: str) -> None:
    assert disclosures([text])[0]


def test_fear_of_the_street_is_not_fear_of_home() -> None:
    assert possible_harm("I'm scared to go home") != ()
    assert possible_harm("I'm scared to go home in the dark, the street lights are off") == ()


def test_a_sentence_without_listed_words_is_held_for_what_it_resembles() -> None:
    (told,) = disclosures(["The buses are late. My aunt locks the little ones in the cellar when she goes out."])
    assert [(found.kind, found.title) for found in told] == [("told_indirectly", "May be told indirectly")]
    assert told[0].words.strip().startswith("My aunt") and "resembles disclosures" in told[0].found_by


def test_what_a_second_hand_told_is_found_and_nothing_else() -> None:
    told = [text for texts in fresh()["harm"].values() for text in texts]
    assert len(told) >= 85 and len(fresh()["none"]) >= 30
    assert [text for text in told if not possible_harm(text)] == []
    assert [text for text in fresh()["none"] if possible_harm(text)] == []


def test_a_list_that_cannot_be_read_says_what_to_mend() -> None:
    with pytest.raises(InvalidList, match="Use one of: abuse_at_home"):
        lexicon_of([{"language": "en", "kinds": {"sadness": ["cry"]}}])
    with pytest.raises(InvalidList, match=r"\{they\} in '\{they\} hit me'"):
        lexicon_of([{"language": "en", "kinds": {"abuse_at_home": ["{they} hit me"]}}])
