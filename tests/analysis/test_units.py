"""Units number the combinations that occur, however many there could be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.units import cross, units_of_rows
from tests.analysis.waves import columns


def combinations(sizes, n, seed):
    rng = np.random.default_rng(seed)
    return [(rng.integers(0, size, n), size) for size in sizes]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([1, 2, 7, 300, 5000, 100_000]), min_size=1, max_size=5),
    st.integers(2, 400),
    st.integers(0, 99),
)
def test_each_row_is_in_the_group_with_its_codes(sizes, n, seed):
    parts = combinations(sizes, n, seed)
    crossed = cross(parts)
    for (codes, _), of_group in zip(parts, crossed.codes, strict=True):
        assert (of_group[crossed.of_row] == codes).all()
    distinct = {tuple(row) for row in np.stack([codes for codes, _ in parts], axis=1).tolist()}
    assert len(crossed.codes[0]) == len(distinct)


def test_starting_weights_split_a_cell():
    units = units_of_rows(columns(sex="FFFM"), ["sex"], np.array([1.0, 2.0, 1.0, 1.0]))
    assert units.count.tolist() == [2, 1, 1]
    assert units.start.tolist() == [1, 2, 1]
    assert units.start[units.of_row] == pytest.approx([1, 2, 1, 1])
