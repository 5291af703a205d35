"""Agreement between coders, against the examples that Krippendorff published, by hand and by invariant."""

from __future__ import annotations

import pytest

from app.analysis.text.agreement import agreement, alpha, masi
from app.analysis.text.errors import NothingToCompare

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": examples A, B and C.
MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "1233244125 1.".replace(" ", ""))


def units(*coders: str) -> list[list[str]]:
    return [[value for value in row if value != "."] for row in zip(*coders, strict=True)]


def test_two_coders_with_two_values_give_the_published_alpha() -> None:
    assert alpha(units(MEG, OWEN)) == pytest.approx(0.095, abs=0.0005)


def test_two_coders_with_five_values_give_the_published_alpha() -> None:
    assert alpha(units(BEN, GERRY)) == pytest.approx(0.692, abs=0.0005)


def test_four_coders_with_missing_values_give_the_published_alpha() -> None:
    assert alpha(units(*FOUR)) == pytest.approx(0.743, abs=0.0005)


def test_masi_by_hand() -> None:
    a, ab, bc, c = frozenset("a"), frozenset("ab"), frozenset("bc"), frozenset("c")
    assert masi(a, a) == 0
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(a, c) == masi(a, frozenset()) == 1


def test_themes_are_compared_whole_and_one_by_one_with_intervals() -> None:
    codings = [{"ann": ["speeding"], "bob": ["speeding"] if place % 4 else ["cctv"]} for place in range(20)]
    codings += [{"ann": ["cctv"], "bob": ["cctv"]} for _ in range(20)]
    whole, speeding, cctv = agreement(codings, ["speeding", "cctv"])
    assert whole.theme is None and whole.comments == 40 and whole.codings == 80
    assert speeding.alpha == pytest.approx(cctv.alpha)
    assert speeding.low is not None and speeding.alpha is not None and speeding.high is not None
    assert speeding.low < speeding.alpha < speeding.high
    assert agreement(codings, ["speeding", "cctv"]) == (whole, speeding, cctv), "the same seed, the same interval"


def test_perfect_agreement_is_one_and_no_variation_is_not_said() -> None:
    codings = [{"ann": ["cctv"] if place % 2 else [], "bob": ["cctv"] if place % 2 else []} for place in range(12)]
    whole, cctv, never = agreement(codings, ["cctv", "burglary"])
    assert (whole.alpha, cctv.alpha, cctv.verdict) == (1, 1, "reliable")
    assert never.alpha is None and "beyond chance cannot be said" in never.note


def test_few_comments_give_no_interval_and_say_so() -> None:
    (whole, _) = agreement([{"ann": ["a"], "bob": ["a"]}, {"ann": [], "bob": ["a"]}, {"ann": [], "bob": []}], ["a"])
    assert whole.low is None and "an interval needs 10" in whole.note


def test_one_coder_alone_cannot_agree() -> None:
    with pytest.raises(NothingToCompare, match="second person"):
        agreement([{"ann": ["cctv"]}], ["cctv"])
