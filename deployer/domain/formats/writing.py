"""Write a request in one of the formats. No credential is written: each script reads its token from outside."""

import json
from collections.abc import Callable
from typing import Any, Final

from .. import payload
from . import written_curl, written_hcl, written_python
from .facts import Facts
from .safe_texts import visible

__all__ = ["FORMATS", "Facts", "write"]


def _json(body: dict[str, Any], facts: Facts) -> str:
    return visible(payload.pretty(body)) + "\n"


_WRITERS: Final[dict[str, Callable[[dict[str, Any], Facts], str]]] = {
    "json": _json,
    "curl": written_curl.write,
    "python": written_python.write,
    "hcl": written_hcl.write,
}
FORMATS: Final = tuple(_WRITERS)


def write(body: dict[str, Any], format: str, facts: Facts) -> str:
    """The text of a request body in a format of FORMATS, as UTF-8 text that ends with a line end.

    `read` gives the same body back by meaning (`payload.canonical`) for json, curl and hcl, as long as it is within
    the limits of reading. Raises KeyError for an unknown format, ValueError for NaN and Infinity.
    """
    plain = json.loads(payload.canonical(body))  # each number in its one form
    return _WRITERS[format](plain, facts)
