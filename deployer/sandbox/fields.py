"""Reading of one value of a request: its type, and whether it may be missing."""

from __future__ import annotations

from typing import Any

from .refusals import bad_parameter, missing

Json = dict[str, Any]


def text(row: Json, name: str, at: str, *, needed: bool = False) -> str:
    """A string; nothing and null are the empty one, unless it is mandatory."""
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_parameter(at + name, "must be a string.")
    if needed and not value:
        raise missing(at + name)
    return value or ""


def whole(row: Json, name: str, at: str, *, least: int | None = None) -> int:
    value = row.get(name)
    if value is None:
        raise missing(at + name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_parameter(at + name, "must be an integer.")
    if least is not None and value < least:
        raise bad_parameter(at + name, f"must be at least {least}.")
    return value


def number(row: Json, name: str, at: str, *, needed: bool = False) -> float:
    value = row.get(name)
    if value is None and not needed:
        return 0
    if value is None:
        raise missing(at + name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_parameter(at + name, "must be a number.")
    return value
