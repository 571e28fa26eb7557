"""What a form shows for a value, and what typed text means, value by value.

The law: `meant(kind, shown(kind, value), before=value) is value`, also after a browser has changed line ends and NUL.
So posting a form back as it came changes nothing, whatever types an import brought. A text area must be drawn with
one line feed before its text, since browsers drop the first one.

Kinds: "text" and "choice" (one line, outer blanks dropped), "long" (a text area, kept to the letter),
"integer", "weight" (an integer that may be quoted), "decimal", "flag" (true or false), "numbers" (a list of whole
numbers, in any order), "json".
"""

import json
import re
from enum import Enum
from typing import Any, Final

from .reading import Unreadable, read_json

FIELDS: Final[dict[str, str]] = {
    "service_name": "text",
    "description": "long",
    "infer_type": "choice",
    "workspace_id": "text",
    "vpc_id": "text",
    "subnet_network_id": "text",
    "security_group_id": "text",
    "cluster_id": "text",
}
ROW_FIELDS: Final[dict[str, str]] = {
    "model_id": "text",
    "weight": "weight",
    "specification": "text",
    "instance_count": "integer",
    "cluster_id": "text",
    "src_type": "choice",
    "src_path": "text",
    "dest_path": "text",
    "req_uri": "text",
    "mapping_type": "choice",
    "mapping_rule": "json",
}
# ascend_a310 is an integer "which can be decimals": API reference, CreateService, table 6. A fraction only warns.
SPEC_FIELDS: Final[dict[str, str]] = {
    "cpu": "decimal",
    "memory": "integer",
    "gpu_p4": "decimal",
    "ascend_a310": "decimal",
}
SCHEDULE_FIELDS: Final[dict[str, str]] = {"type": "choice", "time_unit": "choice", "duration": "integer"}
ENV_FIELDS: Final[dict[str, str]] = {"key": "text", "value": "long"}


class Missing(Enum):
    """The one value that says: this key is left out."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING

BLANKS = " \t\r\n\f\v"
_NUMBERS = ("integer", "weight", "decimal")
_AREAS = ("long", "json")
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_DIGITS = re.compile(r"[0-9]{1,30}")
_LIST = re.compile(r"[0-9]{1,9}(?:[ \t]*,[ \t]*[0-9]{1,9})*")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def shown(kind: str, value: Any) -> str:
    """The text of a control of this kind for this value.

    A value of the wrong type shows what it is, so that somebody can put it right: text that reads as a number stands
    in quotes in a number field, a number in a text field is followed by "(number)".
    """
    if value is MISSING:
        return ""
    if isinstance(value, str):
        return _writable(value) if _is_plain(kind, value) else json.dumps(value, ensure_ascii=False)
    if kind == "numbers" and _is_set(value):
        return ", ".join(str(number) for number in sorted(value))
    text = _as_json(value, indent=2 if kind in _AREAS else None)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"{text} (number)" if is_number and kind in ("text", "long", "choice") else text


def meant(kind: str, text: str, before: Any = MISSING) -> Any:
    """The value of typed text, or MISSING where the key is left out; unchanged text keeps the value it had."""
    if carried(kind, text) == carried(kind, shown(kind, before)):
        return before
    text = carried(kind, text)
    plain = text if kind == "long" else text.strip(BLANKS)
    return _value(kind, plain) if plain else MISSING


def meant_variable(key: str, value: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The name and value of a typed environment variable: both stay, empty or not."""
    old = before or {}
    name = meant("text", key, old.get("key", MISSING))
    content = meant("long", value, old.get("value", MISSING))
    return {"key": "" if name is MISSING else name, "value": "" if content is MISSING else content}


def carried(kind: str, text: str) -> str:
    """The text as a browser's control of this kind gives it back.

    An <input> drops line ends, a <textarea> makes them all line feeds, and NUL becomes U+FFFD: HTML standard,
    "value sanitization algorithm" and "API value".
    """
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if kind in _AREAS:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\r", "").replace("\n", "")


def _value(kind: str, text: str) -> Any:
    """What text that is not empty says; text that does not parse stays text."""
    if kind in _NUMBERS and _WHOLE.fullmatch(text):
        return int(text)
    if kind in _NUMBERS and _DECIMAL.fullmatch(text) and sum(c.isdigit() for c in text) <= 30:
        # Where a whole number is due, a fraction is a number too, and the rule book says just that.
        return float(text)
    if kind == "numbers" and _LIST.fullmatch(text):
        return [int(part) for part in text.split(",")]
    if kind == "flag":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("json", "numbers"):
        try:
            return read_json(text)
        except Unreadable:
            return text
    return text


def _is_set(value: Any) -> bool:
    """Whether this is a list of whole numbers that stand once each, so that their order says nothing."""
    if not isinstance(value, list) or any(type(item) is not int or not 0 <= item < 10**9 for item in value):
        return False
    return len(set(value)) == len(value)


def _is_plain(kind: str, value: str) -> bool:
    """Whether this text can stand in its control as it is, or would be taken for another value."""
    if kind == "weight" and _DIGITS.fullmatch(value):
        return True  # The document's own samples quote weights, and they count.
    return isinstance(_value(kind, value.strip(BLANKS)), str) if kind not in ("text", "long", "choice") else True


def _writable(text: str) -> str:
    """The text without lone surrogates, which no page can carry."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _as_json(value: Any, indent: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text
