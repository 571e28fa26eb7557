"""JSON from strangers, made harmless: what comes out can be stored in any database and written as JSON again."""

import json
import math
from typing import Any

DEEPEST = 100  # levels; the documents show six


def parsed(content: bytes | str) -> Any:
    """The value of a JSON text; ValueError when it is none, or nested too deep.

    Lone surrogates and NUL become U+FFFD (PostgreSQL stores neither), NaN and numbers beyond all bounds become None.
    """
    try:
        found = json.loads(content, parse_constant=lambda _: None)
        return _clean(found, DEEPEST)
    except RecursionError:
        raise ValueError("nested too deep") from None


def storable(text: str) -> str:
    """The text without what a database cannot store."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean(value: Any, levels: int) -> Any:
    if levels == 0:
        raise ValueError("nested too deep")
    kind = type(value)  # what json makes is of these types themselves
    if kind is str:
        return storable(value)
    if kind is dict:
        return {storable(key): _clean(one, levels - 1) for key, one in value.items()}
    if kind is list:
        return [_clean(one, levels - 1) for one in value]
    return None if kind is float and not math.isfinite(value) else value
