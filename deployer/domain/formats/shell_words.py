"""The words of a shell, without their quotes.

The standard `shlex` is not enough here: it knows no `$'…'`, no here-document and no place, and it leaves the backslash
in `"\\$HOME"`. Nothing is run or filled in: a variable stays as it is written, and is remembered with its word.
Source of the rules: POSIX Shell Command Language, 2.2 Quoting and 2.7.4 Here-Document.
"""

import re
from dataclasses import dataclass, field

from ..refusing import refuse
from . import ansi
from .placing import Builder, Placed
from .shell_inside import FOR_WINDOWS, document, end_of_command

_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\n)+")
_PLAIN = re.compile(r"[^\s'\"\\$`;&|<>()^]+")
_IN_QUOTES = re.compile(r'[^"\\$`]+')
_IN_DOCUMENT = re.compile(r"[^\\$`]+")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[^{}\n]*\}|[0-9@*#?!$-])", re.ASCII)
_CAT = re.compile(r"\$\(\s*cat\s*<<(?=-?[ \t]*['\"\\\w])")
_LOST_BLANK = re.compile(r"\\([ \t]+)(?:\n|\Z)")


@dataclass
class Word:
    """One word: its text without quotes, the variables in it, and where a command inside it begins (-1: none)."""

    placed: Placed
    variables: list[str] = field(default_factory=list)
    command_at: int = -1

    @property
    def text(self) -> str:
        return self.placed.text


class Words:
    """One walk over one text, a word at a time."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.variables: list[str] = []
        self.command_at = -1

    def blanks(self) -> None:
        """Go on to what is not blank; a backslash before a line end is blank too."""
        found = _BLANK.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def word(self) -> Word:
        """The word that begins here, or raise Unreadable."""
        start, builder = self.at, Builder(self.at)
        self.variables, self.command_at = [], -1
        while self.at < len(self.source) and self._piece(builder):
            pass
        if self.at == start:
            refuse(self.source, start, "a word is missing here.")
        return Word(builder.done(), self.variables, self.command_at)

    def delimiter(self) -> tuple[str, bool]:
        """What ends a here-document, and whether it is quoted: then nothing in the document has a meaning."""
        self.blanks()
        start = self.at
        text = self.word().text
        return text, any(sign in self.source[start : self.at] for sign in "'\"\\")

    def document(self, ends: str, *, is_quoted: bool, has_tabs: bool) -> Word:
        """The here-document that begins on this line."""
        raw, self.at = document(self.source, self.at, ends, has_tabs=has_tabs)
        if is_quoted:
            return Word(raw)
        inner, builder = Words(raw.text), Builder(raw.at)
        inner._quoted("", builder)
        placed = Placed(builder.done().text, raw.at, [(offset, raw.place(at)) for offset, at in builder.runs])
        return Word(placed, inner.variables, raw.place(inner.command_at) if inner.command_at >= 0 else -1)

    # -- the pieces of a word

    def _piece(self, builder: Builder) -> bool:
        sign, plain = self.source[self.at], _PLAIN.match(self.source, self.at)
        if plain:
            builder.add(plain.group(), self.at)
            self.at = plain.end()
        elif sign == "'":
            self._single(builder)
        elif sign == '"':
            self.at += 1
            self._quoted('"', builder)
        elif sign == "\\":
            self._backslash(builder)
        elif sign in "$`":
            self._dollar(builder, in_quotes=False)
        elif sign == "^":
            self._caret(builder)
        else:
            return False
        return True

    def _single(self, builder: Builder) -> None:
        end = self.source.find("'", self.at + 1)
        if end < 0:
            refuse(self.source, self.at, "this quote is not closed.")
        builder.add(self.source[self.at + 1 : end], self.at + 1)
        self.at = end + 1

    def _quoted(self, closing: str, builder: Builder) -> None:
        """What stands between double quotes, or in an open here-document (`closing` empty: up to the end)."""
        start, plain = self.at - 1, _IN_QUOTES if closing else _IN_DOCUMENT
        while self.at < len(self.source):
            run, sign = plain.match(self.source, self.at), self.source[self.at]
            if run:
                builder.add(run.group(), self.at)
                self.at = run.end()
            elif sign == closing:
                self.at += 1
                return
            elif sign == "\\":
                self._escape(builder, f"\\$`\n{closing}")
            else:
                self._dollar(builder, in_quotes=True)
        if closing:
            refuse(self.source, start, "this quote is not closed.")

    def _escape(self, builder: Builder, known: str) -> None:
        """A backslash inside quotes: it has a meaning before a few signs only."""
        sign = self.source[self.at + 1 : self.at + 2]
        if not sign or sign not in known:
            builder.add("\\" + sign, self.at)
        elif sign != "\n":
            builder.add(sign, self.at + 1)
        self.at += 1 + len(sign)

    def _backslash(self, builder: Builder) -> None:
        lost = _LOST_BLANK.match(self.source, self.at)
        if lost:
            refuse(self.source, lost.start(1), "a blank stands after the backslash that ends the line. Take it out.")
        sign = self.source[self.at + 1 : self.at + 2]
        if sign != "\n":
            builder.add(sign or "\\", self.at + len(sign))
        self.at += 1 + len(sign)

    def _caret(self, builder: Builder) -> None:
        if self.source[self.at + 1 : self.at + 2] in ("\n", '"', ""):
            refuse(self.source, self.at, FOR_WINDOWS.format("command prompt (cmd)"))
        builder.add("^", self.at)
        self.at += 1

    # -- what a shell would fill in

    def _dollar(self, builder: Builder, *, in_quotes: bool) -> None:
        start, source = self.at, self.source
        variable = _VARIABLE.match(source, start)
        if variable:
            self.variables.append(variable.group())
            self.at = variable.end()
        elif not in_quotes and source.startswith("$'", start):
            self.at = ansi.read(source, start + 2, builder)
            return
        elif not in_quotes and source.startswith('$"', start):
            self.at += 1  # a text to be translated: a plain one for us
            return
        elif source.startswith("$(", start) or source[start] == "`":
            if _CAT.match(source, start):
                self._cat(builder)
                return
            self.command_at = start if self.command_at < 0 else self.command_at
            self.at = end_of_command(source, start)
        else:
            self.at += 1
        builder.add(source[start : self.at], start)

    def _cat(self, builder: Builder) -> None:
        """The one command that is understood: `$(cat <<'EOF' …)`, a usual way to write a long text."""
        opens = _CAT.match(self.source, self.at)
        inner = Words(self.source)
        inner.at = opens.end() if opens else self.at
        has_tabs = self.source.startswith("-", inner.at)
        inner.at += has_tabs
        ends, is_quoted = inner.delimiter()
        inner.blanks()
        if not self.source.startswith("\n", inner.at):
            refuse(self.source, inner.at, "the here-document begins on the next line.")
        inner.at += 1
        word = inner.document(ends, is_quoted=is_quoted, has_tabs=has_tabs)
        closing = re.compile(r"\s*\)").match(self.source, inner.at)
        if not closing:
            refuse(self.source, inner.at, '")" is wanted here, after the here-document.')
        self.at = closing.end()
        text = word.text.rstrip("\n")  # as a shell does with what a command prints
        bounds = [*(offset for offset, _ in word.placed.runs[1:]), len(text)]
        for (offset, source), end in zip(word.placed.runs, bounds, strict=False):
            builder.add(text[offset:end], source)
        self.variables += word.variables
        self.command_at = word.command_at if self.command_at < 0 else self.command_at
