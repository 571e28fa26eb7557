"""An exception for a log: types, words and places. Never the values of variables, never a quoted row."""

import traceback
from collections.abc import Iterator
from typing import Any

from deployer.logs.hiding import hidden

CAUSES = 5  # exceptions of one chain
FRAMES = 25  # innermost calls of each
LONGEST = 500  # characters of an exception's words


def told(error: BaseException) -> dict[str, Any]:
    """`exception`, `words` and `stack`: places of the outermost call first, then those of what caused it."""
    stack = list(places(error))
    for cause in causes(error):
        stack.append(f"caused by {kind(cause)}: {words(cause)}")
        stack.extend(places(cause))
    return {"exception": kind(error), "words": words(error), "stack": stack}


def causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    for _ in range(CAUSES):
        earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if earlier is None or id(earlier) in seen:
            return
        seen.add(id(earlier))
        yield earlier
        error = earlier


def kind(error: BaseException) -> str:
    name = type(error).__qualname__
    return name if type(error).__module__ == "builtins" else f"{type(error).__module__}.{name}"


def words(error: BaseException) -> str:
    """The first line alone: PostgreSQL quotes the whole row in the lines after it."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - somebody else's __str__; the type must do
        return ""
    return hidden(text.strip().split("\n", 1)[0])[:LONGEST]


def places(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
        yield f"{short(frame.filename)}:{frame.lineno} {frame.name}"


def short(path: str) -> str:
    """From the package on: where this machine keeps it is of no interest."""
    for mark in ("/site-packages/", "/deployer/"):
        before, found, after = path.rpartition(mark)
        if found:
            return after if mark == "/site-packages/" else f"deployer/{after}"
    return path.rsplit("/", 1)[-1]
