"""Lines of months: where they break, what a bridge carries over, and means by hand, as invariants and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from app.analysis.intervals import korn_graubard
from app.results.computing.estimated import lacking
from app.results.computing.tracking import comparable, differences, mean
from app.results.run import figures
from app.results.run.figures import Figure
from app.results.run.lines import Areas, Bridged, Line, Point

ASKED = {"words": "a", "scale": "b", "source": "c", "order": "d"}


def figure(value: float, error: float = 0.02, n: int = 600) -> Figure:
    """Make up a month's share."""
    worth = value * (1 - value) / error**2
    return Figure(value, error, *korn_graubard(value, worth), n, worth, value)


def point(month: str, value: float, bridge: Bridged | None = None, changed: tuple[str, ...] = ()) -> Point:
    """Make up a month with one district."""
    own = Areas(figure(value), {"leeds": figure(value, 0.05, 120)})
    return Point(f"YV-{month}", month, own, own, own, ASKED, changed, bridge)


def bridge(shift: float, error: float) -> Bridged:
    """State a shift."""
    return Bridged(shift, error, "asked both ways", "ann@example.org", "2026-01-02T00:00:00+00:00")


def test_the_mean_of_three_months_by_hand() -> None:
    months = [point("2026-01", 0.60), point("2026-02", 0.63), point("2026-03", 0.66)]
    found = mean(comparable(months), 3)
    assert found.months == 3
    assert found.figure.value == pytest.approx(0.63)
    assert found.figure.standard_error == pytest.approx(0.02 / np.sqrt(3))
    assert found.of("leeds").standard_error == pytest.approx(0.05 / np.sqrt(3))


def test_a_bridge_shifts_what_lies_before_it_and_its_error_is_shared() -> None:
    months = [
        point("2026-01", 0.60),
        point("2026-02", 0.63),
        point("2026-03", 0.68, bridge(0.03, 0.01), ("its wording",)),
    ]
    found = mean(comparable(months), 3).figure
    assert found.value == pytest.approx((0.63 + 0.66 + 0.68) / 3)
    assert found.standard_error == pytest.approx(np.sqrt(3 * 0.02**2 / 9 + (2 / 3 * 0.01) ** 2))


def test_two_bridges_add_up_for_what_lies_before_both() -> None:
    months = [
        point("2026-01", 0.60),
        point("2026-02", 0.62, bridge(0.01, 0.01), ("its wording",)),
        point("2026-03", 0.68, bridge(0.03, 0.02), ("its scale",)),
    ]
    found = mean(comparable(months), 3).figure
    assert found.value == pytest.approx((0.64 + 0.65 + 0.68) / 3)
    shared = (2 / 3 * 0.02) ** 2 + (1 / 3 * 0.01) ** 2
    assert found.standard_error == pytest.approx(np.sqrt(3 * 0.02**2 / 9 + shared))


def test_an_open_break_ends_a_mean_and_a_bridge_of_nothing_changes_nothing() -> None:
    before = [point("2026-01", 0.60), point("2026-02", 0.63)]
    broken = mean(comparable([*before, point("2026-03", 0.68, None, ("its wording",))]), 3)
    assert broken.months == 1 and broken.figure == figure(0.68)
    plain = mean(comparable([*before, point("2026-03", 0.68)]), 3)
    assert mean(comparable([*before, point("2026-03", 0.68, bridge(0, 0), ("its place",))]), 3) == plain


def test_a_missing_month_leaves_its_window_and_not_the_one_before_it() -> None:
    months = [point("2025-11", 0.5), point("2025-12", 0.5), point("2026-02", 0.6), point("2026-03", 0.7)]
    assert mean(comparable(months), 3).months == 2
    assert mean(comparable(months), 12).months == 4


def test_each_part_of_a_question_breaks_the_line_by_its_name() -> None:
    assert differences(ASKED, ASKED) == ()
    for part, name in (
        ("words", "its wording"),
        ("scale", "its scale"),
        ("source", "its source"),
        ("order", "its place"),
    ):
        assert differences(ASKED, {**ASKED, part: "other"}) == (name,)


def test_intervals_over_a_bridge_hold_what_they_promise() -> None:
    rng, held, trials, true = np.random.default_rng(1), 0, 1000, 0.68
    for _ in range(trials):
        shift = 0.05 + rng.normal(0, 0.015)
        said = [point(f"2026-0{m}", true - 0.05 + rng.normal(0, 0.02)) for m in (1, 2)]
        now = point("2026-03", true + rng.normal(0, 0.02), bridge(shift, 0.015), ("its wording",))
        found = mean(comparable([*said, now]), 3).figure
        assert found.low is not None and found.high is not None
        held += found.low <= true <= found.high
    assert 0.93 <= held / trials <= 0.975


def test_a_line_is_kept_and_read_back_as_it_was() -> None:
    line = Line(
        "good_job", "Good job", "", True, (point("2026-03", 0.68, bridge(0.03, 0.01), ("its scale",)),), "YV-2026-03"
    )
    assert figures.from_document(figures.to_document(line), Line) == line  # type: ignore[arg-type]


def test_how_many_more_are_needed_tells_nothing_of_how_few_gave_an_answer() -> None:
    assert {lacking(200, cell, 120.0, cell / 200, 120.0) for cell in range(10)} == {None}
    told = {lacking(40, cell, 25.0, cell / 40, 25.0) for cell in range(10)}
    assert told == {lacking(40, 40 - cell, 25.0, 1 - cell / 40, 25.0) for cell in range(10)} == {35}
