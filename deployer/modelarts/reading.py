"""One value of an answer at a time, read leniently: what makes no sense becomes empty, never an error."""

import contextlib
import math
from datetime import UTC, datetime
from typing import Any

from deployer.modelarts.parsing import parsed

BEYOND = 2**63  # what no column holds, and nothing real counts


def text(value: Any, *, longest: int = 200) -> str:
    """Text, or a number as text (one sample has a workspace_id of 0 without quotes). A liar's novel is cut."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)[:longest]


def percent(value: Any) -> int | None:
    """A whole number from 0 to 100."""
    number = whole(value)
    return number if number is not None and 0 <= number <= 100 else None


def whole(value: Any) -> int | None:
    """A whole number that a column holds, also from "43", 43.0 or "43.0"; a liar's endless one is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < BEYOND else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):  # Not by way of a float, which would round a long one.
            return whole(int(value.strip().removesuffix("%")))
    number = decimal(value)
    return None if number is None else int(number)


def decimal(value: Any) -> float | None:
    """A number, also from "0.25" or "12%"; never infinite, nor too large for any column."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        number = float(value.strip().removesuffix("%")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < BEYOND else None


def moment(value: Any) -> datetime | None:
    """A time from milliseconds since 1970; 0 and nonsense are none."""
    milliseconds = whole(value)
    if not milliseconds or milliseconds < 0:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def truth(value: Any, *, default: bool) -> bool:
    """A boolean, also as text; the default when it is neither."""
    words = {"true": True, "false": False}
    return value if isinstance(value, bool) else words.get(text(value).lower(), default)


def listed(value: Any) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def mapped(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def unpacked(value: Any) -> Any:
    """The value of a JSON text inside JSON; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return parsed(value)
    except ValueError:
        return None
