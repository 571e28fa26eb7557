"""Take values of the wanted type out of what came, and say what is wrong with the others."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .places import join, short
from .problems import BLOCK, Problem

_DIGITS = re.compile(r"[0-9]{1,30}")


def came(value: Any, secret: bool = False) -> str:
    """What came, in words; `secret` names the kind alone."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number" if secret else f"the number {short(repr(value), 34)}"
    if isinstance(value, str):
        return "a text" if secret else f'the text "{short(value)}"'
    return "a list" if isinstance(value, list) else "an object"


class Reader:
    """Reads one draft; collects a blocking problem for each value of an unlike type.

    A path with such a problem is *spoiled*: other rules then keep quiet about it, so that one cause has one problem.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.spoiled: set[str] = set()
        self.strange: list[tuple[str, str]] = []  # path and key of what is not known to the edition, at any depth

    def spoil(self, path: str, message: str) -> None:
        """Report a place that cannot be used."""
        self.problems.append(Problem(path, BLOCK, message))
        self.spoiled.add(path)

    def unlike(self, path: str, name: str, wanted: str, value: Any, secret: bool = False) -> None:
        """Report a value of the wrong type: what is wanted, what came."""
        if value is None:
            self.spoil(path, f"The {name} came as null. Leave it out instead.")
            return
        what = came(value, secret)
        hint = ""
        if isinstance(value, str) and wanted != "text" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            hint = " Leave out the quotes."
        self.spoil(path, f"The {name} must be {wanted}. {what[0].upper()}{what[1:]} came.{hint}")

    def text(self, place: Mapping[str, Any], key: str, path: str, name: str, mandatory: bool = False) -> str | None:
        """A text; None where it is missing, empty or spoiled. Blanks alone fill nothing mandatory."""
        value = place.get(key, "")
        if isinstance(value, str):
            return value if (value.strip() if mandatory else value) else None
        self.unlike(join(path, key), name, "text", value)
        return None

    def whole(self, place: Mapping[str, Any], key: str, path: str, name: str) -> int | None:
        """A whole number (1.0 counts: JSON knows one kind of number); None where missing, "" or spoiled."""
        value = place.get(key, "")
        if value == "":
            return None
        whole = whole_number(value)
        if whole is None:
            self.unlike(join(path, key), name, "a whole number", value)
        return whole

    def weight(self, place: Mapping[str, Any], path: str, name: str) -> int | None:
        """A weight, quoted or not: all four real-time samples of the document quote it, its table says Integer."""
        value = place.get("weight", "")
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        return self.whole(place, "weight", path, name)

    def number(self, place: Mapping[str, Any], key: str, path: str, name: str, mandatory: bool) -> float | None:
        """A number; None where it is missing or spoiled. An empty text is missing only where something is wanted."""
        if key not in place or (mandatory and place[key] == ""):
            return None
        value = place[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        self.unlike(join(path, key), name, "a number", value)
        return None

    def flag(self, place: Mapping[str, Any], key: str, path: str, name: str) -> bool | None:
        """True or false; None where it is missing or spoiled."""
        value = place.get(key)
        if isinstance(value, bool):
            return value
        if key in place:
            self.unlike(join(path, key), name, "true or false", value)
        return None

    def object(self, place: Mapping[str, Any], key: str, path: str, name: str) -> dict[str, Any]:
        """An object; empty where it is missing or spoiled."""
        value = place.get(key, {})
        if isinstance(value, dict):
            return value
        self.unlike(join(path, key), name, "an object", value)
        return {}

    def objects(
        self, place: Mapping[str, Any], key: str, path: str, name: str, one: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list, each with its path; other items are reported and left out."""
        items, path = place.get(key, []), join(path, key)
        if not isinstance(items, list):
            self.unlike(path, name, "a list", items)
            return
        for index, item in enumerate(items):
            if isinstance(item, dict):
                yield join(path, index), item
            else:
                self.unlike(join(path, index), one, "an object", item)

    def wholes(self, place: Mapping[str, Any], key: str, path: str, name: str, one: str) -> tuple[int, ...] | None:
        """The whole numbers of a list; None where it is missing or spoiled."""
        if key not in place:
            return None
        items, path = place[key], join(path, key)
        if not isinstance(items, list):
            self.unlike(path, name, "a list of numbers", items)
            return None
        found = [whole_number(item) for item in items]
        for index, item in enumerate(items):
            if found[index] is None:
                self.unlike(join(path, index), one, "a whole number", item)
        return tuple(number for number in found if number is not None)

    def known(self, place: Mapping[str, Any], keys: Collection[str], path: str) -> None:
        """Note what else stands in an object whose keys the edition lists."""
        self.strange += [(path, key) for key in place if key not in keys]


def whole_number(value: Any) -> int | None:
    """The whole number this JSON value is, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value)
