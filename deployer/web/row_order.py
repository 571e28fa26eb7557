"""The order of models where a draft is read over another one: rows that both have, and those only one has."""

from collections.abc import Sequence
from typing import Any

from deployer.domain import typed

Row = dict[str, Any]

ORDER = "order"  # the name of the place, where two people differ


def title_of(row: Row) -> str:
    """What a row is called: its model, as it would be shown."""
    return typed.shown("text", row.get("fields", {}).get("model_id", typed.MISSING))


def words(rows: Sequence[Row], of: Sequence[str]) -> str:
    """The models of these keys, in the order of the rows."""
    return ", ".join(title_of(row) or "–" for row in rows if row["id"] in of)


def of_both(rows: Sequence[Row], *others: Sequence[Row]) -> list[str]:
    """The keys of these rows in their order, as far as all the others have them too."""
    known = [{row["id"] for row in other} for other in others]
    return [row["id"] for row in rows if all(row["id"] in keys for keys in known)]


def merged(mine: Sequence[Row], stay: Sequence[Row], saved: Sequence[Row], *, theirs: bool) -> list[Row]:
    """My rows, and those that stay as saved, each after the one it followed where it comes from.

    Rows that both have stand in my order, or in `theirs`.
    """
    if not theirs:
        return woven(mine, stay, [row["id"] for row in saved])
    at = {row["id"]: place for place, row in enumerate(saved)}
    whole = sorted((row for row in [*mine, *stay] if row["id"] in at), key=lambda row: at[row["id"]])
    return woven(whole, [row for row in mine if row["id"] not in at], [row["id"] for row in mine])


def woven(rows: Sequence[Row], more: Sequence[Row], order: Sequence[str]) -> list[Row]:
    """The rows with `more` put in between, each after the nearest one before it in `order`."""
    found = {row["id"]: row for row in more}
    result, keys = list(rows), [row["id"] for row in rows]
    for place, key in enumerate(order):
        if key in found:
            there = set(keys)
            after = next((one for one in reversed(order[:place]) if one in there), None)
            at = keys.index(after) + 1 if after is not None else 0
            result.insert(at, found[key])
            keys.insert(at, key)
    return result
