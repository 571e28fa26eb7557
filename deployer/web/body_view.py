"""The body as the composer shows it: lines marked that differ from the last version, values that can be masked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from deployer.domain import body_lines
from deployer.domain.body_lines import BodyLine

_ENVS = re.compile(r'( *)"envs": \{')
_PAIR = re.compile(r'( *"(?:[^"\\]|\\.)*": )(.*?)(,?)')
_PLAIN, _MARKED = "{}\n", "<mark>{}</mark>\n"


def drawn(body: Mapping[str, Any], before: Mapping[str, Any] | None) -> SafeString:
    """The body as HTML, line by line. `before`: the body it is compared with, if there is one."""
    changed = body_lines.touched(before, body) if before is not None else frozenset()
    lines = body_lines.lines(body, changed)
    return format_html_join("", "{}", ((line,) for line in _drawn(lines)))


def _drawn(lines: list[BodyLine]) -> Iterator[SafeString]:
    inside = ""  # the line that ends the variables we are in
    for line in lines:
        opens = _ENVS.fullmatch(line.text)
        if inside and line.text.rstrip(",") == inside:
            inside = ""
        words = _masked(line.text) if inside else line.text
        yield format_html(_MARKED if line.marked else _PLAIN, words)
        if opens:
            inside = f"{opens[1]}}}"


def _masked(text: str) -> SafeString:
    """A line of a variable, its value apart, so that the page can hide it."""
    pair = _PAIR.fullmatch(text)
    return format_html("{}<span data-value>{}</span>{}", *pair.groups()) if pair else format_html("{}", text)
