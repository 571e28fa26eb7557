"""What may stand inside a word or behind a command of a shell: another command, or the lines of a here-document."""

import re

from ..refusing import refuse
from .placing import Builder, Placed

FOR_WINDOWS = "this is written for the Windows {}. Copy the request as cURL (bash) instead."

_TICKS = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)
_PIECE = re.compile(r"'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|\\.|[^'\"\\()]++|.", re.DOTALL)


def end_of_command(source: str, at: int) -> int:
    """The offset after the `$(…)` or the command in backticks that begins here, whatever is in it."""
    if source[at] == "`":
        if source.startswith("\n", at + 1):
            refuse(source, at, FOR_WINDOWS.format("PowerShell"))
        found = _TICKS.match(source, at)
        if not found:
            refuse(source, at, "this command in backticks is not closed.")
        return found.end()
    start, at, depth = at, at + 2, 1
    while depth:
        piece = _PIECE.match(source, at)
        if not piece:
            refuse(source, start, "this command is not closed.")
        at = piece.end()
        depth += {"(": 1, ")": -1}.get(piece.group(), 0)
    return at


def document(source: str, at: int, ends: str, *, has_tabs: bool) -> tuple[Placed, int]:
    """The lines from here to the one that is `ends`, and the offset after that line.

    `has_tabs`: tabs at the beginning of a line do not count (`<<-`).
    """
    start, builder = at, Builder(at)
    while True:
        if at >= len(source):
            refuse(source, max(0, start - 1), "this here-document does not end: its last line is missing.")
        line_end = source.find("\n", at)
        line_end = len(source) if line_end < 0 else line_end
        while has_tabs and source.startswith("\t", at):
            at += 1
        if source[at:line_end] == ends:
            return builder.done(), line_end
        builder.add(source[at : line_end + 1], at)
        at = line_end + 1
