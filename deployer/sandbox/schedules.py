"""Reading of auto-stop: the seed document, table 5."""

from __future__ import annotations

from typing import Any

from .fields import Json, text, whole
from .refusals import bad_parameter

TIME_UNITS = ("DAYS", "HOURS", "MINUTES")
LONGEST = 100 * 366 * 24 * 60  # minutes; a due time must still be a date


def read_schedule(body: Json, infer_type: str) -> list[Json]:
    """Auto-stop, for real-time services only. An empty array is no schedule."""
    rows = body.get("schedule")
    if rows is None or rows == []:
        return []
    if not isinstance(rows, list):
        raise bad_parameter("schedule", "must be an array.")
    if infer_type == "batch":
        raise bad_parameter("schedule", "can be configured only for real-time services.")
    return [_read_stop(row, f"schedule[{place}]") for place, row in enumerate(rows)]


def _read_stop(row: Any, at: str) -> Json:
    if not isinstance(row, dict):
        raise bad_parameter(at, "must be an object.")
    if text(row, "type", f"{at}.", needed=True) != "stop":
        raise bad_parameter(f"{at}.type", "only stop is supported.")
    unit = text(row, "time_unit", f"{at}.", needed=True)
    if unit not in TIME_UNITS:
        raise bad_parameter(f"{at}.time_unit", "must be DAYS, HOURS or MINUTES.")
    duration = whole(row, "duration", f"{at}.")
    if duration <= 0:
        raise bad_parameter(f"{at}.duration", "the due time must be in the future.", code="ModelArts.3562")
    if duration > LONGEST // {"DAYS": 24 * 60, "HOURS": 60, "MINUTES": 1}[unit]:
        raise bad_parameter(f"{at}.duration", "is too far in the future.")
    return {"type": "stop", "time_unit": unit, "duration": duration}
