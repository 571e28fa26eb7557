"""Texts in the ANSI-C quotes of a shell, `$'…'`, as browsers write them when a request is copied as curl.

Source of the escapes: Bash reference manual, "ANSI-C Quoting".
"""

import re

from ..refusing import refuse
from .placing import Builder

_PLAIN = re.compile(r"[^'\\]++")
_SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SIMPLE |= {sign: sign for sign in "\\'\"?"}
_BYTE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))")
_CODE = re.compile(r"\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))")
_CONTROL = re.compile(r"\\c([A-Za-z]?)")


def read(source: str, at: int, into: Builder) -> int:
    """Add the text that begins after `$'` and give the offset after its closing quote, or raise Unreadable."""
    start = at - 2
    while not source.startswith("'", at):
        plain = _PLAIN.match(source, at)
        if plain:
            into.add(plain.group(), at)
            at = plain.end()
        elif at < len(source):
            at = _escape(source, at, into)
        else:
            refuse(source, start, "this quote is not closed.")
    return at + 1


def _escape(source: str, at: int, into: Builder) -> int:
    if _BYTE.match(source, at):
        return _bytes(source, at, into)
    if _CODE.match(source, at):
        return _codes(source, at, into)
    control = _CONTROL.match(source, at)
    if control and not control[1]:
        refuse(source, at, "\\c stands before a sign that is no letter.")
    if control:
        into.add(chr(ord(control[1].upper()) ^ 64), at)
        return control.end()
    sign = source[at + 1 : at + 2]
    into.add(_SIMPLE.get(sign, "\\" + sign), at)  # an unknown escape stays as it is, backslash and all
    return at + 2


def _bytes(source: str, at: int, into: Builder) -> int:
    r"""A row of bytes, which together are UTF-8: `\xc3\xa9` is one letter."""
    start, found = at, bytearray()
    while byte := _BYTE.match(source, at):
        found.append(int(byte[1], 16) if byte[1] else int(byte[2], 8) & 0xFF)
        at = byte.end()
    try:
        into.add(found.decode("utf-8"), start)
    except UnicodeDecodeError:
        refuse(source, start, "these bytes are not UTF-8.")
    return at


def _codes(source: str, at: int, into: Builder) -> int:
    """A row of code points; two halves of a pair, as some browsers write them, become one character."""
    start, found = at, ""
    while code := _CODE.match(source, at):
        number = int(code[1] or code[2], 16)
        if number > 0x10FFFF:
            refuse(source, at, "there is no such character.")
        found += chr(number)
        at = code.end()
    into.add(found.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), start)
    return at
