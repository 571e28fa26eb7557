"""The commands of a pasted piece of shell: their words, and what stands on their standard input. Nothing is run."""

import re
from dataclasses import dataclass, field

from ..refusing import refuse
from .shell_words import Word, Words

MOST_WORDS = 10_000  # a pasted command has a few dozen

_COMMENT = re.compile(r"#[^\n]*")
_REDIRECT = re.compile(r"<<<|<<-?|[<>][>&|]?")


@dataclass
class Command:
    """The words of one command, and its standard input if a here-document or here-string gives one."""

    words: list[Word] = field(default_factory=list)
    stdin: Word | None = None


@dataclass
class _Waiting:
    """A here-document that begins on the next line."""

    command: Command
    ends: str
    is_quoted: bool
    has_tabs: bool


class _Walk:
    """One walk over one text."""

    def __init__(self, source: str) -> None:
        self.words = Words(source)
        self.source = source
        self.commands = [Command()]
        self.waiting: list[_Waiting] = []
        self.count = 0

    def walk(self) -> list[Command]:
        self.words.blanks()
        while self.words.at < len(self.source):
            self._step(self.source[self.words.at])
            self.words.blanks()
        return [command for command in self.commands if command.words]

    def _step(self, sign: str) -> None:
        self.count += 1
        if self.count > MOST_WORDS:
            refuse(self.source, self.words.at, f"more than {MOST_WORDS:,} words. Paste the command alone.")
        if sign == "#":
            found = _COMMENT.match(self.source, self.words.at)
            self.words.at = found.end() if found else self.words.at + 1
        elif sign in ";&|()\n":
            self._end(sign)
        elif sign in "<>":
            self._redirect()
        elif sign.isspace():
            self.words.at += 1
        else:
            self.commands[-1].words.append(self.words.word())

    def _end(self, sign: str) -> None:
        self.words.at += 1
        self.commands.append(Command())
        if sign != "\n":
            return
        for one in self.waiting:
            one.command.stdin = self.words.document(one.ends, is_quoted=one.is_quoted, has_tabs=one.has_tabs)
            self.words.at += 1
        self.waiting = []

    def _redirect(self) -> None:
        command, found = self.commands[-1], _REDIRECT.match(self.source, self.words.at)
        sign = found.group() if found else ""
        self.words.at += len(sign)
        if sign in ("<<", "<<-"):
            self.waiting.append(_Waiting(command, *self.words.delimiter(), has_tabs=sign == "<<-"))
            return
        self.words.blanks()
        word = self.words.word()
        if sign == "<<<":
            command.stdin = word  # every other redirection is about files, and nothing of it is wanted


def commands(source: str) -> list[Command]:
    """The commands of a text in order, or raise Unreadable by place. Takes time in proportion to the text."""
    return _Walk(source).walk()
