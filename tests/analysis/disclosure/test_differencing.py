"""A release that follows another tells nothing about the few people in whom they differ."""

from __future__ import annotations

import pytest

from app.analysis.disclosure.differencing import KEPT, MOVED, moved, refuse_a_few
from app.analysis.disclosure.suppression import protect
from app.analysis.disclosure.tables import CannotProtect
from tests.analysis.disclosure.test_suppression import ticked

BEFORE = ticked((40, 30, 50), (90, 80, 120))


@pytest.mark.parametrize("changed", [1, 9])
def test_a_release_that_differs_by_a_few_people_is_refused_by_name(changed: int) -> None:
    with pytest.raises(CannotProtect, match=rf"YV-2026-10: {changed} responses? differs? from those of the release"):
        refuse_a_few(changed, "YV-2026-10")


@pytest.mark.parametrize("changed", [0, 10, 200])
def test_a_release_of_the_same_people_or_of_many_others_is_not(changed: int) -> None:
    refuse_a_few(changed, "YV-2026-10")


def test_a_count_that_moved_by_one_person_is_hidden_in_its_district_and_in_all() -> None:
    now = ticked((41, 30, 50), (90, 80, 120))
    counts = {name: cell.n for name, cell in BEFORE.cells.items()}
    secret = moved(counts, {}, now)
    assert secret == {"yes/bradford": MOVED, "yes/all": MOVED}
    found = protect(now, secret)
    assert found.holds and found.hidden.keys() == {"yes/bradford", "yes/all"}


def test_what_was_hidden_stays_hidden_when_it_has_grown_a_little() -> None:
    before = ticked((40, 9, 50), (90, 80, 120))
    out = protect(before)
    now = ticked((40, 12, 50), (90, 95, 120))
    secret = moved({name: cell.n for name, cell in before.cells.items()}, out.hidden, now)
    assert secret["yes/calderdale"] == KEPT and secret["yes/bradford"] == KEPT
    assert protect(now, secret).holds


def test_the_same_people_again_change_nothing() -> None:
    assert moved({name: cell.n for name, cell in BEFORE.cells.items()}, {}, BEFORE) == {}
