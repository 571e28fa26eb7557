"""Look at every text and number of a body for what JSON, the database or a terminal cannot carry."""

from collections.abc import Iterator
from typing import Any

from .places import join
from .problems import BLOCK, WARN, Problem

MOST_DEEP = 60  # the reader takes 50; what is built around it adds a few
LINES = "\t\n\r"


def unfit_texts(body: dict[str, Any]) -> Iterator[Problem]:
    """A problem for each text with NUL, half characters or control characters, and each number JSON cannot hold.

    Tabs and line ends are fine in the description and in the values of environment variables. Never recurses.
    """
    todo: list[tuple[str, int, Any]] = [("", 0, body)]
    while todo:
        path, depth, value = todo.pop()
        if isinstance(value, str):
            yield from _text(path, value, LINES if _may_have_lines(path) else "")
        elif isinstance(value, (dict, list)):
            if depth >= MOST_DEEP:
                yield Problem(path, BLOCK, "This is nested too deep to be sent.")
                continue
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in inner:
                if isinstance(key, str):
                    yield from _text(path, key, "", of="A name in here")
                todo.append((join(path, key), depth + 1, item))
        elif isinstance(value, float) and not abs(value) < 1e30:
            yield Problem(path, BLOCK, "This number cannot be written as JSON with 30 digits.")
        elif isinstance(value, int) and abs(value) >= 10**30:
            yield Problem(path, BLOCK, "This number has more than 30 digits.")


def _text(path: str, text: str, allowed: str, of: str = "This text") -> Iterator[Problem]:
    if text.isprintable():
        return  # nearly all of them
    if "\0" in text:
        yield Problem(path, BLOCK, f"{of} holds the character NUL. Take it out.")
    elif any("\ud800" <= sign <= "\udfff" for sign in text):
        yield Problem(path, BLOCK, f"{of} holds half a character (a lone surrogate). Take it out.")
    elif control := next((sign for sign in text if is_control(sign) and sign not in allowed), ""):
        yield Problem(path, WARN, f"{of} holds the control character U+{ord(control):04X}, which nobody sees.")


def is_control(sign: str) -> bool:
    """Whether this is a control character: C0, DEL or C1."""
    return sign < " " or "\x7f" <= sign <= "\x9f"


def _may_have_lines(path: str) -> bool:
    return path == "description" or ".envs." in path
