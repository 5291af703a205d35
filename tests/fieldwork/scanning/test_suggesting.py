"""What is suggested from what boxes look like: the form's own rules, and doubt wherever there is any."""

from __future__ import annotations

import pytest

from app.fieldwork.scanning.suggesting import EMPTY, FILLED, TICKED, WRITTEN, Reading, suggested
from app.surveys.kinds import Field

SURE, DOUBT = 0.99, 0.7
ONE, SOME = Field("sex", "one", ("male", "female")), Field("harms", "some", ("a", "b", "c"))


def boxes(*looks: str, doubtful: str = "") -> dict[str, Reading]:
    return {
        str(place): Reading(look, DOUBT if str(place) == doubtful else SURE)
        for place, look in enumerate(looks, start=1)
    }


@pytest.mark.parametrize(
    ("field", "looks", "entry", "flagged"),
    [
        (ONE, (EMPTY, TICKED), "2", ()),
        (ONE, (EMPTY, FILLED), "2", ()),
        (ONE, (EMPTY, EMPTY), "-", ()),
        (ONE, (FILLED, TICKED), "2", ()),  # filled in, then the right one ticked: as the form asks
        (ONE, (TICKED, TICKED), "+", ("1", "2")),
        (ONE, (FILLED, FILLED), "+", ("1", "2")),
        (SOME, (TICKED, EMPTY, TICKED), "1 3", ()),
        (SOME, (FILLED, FILLED, EMPTY), "1 2", ()),
        (SOME, (TICKED, FILLED, EMPTY), "1", ("2",)),
        (Field("amount.apart", "one", ("dont_know",)), (EMPTY,), "", ()),
    ],
)
def test_boxes_become_what_a_keyer_would_press(
    field: Field, looks: tuple[str, ...], entry: str, flagged: tuple[str, ...]
) -> None:
    told = suggested(field, boxes(*looks))
    assert (told.entry, told.flagged, told.sure) == (entry, flagged, not flagged)


def test_one_doubtful_mark_leaves_the_whole_field_to_a_person() -> None:
    assert not suggested(ONE, boxes(EMPTY, TICKED, doubtful="1")).sure
    assert suggested(ONE, boxes(EMPTY, TICKED, doubtful="1")).flagged == ("1",)


def test_what_is_written_by_hand_is_keyed_by_a_person() -> None:
    words = Field("anything_else", "words")
    assert suggested(words, {"": Reading(WRITTEN, SURE)}).by_hand
    assert suggested(words, {"": Reading(EMPTY, SURE)}).sure
