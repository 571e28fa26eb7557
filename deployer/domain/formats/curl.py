"""The body of a request from a curl command. Its headers, and every credential in them, are passed over unread.

Source of the options: the manual page of curl. Wherever it says that data is read from a file, the file is not here.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..places import short
from ..reading import read_object
from ..refusing import Unreadable, refuse
from .placing import Placed, joined
from .shell import Command, commands
from .shell_words import Word

_DATA = {"-d", "--data", "--data-ascii", "--data-binary", "--data-raw", "--json"}
_OTHER_DATA = {
    "--data-urlencode": "--data-urlencode rewrites the text it sends. Use --data for JSON.",
    "-F": "-F sends a form. The body of a request is JSON: use --data.",
    "--form": "--form sends a form. The body of a request is JSON: use --data.",
    "--form-string": "--form-string sends a form. The body of a request is JSON: use --data.",
    "-T": "-T sends a file. Paste the text of that file instead.",
    "--upload-file": "--upload-file sends a file. Paste the text of that file instead.",
}
# Options with a value. One that is missing here would give its value away as an address: a note too many, no more.
_SHORT_WITH_VALUE = frozenset("AbcCdDeEFHhKmoPQrtTuUwxXyYz")
_LONG_WITH_VALUE = frozenset(
    """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
    continue-at cookie cookie-jar crlfile curves data data-ascii data-binary data-raw data-urlencode dns-interface
    dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header engine etag-compare etag-save expect100-timeout form
    form-string header hsts interface ip-tos json keepalive-time key key-type libcurl limit-rate local-port
    login-options max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass
    pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-cert proxy-header proxy-key
    proxy-pass proxy-user proxy1.0 pubkey quote range rate referer request request-target resolve retry retry-delay
    retry-max-time socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers
    trace trace-ascii unix-socket upload-file url url-query user user-agent variable write-out
    """.split()  # noqa: SIM905 - a hundred lines of quoted words would be harder to read
)
_CREATE = re.compile(r".*?/v1/[^/?#]+/services/?(?:[?#].*)?", re.DOTALL)
_NAME = re.compile(r"\$\{?[#!]?(\w*).*", re.DOTALL)
_LINE = re.compile(r"Line \d+, column \d+: ")
_METHODS = frozenset({"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_BEFORE = frozenset({"$", "%", ">", "sudo", "command", "exec", "time"})


@dataclass
class _Call:
    """What of a command is wanted."""

    data: list[tuple[str, Word]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    method: str = "POST"
    is_get: bool = False


def read(source: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of the one curl command in a text, and notes for people; or raise Unreadable by place."""
    calls = [(command, words) for command in commands(source) if (words := _arguments(command)) is not None]
    if len(calls) > 1:
        at = calls[1][0].words[0].placed.at
        refuse(source, at, f"the text has {len(calls)} curl commands. Paste the one that creates the service.")
    if not calls:
        raise Unreadable("There is no curl command that can be read. Paste the whole command, or its body as JSON.")
    command, words = calls[0]
    call = _call(source, words)
    if not call.data:
        refuse(source, command.words[0].placed.at, "this command sends no body: --data is missing.")
    parts = [_text(source, option, word, command.stdin) for option, word in call.data]
    by = "" if all(option == "--json" for option, _ in call.data) else "&"  # as curl puts several together
    variables = list(dict.fromkeys(name for part in parts for name in part.variables))
    body = _object(source, joined((part.placed for part in parts), by))
    return body, tuple(_notes(call, variables))


def _arguments(command: Command) -> list[Word] | None:
    """What stands after `curl`; None where the command is another one."""
    for index, word in enumerate(command.words):
        if re.fullmatch(r"(?:\S*/)?curl(?:\.exe)?", word.text):
            return command.words[index + 1 :]
        if word.text not in _BEFORE and not re.match(r"[A-Za-z_]\w*=", word.text):
            return None
    return None


def _call(source: str, words: list[Word]) -> _Call:
    call, rest = _Call(), iter(words)
    for word in rest:
        if word.text.startswith("--") and len(word.text) > 2:
            value = next(rest, None) if word.text[2:] in _LONG_WITH_VALUE else None
            _take(source, call, word.text, value, word)
        elif word.text.startswith("-") and len(word.text) > 1:
            _short(source, call, word, rest)
        else:
            call.addresses.append(word.text)
    return call


def _short(source: str, call: _Call, word: Word, rest: Any) -> None:
    """Options of one letter may stand together, and the value of the last one right behind it: `-sXPOST`."""
    for index, letter in enumerate(word.text[1:], 1):
        if letter not in _SHORT_WITH_VALUE:
            call.is_get |= letter == "G"
            continue
        attached = Word(word.placed.tail(index + 1), word.variables, word.command_at)
        _take(source, call, f"-{letter}", attached if attached.text else next(rest, None), word)
        return


def _take(source: str, call: _Call, option: str, value: Word | None, word: Word) -> None:
    if option in _OTHER_DATA:
        refuse(source, word.placed.at, _OTHER_DATA[option])
    if option in _DATA:
        if value is None:
            refuse(source, word.placed.at, f"{option} has no text behind it.")
        call.data.append((option, value))
    elif value is not None and option in ("-X", "--request"):
        call.method = value.text
    elif value is not None and option == "--url":
        call.addresses.append(value.text)
    call.is_get |= option in ("--get", "--head")


def _text(source: str, option: str, word: Word, stdin: Word | None) -> Word:
    """The text an option sends: its own, or that of the here-document it names with `@-`."""
    if word.text.startswith("@") and option != "--data-raw":
        if word.text not in ("@-", "@/dev/stdin"):
            words = f"the body is in the file {short(word.text[1:])}, which is not here. Paste the text of that file."
            refuse(source, word.placed.at, words)
        if stdin is None:
            refuse(source, word.placed.at, "the body comes from another command or file. Paste its text instead.")
        word = stdin
    if word.command_at >= 0:
        refuse(source, word.command_at, "a command of the shell stands here. Put what it prints in its place.")
    return word


def _object(source: str, placed: Placed) -> dict[str, Any]:
    """The JSON of a body; what is wrong with it is placed in the whole command."""
    try:
        return read_object(placed.text)
    except Unreadable as error:
        _refuse_in(source, placed, error)


def _refuse_in(source: str, placed: Placed, error: Unreadable) -> NoReturn:
    words = _LINE.sub("", error.message, count=1)
    if error.line is None or error.column is None:
        refuse(source, placed.at, words[:1].lower() + words[1:] if words.startswith("There") else words, error.path)
    lines = placed.text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
    refuse(source, min(placed.place(offset), len(source)), words, error.path)


def _notes(call: _Call, variables: list[str]) -> list[str]:
    notes = []
    if variables:
        # Names alone: `${TOKEN:-…}` may hold more than a name.
        names = list(dict.fromkeys(_NAME.sub(r"$\1", variable) for variable in variables))
        named = ", ".join(short(name) for name in names[:10]) + (" and more" if len(names) > 10 else "")
        notes.append(f"Variables of the shell stay in the text as they are: {named}. Put their values in.")
    if call.is_get or call.method.upper() != "POST":
        method = "GET" if call.is_get else call.method.upper()
        said = f"The command is a {method}" if method in _METHODS else "The command is no POST"
        notes.append(f"{said}. A create is a POST, so only its body was taken.")
    if not any(_CREATE.fullmatch(address) for address in call.addresses):
        notes.append("The command is not for /v1/{project_id}/services, so only its body was taken.")
    return notes
