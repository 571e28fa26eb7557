"""Whole points that make 100: the cases the browser is held to as well, and the laws behind them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.domain import weights
from tests.samples import weight_cases

ROWS = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=250)


def worked_out(case: dict[str, Any]) -> Any:
    given_weights, locked = case["weights"], case["locked"]
    match case["op"]:
        case "total":
            return weights.total(given_weights)
        case "remainder":
            return weights.remainder(given_weights)
        case "equalise":
            return weights.equalise(len(given_weights), {row: given_weights[row] or 0 for row in locked})
        case "spread":
            return weights.spread(given_weights, locked)
        case "linked":
            return weights.linked(given_weights, locked, case["row"], case["value"])
    raise AssertionError(case)


@pytest.mark.parametrize("case", weight_cases(), ids=str)
def test_each_case_of_the_shared_file(case: dict[str, Any]) -> None:
    assert worked_out(case) == case["result"]


@given(ROWS, st.data())
def test_spreading_makes_100_and_leaves_locked_rows_alone(rows: list[int | None], data: st.DataObject) -> None:
    locked = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    result = weights.spread(rows, locked)
    kept = sum(rows[row] or 0 for row in locked)
    assert all(points >= 0 for points in result)
    assert all(result[row] == (rows[row] or 0) for row in locked)
    if len(locked) < len(rows):
        assert sum(result) == max(100, kept)
        assert weights.spread(result, locked) == result
    free = [row for row in range(len(rows)) if row not in locked]
    for one in free:
        for other in free[:20]:
            if (rows[one] or 0) > (rows[other] or 0):
                assert result[one] >= result[other]


@given(st.integers(1, 250))
def test_equal_weights_differ_by_one_point_at_most(n: int) -> None:
    result = weights.equalise(n)
    assert sum(result) == 100
    assert max(result) - min(result) <= 1
    assert result == sorted(result, reverse=True)


@given(ROWS, st.data(), st.integers(-50, 150))
def test_a_linked_change_makes_100(rows: list[int | None], data: st.DataObject, value: int) -> None:
    locked = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    row = data.draw(st.integers(0, len(rows) - 1))
    result = weights.linked(rows, locked, row, value)
    kept = sum(rows[other] or 0 for other in locked - {row})
    assert sum(result) == max(100, kept)
    assert all(result[other] == (rows[other] or 0) for other in locked - {row})
    if len(locked - {row}) < len(rows) - 1:
        assert result[row] == min(max(0, value), max(0, 100 - kept))


def test_total_and_remainder_take_blanks() -> None:
    assert weights.total([None, 70, 20]) == 90
    assert weights.remainder([None, 70, 42]) == -12
    assert weights.equalise(0) == []
