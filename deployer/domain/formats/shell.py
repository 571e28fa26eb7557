"""The commands of a pasted piece of shell: words without their quotes, and what stands on standard input.

The standard `shlex` is not enough here: it knows no `$'…'`, no here-document and no place, and it leaves the backslash
in `"\\$HOME"`. Nothing is run or filled in: a variable stays as it is written, and is remembered with the word.
Source of the rules: POSIX Shell Command Language, 2.2 Quoting and 2.7.4 Here-Document.
"""

import re
from dataclasses import dataclass, field

from ..refusing import refuse
from . import ansi
from .placing import Builder, Placed

_BLANK = re.compile(r"[ \t]+|\\\n|#[^\n]*")
_PLAIN = re.compile(r"[^\s'\"\\$`;&|<>()^]+")
_IN_QUOTES = re.compile(r'[^"\\$`]++')
_IN_DOCUMENT = re.compile(r"[^\\$`]++")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[^{}\n]*\}|[0-9@*#?!$-])", re.ASCII)
_DOCUMENT = re.compile(r"\$\(\s*cat\s*<<(?=-?\s*['\"\\\w])")
_ENDS = ";&|()\n"
_FOR_WINDOWS = "this is written for the Windows {}. Copy the request as cURL (bash) instead."


@dataclass
class Word:
    """One word: its text without quotes, the variables in it, and where a command inside it begins (-1: none)."""

    placed: Placed
    variables: tuple[str, ...] = ()
    command_at: int = -1

    @property
    def text(self) -> str:
        return self.placed.text


@dataclass
class Command:
    """The words of one command and its standard input, if a here-document or here-string gives one."""

    words: list[Word] = field(default_factory=list)
    stdin: Word | None = None


class Shell:
    """One walk over one text; `commands` has what was found."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.commands: list[Command] = [Command()]
        self.waiting: list[tuple[Command, str, bool, bool]] = []  # here-documents that begin on the next line
        while self.at < len(source):
            self._step()
        self.commands = [command for command in self.commands if command.words]

    # -- between words

    def _step(self) -> None:
        blank = _BLANK.match(self.source, self.at)
        if blank:
            self.at = blank.end()
            return
        sign = self.source[self.at]
        if sign in _ENDS:
            self._end(sign)
        elif sign in "<>":
            self._redirect()
        elif sign in "\r\f\v":
            self.at += 1
        else:
            self.commands[-1].words.append(self._word())

    def _end(self, sign: str) -> None:
        self.at += 1
        self.commands.append(Command())
        if sign == "\n":
            for command, ends, is_quoted, has_tabs in self.waiting:
                command.stdin = self._document(ends, is_quoted, has_tabs)
            self.waiting = []

    def _redirect(self) -> None:
        command = self.commands[-1]
        if self.source.startswith("<<<", self.at):
            self.at += 3
            self._blanks()
            command.stdin = self._word()
        elif self.source.startswith("<<", self.at):
            self.at += 2
            has_tabs = self.source.startswith("-", self.at)
            self.at += has_tabs
            ends, is_quoted = self._delimiter()
            self.waiting.append((command, ends, is_quoted, has_tabs))
        else:
            self.at += 1
            while self.source[self.at : self.at + 1] in (">", "&", "|") and self.at < len(self.source):
                self.at += 1
            self._blanks()
            self._word()  # a file or a number: nothing of it is wanted

    def _blanks(self) -> None:
        while blank := _BLANK.match(self.source, self.at):
            self.at = blank.end()

    def _delimiter(self) -> tuple[str, bool]:
        self._blanks()
        start = self.at
        word = self._word()
        return word.text, any(sign in self.source[start : self.at] for sign in "'\"\\")

    def _document(self, ends: str, is_quoted: bool, has_tabs: bool) -> Word:
        """The lines up to the one that is its delimiter. Quoted delimiter: nothing in them has a meaning."""
        start, builder = self.at, Builder(self.at)
        found: list[str] = []
        while self.at < len(self.source):
            line_end = self.source.find("\n", self.at)
            line_end = len(self.source) if line_end < 0 else line_end
            begin = self.at
            while has_tabs and self.source.startswith("\t", begin):
                begin += 1
            self.at = min(line_end + 1, len(self.source))
            if self.source[begin:line_end] == ends:
                return Word(builder.done(), tuple(found)) if is_quoted else self._opened(builder.done())
            builder.add(self.source[begin : self.at], begin)
        refuse(self.source, max(0, start - 1), "this here-document does not end: its last line is missing.")

    def _opened(self, raw: Placed) -> Word:
        """A here-document in which backslashes and variables have a meaning."""
        inner = Shell.__new__(Shell)
        inner.source, inner.at = raw.text, 0
        word = inner._until("", _IN_DOCUMENT, "\\$`\n")
        runs = [(offset, raw.place(source)) for offset, source in word.placed.runs]
        at = raw.place(word.command_at) if word.command_at >= 0 else -1
        return Word(Placed(word.text, raw.at, runs), word.variables, at)

    # -- words

    def _word(self) -> Word:
        start, builder, found = self.at, Builder(self.at), _Found()
        while self.at < len(self.source):
            sign = self.source[self.at]
            plain = _PLAIN.match(self.source, self.at)
            if plain:
                builder.add(plain.group(), self.at)
                self.at = plain.end()
            elif sign == "'":
                self._single(builder)
            elif sign == '"':
                self._double(builder, found)
            elif sign == "\\":
                self._backslash(builder)
            elif sign in "$`":
                self._dollar(builder, found, in_quotes=False)
            elif sign == "^":
                self._caret(builder)
            else:
                break
        if self.at == start:
            refuse(self.source, min(start, len(self.source)), "a word is missing here.")
        return Word(builder.done(), tuple(found.variables), found.command_at)

    def _single(self, builder: Builder) -> None:
        end = self.source.find("'", self.at + 1)
        if end < 0:
            refuse(self.source, self.at, "this quote is not closed.")
        builder.add(self.source[self.at + 1 : end], self.at + 1)
        self.at = end + 1

    def _double(self, builder: Builder, found: "_Found") -> None:
        self.at += 1
        self._quoted('"', _IN_QUOTES, '"\\$`\n', builder, found)

    def _until(self, closing: str, plain: re.Pattern[str], escapes: str) -> Word:
        builder, found = Builder(self.at), _Found()
        self._quoted(closing, plain, escapes, builder, found)
        return Word(builder.done(), tuple(found.variables), found.command_at)

    def _quoted(self, closing: str, plain: re.Pattern[str], escapes: str, builder: Builder, found: "_Found") -> None:
        """What stands between double quotes, or in an open here-document (`closing` empty: to the end)."""
        start = self.at - 1
        while self.at < len(self.source):
            run = plain.match(self.source, self.at)
            if run:
                builder.add(run.group(), self.at)
                self.at = run.end()
            elif self.source[self.at] == closing:
                self.at += 1
                return
            elif self.source[self.at] == "\\":
                sign = self.source[self.at + 1 : self.at + 2]
                if sign and sign in escapes:
                    builder.add("" if sign == "\n" else sign, self.at + 1)
                else:
                    builder.add("\\" + sign, self.at)
                self.at += 2
            else:
                self._dollar(builder, found, in_quotes=True)
        if closing:
            refuse(self.source, start, "this quote is not closed.")

    def _backslash(self, builder: Builder) -> None:
        after = re.compile(r"[ \t]+(?=\n|\Z)").match(self.source, self.at + 1)
        if after:
            refuse(self.source, after.start(), "a blank stands after the backslash that ends the line. Take it out.")
        sign = self.source[self.at + 1 : self.at + 2]
        builder.add("" if sign == "\n" else sign, self.at + 1)
        self.at += 2

    def _caret(self, builder: Builder) -> None:
        if self.source[self.at + 1 : self.at + 2] in ("\n", '"', ""):
            refuse(self.source, self.at, _FOR_WINDOWS.format("command prompt (cmd)"))
        builder.add("^", self.at)
        self.at += 1

    # -- what a shell would fill in

    def _dollar(self, builder: Builder, found: "_Found", in_quotes: bool) -> None:
        start = self.at
        variable = _VARIABLE.match(self.source, start)
        if variable:
            found.variables.append(variable.group())
            self.at = variable.end()
        elif not in_quotes and self.source.startswith("$'", start):
            self.at = ansi.read(self.source, start + 2, builder)
            return
        elif not in_quotes and self.source.startswith('$"', start):
            self.at += 1
            return
        elif self.source.startswith("$(", start) or self.source[start] == "`":
            if self._document_inside(builder, found):
                return
            found.command_at = start if found.command_at < 0 else found.command_at
            self._skip_command()
        else:
            self.at += 1
        builder.add(self.source[start : self.at], start)

    def _document_inside(self, builder: Builder, found: "_Found") -> bool:
        """The one command that is understood: `$(cat <<'EOF' …)`, a usual way to write a long text."""
        opens = _DOCUMENT.match(self.source, self.at)
        if not opens:
            return False
        self.at = opens.end()
        has_tabs = self.source.startswith("-", self.at)
        self.at += has_tabs
        ends, is_quoted = self._delimiter()
        self._blanks()
        if not self.source.startswith("\n", self.at):
            refuse(self.source, self.at, "the here-document begins on the next line.")
        self.at += 1
        word = self._document(ends, is_quoted, has_tabs)
        while self.source[self.at : self.at + 1] in (" ", "\t", "\n") and self.at < len(self.source):
            self.at += 1
        if not self.source.startswith(")", self.at):
            refuse(self.source, self.at, '")" is wanted here, after the here-document.')
        self.at += 1
        text = word.text.rstrip("\n")  # as the shell does with what a command prints
        for index, (offset, source) in enumerate(word.placed.runs):
            following = word.placed.runs[index + 1][0] if index + 1 < len(word.placed.runs) else len(text)
            builder.add(text[offset:following], source)
        found.variables += word.variables
        found.command_at = word.command_at if found.command_at < 0 else found.command_at
        return True

    def _skip_command(self) -> None:
        """To the end of `$(…)` or of a command in backticks, whatever is in it."""
        start = self.at
        if self.source[start] == "`":
            if self.source.startswith("\n", start + 1):
                refuse(self.source, start, _FOR_WINDOWS.format("PowerShell"))
            end = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL).match(self.source, start)
            if not end:
                refuse(self.source, start, "this command in backticks is not closed.")
            self.at = end.end()
            return
        depth, piece = 0, re.compile(r"'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|\\.|[^'\"\\()]++|.", re.DOTALL)
        while self.at < len(self.source):
            found = piece.match(self.source, self.at)
            text = found.group() if found else ""
            self.at += len(text)
            depth += {"(": 1, ")": -1}.get(text, 0)
            if text == ")" and not depth:
                return
        refuse(self.source, start, "this command is not closed.")


@dataclass
class _Found:
    """What was met inside one word."""

    variables: list[str] = field(default_factory=list)
    command_at: int = -1
