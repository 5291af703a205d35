"""A questionnaire that cannot be used says why: file, line, problem and remedy for everything that is wrong with it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.faults import faults
from app.surveys.source import DefinitionFaults, load

QUESTIONNAIRES = Path(__file__).parent.parent / "support" / "questionnaires"
SOUND = (QUESTIONNAIRES / "your-street.yaml").read_text(encoding="utf-8")
DOCUMENT = load(QUESTIONNAIRES / "your-street.yaml")
HERE = "# here"

# What is written instead of what; the line that the fault must name ends in "# here".
FAULTS = {
    "no slug": ("survey: your-street", "# here", "'survey' is missing", "add `survey: ...`"),
    "a slug with capitals": (
        "survey: your-street",
        "survey: Your-Street  # here",
        "survey is 'Your-Street'",
        "use lower-case letters, digits and hyphens",
    ),
    "the slug of a page": (
        "survey: your-street",
        "survey: privacy  # here",
        "'privacy' is the name of a page",
        "choose",
    ),
    "a small reference": (
        "reference: YS",
        "reference: ys  # here",
        "reference is 'ys'",
        "use two to six capital letters",
    ),
    "an unknown attribute": (
        "minutes: 3",
        "minutes: 3\ncolour: red  # here",
        "'colour' is not an attribute here",
        "use",
    ),
    "minutes in words": ("minutes: 3", "minutes: three  # here", "minutes is 'three'", "write a whole number"),
    "an empty title": ("title: Your Street", "title: ''  # here", "title is empty", "write a text or remove the line"),
    "a title that is a number": (
        "title: Your Street",
        "title: 2026  # here",
        "title is 2026",
        "write a text in quotes",
    ),
    "asked weekly": ("asked: monthly", "asked: weekly  # here", "asked is 'weekly'", "use monthly or once"),
    "a language by its name": (
        "languages: [en, ur]",
        "languages:\n- en\n- Urdu  # here",
        "'Urdu' is no language code",
        "write codes such as en or ur",
    ),
    "no English": ("languages: [en, ur]", "languages: [ur]  # here", "English is missing", "add en"),
    "an ending without a text": (
        "    text: This survey is for people aged 16 or over.",
        "    # here",
        "'text' is missing",
        "add `text: ...`",
    ),
    "a section that is a word": (
        "sections:",
        "sections:\n  - street  # here",
        "'street' is not a group",
        "write key, title",
    ),
    "a section that asks nothing": (
        "sections:",
        "sections:\n  - key: empty\n    title: Empty\n    questions: []  # here",
        "Section 'empty' asks nothing",
        "add a question or remove it",
    ),
    "a question that is a word": (
        "    questions:",
        "    questions:\n      - why  # here",
        "A question is a group",
        "write `- key",
    ),
    "an unknown kind": (
        "kind: scale\n",
        "kind: slider  # here\n",
        "'slider' is not a kind of question",
        "use one of one_of,",
    ),
    "a kind that is a list": (
        "kind: scale\n",
        "kind: [scale]  # here\n",
        "['scale'] is not a kind of question",
        "use one of",
    ),
    "a key with capitals": (
        "key: safe\n",
        "key: Safe  # here\n",
        "key is 'Safe'",
        "use lower-case letters, digits and _, at most 32, a letter",
    ),
    "a key that is too long": (
        "key: safe\n",
        f"key: {'s' * 33}  # here\n",
        f"key is '{'s' * 33}'",
        "use lower-case letters",
    ),
    "a key that the platform uses": (
        "key: safe\n",
        "key: weight  # here\n",
        "'weight' is a name that the platform uses",
        "choose",
    ),
    "a key used twice": (
        "key: lamps\n",
        "key: safe  # here\n",
        "'safe' is used twice",
        "give each section and question a key",
    ),
    "an attribute of another kind": (
        "kind: scale\n",
        "kind: scale\n        at_most: 2  # here\n",
        "'at_most' is not an attribute here",
        "use",
    ),
    "yes in other words": (
        "dont_know: yes",
        "dont_know: maybe  # here",
        "dont_know is 'maybe'",
        "write yes or no",
    ),
    "an unknown role": (
        "role: age_band",
        "role: height  # here",
        "role is 'height'",
        "use district or age_band or sex",
    ),
    "a role filled twice": (
        "key: band\n        kind: one_of",
        "key: band\n        role: age_band  # here\n        kind: one_of",
        "age_band is already filled by 'age'",
        "keep one of them",
    ),
    "a scale that runs both ways": (
        "kind: scale\n",
        "kind: scale\n        favourable: both  # here\n",
        "favourable is 'both'",
        "use first or last",
    ),
    "a thirteenth month": (
        "months: [1, 4, 7, 10]",
        "months:\n        - 13  # here",
        "13 is no month",
        "write numbers from 1 to 12",
    ),
    "a question without options": (
        "key: safe\n        kind: scale\n",
        "key: noises  # here\n        kind: several\n        text: Which noises?\n"
        "      - key: safe\n        kind: scale\n",
        "'options' is missing",
        "add `options: ...`",
    ),
    "an option that is a word": (
        "          - {key: dark,",
        "          - dark  # here\n          - {key: gloom,",
        "'dark' is not",
        "write",
    ),
    "an option with the key of an off-scale answer": (
        "{key: dark, text: The dark}",
        "{key: dont_know, text: The dark}  # here",
        "'dont_know' is offered apart",
        "write `dont_know: yes`",
    ),
    "an option with the key of none": (
        "{key: dark, text: The dark}",
        "{key: none, text: The dark}  # here",
        "'none' is offered apart",
        "write `none_of_these",
    ),
    "an option apart in its own way": (
        "{key: dark, text: The dark}",
        "{key: dark, text: The dark, apart: night}  # here",
        "apart is 'night'",
        "use outside or",
    ),
    "two options with one key": (
        "{key: cars, text: Fast cars}",
        "{key: dark, text: Fast cars}  # here",
        "'dark' stands twice in question 'worries'",
        "make them differ",
    ),
    "two options with one text": (
        "{key: cars, text: Fast cars}",
        "{key: cars, text: The dark}  # here",
        "'The dark' stands twice",
        "make them differ",
    ),
    "an option without a text": (
        "{key: cars, text: Fast cars}",
        "{key: cars}  # here",
        "'text' is missing",
        "add `text: ...`",
    ),
    "two rows with one key": (
        "{key: side, text: The side streets}",
        "{key: main, text: The side streets}  # here",
        "'main' stands twice",
        "make them differ",
    ),
    "more at most than there are": (
        "at_most: 2",
        "at_most: 9  # here",
        "at_most is 9, with 3 options",
        "choose from 1 to 3",
    ),
    "more at least than at most": (
        "at_most: 2",
        "at_most: 2\n        at_least: 3  # here",
        "at_least 3 is above at_most 2",
        "exchange them",
    ),
    "a range upside down": ("minimum: 0", "minimum: 200  # here", "minimum 200 is above maximum 100", "exchange them"),
    "no room for a text": ("max_length: 500", "max_length: 0  # here", "max_length is 0", "choose from 1 to 20000"),
    "a page of lines": ("max_length: 500", "lines: 90  # here", "lines is 90", "choose from 1 to 40"),
    "a condition in words": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: worries  # here",
        "when is 'worries'",
        "write a group",
    ),
    "a condition with an operator": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: {question: worries, is_one_of: [dark], not: yes}  # here",
        "'not' is not an attribute here",
        "use question, is_one_of",
    ),
    "a condition on nothing": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: {question: worries, is_one_of: []}  # here",
        "The condition names no answer",
        "use dark, cars, other, none",
    ),
    "a condition on a later question": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: {question: words, is_one_of: [dark]}  # here",
        "'words' is not a question before this one",
        "name a question that stands earlier",
    ),
    "a condition on an unknown answer": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: {question: worries, is_one_of: [night]}  # here",
        "'night' is no answer to 'worries'",
        "use dark, cars, other, none",
    ),
    "a condition on a question without options": (
        "when: {question: worries, is_one_of: [dark]}",
        "when: {question: evenings, is_one_of: [dark]}  # here",
        "'dark' is no answer to 'evenings'",
        "use dont_know",
    ),
    "an ending that is not there": (
        "ends: under_16}",
        "ends: too_young}  # here",
        "'too_young' is not an ending",
        "use under_16",
    ),
    "a write-in on a scale": (
        "{key: very, text: Very safe}",
        "{key: very, text: Very safe, write_in: yes}  # here",
        "scale has no write-in",
        "use it with one_of or several",
    ),
    "pounds where no amount is asked": (
        "{key: very, text: Very safe}",
        "{key: very, text: Very safe, band_d: 5}  # here",
        "band_d is for amount_by_band",
        "change",
    ),
    "an order of both": (
        "of: worries",
        "of: worries  # here\n        options: [{key: a, text: A}]",
        "of and options exclude each other",
        "remove",
    ),
    "an order of nothing": (
        "      - key: first\n        kind: order\n        of: worries",
        "      - key: first  # here\n        kind: order",
        "There is nothing to put in order",
        "add `of: KEY` or options",
    ),
    "an order of a scale": ("of: worries", "of: safe  # here", "'safe' is not a question of kind several", "name one"),
    "an amount without a band": ("band: band", "# here", "'band' is missing", "add `band: ...`"),
    "an amount by something else": (
        "band: band",
        "band: safe  # here",
        "'safe' does not ask for the bands a to h",
        "name",
    ),
    "an amount without pounds": (", band_d: 5}", "}  # here", "The amount is missing", "add `band_d: POUNDS`"),
    "a column filled twice": (
        "key: lamps\n",
        "key: worries_dark  # here\n        kind: number\n        text: How dark?\n      - key: lamps\n",
        "Column 'worries_dark' is already filled by 'worries'",
        "rename the key",
    ),
    "an attribute twice": ("minutes: 3", "minutes: 3\nminutes: 4  # here", "'minutes' stands twice here", "remove one"),
    "an anchor": (
        "minutes: 3",
        "minutes: &m 3  # here",
        "Anchors and aliases are not part of the format",
        "write it out",
    ),
    "a list as a name": (
        "minutes: 3",
        "minutes: 3\n? [a]  # here\n: b",
        "An attribute has a plain name",
        "mend the line",
    ),
    "a bracket left open": (
        "languages: [en, ur]",
        "languages: [en, ur\nmore: x  # here",
        "This is not YAML",
        "mend the line",
    ),
    "a second document": (
        "survey: your-street",
        "survey: a\n---  # here\nsurvey: your-street",
        "This is not YAML",
        "mend",
    ),
}


def loaded(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load(path)
    except DefinitionFaults as error:
        return error.faults
    return []


def test_a_sound_questionnaire_has_no_fault(tmp_path: Path) -> None:
    assert loaded(tmp_path / "street.yaml", SOUND) == []


@pytest.mark.parametrize(("right", "wrong", "problem", "remedy"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line_and_remedy(
    tmp_path: Path, right: str, wrong: str, problem: str, remedy: str
) -> None:
    assert right in SOUND
    text = SOUND.replace(right, wrong, 1)
    line = text[: text.index(HERE)].count("\n") + 1
    found = loaded(tmp_path / "street.yaml", text)
    assert any(problem in fault and f"Remedy: {remedy}" in fault for fault in found), (
        "\n".join(found) or "no fault at all"
    )
    fault = next(fault for fault in found if problem in fault and f"Remedy: {remedy}" in fault)
    if "is missing" not in problem:  # what is missing has no line: its group's is named
        assert fault.startswith(f"street.yaml:{line}: "), fault


def test_a_condition_on_a_question_without_answers_to_choose_from_is_named(tmp_path: Path) -> None:
    text = SOUND.replace("unit: evenings\n        dont_know: yes", "unit: evenings")
    text = text.replace("{question: worries, is_one_of: [dark]}", "{question: evenings, is_one_of: [dark]}")
    (fault,) = loaded(tmp_path / "street.yaml", text)
    assert fault.endswith("'dark' is no answer to 'evenings'. Remedy: name a question with options.")


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("reference: YS", "reference: ys").replace("minutes: 3", "minutes: three")
    text = text.replace("{key: cars, text: Fast cars}", "{key: cars}")
    assert len(loaded(tmp_path / "street.yaml", text)) == 3


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "street.yaml:1: This is not a questionnaire. Remedy: begin the file with `survey: a-name`."),
        (b"- a\n- b\n", "street.yaml:1: This is not a questionnaire. Remedy: begin the file with `survey: a-name`."),
        (b"title: Stra\xdfe\n", "street.yaml:1: This is not UTF-8. Remedy: save the file as UTF-8."),
        (b"survey: a\ntitle: Stra\xdfe\n", "street.yaml:2: This is not UTF-8. Remedy: save the file as UTF-8."),
        (b"x" * 1_000_001, "street.yaml:1: The file is over 1 MB. Remedy: is it a questionnaire?"),
        (b"[" * 20_000 + b"]" * 20_000, "street.yaml:1: The file is nested too deeply. Remedy: see the format."),
        (b"title: a\x00b\n", "street.yaml:1: This is not YAML: "),
        (
            b"title: !!python/object:os.system x\n",
            "street.yaml:1: Tags such as !!int are not part of the format. Remedy: remove it.",
        ),
    ],
    ids=["empty", "a list", "Latin-1", "Latin-1 below", "enormous", "deep", "a control character", "a Python object"],
)
def test_a_file_that_is_no_questionnaire_is_refused_in_words(tmp_path: Path, content: bytes, fault: str) -> None:
    found = loaded(tmp_path / "street.yaml", content)
    assert found and found[0].startswith(fault), found


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(
        DefinitionFaults, match=r"The file can't be read: no such file or directory. Remedy: check the path."
    ):
        load(tmp_path / "nowhere.yaml")


def test_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DefinitionFaults, match="The file can't be read: is a directory"):
        load(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path / "street.yaml", "\ufeff" + SOUND) == []


def test_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path / "street.yaml", SOUND.replace("\n", "\r\n")) == []


def test_the_word_no_stays_a_word_where_it_is_a_key(tmp_path: Path) -> None:
    text = SOUND.replace("{key: very, text: Very safe}", "{key: no, text: No}")
    assert loaded(tmp_path / "street.yaml", text) == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "survey",
        "reference",
        "title",
        "languages",
        "asked",
        "endings",
        "sections",
        "questions",
        "key",
        "kind",
        "text",
        "options",
        "rows",
        "when",
        "question",
        "is_one_of",
        "of",
        "band",
        "role",
        "months",
        "at_most",
        "minimum",
        "ends",
        "apart",
        "required",
    ]
)
KINDS = st.sampled_from(
    ["one_of", "several", "scale", "scale_group", "order", "number", "amount_by_band", "area", "text"]
)
almost = st.recursive(
    KINDS | st.sampled_from(["a", "b", "safe", 1, None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=7),
    max_leaves=30,
)


@given(anything | almost)
def test_whatever_a_document_holds_its_faults_are_named(document: object) -> None:
    assert faults(document)


@given(st.data())
def test_a_sound_document_with_one_part_replaced_is_sound_or_named(data: st.DataObject) -> None:
    document = deepcopy(DOCUMENT)
    place = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.integers(0, 3)) == 0:
            place[key] = data.draw(anything | almost)
            break
        place = place[key]
    for fault in faults(document):
        assert fault.problem and fault.remedy
