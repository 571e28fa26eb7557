"""Read JSON text strictly: what one reader would take differently from another is refused, by place."""

import json
from typing import Any

from .refusing import Unreadable, refuse
from .scanning import Scan

__all__ = ["Unreadable", "read_json", "read_object"]

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the byte order mark some editors write first


def read_json(text: str | bytes, *, limit: int = 5_000_000) -> Any:
    """The value of a JSON text of at most `limit` bytes of UTF-8, or raise Unreadable.

    Refused by place: duplicate keys, NaN and Infinity, lone surrogates, NUL, nesting over 50, numbers over 30 digits
    (exponents written out). Takes time in proportion to the text, and no recursion.
    """
    text = _decoded(text, limit).removeprefix(MARK)
    if not text.strip(" \t\r\n"):
        raise Unreadable("There is no text. Paste a request as JSON.")
    Scan(text).walk()
    return json.loads(text)


def read_object(text: str | bytes, *, limit: int = 5_000_000) -> dict[str, Any]:
    """The object of a JSON text, or raise Unreadable as `read_json` does and for any other value."""
    value = read_json(text, limit=limit)
    if not isinstance(value, dict):
        what = {list: "A list", str: "A text", bool: "true or false", type(None): "null"}.get(type(value), "A number")
        raise Unreadable(f"The request must be a JSON object: {{…}}. {what} came.")
    return value


def _decoded(text: str | bytes, limit: int) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise Unreadable(f"The text has {size:,} bytes. At most {limit:,} are read.")
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        good = text[: error.start].decode("utf-8")
        refuse(good, len(good), f"byte {text[error.start]:#04x} is not UTF-8.")
