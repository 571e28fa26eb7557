"""Environment variables from pasted text: the lines of a .env file, or one JSON object."""

import re

from deployer.domain.reading import Unreadable, read_json

_LINE = re.compile(r"(?:export\s+)?([^=\s#][^=]*?)\s*=\s*(.*)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "$"}


class NotVariables(ValueError):
    """The text has no variables in it; the message says where it stops making sense."""


def variables(text: str) -> list[tuple[str, object]]:
    """Names and values in order. Numbers and the like keep their type, so that the rule book can say what is wrong."""
    if text.lstrip().startswith("{"):
        return from_json(text)
    return from_lines(text)


def from_json(text: str) -> list[tuple[str, object]]:
    try:
        value = read_json(text)
    except Unreadable as error:
        raise NotVariables(error.message) from error
    return list(value.items())


def from_lines(text: str) -> list[tuple[str, object]]:
    """`NAME=value`, with or without `export` and quotes; empty lines and lines that begin with # are passed over."""
    found: list[tuple[str, object]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if not parts:
            raise NotVariables(f"Line {number} has no NAME=value.")
        found.append((parts[1], plain(parts[2])))
    if not found:
        raise NotVariables("Paste lines of NAME=value, or a JSON object.")
    return found


def plain(value: str) -> str:
    """The value without its quotes; a comment after an unquoted value is left out."""
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), value[1:-1])
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()
