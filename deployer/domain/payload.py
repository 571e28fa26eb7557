"""The body that is sent, as canonical text, and its fingerprint."""

import hashlib
import json
import math
import re
from decimal import Decimal
from typing import Any

from .places import showable
from .tables import ENTRY_LEFT_OUT_EMPTY, LEFT_OUT_EMPTY, REAL_TIME, of_other_type

_DIGITS = re.compile(r"[0-9]{1,30}")


def build(body: dict[str, Any]) -> dict[str, Any]:
    """What would be sent for a request body as typed. Nothing is added.

    Left out: a few optional keys where they are empty, and entry keys of the other inference type. Quoted weights
    become integers. Zeros, unknown keys and the mapping rule stay as they are. Works for bodies with problems too,
    and building twice changes nothing.
    """
    built = {key: value for key, value in body.items() if not (key in LEFT_OUT_EMPTY and _is_empty(value))}
    if isinstance(body.get("config"), list):
        built["config"] = [_entry(entry, body.get("infer_type")) for entry in body["config"]]
    return built


def _entry(entry: Any, infer_type: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    built = {key: value for key, value in entry.items() if not of_other_type(key, infer_type)}
    if isinstance(built.get("envs"), dict) and built["envs"].get("") == "":
        # A row of the form that nobody has filled in: no name, no value.
        built["envs"] = {key: value for key, value in built["envs"].items() if key}
    for key in ENTRY_LEFT_OUT_EMPTY:
        if key in built and _is_empty(built[key]):
            del built[key]
    if infer_type == REAL_TIME and "weight" in built:
        built["weight"] = _weight(built["weight"])
    return built


def _weight(value: Any) -> Any:
    """Quoted in the samples, Integer in the table: sent as an integer."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value


def _is_empty(value: Any) -> bool:
    return isinstance(value, (str, list, dict)) and not value


def canonical(body: Any) -> str:
    """The one text of a body: sorted keys, no spaces, whole numbers without a point, others shortest.

    Two bodies of equal meaning have the same text, whatever the order of their keys. Raises ValueError for NaN and
    Infinity, which JSON cannot say.
    """
    plain = _plain(body)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(text: str) -> str:
    """The SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def short(fingerprint: str) -> str:
    """The first 16 digits in groups of four, for eyes: `a81c 5e07 99f2 3d40`."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 16, 4))


def pretty(body: Any) -> str:
    """A body for people: sorted, two spaces, the same numbers as in the canonical text."""
    return showable(json.dumps(_plain(body), sort_keys=True, indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    """The value with each number in its one form: 1.0 is 1, -0.0 is 0."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(Decimal(repr(value)))  # int(1e23) would write the digits of its binary neighbour
    return value
