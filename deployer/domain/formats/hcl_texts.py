"""Texts of HCL: what stands in double quotes or in a heredoc, as the value it means, and the way back.

Source: HCL native syntax specification, "Template Expressions" and "Template Literals".
"""

import re

from ..refusing import refuse

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.)|\Z)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DOUBLED = re.compile(r"([$%])\1\{")
_OPENS = re.compile(r"(?<![$%])[$%]\{")
_UNSAFE = re.compile(r"[$%](?=\{)|[\"\\]|[^ -~]")


def plain(source: str, at: int, raw: str) -> str:
    """The value of a piece of quoted text that begins at this offset of the source, or raise Unreadable."""
    if "\n" in raw:
        refuse(source, at + raw.index("\n"), "this text is not closed on its line. A double quote is missing.")
    doubled = _DOUBLED.sub(r"\1{", raw)
    if "\\" not in raw:
        return doubled
    return _ESCAPE.sub(lambda found: _character(source, at, raw, found), doubled)


def _character(source: str, at: int, raw: str, found: re.Match[str]) -> str:
    place = at + max(0, raw.find(found.group()))
    code = found[1] or found[2]
    if not code:
        if found[3] not in _SIMPLE:
            refuse(source, place, "a backslash stands before a sign that cannot follow it. Write it twice.")
        return _SIMPLE[found[3]]
    number = int(code, 16)
    if number == 0:
        refuse(source, place, f"the character NUL ({found.group()}) is not allowed.")
    if 0xD800 <= number < 0xE000:
        refuse(source, place, f"{found.group()} is half a character (a lone surrogate).")
    if number > 0x10FFFF:
        refuse(source, place, f"there is no character {found.group()}.")
    return chr(number)


def heredoc(raw: str, *, is_indented: bool) -> tuple[str, bool]:
    """The value of a heredoc, and whether something in it would be filled in."""
    text = "".join(line + "\n" for line in raw.rstrip().split("\n")[1:-1])
    if is_indented:
        lines = text.split("\n")
        margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        text = "\n".join(line[margin:] for line in lines)
    return _DOUBLED.sub(r"\1{", text), bool(_OPENS.search(text))


def quoted(text: str) -> str:
    r"""A text in double quotes that means itself, and hides nothing.

    `${` and `%{` are written with \u escapes: the doubled `$${` means different things to different readers when more
    dollars stand before it.
    """
    return '"' + _UNSAFE.sub(lambda found: _escaped(found.group()), text) + '"'


def _escaped(sign: str) -> str:
    simple = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    if sign in simple:
        return simple[sign]
    if sign.isprintable() and sign not in "$%":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
