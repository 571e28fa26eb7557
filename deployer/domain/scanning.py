"""Walk over JSON text once, with a place for everything that is refused.

The standard decoder knows neither paths nor duplicate keys, and recurses. This walk keeps a stack of its own, touches
every character once and stops at the first wrong one; only text that passes is given to the standard decoder.
"""

import json
import re
from dataclasses import dataclass, field
from typing import NoReturn

from .places import path_of, short, showable
from .quoting import TEXT, Flaw, quoted
from .refusing import MOST_DIGITS, is_too_long, refuse

MOST_DEEP = 50
MOST_VALUES = 500_000  # 200 models with 1,000 variables each are well below; it bounds the time of the walk

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_AFTER_NUMBER = re.compile(r"[0-9A-Za-z_.+-]")
_WORD = re.compile(r"-?[A-Za-z_][A-Za-z_0-9]{0,40}")


@dataclass
class _Level:
    """One open object or list: its closing sign, the keys seen, and where in it we are."""

    closes: str
    step: str | int = 0
    keys: set[str] = field(default_factory=set)


class Scan:
    """One walk over one text."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.values = text, 0, 0
        self.levels: list[_Level] = []

    def walk(self) -> None:
        """Read one value and nothing after it, or raise Unreadable."""
        self._blank()
        more = self._value()
        while more or self.levels:
            more = self._value() if more else self._after_value()
        self._blank()
        if self.at < len(self.text):
            self._wrong(f"{self._seen()} stands after the end of the JSON.")

    # -- what may stand where: each answers whether a value comes next

    def _value(self) -> bool:
        sign = self.text[self.at : self.at + 1]
        self.values += 1
        if self.values > MOST_VALUES:
            self._wrong(f"more than {MOST_VALUES:,} values. That is too much for one request.", self._path())
        if sign == '"':
            self._text()
        elif sign in ("{", "["):
            return self._open(sign)
        elif sign and sign in "-0123456789" and not self.text.startswith("-I", self.at):
            self._number()
        else:
            self._word(sign)
        return False

    def _open(self, sign: str) -> bool:
        if len(self.levels) >= MOST_DEEP:
            self._wrong(f"nested more than {MOST_DEEP} deep.", self._path())
        level = _Level("}" if sign == "{" else "]")
        self.levels.append(level)
        self.at += 1
        self._blank()
        if self.text.startswith(level.closes, self.at):
            return self._close()
        if sign == "{":
            self._key(level)
        return True

    def _close(self) -> bool:
        self.levels.pop()
        self.at += 1
        return False

    def _after_value(self) -> bool:
        self._blank()
        level, sign = self.levels[-1], self.text[self.at : self.at + 1]
        if sign == level.closes:
            return self._close()
        if sign != ",":
            self._missing_comma(level, sign)
        self.at += 1
        self._blank()
        if self.text[self.at : self.at + 1] in ("}", "]"):
            self._wrong(f'a comma stands before the closing "{self.text[self.at]}". Leave it out.')
        if level.closes == "}":
            self._key(level)
        elif isinstance(level.step, int):
            level.step += 1
        return True

    def _key(self, level: _Level) -> None:
        if not self.text.startswith('"', self.at):
            self._wrong(self._end() or f"a name in double quotes is wanted here, not {self._seen()}.")
        start, level.step = self.at, ""
        key = self._text(is_key=True)
        level.step = key
        if key in level.keys:
            refuse(self.text, start, f'"{short(key)}" stands twice. Keep one.', self._path())
        level.keys.add(key)
        self._blank()
        if not self.text.startswith(":", self.at):
            self._wrong(self._end() or f'a colon is missing after "{short(key)}".')
        self.at += 1
        self._blank()

    # -- the values

    def _text(self, is_key: bool = False) -> str:
        try:
            raw = quoted(self.text, self.at)
        except Flaw as flaw:
            # A key that cannot be written has no path of its own: the object it stands in is named.
            steps = [level.step for level in (self.levels[:-1] if is_key else self.levels)]
            refuse(self.text, flaw.at, flaw.words, path_of(steps) if flaw.has_place else "")
        self.at += len(raw)
        if not is_key:
            return ""
        return str(json.loads(raw)) if "\\" in raw else raw[1:-1]

    def _number(self) -> None:
        found = _NUMBER.match(self.text, self.at)
        if not found or _AFTER_NUMBER.match(self.text, found.end()):
            self._wrong("this is not a number as JSON writes it (1, -1, 0.5, 1e3).")
        if is_too_long(found.group()):
            self._wrong(f"a number with more than {MOST_DIGITS} digits.", self._path())
        self.at = found.end()

    def _word(self, sign: str) -> None:
        found = _WORD.match(self.text, self.at)
        word = found.group() if found else ""
        if word in ("true", "false", "null"):
            self.at += len(word)
        elif word in ("NaN", "Infinity", "-Infinity"):
            self._wrong(f"{word} is not a number in JSON.", self._path())
        elif word.lower() in ("true", "false", "none", "null"):
            plain = {"none": "null"}.get(word.lower(), word.lower())
            self._wrong(f"write {plain} instead of {word}.")
        elif sign in ("'", "“", "”", "‘"):
            self._wrong('texts and names stand in straight double quotes: "like this".')
        elif sign in ("/", "#"):
            self._wrong("JSON has no comments.")
        else:
            self._wrong(self._end() or f"a value is wanted here, not {self._seen()}.")

    # -- words for what is wrong

    def _missing_comma(self, level: _Level, sign: str) -> NoReturn:
        if end := self._end():
            self._wrong(end)
        if sign in ("}", "]"):
            self._wrong(f'"{level.closes}" is wanted here, not "{sign}".')
        if sign in ("/", "#"):
            self._wrong("JSON has no comments.")
        if sign == '"' or sign in "{[-" or sign.isalnum():
            self._wrong(f"a comma is missing before {self._seen()}.")
        self._wrong(f'a comma or "{level.closes}" is wanted here, not {self._seen()}.')

    def _seen(self) -> str:
        found = TEXT.match(self.text, self.at) or _WORD.match(self.text, self.at)
        if found:
            return short(found.group())
        sign = self.text[self.at]
        return f'"{sign}"' if sign.isprintable() else f"the character U+{ord(sign):04X}"

    def _end(self) -> str:
        if self.at < len(self.text):
            return ""
        closes = f' "{self.levels[-1].closes}" is missing.' if self.levels else ""
        return f"the text ends too early.{closes}"

    def _wrong(self, words: str, path: str = "") -> NoReturn:
        refuse(self.text, self.at, words, path)

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _path(self) -> str:
        return showable(path_of(level.step for level in self.levels))
