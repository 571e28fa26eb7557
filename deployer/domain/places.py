"""Paths of places in a request, and texts that are safe to show."""

from collections.abc import Iterable

WRONG = range(0xD800, 0xE000)  # the surrogates: half a character, not writable as UTF-8


def showable(text: str) -> str:
    """The text with lone surrogates written out, so that it can travel as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def join(path: str, key: str | int) -> str:
    """The path of a key or an index below a path: `config`, `config[0]`, `config[0].weight`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{showable(key)}" if path else showable(key)


def path_of(steps: Iterable[str | int]) -> str:
    """The path of these steps from the top."""
    path = ""
    for step in steps:
        path = join(path, step)
    return path


def short(text: str, most: int = 40) -> str:
    """The beginning of a text, safe to stand inside a sentence: one line, no control characters."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: most + 1])
    return clean if len(clean) <= most else clean[:most] + "…"
