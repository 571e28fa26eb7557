"""The two shapes of a record: one line of JSON for machines, one line of text for people."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from deployer.logs import context, tracing
from deployer.logs.hiding import hidden, unsealed

IN_THE_WORDS = {"method", "path", "status", "ms"}  # of the line of a request
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # what could end a line, or move the cursor of a terminal


def said(record: logging.LogRecord) -> str:
    """The message, also where it does not fit its arguments: a mistake in a log line must not lose it."""
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(unsealed(one) for one in arguments)
    elif isinstance(arguments, dict):
        arguments = {name: unsealed(one) for name, one in arguments.items()}
    try:
        text = str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError, KeyError):
        text = str(record.msg)
    return hidden(text)


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """What the work is about, and what the record brings along under `facts`. Texts without secrets."""
    found = {**context.facts(), **getattr(record, "facts", {})}
    return {name: hidden(value) if isinstance(value, str) else value for name, value in found.items()}


class Json(logging.Formatter):
    """`time`, `level`, `logger`, `message`, what it is about, and of an exception its type, words and stack."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said(record),
            **facts(record),
        }
        if record.exc_info and record.exc_info[1]:
            line |= tracing.told(record.exc_info[1])
        return json.dumps(line, default=str)


class Text(logging.Formatter):
    """For a terminal: the same facts behind the message, the stack below it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="milliseconds")
        behind = "".join(f" {name}={value}" for name, value in facts(record).items() if name not in IN_THE_WORDS)
        line = on_one_line(f"{at} {record.levelname} {record.name} {said(record)}{behind}")
        if record.exc_info and record.exc_info[1]:
            trouble = tracing.told(record.exc_info[1])
            head = on_one_line(f"{trouble['exception']}: {trouble['words']}")
            line = "\n    ".join([line, head, *map(on_one_line, trouble["stack"])])
        return line


def on_one_line(text: str) -> str:
    """Whoever wrote the text, it cannot pretend to be another record."""
    return CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
