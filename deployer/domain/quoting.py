"""One text of JSON, in its double quotes: where it ends, and what in it is refused."""

import re
from typing import NoReturn

# Possessive (*+), so that a text that never closes is still read in one go.
_PLAIN = r'[^"\\\x00-\x1f\ud800-\udfff]*+'
_SOUND = re.compile(rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN})*+')
TEXT = re.compile(_SOUND.pattern + '"')
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")


class Flaw(Exception):
    """What is wrong with a text, and at which offset; `has_place` where the text is JSON but holds what is refused."""

    def __init__(self, at: int, words: str, has_place: bool = False) -> None:
        super().__init__(words)
        self.at, self.words, self.has_place = at, words, has_place


def quoted(text: str, at: int) -> str:
    """The JSON text that begins at this offset, quotes included and still escaped, or raise Flaw."""
    found = TEXT.match(text, at)
    if not found:
        _raise_for_broken(text, at)
    if "\\u" in found.group():
        _check_escapes(found.group(), at)
    return found.group()


def _check_escapes(raw: str, start: int) -> None:
    """Escapes may spell what no text may hold: NUL, and half of a pair."""
    at = 0
    while found := _ESCAPE.search(raw, at):
        code, pair = found.group(1), _PAIR.match(raw, found.start())
        if code == "0000":
            raise Flaw(start + found.start(), "the character NUL (\\u0000) is not allowed.", has_place=True)
        if code and 0xD800 <= int(code, 16) < 0xE000 and not pair:
            raise Flaw(start + found.start(), f"\\u{code} is half a character (a lone surrogate).", has_place=True)
        at = pair.end() if pair else found.end()


def _raise_for_broken(text: str, start: int) -> NoReturn:
    """Say why this text does not come to its closing quote."""
    found = _SOUND.match(text, start)
    at = found.end() if found else start
    sign = text[at : at + 1]
    if sign == "\0":
        raise Flaw(at, "the character NUL is not allowed.", has_place=True)
    if "\ud800" <= sign <= "\udfff":
        raise Flaw(at, "half a character (a lone surrogate) stands here.", has_place=True)
    if sign == "\\":
        raise Flaw(at, "a backslash stands before a sign that cannot follow it. Write it twice.")
    if sign and sign not in "\r\n":
        raise Flaw(at, f"the control character U+{ord(sign):04X} must be written as \\u{ord(sign):04x}.")
    where = " on its line" if sign else ""
    raise Flaw(start, f"this text is not closed{where}. A double quote is missing.")
