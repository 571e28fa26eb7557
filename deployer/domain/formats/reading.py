"""Read a request in whatever format it was pasted."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from ..reading import read_object
from . import curl, hcl

MOST_BYTES = 5_000_000
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the byte order mark some editors write first

# Comments and settings of variables may stand before the command. Possessive, so that no text is read twice.
_CURL = re.compile(
    r"(?:\s|#[^\n]*+\n|[$%>]\s|sudo\s|export\s|[A-Za-z_]\w*+=\S*+\s)*+curl(?:\.exe)?(?=\s|\Z)",
    re.ASCII,
)
_BLOCK = re.compile(rf'\bresource\s++"?{hcl.RESOURCE}"?[\s"]')


@dataclass(frozen=True)
class Read:
    """A request as it was read: its body, the format it came in, and what a person should know about it."""

    body: dict[str, Any]
    format: Literal["json", "curl", "hcl"]
    notes: tuple[str, ...] = ()


def read(text: str | bytes) -> Read:
    """The request of a pasted text of at most 5,000,000 bytes of UTF-8, or raise Unreadable (line, column, path).

    JSON, a curl command, or one `huaweicloud_modelarts_service` block are told apart by how they look; whatever
    looks like none of them is refused as JSON that it is not. Raises nothing but Unreadable.
    """
    plain = _plain(text)
    kind = format_of(plain) if plain is not None else "json"
    if plain is None or kind == "json":
        return Read(read_object(text, limit=MOST_BYTES), "json")
    body, notes = curl.read(plain) if kind == "curl" else hcl.read(plain)
    return Read(body, kind, notes)


def format_of(text: str) -> Literal["json", "curl", "hcl"]:
    """What a text looks like. A text that begins as JSON is JSON, whatever stands in it."""
    if text.lstrip()[:1] in ("{", "[", '"'):
        return "json"
    if _CURL.match(text):
        return "curl"
    return "hcl" if _BLOCK.search(text) else "json"


def _plain(text: str | bytes) -> str | None:
    """The text with plain line ends, as a form posts others; None for what the JSON reader has the words for."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if len(text) * 4 > MOST_BYTES and len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None
    return text.removeprefix(MARK).replace("\r\n", "\n")
