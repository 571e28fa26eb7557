"""Texts for files that people read: nothing in them is invisible or turns the direction of a line."""

import re

_HIDDEN = re.compile(r"[^\n -~]")


def visible(json_text: str) -> str:
    r"""JSON text with every sign that nobody sees written as `\u…`, by meaning the same."""
    return _HIDDEN.sub(lambda found: _escaped(found.group()), json_text)


def _escaped(sign: str) -> str:
    if sign.isprintable():
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
