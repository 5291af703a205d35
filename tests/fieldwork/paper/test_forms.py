"""Forms on paper: what stands on them, in which direction, and that their layout says where each box is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask import Flask

from app.fieldwork.paper import contents
from app.fieldwork.paper.forms import Form, Printed
from app.fieldwork.paper.routing import Jump, Routes
from app.fieldwork.paper.words import Words
from app.surveys import queries

pytestmark = pytest.mark.usefixtures("both_surveys")
PIXELS = 200 / 25.4


def form_of(reference: str, language: str, style: str) -> Form:
    wave = next(w for s in queries.surveys() for w in s.waves if w.survey.reference == reference)
    return Form(wave, language, style)


def pages(pdf: bytes) -> list[Any]:
    import cv2
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return [cv2.cvtColor(page.render(scale=200 / 72).to_numpy(), cv2.COLOR_BGR2GRAY) for page in document]


def is_a_box(page: Any, mark: dict[str, Any]) -> bool:
    """Say whether there is a frame where a layout says so, and nothing inside it."""
    x, y, wide, tall = (round(mark[name] * PIXELS) for name in ("x", "y", "width", "height"))
    middle = (x + wide // 2, y + tall // 2)
    frame = [page[y + d - 2 : y + d + 3, middle[0]].min() for d in (0, tall)]
    frame += [page[middle[1], x + d - 2 : x + d + 3].min() for d in (0, wide)]
    inside = page[y + 4 : y + tall - 4, x + 4 : x + wide - 4]
    return bool(max(frame) < 140 and np.min(inside) > 200)


@pytest.mark.parametrize(("language", "style"), [("ur", "a4"), ("bn", "easy"), ("pl", "large")])
def test_the_layout_says_where_each_box_is_and_the_code_which_side(app: Flask, language: str, style: str) -> None:
    import cv2
    import zxingcpp

    with app.app_context():
        form = form_of("YV", language, style)
        pdf, layout = form.both(Printed(7, "ABCD-EFGH-JKMN"))
        seen = pages(pdf)
    assert len(seen) == layout["sides"] and layout["sides"] % 2 == 0 and layout["first"] % 2 == 1
    asked = {field.name for q in form.definition.questions for field in q.behaviour.printed(q)}
    assert {mark["field"] for mark in layout["marks"]} == asked
    assert [mark for mark in layout["marks"] if not is_a_box(seen[mark["side"] - 1], mark)] == []
    first = seen[layout["first"] - 1]
    assert [code.text for code in zxingcpp.read_barcodes(first)] == [f"{form.wave.reference}/0007/{layout['first']}"]
    _, numbers, _ = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)).detectMarkers(
        first
    )
    assert sorted(numbers.ravel().tolist()) == [0, 1, 2, 3]
    boxes = [mark["x"] for mark in layout["marks"] if mark["field"] == "sex"]
    assert (min(boxes) > 105) == (language == "ur"), "a form in Urdu begins at the right"


def test_routing_follows_from_the_conditions(app: Flask) -> None:
    with app.app_context():
        definition = form_of("YP", "en", "a4").definition
    routes = Routes(definition)
    jumps = {q.key: routes.jumps(q) for q in definition.questions}
    number = routes.numbers
    assert jumps["respondent"] == [Jump(("organisation",), number["organisation_name"])]
    assert jumps["ethnic_group"] == [Jump((), number["outcomes"])]
    assert jumps["equality_gate"] == [Jump(("no",), 0)]
    assert jumps["age_band"] == [Jump(("under_16",), 0, "under_16")]
    assert not jumps["sex"]


def test_a_form_says_what_a_resident_needs(app: Flask) -> None:
    import pypdfium2

    with app.app_context():
        form = form_of("YP", "en", "a4")
        pdf = form.pdf(Printed(1, "ABCD-EFGH-JKMN"))
    told = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split()
    text = " ".join(told)
    for needed in (
        "If “For an organisation”, go to question 6.",
        "Answer questions 6 to 8 only if you answered “For an organisation” to question 1.",
        "call 999",
        "call 101",
        "0808 2000 247",
        "Draft, to be confirmed before launch",
        "ABCD-EFGH-JKMN",
        "How we look after your answers",
        "YP-2026 / 0001",
    ):
        assert needed in text, needed
    assert b"/MarkInfo" in pdf and b"/StructTreeRoot" in pdf and b"pdfuaid" in pdf


@pytest.mark.parametrize("reference", ["YP", "YV"])
def test_easy_read_says_one_thing_in_a_sentence_and_shows_it(app: Flask, reference: str) -> None:
    with app.app_context():
        form = form_of(reference, "en", "easy")
        words = Words(form.language, easy=True)
        front = contents.cover(form.definition, words, "easy", [])
        asked = [each for each in contents.blocks(form.definition, words, "easy") if each["kind"] == "question"]
    told = [*front["about"], *front["warning"], *front["how_points"], *front["help"]]
    told += [text for part in front["notice"] for text in part["text"]] + [
        text for each in asked for text in each["text"]
    ]
    assert [text for text in told if len(text.split()) > 15] == []
    assert [each["key"] for each in asked if not each["picture"].startswith("<svg")] == []
    assert all(front["pictures"].values()) and (contents.PICTURES / "LICENSE.txt").exists()
