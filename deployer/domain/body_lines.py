"""A body line by line, as `payload.pretty` writes it, the lines marked that a change touches. Linear in its size."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .diff import compare
from .payload import pretty
from .places import join


@dataclass(frozen=True)
class BodyLine:
    """One line of the text; `marked` where the other body says something else there."""

    text: str
    marked: bool


def side_by_side(one: Mapping[str, Any], two: Mapping[str, Any]) -> tuple[list[BodyLine], list[BodyLine]]:
    """Both bodies, as they would be sent, each with the lines marked that the other does not have in meaning.

    Marked by path, not by text: a model that only moved is not marked, and equal lines of other models are told apart.
    """
    return lines(one, touched(two, one)), lines(two, touched(one, two))


def touched(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """The paths in the new body where it differs. What is removed has no place in it."""
    return frozenset(change.path for change in compare(old, new) if not change.removed)


def lines(body: Mapping[str, Any], changed: Collection[str]) -> list[BodyLine]:
    """The text of a body, line by line; everything at and below a changed path is marked."""
    return list(_value(dict(body), "", "", "", "", changed, False))


def _value(
    value: Any, path: str, indent: str, lead: str, end: str, changed: Collection[str], marked: bool
) -> Iterator[BodyLine]:
    """One value: `lead` stands before it in its first line (its key), `end` after it in its last (a comma)."""
    marked = marked or path in changed
    if isinstance(value, dict) and value:
        signs, parts = "{}", [(join(path, key), f"{pretty(key)}: ", value[key]) for key in sorted(value)]
    elif isinstance(value, list) and value:
        signs, parts = "[]", [(join(path, at), "", item) for at, item in enumerate(value)]
    else:
        yield BodyLine(f"{indent}{lead}{pretty(value)}{end}", marked)
        return
    yield BodyLine(f"{indent}{lead}{signs[0]}", marked)
    for at, (there, key, item) in enumerate(parts, 1):
        yield from _value(item, there, indent + "  ", key, "," if at < len(parts) else "", changed, marked)
    yield BodyLine(f"{indent}{signs[1]}{end}", marked)
