"""Weight arithmetic of the traffic editor: whole points that make 100.

A custom element in the browser follows the same rules; both are run against tests/samples/weights.json. All steps are
whole-number arithmetic, so that two languages cannot round apart.
"""

from collections.abc import Collection, Mapping, Sequence

WHOLE = 100  # The sum of the weights must be 100: API reference, CreateService, table 3.


def total(values: Sequence[int | None]) -> int:
    """The sum of the weights; a blank counts as nothing."""
    return sum(value or 0 for value in values)


def remainder(values: Sequence[int | None]) -> int:
    """What is left to 100; below 0 it is too much."""
    return WHOLE - total(values)


def apportion(whole: int, parts: Sequence[int]) -> list[int]:
    """Whole points in proportion to `parts` (none negative) that sum up to `whole` exactly.

    1. Each part gets the whole points of its share; parts that are all zero count as equal.
    2. What is left goes, a point each, to the largest remainders, ties by order.
    """
    if not parts:
        return []
    if not any(parts):
        parts = [1] * len(parts)
    size = sum(parts)
    points = [whole * part // size for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda row: -(whole * parts[row] % size))
    for row in by_rest[: whole - sum(points)]:
        points[row] += 1
    return points


def equalise(n: int, locked: Mapping[int, int] | None = None) -> list[int]:
    """Equal weights for `n` rows; `locked` maps rows to the weights they keep."""
    kept = locked or {}
    return spread([kept.get(row, 0) for row in range(n)], kept)


def spread(weights: Sequence[int | None], locked: Collection[int] = ()) -> list[int]:
    """The unlocked rows share what the locked ones leave, in proportion to their old weights.

    With more than 100 points locked the others get 0; with all rows locked nothing changes.
    """
    old = [max(0, weight or 0) for weight in weights]
    free = [row for row in range(len(old)) if row not in locked]
    left = max(0, WHOLE - sum(old[row] for row in range(len(old)) if row in locked))
    result = list(old)
    for row, points in zip(free, apportion(left, [old[row] for row in free]), strict=True):
        result[row] = points
    return result


def linked(weights: Sequence[int | None], locked: Collection[int], changed_row: int, value: int) -> list[int]:
    """One row is set to `value`, within what the locked rows leave; the other unlocked rows share the rest.

    The last unlocked row cannot be changed: it gets what the locked ones leave.
    """
    kept = set(locked) - {changed_row}
    old = [max(0, weight or 0) for weight in weights]
    left = max(0, WHOLE - sum(old[row] for row in kept))
    is_last = len(kept) == len(old) - 1
    old[changed_row] = left if is_last else min(max(0, value), left)
    return spread(old, kept | {changed_row})
